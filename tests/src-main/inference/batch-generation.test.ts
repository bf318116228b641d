import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { OwlError } from '../../../native-models/owl-error.ts'
import { generateTogether } from '../../../src-main/inference/batch-generation.ts'
import { ConversationCaches } from '../../../src-main/inference/conversation-caches.ts'
import { generate } from '../../../src-main/inference/generation.ts'
import { OwlPipeline } from '../../../src-main/inference/pipeline.ts'
import {
  type GenerationRequest,
  greedy,
  type Message,
  type SamplingOptions,
} from '../../../src-main/inference/protocol.ts'
import { installReference, referencePicture, turn } from './installed-reference.ts'

// One with as many key heads as query heads and one with fewer.
describe.each(['tiny-32k', 'tiny-gqa'])('requests answered together by %s', (name) => {
  let installed: Awaited<ReturnType<typeof installReference>>
  let pipeline: OwlPipeline
  beforeAll(async () => {
    installed = await installReference(name)
    pipeline = await OwlPipeline.load({ folder: installed.folder, device: 'cpu', threads: 1 })
  })
  afterAll(() => installed.remove())

  const request = (messages: Message[], sampling: Partial<SamplingOptions> = {}): GenerationRequest => ({
    messages,
    sampling: { ...greedy, maxTokens: 20, ...sampling },
  })
  const alone = async (one: GenerationRequest) => {
    const { text, finish, stats } = await generate(pipeline, one)
    return { text, finish, tokens: stats.tokens }
  }
  const together = async (requests: GenerationRequest[], job = {}) =>
    (await generateTogether(pipeline, requests, job)).map(({ result, error }) =>
      result ? { text: result.text, finish: result.finish, tokens: result.stats.tokens } : error,
    )

  it('are answered as they are alone, more of them than there are places', async () => {
    const [grey, strip] = [await referencePicture('grey'), await referencePicture('strip')]
    const requests = [
      request([turn('user', 'What is it?', grey)], { maxTokens: 9 }),
      // Beyond one bucket of the cache, while others come and go.
      request([turn('user', 'Tell me a long story of the sea and the wind.')], { maxTokens: 180 }),
      request([turn('user', 'Compare them.', strip, grey)], { maxTokens: 1 }),
      request([turn('user', 'Say more. '.repeat(30))], { temperature: 1.5, topP: 0.9, seed: 5, maxTokens: 40 }),
      ...Array.from({ length: pipeline.decoder.mostTogether }, (_, i) =>
        request([turn('system', 'Be brief.'), turn('user', `What is ${i} and ${i}?`, strip)], { maxTokens: 3 + 5 * i }),
      ),
      request([turn('user', 'How many days are in a week?'), turn('assistant', 'Let me')], { repetitionPenalty: 1.3 }),
    ]
    const shown = requests.map(() => '')
    const done: number[] = []
    const answers = await together(requests, {
      onText: (index: number, text: string) => (shown[index] += text),
      onProgress: ({ done: count }: { done: number }) => done.push(count),
    })
    const expected = []
    for (const one of requests) expected.push(await alone(one))
    expect(answers).toEqual(expected)
    expect(shown).toEqual(expected.map(({ text }) => text))
    expect(done).toEqual(requests.map((_, index) => index + 1))
  })

  it('do not suffer from one that fails', async () => {
    const good = request([turn('user', 'What is it?', await referencePicture('grey'))])
    const long = request([turn('user', 'a word and another '.repeat(700))])
    const missing = { hash: 'none', name: 'gone.png', source: { path: '/nowhere/gone.png' } }
    const answers = await together([good, long, request([turn('user', 'What?', missing)]), good])
    const expected = await alone(good)
    expect(answers[0]).toEqual(expected)
    expect(answers[3]).toEqual(expected)
    expect(answers[1]).toMatchObject({ code: 'context-full' })
    expect(answers[2]).toMatchObject({ code: expect.stringMatching(/^picture-/) })
  })

  it('end with the GPU that is lost, whether it reads a prompt or answers', async () => {
    const requests = [1, 2, 3].map((number) => request([turn('user', `Number ${number}`)]))
    for (const method of ['runChunk', 'stepTogetherToBest'] as const) {
      const lost = vi.spyOn(pipeline.decoder, method).mockRejectedValue(new OwlError('device-lost', 'The GPU failed.'))
      await expect(together(requests)).rejects.toMatchObject({ code: 'device-lost' })
      expect(lost).toHaveBeenCalledTimes(1)
      lost.mockRestore()
    }
  })

  it('do not suffer from one whose logits are no numbers', async () => {
    const requests = [1, 2, 3].map((number) => request([turn('user', `Number ${number}`)], { temperature: 1, topK: 1 }))
    const size = pipeline.manifest.config.decoder.vocabulary
    const { stepTogether } = pipeline.decoder
    const broken = vi.spyOn(pipeline.decoder, 'stepTogether').mockImplementation(async (ids, batch) => {
      const logits = await stepTogether.call(pipeline.decoder, ids, batch)
      if (ids.length === 3) logits.fill(Number.NaN, size, 2 * size)
      return logits
    })
    const answers = await together(requests)
    broken.mockRestore()
    expect(answers[1]).toMatchObject({ code: 'answer-not-finite' })
    expect([answers[0], answers[2]]).toEqual([await alone(requests[0]!), await alone(requests[2]!)])
  })

  it('take no more places than the memory of caches has room for', async () => {
    const { caches, decoder } = pipeline
    const newBatch = vi.spyOn(decoder, 'newBatch')
    const requests = [1, 2, 3, 4].map((number) => request([turn('user', `Number ${number}`)]))
    for (const [maxBytes, places] of [
      [caches.maxBytes, 4],
      [2 * decoder.newCache().bytesFor(128), 2],
      [1, 1],
    ] as const) {
      const bound = new ConversationCaches(() => decoder.newCache(), maxBytes)
      await generateTogether(Object.assign(new OwlPipeline(pipeline), { caches: bound }), requests)
      expect(newBatch).toHaveBeenLastCalledWith(places)
    }
    newBatch.mockRestore()
  })

  it('stop together and keep what there is', async () => {
    const stop = new AbortController()
    const requests = Array.from({ length: pipeline.decoder.mostTogether + 1 }, (_, i) =>
      request([turn('user', `Number ${i}, tell me all.`)], { maxTokens: 500 }),
    )
    let texts = 0
    const onText = () => {
      if (++texts === 40) stop.abort()
    }
    const answers = await together(requests, { onText, signal: stop.signal })
    const full = await alone(requests[0]!)
    const first = answers[0] as typeof full
    expect(first.finish).toBe('cancelled')
    expect(first.text).not.toBe('')
    expect(full.text.startsWith(first.text)).toBe(true)
    expect(answers.at(-1)).toMatchObject({ code: 'cancelled' })
  })

  it('leave nothing behind that nobody asks about any more', async () => {
    const picture = await referencePicture('portrait')
    const one = request([turn('user', 'Write a caption.', picture)], { maxTokens: 2 })
    await together([one])
    const { stats } = await generate(pipeline, one)
    expect(stats.cachedRows).toBeLessThan(pipeline.pictureRows)
    // What was asked alone is kept for the next turn.
    expect((await generate(pipeline, one)).stats.cachedRows).toBe(stats.promptRows)
  })

  it('may be none', async () => {
    expect(await generateTogether(pipeline, [])).toEqual([])
  })
})
