import { greedy } from '../../src-main/inference/protocol.ts'
import { type Measure, median, userTurn, withModel } from './measure.ts'

const repetitions = 3
const tokens = 128

/** Tokens a second of an answer, and rows a second of a prompt. */
export const decodeSpeed: Measure = {
  name: 'decode-speed',
  run: (context) =>
    withModel(context, async (client) => {
      const decode: number[] = []
      const prefill: number[] = []
      for (let repetition = 0; repetition < repetitions; repetition++) {
        // Another beginning each time, so that nothing of the prompt is in the cache.
        const text =
          `${repetition}. Write a long story about the sea, the wind and the keeper of a lighthouse. `.repeat(8)
        const { stats } = await client.generate({
          messages: [userTurn(text)],
          sampling: { ...greedy, maxTokens: tokens },
        })
        decode.push(stats.tokensPerSecond)
        prefill.push(((stats.promptRows - stats.cachedRows) * 1000) / stats.prefillMs)
      }
      return [
        { name: 'answer', value: median(decode), unit: 'tokens/s' },
        { name: 'prompt', value: median(prefill), unit: 'rows/s' },
      ]
    }),
}
