import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Measure, userTurn, withModel } from './measure.ts'

const mebibyte = 2 ** 20

/** Long enough for what the process does when there is nothing to do: on some processors, a second decoder for prompts. */
const pauseMs = 10_000

/** Memory that the inference process holds: with the model loaded, after an answer about a picture, and after a pause. */
export const memory: Measure = {
  name: 'memory',
  run: (context) =>
    withModel(context, async (client) => {
      const loaded = await client.residentBytes()
      const messages = [userTurn('What is in the picture?', benchPicture('landscape'))]
      await client.generate({ messages, sampling: { ...greedy, maxTokens: 128 } })
      const answered = await client.residentBytes()
      await new Promise((resolve) => setTimeout(resolve, pauseMs))
      const rested = await client.residentBytes()
      return [
        { name: 'inference process, model loaded', value: loaded / mebibyte, unit: 'MiB' },
        { name: 'inference process, after an answer', value: answered / mebibyte, unit: 'MiB' },
        { name: 'inference process, after a pause', value: rested / mebibyte, unit: 'MiB' },
      ]
    }),
}
