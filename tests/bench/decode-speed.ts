import { greedy, type Message } from '../../src-main/inference/protocol.ts'
import { type Measure, median, userTurn, withModel } from './measure.ts'

const repetitions = 3
const tokens = 128

// An answer that says again what stands before it, as one about the text of a picture does.
const lines = 'Backup failed\nThe disk is full. Remove old files or choose another folder.\nRetry\nCancel\n'
const quoting = (start: string): Message[] => [
  userTurn(`${start}Text in the picture:\n${lines}Write down the text, again and again.`),
  { role: 'assistant', parts: [{ type: 'text', text: `${lines}${lines}` }] },
]

/**
 * Tokens a second of an answer, and rows a second of a prompt. Runs a second are what tokens a second would be without
 * looking up what an answer quotes.
 */
export const decodeSpeed: Measure = {
  name: 'decode-speed',
  run: (context) =>
    withModel(context, async (client) => {
      const figures: Record<'tokens' | 'runs' | 'quoted' | 'rows', number[]> = {
        tokens: [],
        runs: [],
        quoted: [],
        rows: [],
      }
      const sampling = { ...greedy, maxTokens: tokens }
      for (let repetition = 0; repetition < repetitions; repetition++) {
        // Another beginning each time, so that nothing of the prompt is in the cache.
        const text =
          `${repetition}. Write a long story about the sea, the wind and the keeper of a lighthouse. `.repeat(8)
        const { stats } = await client.generate({ messages: [userTurn(text)], sampling })
        figures.tokens.push(stats.tokensPerSecond)
        figures.runs.push((stats.runs * 1000) / (stats.totalMs - stats.firstTokenMs))
        figures.rows.push(((stats.promptRows - stats.cachedRows) * 1000) / stats.prefillMs)
        const quote = await client.generate({ messages: quoting(`${repetition}. `), sampling })
        figures.quoted.push(quote.stats.tokensPerSecond)
      }
      return [
        { name: 'answer', value: median(figures.tokens), unit: 'tokens/s' },
        { name: 'the same', value: median(figures.runs), unit: 'runs/s' },
        { name: 'answer that quotes', value: median(figures.quoted), unit: 'tokens/s' },
        { name: 'prompt', value: median(figures.rows), unit: 'rows/s' },
      ]
    }),
}
