import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { OwlError } from '../owl-error.ts'
import type { OwlConfig } from './config.ts'

// Names of the weights in a published checkpoint, module by module, and the shapes that a config calls for.

export const modalities = ['text', 'visual'] as const
export type Modality = (typeof modalities)[number]
/** Numbers of the modalities in the names of the modality-adaptive module. */
const multiway = { text: 0, visual: 1 } as const

const norm = (prefix: string) => ({ weight: `${prefix}.weight`, bias: `${prefix}.bias` })
const linear = norm

const vision = 'model.vision_model'
export const visionKeys = {
  patchEmbedding: `${vision}.embeddings.patch_embed.weight`,
  classToken: `${vision}.embeddings.cls_token`,
  positions: `${vision}.embeddings.position_embedding`,
  firstNorm: norm(`${vision}.embeddings.pre_layernorm`),
  lastNorm: norm(`${vision}.post_layernorm`),
  layer(index: number) {
    const layer = `${vision}.encoder.layers.${index}`
    return {
      attentionNorm: norm(`${layer}.input_layernorm`),
      /** Rows ordered [head, query | key | value, head width]. */
      queryKeyValue: linear(`${layer}.self_attn.query_key_value`),
      attentionOutput: linear(`${layer}.self_attn.dense`),
      ffnNorm: norm(`${layer}.post_attention_layernorm`),
      ffnUp: linear(`${layer}.mlp.fc1`),
      ffnDown: linear(`${layer}.mlp.fc2`),
    }
  },
}

const abstractor = 'model.visual_abstractor'
export const abstractorKeys = {
  queries: `${abstractor}.query_embeds`,
  toDecoder: linear(`${abstractor}.visual_fc`),
  endVector: `${abstractor}.vit_eos`,
  layer(index: number) {
    const layer = `${abstractor}.encoder.layers.${index}.crossattention`
    return {
      queryNorm: norm(`${layer}.norm1`),
      imageNorm: norm(`${layer}.normk`),
      query: linear(`${layer}.attention.query`),
      key: linear(`${layer}.attention.key`),
      value: linear(`${layer}.attention.value`),
      queryPositions: `${layer}.attention.q_pos_embed`,
      imagePositions: `${layer}.attention.k_pos_embed`,
      attentionOutput: linear(`${layer}.output.out_proj`),
      ffnNorm: norm(`${layer}.output.norm2`),
      gate: linear(`${layer}.output.mlp.w1`),
      up: linear(`${layer}.output.mlp.w3`),
      ffnInnerNorm: norm(`${layer}.output.mlp.ffn_ln`),
      down: linear(`${layer}.output.mlp.w2`),
    }
  },
}

export const decoderKeys = {
  embedding: 'model.embed_tokens.weight',
  lastNorm: 'model.norm.weight',
  output: 'lm_head.weight',
  layer(index: number) {
    const layer = `model.layers.${index}`
    const adaptive = (name: string) => ({
      text: `${layer}.${name}.multiway.${multiway.text}.weight`,
      visual: `${layer}.${name}.multiway.${multiway.visual}.weight`,
    })
    return {
      attentionNorm: adaptive('input_layernorm'),
      query: `${layer}.self_attn.q_proj.weight`,
      key: adaptive('self_attn.k_proj'),
      value: adaptive('self_attn.v_proj'),
      attentionOutput: `${layer}.self_attn.o_proj.weight`,
      ffnNorm: adaptive('post_attention_layernorm'),
      gate: `${layer}.mlp.gate_proj.weight`,
      up: `${layer}.mlp.up_proj.weight`,
      down: `${layer}.mlp.down_proj.weight`,
    }
  },
}

export interface ExpectedWeight {
  shape: readonly number[]
  /** Worked out from the config where the checkpoint lacks it. */
  optional: boolean
}

