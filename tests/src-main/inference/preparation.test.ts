import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { InferenceClient } from '../../../src-main/inference/client.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { generate } from '../../../src-main/inference/generation.ts'
import { OwlPipeline } from '../../../src-main/inference/pipeline.ts'
import { prepare } from '../../../src-main/inference/preparation.ts'
import { greedy, type Message, type PictureInput } from '../../../src-main/inference/protocol.ts'
import { installReference, pictureAt, referencePicture, turn } from './installed-reference.ts'

const sampling = { ...greedy, maxTokens: 12 }
const history = [turn('user', 'Tell me of the sea.'), turn('assistant', 'It is wide.')]

let installed: Awaited<ReturnType<typeof installReference>>
let portrait: PictureInput
let landscape: PictureInput
beforeAll(async () => {
  installed = await installReference('tiny-32k')
  portrait = await referencePicture('portrait')
  landscape = await referencePicture('landscape')
})
afterAll(() => installed.remove())
const options = () => ({ folder: installed.folder, device: 'cpu' as const, threads: 1 })

describe('looking at pictures while the question is written', () => {
  let pipeline: OwlPipeline
  let question: Message
  let unprepared: string
  beforeAll(async () => {
    question = turn('user', 'What is in the second?', portrait, landscape)
    const alone = await generate(await OwlPipeline.load(options()), { messages: [...history, question], sampling })
    unprepared = alone.text
  })
  beforeEach(async () => {
    pipeline = await OwlPipeline.load(options())
  })
  const ask = () => generate(pipeline, { messages: [...history, question], sampling })
  const draft = () => [...history, turn('user', '', portrait, landscape)]

  it('leaves only the words to be computed, and changes nothing', async () => {
    const rows = await prepare(pipeline, draft())
    const { text, stats } = await ask()
    expect(text).toBe(unprepared)
    expect(stats.cachedRows).toBe(rows)
    expect(rows).toBeGreaterThan(stats.visualRows)
    expect(stats.promptRows - rows).toBeLessThan(20)
  })

  it('goes on from a first picture when a second comes', async () => {
    const one = await prepare(pipeline, [...history, turn('user', '', portrait)])
    const both = await prepare(pipeline, draft())
    expect(both).toBeGreaterThanOrEqual(one + pipeline.pictureRows)
    expect((await ask()).stats.cachedRows).toBe(both)
  })

  it('keeps what it had done when it is stopped', async () => {
    const stop = new AbortController()
    const onProgress = ({ stage }: { stage: string }) => stage === 'reading' && stop.abort()
    pipeline.chunkRows = 8
    const rows = await prepare(pipeline, draft(), { signal: stop.signal, onProgress })
    expect(rows).toBe(8)
    const { text, stats } = await ask()
    expect(text).toBe(unprepared)
    expect(stats.cachedRows).toBe(8)
  })

  it('takes nothing away from a chat whose picture is an old one', async () => {
    const { text } = await ask()
    const next = [...history, question, turn('assistant', text)]
    expect(await prepare(pipeline, [...next, turn('user', '')])).toBe(0)
    // Nor where the same picture is asked about once more, perhaps with other words.
    expect(await prepare(pipeline, draft())).toBeGreaterThan(pipeline.pictureRows)
    const { stats } = await ask()
    expect(stats.cachedRows).toBe(stats.promptRows)
  })

  it('leaves alone what has no picture or does not fit', async () => {
    expect(await prepare(pipeline, [turn('user', '')])).toBe(0)
    expect(await prepare(pipeline, [turn('user', '汉'.repeat(1e6)), ...draft().slice(1)])).toBe(0)
    expect(await prepare(pipeline, [turn('user', 'long '.repeat(3000)), ...draft().slice(1)])).toBe(0)
  })

  it('tells of a picture that cannot be read', async () => {
    const broken = { ...(await pictureAt(import.meta.filename)), hash: 'none' }
    await expect(prepare(pipeline, [turn('user', '', broken)])).rejects.toMatchObject({ code: 'picture-unsupported' })
  })
})

describe('a client whose model is looking ahead', () => {
  it('answers what is asked meanwhile first', async () => {
    const client = new InferenceClient({ host: new ForkHost() })
    try {
      await client.load(options())
      const ended: string[] = []
      const note = (name: string) => () => ended.push(name)
      const first = client.prepare([turn('user', '', portrait)]).then(note('first'))
      const second = client.prepare([turn('user', '', portrait, landscape)]).then(note('second'))
      const messages = [turn('user', 'How many days are in a week?')]
      const answer = client.generate({ messages, sampling }).then((result) => {
        note('answer')()
        return result
      })
      await Promise.all([first, second])
      expect((await answer).stats.tokens).toBe(12)
      // What was looked at only in case gave way; nothing of it is left in the queue.
      expect(ended.at(-1)).toBe('answer')
      expect(await client.prepare([turn('user', '', portrait)])).toBeGreaterThan(0)
    } finally {
      await client.close()
    }
  })
})
