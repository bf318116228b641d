import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Measure, userTurn, withModel } from './measure.ts'

const mebibyte = 2 ** 20

/** Memory that the inference process holds: with the model loaded, and after an answer about a picture. */
export const memory: Measure = {
  name: 'memory',
  run: (context) =>
    withModel(context, async (client) => {
      const loaded = await client.residentBytes()
      const messages = [userTurn('What is in the picture?', benchPicture('landscape'))]
      await client.generate({ messages, sampling: { ...greedy, maxTokens: 128 } })
      const answered = await client.residentBytes()
      return [
        { name: 'inference process, model loaded', value: loaded / mebibyte, unit: 'MiB' },
        { name: 'inference process, after an answer', value: answered / mebibyte, unit: 'MiB' },
      ]
    }),
}