/** Every weight that a model of this config needs. */
export function expectedWeights(config: OwlConfig): Map<string, ExpectedWeight> {
  const weights = new Map<string, ExpectedWeight>()
  const expect = (name: string, shape: number[], optional = false) => weights.set(name, { shape, optional })
  const expectNorm = (keys: { weight: string; bias: string }, width: number) => {
    expect(keys.weight, [width])
    expect(keys.bias, [width])
  }
  const expectLinear = (keys: { weight: string; bias: string }, out: number, into: number) => {
    expect(keys.weight, [out, into])
    expect(keys.bias, [out])
  }
  const layers = (count: number) => Array.from({ length: count }, (_, index) => index)

  {
    const { width, ffnWidth, patchSize, imageSize } = config.vision
    expect(visionKeys.patchEmbedding, [width, 3, patchSize, patchSize])
    expect(visionKeys.classToken, [1, 1, width])
    expect(visionKeys.positions, [1, 1 + (imageSize / patchSize) ** 2, width])
    expectNorm(visionKeys.firstNorm, width)
    for (const keys of layers(config.vision.layers).map(visionKeys.layer)) {
      expectNorm(keys.attentionNorm, width)
      expectLinear(keys.queryKeyValue, 3 * width, width)
      expectLinear(keys.attentionOutput, width, width)
      expectNorm(keys.ffnNorm, width)
      expectLinear(keys.ffnUp, ffnWidth, width)
      expectLinear(keys.ffnDown, width, ffnWidth)
    }
    expectNorm(visionKeys.lastNorm, width)
  }
  {
    const { width, ffnWidth, queries, gridSize } = config.abstractor
    expect(abstractorKeys.queries, [1, queries, width])
    for (const keys of layers(config.abstractor.layers).map(abstractorKeys.layer)) {
      expectNorm(keys.queryNorm, width)
      expectNorm(keys.imageNorm, width)
      expectLinear(keys.query, width, width)
      expectLinear(keys.key, width, config.vision.width)
      expectLinear(keys.value, width, config.vision.width)
      expect(keys.queryPositions, [queries, width], true)
      expect(keys.imagePositions, [1 + gridSize ** 2, width], true)
      expectLinear(keys.attentionOutput, width, width)
      expectNorm(keys.ffnNorm, width)
      expectLinear(keys.gate, ffnWidth, width)
      expectLinear(keys.up, ffnWidth, width)
      expectNorm(keys.ffnInnerNorm, ffnWidth)
      expectLinear(keys.down, width, ffnWidth)
    }
    expectLinear(abstractorKeys.toDecoder, config.decoder.width, width)
    expect(abstractorKeys.endVector, [1, 1, config.decoder.width])
  }
  {
    const { width, keyHeads, headWidth, ffnWidth, vocabulary, tiedEmbeddings } = config.decoder
    expect(decoderKeys.embedding, [vocabulary, width])
    for (const keys of layers(config.decoder.layers).map(decoderKeys.layer)) {
      expect(keys.query, [width, width])
      expect(keys.attentionOutput, [width, width])
      for (const modality of ['text', 'visual'] as const) {
        expect(keys.attentionNorm[modality], [width])
        expect(keys.key[modality], [keyHeads * headWidth, width])
        expect(keys.value[modality], [keyHeads * headWidth, width])
        expect(keys.ffnNorm[modality], [width])
      }
      expect(keys.gate, [ffnWidth, width])
      expect(keys.up, [ffnWidth, width])
      expect(keys.down, [width, ffnWidth])
    }
    expect(decoderKeys.lastNorm, [width])
    if (!tiedEmbeddings) expect(decoderKeys.output, [vocabulary, width])
  }
  return weights
}

/**
 * Checks that a checkpoint has every weight that its config calls for, in the right shape. Weights that the model
 * does not know, such as `rotary_emb.inv_freq`, are ignored.
 * @throws OwlError `weights-missing`, `weights-misshapen`
 */
export function checkWeights(checkpoint: Pick<Checkpoint, 'weights'>, config: OwlConfig): void {
  const found = checkpoint.weights
  const expected = [...expectedWeights(config)]
  const missing = expected.filter(([name, { optional }]) => !optional && !found.has(name)).map(([name]) => name)
  if (missing.length > 0) {
    const names = [...found.keys()]
    if (names.some((name) => /^model\.layers\.\d+\./.test(name)) && !names.some((name) => name.includes('.multiway.')))
      throw new OwlError(
        'weights-missing',
        'The decoder has no modality-adaptive weights (.multiway. in their names): this is a plain LLaMA or LLaVA ' +
          'checkpoint, not an mPLUG-Owl2 one.',
        { hint: 'Use a checkpoint of mPLUG-Owl2 itself, such as MAGAer13/mplug-owl2-llama2-7b.' },
      )
    throw new OwlError('weights-missing', `${listed(missing)} of ${expected.length} weights are missing.`)
  }
  const misshapen = expected.flatMap(([name, { shape }]) => {
    const actual = found.get(name)?.shape
    if (!actual || (actual.length === shape.length && actual.every((size, axis) => size === shape[axis]))) return []
    return [`${name} (has [${actual.join(', ')}], needs [${shape.join(', ')}])`]
  })
  if (misshapen.length > 0)
    throw new OwlError('weights-misshapen', `${listed(misshapen)} of ${expected.length} weights are misshapen.`)
}

function listed(names: readonly string[]): string {
  const first = names.slice(0, 3).join(', ')
  return names.length > 3
    ? `${first} and ${names.length - 3} more, in all ${names.length}`
    : `${first}: ${names.length}`
}
