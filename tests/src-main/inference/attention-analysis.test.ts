import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { analyseAttention } from '../../../src-main/inference/attention-analysis.ts'
import { generate } from '../../../src-main/inference/generation.ts'
import { OwlPipeline } from '../../../src-main/inference/pipeline.ts'
import { greedy, type Message } from '../../../src-main/inference/protocol.ts'
import { installReference, referencePicture, turn } from './installed-reference.ts'

/** That the attention is the published code's is shown by tests/parity. */
describe.each(['tiny-512', 'tiny-gqa'])('attention of an answer of %s', (name) => {
  let pipeline: OwlPipeline
  let remove: () => Promise<void>
  let question: Message
  let answer: string

  beforeAll(async () => {
    const installed = await installReference(name)
    remove = installed.remove
    pipeline = await OwlPipeline.load({ folder: installed.folder, device: 'cpu', threads: 0 })
    question = turn('user', 'What is it?', await referencePicture('landscape'))
    answer = (await generate(pipeline, { messages: [question], sampling: { ...greedy, maxTokens: 12 } })).text
  })
  afterAll(() => remove())

  it('tells for each layer how much went to the picture, and where in it', async () => {
    const analysis = await analyseAttention(pipeline, {
      messages: [question, turn('assistant', answer)],
      from: 0,
      to: answer.length,
    })
    const { decoder, vision } = pipeline.manifest.config
    expect(analysis.tokens.join('')).toBe(answer)
    expect(analysis.layers).toHaveLength(decoder.layers)
    const [picture] = analysis.pictures
    expect(picture!.side).toBe(vision.imageSize / vision.patchSize)
    expect(picture!.heat).toHaveLength(decoder.layers)
    for (const [layer, { visual }] of analysis.layers.entries()) {
      expect(visual).toBeGreaterThan(0)
      expect(visual).toBeLessThan(1)
      const heat = picture!.heat[layer]!
      expect(heat).toHaveLength(picture!.side ** 2)
      const sum = heat.reduce((total, weight) => total + weight, 0)
      expect(sum).toBeGreaterThan(0)
      expect(sum).toBeLessThanOrEqual(visual + 1e-6)
    }
  })

  it('takes the tokens of the part that is asked about', async () => {
    const messages = [question, turn('assistant', answer)]
    const whole = await analyseAttention(pipeline, { messages, from: 0, to: answer.length })
    const second = whole.tokens[0]!.length
    const part = await analyseAttention(pipeline, { messages, from: second, to: second + 1 })
    expect(part.tokens).toEqual([whole.tokens.slice(1).find((token) => token.length > 0)])
  })

  it('leaves the conversation as it was', async () => {
    const messages = [question, turn('assistant', answer), turn('user', 'And now?')]
    const sampling = { ...greedy, maxTokens: 8 }
    const before = await generate(pipeline, { messages, sampling })
    await analyseAttention(pipeline, { messages: messages.slice(0, 2), from: 0, to: 3 })
    const after = await generate(pipeline, { messages, sampling })
    expect(after.stats.cachedRows).toBe(after.stats.promptRows)
    expect(after.text).toBe(before.text)
  })

  it('refuses a part that the answer does not have', async () => {
    const messages = [question, turn('assistant', answer)]
    const beyond = { messages, from: answer.length + 5, to: answer.length + 6 }
    await expect(analyseAttention(pipeline, beyond)).rejects.toMatchObject({ code: 'request-invalid' })
    const noAnswer = { messages: [question], from: 0, to: 1 }
    await expect(analyseAttention(pipeline, noAnswer)).rejects.toMatchObject({ code: 'request-invalid' })
  })
})
