import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { greedy } from '../../src-main/inference/protocol.ts'
import { benchPicture, type Measure, median, projectFolder, userTurn, withModel } from './measure.ts'

const repetitions = 5
const together = 8
const sampling = { ...greedy, maxTokens: 32 }

/** Captions of eight pictures asked together against the same ones one by one, in turns. */
export const captions: Measure = {
  name: 'captions',
  run: (context) =>
    withModel(context, async (client) => {
      const names = readdirSync(join(projectFolder, 'tests/fixtures/reference/images'))
        .filter((name) => name.endsWith('.png'))
        .map((name) => name.slice(0, -4))
      const times: Record<'alone' | 'together', number[]> = { alone: [], together: [] }
      const decode: typeof times = { alone: [], together: [] }
      let tokens = 0
      for (let repetition = 0; repetition <= repetitions; repetition++) {
        for (const way of ['alone', 'together'] as const) {
          // Another question each time, so that no prompt is in the cache; other hashes, so that no picture is.
          const question = `${way} ${repetition}: provide a one-sentence caption for the provided image.`
          const requests = Array.from({ length: together }, (_, index) => {
            const picture = benchPicture(names[index % names.length]!)
            const hash = `${way}-${repetition}-${index}`
            return { messages: [userTurn(question, { ...picture, hash })], sampling }
          })
          const start = performance.now()
          const results = []
          if (way === 'together') {
            for (const { result } of await client.generateTogether(requests)) results.push(result!)
          } else for (const request of requests) results.push(await client.generate(request))
          const ms = performance.now() - start
          if (repetition === 0) continue
          tokens = results.reduce((sum, { stats }) => sum + stats.tokens, 0)
          const before = results.reduce((sum, { stats }) => sum + stats.pictureMs + stats.prefillMs, 0)
          times[way].push((together * 1000) / ms)
          decode[way].push(((tokens - together) * 1000) / (ms - before))
        }
      }
      const [alone, joint] = [median(times.alone), median(times.together)]
      const [aloneDecode, jointDecode] = [median(decode.alone), median(decode.together)]
      return [
        { name: 'one by one', value: alone, unit: 'pictures/s' },
        { name: 'eight at once', value: joint, unit: 'pictures/s' },
        { name: 'at once to one by one', value: joint / alone, unit: 'times' },
        { name: 'tokens of an answer, one by one', value: aloneDecode, unit: 'tokens/s' },
        { name: 'tokens of an answer, at once', value: jointDecode, unit: 'tokens/s' },
        { name: 'at once to one by one, answers only', value: jointDecode / aloneDecode, unit: 'times' },
        { name: 'tokens in all', value: tokens, unit: 'tokens' },
      ]
    }),
}
