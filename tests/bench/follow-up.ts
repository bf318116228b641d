import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Measure, userTurn, withModel } from './measure.ts'

/**
 * Time to the first token in a process that is warm: of a first question about a picture, of a second one, and of a first
 * one whose picture the model has looked at while the question was written.
 */
export const followUp: Measure = {
  name: 'follow-up',
  run: (context) =>
    withModel(context, async (client) => {
      const sampling = { ...greedy, maxTokens: 16 }
      const ask = (...questions: Parameters<typeof client.generate>[0]['messages']) =>
        client.generate({ messages: questions, sampling })
      await ask(userTurn('What is this?', benchPicture('portrait')))

      const first = userTurn('What is in the picture?', benchPicture('landscape'))
      const answer = await ask(first)
      const next = await ask(
        first,
        { role: 'assistant', parts: [{ type: 'text', text: answer.text }] },
        userTurn('Which colours are there?'),
      )
      const seen = benchPicture('strip')
      await client.prepare([userTurn('', seen)])
      const prepared = await ask(userTurn('What is in the picture?', seen))
      return [
        { name: 'first question on a picture', value: answer.stats.firstTokenMs, unit: 'ms' },
        { name: 'second question on it', value: next.stats.firstTokenMs, unit: 'ms' },
        { name: 'first question on one seen before', value: prepared.stats.firstTokenMs, unit: 'ms' },
        { name: 'second to first', value: next.stats.firstTokenMs / answer.stats.firstTokenMs, unit: 'times' },
      ]
    }),
}
