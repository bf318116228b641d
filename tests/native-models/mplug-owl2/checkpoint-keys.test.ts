import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { expect, test } from 'vitest'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { checkWeights, expectedWeights } from '../../../native-models/mplug-owl2/checkpoint-keys.ts'
import { readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import { referenceNames } from './reference-model.ts'

async function open(name: string) {
  const folder = path.join(import.meta.dirname, '../../fixtures/reference', name)
  const config = readConfig(JSON.parse(await readFile(path.join(folder, 'config.json'), 'utf8')))
  const checkpoint = await openCheckpoint(folder)
  const weights = new Map(checkpoint.weights)
  await checkpoint.close()
  return { config, weights }
}

function refusal(check: () => void): OwlError {
  try {
    check()
  } catch (error) {
    if (error instanceof OwlError) return error
    throw error
  }
  throw new Error('it was accepted')
}

test.each(referenceNames)('%s has every weight expected, and none unknown but inv_freq', async (name) => {
  const { config, weights } = await open(name)
  checkWeights({ weights }, config)
  const expected = expectedWeights(config)
  const unknown = [...weights.keys()].filter((weight) => !expected.has(weight))
  expect(unknown.length).toBe(config.decoder.layers)
  expect(unknown.every((weight) => weight.endsWith('rotary_emb.inv_freq'))).toBe(true)
  expect([...expected.keys()].filter((weight) => !weights.has(weight))).toEqual([])
})

test('weights that are missing are counted and the first are named', async () => {
  const { config, weights } = await open('tiny-512')
  weights.delete('lm_head.weight')
  expect(refusal(() => checkWeights({ weights }, config))).toMatchObject({
    code: 'weights-missing',
    message: expect.stringContaining('lm_head.weight'),
  })
  for (const name of [...weights.keys()]) if (name.includes('vision_model')) weights.delete(name)
  const { code, message } = refusal(() => checkWeights({ weights }, config))
  expect(code).toBe('weights-missing')
  expect(message).toMatch(/patch_embed\.weight, .* more, in all \d+ of \d+ weights are missing/)
})

test('position buffers may be missing', async () => {
  const { config, weights } = await open('tiny-512')
  for (const name of [...weights.keys()]) if (name.endsWith('_pos_embed')) weights.delete(name)
  checkWeights({ weights }, config)
})

test('a tied output layer is neither needed nor looked at', async () => {
  const { config, weights } = await open('tiny-gqa')
  expect(weights.has('lm_head.weight')).toBe(false)
  checkWeights({ weights }, config)
  const untied = { ...config, decoder: { ...config.decoder, tiedEmbeddings: false } }
  expect(refusal(() => checkWeights({ weights }, untied)).message).toContain('lm_head.weight')
})

test('weights of another shape are named with both shapes', async () => {
  const { config, weights } = await open('tiny-512')
  const name = 'model.layers.1.self_attn.k_proj.multiway.1.weight'
  weights.set(name, { name, type: 'F32', shape: [96, 95] })
  const { code, message } = refusal(() => checkWeights({ weights }, config))
  expect(code).toBe('weights-misshapen')
  expect(message).toContain(`${name} (has [96, 95], needs [96, 96])`)
})

test('a plain LLaVA is told what it is', async () => {
  const { config, weights } = await open('tiny-512')
  const plain = new Map(
    [...weights].flatMap(([name, info]) =>
      name.includes('multiway.1.') ? [] : [[name.replace('multiway.0.', ''), info] as const],
    ),
  )
  const { code, message, hint } = refusal(() => checkWeights({ weights: plain }, config))
  expect(code).toBe('weights-missing')
  expect(message).toContain('plain LLaMA or LLaVA')
  expect(hint).toContain('mplug-owl2-llama2-7b')
})
