import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { byteSums } from '../../../src-main/inference/byte-products.ts'
import { generate } from '../../../src-main/inference/generation.ts'
import { OwlPipeline } from '../../../src-main/inference/pipeline.ts'
import { greedy } from '../../../src-main/inference/protocol.ts'
import { installReference, pictureAt, turn } from './installed-reference.ts'

const project = join(import.meta.dirname, '../../..')
const owlMini = { folder: join(project, 'native-models/owl-mini'), device: 'cpu', threads: 2 } as const

describe.skipIf(!(await byteSums()))('Owl Mini, loaded for many questions', () => {
  let plain: OwlPipeline
  let quick: OwlPipeline
  beforeAll(async () => {
    plain = await OwlPipeline.load(owlMini)
    quick = await OwlPipeline.load({ ...owlMini, manyQuestions: true })
  })

  it('has its prompts go through products of bytes', () => {
    expect(plain.describe(0).bytePrompts).toBe(false)
    expect(quick.describe(0).bytePrompts).toBe(true)
  })

  it('answers the same', async () => {
    const screenshot = await pictureAt(join(project, 'build/screenshot.png'))
    const questions = [
      turn('user', 'What is the capital of France?'),
      turn('user', 'Is the window dark or light?', screenshot),
      turn('user', 'Is there a chart in the picture?\nAnswer with yes or no.', screenshot),
    ]
    for (const question of questions) {
      const ask = (pipeline: OwlPipeline) =>
        generate(pipeline, { messages: [question], sampling: { ...greedy, maxTokens: 12 } })
      const [first, second] = [await ask(plain), await ask(quick)]
      expect(first.text.length).toBeGreaterThan(1)
      expect(second.text).toBe(first.text)
    }
  })
})

describe('a model in float32', () => {
  let installed: Awaited<ReturnType<typeof installReference>>
  beforeAll(async () => {
    installed = await installReference('tiny-512')
  })
  afterAll(() => installed.remove())

  it('has no blocks to make bytes of', async () => {
    const pipeline = await OwlPipeline.load({
      folder: installed.folder,
      device: 'cpu',
      threads: 1,
      manyQuestions: true,
    })
    expect(pipeline.describe(0).bytePrompts).toBe(false)
  })
})
