import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Measure, userTurn, withModel } from './measure.ts'

const mebibyte = 2 ** 20
const chats = 60

/** Memory that the inference process holds: with the model loaded, after an answer about a picture, and after many chats. */
export const memory: Measure = {
  name: 'memory',
  run: (context) =>
    withModel(context, async (client) => {
      const loaded = await client.residentBytes()
      const picture = benchPicture('landscape')
      const ask = (hash: string, maxTokens: number) =>
        client.generate({
          messages: [userTurn('What is in the picture?', { ...picture, hash })],
          sampling: { ...greedy, maxTokens },
        })
      await ask(picture.hash, 128)
      const answered = await client.residentBytes()
      for (let chat = 0; chat < chats; chat++) await ask(`chat ${chat}`, 1)
      const used = await client.residentBytes()
      return [
        { name: 'inference process, model loaded', value: loaded / mebibyte, unit: 'MiB' },
        { name: 'inference process, after an answer', value: answered / mebibyte, unit: 'MiB' },
        { name: `inference process, after ${chats} chats about a picture each`, value: used / mebibyte, unit: 'MiB' },
      ]
    }),
}
