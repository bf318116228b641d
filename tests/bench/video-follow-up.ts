import { createHash } from 'node:crypto'
import sharp from 'sharp'
import { greedy, type PictureInput } from '../../src-main/inference/protocol.ts'
import { type Measure, median, userTurn, withModel } from './measure.ts'

const frames = 8
const repetitions = 3

/**
 * Time to the first token in a process that is warm: of a first and of a second question about the same eight frames, and
 * of a first one whose frames the model has looked at before it was asked.
 */
export const videoFollowUp: Measure = {
  name: 'video-follow-up',
  run: (context) =>
    withModel(context, async (client) => {
      const sampling = { ...greedy, maxTokens: 16 }
      const first: number[] = []
      const second: number[] = []
      const prepared: number[] = []
      await client.generate({ messages: [userTurn('Warm up.', await frame(0, 0))], sampling })
      for (let repetition = 1; repetition <= repetitions; repetition++) {
        const pictures = await framesOf(repetition)
        const question = userTurn('What happens in the video?', ...pictures)
        const answer = await client.generate({ messages: [question], sampling })
        first.push(answer.stats.firstTokenMs)
        const answered = { role: 'assistant' as const, parts: [{ type: 'text' as const, text: answer.text }] }
        const messages = [question, answered, userTurn('Which way does it move?')]
        second.push((await client.generate({ messages, sampling })).stats.firstTokenMs)

        const seen = await framesOf(repetition + repetitions)
        await client.prepare([userTurn('', ...seen)])
        const asked = [userTurn('What happens in the video?', ...seen)]
        prepared.push((await client.generate({ messages: asked, sampling })).stats.firstTokenMs)
      }
      return [
        { name: 'first question on 8 frames', value: median(first), unit: 'ms' },
        { name: 'second question on them', value: median(second), unit: 'ms' },
        { name: 'first question on frames seen before', value: median(prepared), unit: 'ms' },
        { name: 'second to first', value: median(second) / median(first), unit: 'times' },
      ]
    }),
}

function framesOf(video: number): Promise<PictureInput[]> {
  return Promise.all(Array.from({ length: frames }, (_, n) => frame(video, n)))
}

/** A square on its way from left to right. */
async function frame(video: number, n: number): Promise<PictureInput> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="320" height="180"><rect width="320" height="180" fill="#fff"/>
    <rect x="${20 + n * 30}" y="${40 + video * 20}" width="40" height="40" fill="#d33"/></svg>`
  const bytes = new Uint8Array(await sharp(Buffer.from(svg)).png().toBuffer())
  return { hash: createHash('sha256').update(bytes).digest('hex'), name: `frame ${n}`, source: { bytes } }
}
