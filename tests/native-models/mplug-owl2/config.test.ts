import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, test } from 'vitest'
import { readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { OwlError } from '../../../native-models/owl-error.ts'

const readJson = (name: string) =>
  JSON.parse(readFileSync(path.join(import.meta.dirname, '../../fixtures/reference', name, 'config.json'), 'utf8'))

function refusal(json: unknown): string {
  try {
    readConfig(json)
  } catch (error) {
    expect(error).toBeInstanceOf(OwlError)
    expect((error as OwlError).code).toBe('unsupported-config')
    return (error as OwlError).message
  }
  throw new Error('readConfig accepted it')
}

test('every size comes from the file', () => {
  expect(readConfig(readJson('tiny-gqa'))).toEqual({
    vision: { width: 48, layers: 2, heads: 3, ffnWidth: 96, patchSize: 14, imageSize: 70, eps: 1e-6 },
    abstractor: { width: 48, layers: 2, heads: 4, ffnWidth: 64, queries: 8, gridSize: 5, eps: 1e-6 },
    decoder: {
      width: 96,
      layers: 3,
      heads: 6,
      keyHeads: 2,
      headWidth: 16,
      ffnWidth: 144,
      vocabulary: 480,
      eps: 1e-5,
      ropeTheta: 100000,
      context: 1024,
      tiedEmbeddings: true,
    },
  })
})

test('missing keys take the values of the published 7B model', () => {
  const published = {
    vision: { width: 1024, layers: 24, heads: 16, ffnWidth: 4096, patchSize: 14, imageSize: 448, eps: 1e-6 },
    abstractor: { width: 1024, layers: 6, heads: 16, ffnWidth: 2816, queries: 64, gridSize: 32, eps: 1e-6 },
    decoder: {
      width: 4096,
      layers: 32,
      heads: 32,
      keyHeads: 32,
      headWidth: 128,
      ffnWidth: 11008,
      vocabulary: 32000,
      eps: 1e-5,
      ropeTheta: 10000,
      context: 2048,
      tiedEmbeddings: false,
    },
  }
  expect(readConfig({ visual_config: {} })).toEqual(published)
  expect(readConfig({ model_type: 'mplug_owl2', visual_config: { visual_model: {} }, rope_scaling: null })).toEqual(
    published,
  )
})

const set = (json: Record<string, unknown>, where: string, value: unknown) => {
  const copy = structuredClone(json)
  const keys = where.split('.')
  const section = keys.slice(0, -1).reduce((part, key) => part[key] as Record<string, unknown>, copy)
  section[keys.at(-1)!] = value
  return copy
}

test.each([
  ['rope_scaling', { type: 'linear', factor: 2 }, /rope_scaling.*linear.*supported is none/],
  ['attention_bias', true, /attention_bias is true/],
  ['hidden_act', 'gelu', /hidden_act is gelu; supported is silu/],
  ['num_attention_heads', 5, /19.2 a head/],
  ['num_attention_heads', 32, /3 a head; supported are even/],
  ['num_key_value_heads', 4, /6 query heads cannot share 4 key heads/],
  ['head_dim', 32, /head_dim is 32.*= 16/],
  ['hidden_size', -1, /hidden_size/],
  ['rms_norm_eps', 'small', /rms_norm_eps/],
  ['visual_config.visual_model.hidden_act', 'gelu', /vision hidden_act is gelu; supported is quick_gelu/],
  ['visual_config.visual_model.use_cls_token', false, /no class token/],
  ['visual_config.visual_model.use_post_layernorm', false, /use_post_layernorm/],
  ['visual_config.visual_model.num_channels', 1, /num_channels is 1/],
  ['visual_config.visual_model.image_size', 71, /image_size 71 cannot be divided into patches of 14/],
  ['visual_config.visual_model.num_attention_heads', 5, /vision hidden_size 48 cannot be divided by 5/],
  ['visual_config.visual_abstractor.grid_size', 32, /grid_size is 32; image_size \/ patch_size calls for 5/],
  ['visual_config.visual_abstractor.num_attention_heads', 7, /abstractor's hidden_size 48 .* 7 heads/],
  ['visual_config.visual_abstractor.encoder_hidden_size', 64, /supported is one width/],
  ['visual_config.visual_abstractor.add_v2t_pos_emb', true, /add_v2t_pos_emb/],
])('refuses %s = %j', (where, value, reason) => {
  expect(refusal(set(readJson('tiny-gqa'), where, value))).toMatch(reason)
})

test('refuses other models by name', () => {
  expect(refusal({ ...readJson('tiny-gqa'), model_type: 'llava', architectures: ['LlavaForCausalLM'] })).toMatch(
    /llava, LlavaForCausalLM; supported is mplug_owl2/,
  )
  expect(refusal({ model_type: 'llama', hidden_size: 64 })).toMatch(/no visual_config/)
  expect(refusal(null)).toMatch(/the file/)
  expect(refusal('text')).toMatch(/the file/)
})
