import { z } from 'zod'
import { OwlError } from '../owl-error.ts'

/** Shape of an mPLUG-Owl2 model, as `config.json` gives it. */
export interface OwlConfig {
  vision: {
    width: number
    layers: number
    heads: number
    ffnWidth: number
    patchSize: number
    imageSize: number
    eps: number
  }
  abstractor: {
    width: number
    layers: number
    heads: number
    ffnWidth: number
    queries: number
    gridSize: number
    /** Of `ffn_ln` only; the other norms use PyTorch's default 1e-5. */
    eps: number
  }
  decoder: {
    width: number
    layers: number
    heads: number
    keyHeads: number
    headWidth: number
    ffnWidth: number
    vocabulary: number
    eps: number
    ropeTheta: number
    /** Rows (text and visual together) that the model was made for. */
    context: number
    tiedEmbeddings: boolean
  }
}

const count = (missing: number) => z.number().int().positive().default(missing)
const positive = (missing: number) => z.number().positive().default(missing)

/** Sections of `config.json`; a key that is missing takes the value of the published model. */
const visionSchema = z.object({
  hidden_size: count(1024),
  num_hidden_layers: count(24),
  num_attention_heads: count(16),
  intermediate_size: count(4096),
  patch_size: count(14),
  image_size: count(448),
  num_channels: count(3),
  layer_norm_eps: positive(1e-6),
  hidden_act: z.string().default('quick_gelu'),
  use_cls_token: z.boolean().default(true),
  use_post_layernorm: z.boolean().default(true),
})

const abstractorSchema = z.object({
  hidden_size: count(1024),
  encoder_hidden_size: count(1024),
  num_hidden_layers: count(6),
  num_attention_heads: count(16),
  intermediate_size: count(2816),
  num_learnable_queries: count(64),
  grid_size: count(32),
  layer_norm_eps: positive(1e-6),
  add_v2t_pos_emb: z.boolean().default(false),
  use_cls_token: z.boolean().default(true),
})

const configSchema = z.object({
  model_type: z.string().optional(),
  architectures: z.array(z.string()).nullish(),
  hidden_size: count(4096),
  num_hidden_layers: count(32),
  num_attention_heads: count(32),
  num_key_value_heads: z.number().int().positive().nullish(),
  head_dim: z.number().int().positive().nullish(),
  intermediate_size: count(11008),
  vocab_size: count(32000),
  rms_norm_eps: positive(1e-5),
  rope_theta: positive(10000),
  rope_scaling: z.unknown().optional(),
  max_position_embeddings: count(2048),
  hidden_act: z.string().default('silu'),
  attention_bias: z.boolean().default(false),
  mlp_bias: z.boolean().default(false),
  tie_word_embeddings: z.boolean().default(false),
  visual_config: z.object({
    visual_model: visionSchema.prefault({}),
    visual_abstractor: abstractorSchema.prefault({}),
  }),
})

/**
 * Reads the contents of `config.json`.
 * @param json the parsed file
 * @throws OwlError `unsupported-config` that tells what was found and what is supported
 */
export function readConfig(json: unknown): OwlConfig {
  const parsed = configSchema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]!
    if (issue.path[0] === 'visual_config' && issue.path.length === 1)
      throw unsupported('it has no visual_config, so it is not an mPLUG-Owl2 model')
    throw unsupported(`${issue.path.join('.') || 'the file'} is not as expected: ${issue.message}`)
  }
  const decoder = parsed.data
  const { visual_model: vision, visual_abstractor: abstractor } = decoder.visual_config
  const architecture = [decoder.model_type, ...(decoder.architectures ?? [])].filter((name) => name !== undefined)
  if (architecture.length > 0 && !architecture.some((name) => /^mplug_?owl_?2/i.test(name)))
    throw unsupported(`it is a ${architecture.join(', ')}; supported is mplug_owl2 (MPLUGOwl2LlamaForCausalLM)`)

  const keyHeads = decoder.num_key_value_heads ?? decoder.num_attention_heads
  const headWidth = decoder.hidden_size / decoder.num_attention_heads
  const grid = vision.image_size / vision.patch_size
  const refusals: [refused: boolean, reason: string][] = [
    [decoder.rope_scaling != null, `rope_scaling is ${JSON.stringify(decoder.rope_scaling)}; supported is none`],
    [decoder.attention_bias, 'attention_bias is true; supported is attention without biases'],
    [decoder.mlp_bias, 'mlp_bias is true; supported are layers without biases'],
    [decoder.hidden_act !== 'silu', `hidden_act is ${decoder.hidden_act}; supported is silu`],
    [
      !Number.isInteger(headWidth) || headWidth % 2 !== 0,
      `hidden_size ${decoder.hidden_size} over ${decoder.num_attention_heads} heads is ${headWidth} a head; ` +
        'supported are even whole widths',
    ],
    [
      (decoder.head_dim ?? headWidth) !== headWidth,
      `head_dim is ${decoder.head_dim}; supported is hidden_size / num_attention_heads = ${headWidth}`,
    ],
    [
      decoder.num_attention_heads % keyHeads !== 0,
      `${decoder.num_attention_heads} query heads cannot share ${keyHeads} key heads evenly`,
    ],
    [vision.hidden_act !== 'quick_gelu', `the vision hidden_act is ${vision.hidden_act}; supported is quick_gelu`],
    [!vision.use_cls_token, 'the vision encoder has no class token (use_cls_token is false); supported is one with'],
    [!vision.use_post_layernorm, 'use_post_layernorm is false; supported is a vision encoder with a last layer norm'],
    [vision.num_channels !== 3, `num_channels is ${vision.num_channels}; supported are 3`],
    [
      vision.hidden_size % vision.num_attention_heads !== 0,
      `the vision hidden_size ${vision.hidden_size} cannot be divided by ${vision.num_attention_heads} heads`,
    ],
    [
      !Number.isInteger(grid),
      `image_size ${vision.image_size} cannot be divided into patches of ${vision.patch_size} pixels`,
    ],
    [!abstractor.use_cls_token, 'use_cls_token of the abstractor is false; supported is true'],
    [abstractor.add_v2t_pos_emb, 'add_v2t_pos_emb is true; supported is false'],
    [
      abstractor.hidden_size % abstractor.num_attention_heads !== 0,
      `the abstractor's hidden_size ${abstractor.hidden_size} cannot be divided by ` +
        `${abstractor.num_attention_heads} heads`,
    ],
    [
      abstractor.hidden_size !== vision.hidden_size || abstractor.encoder_hidden_size !== vision.hidden_size,
      `the abstractor is ${abstractor.hidden_size} wide for pictures of ${abstractor.encoder_hidden_size} and the ` +
        `vision encoder ${vision.hidden_size}; supported is one width for all three`,
    ],
    [abstractor.grid_size !== grid, `grid_size is ${abstractor.grid_size}; image_size / patch_size calls for ${grid}`],
    [abstractor.hidden_size % 4 !== 0, `the abstractor's hidden_size ${abstractor.hidden_size} is no multiple of 4`],
  ]
  const refusal = refusals.find(([refused]) => refused)
  if (refusal) throw unsupported(refusal[1])

  return {
    vision: {
      width: vision.hidden_size,
      layers: vision.num_hidden_layers,
      heads: vision.num_attention_heads,
      ffnWidth: vision.intermediate_size,
      patchSize: vision.patch_size,
      imageSize: vision.image_size,
      eps: vision.layer_norm_eps,
    },
    abstractor: {
      width: abstractor.hidden_size,
      layers: abstractor.num_hidden_layers,
      heads: abstractor.num_attention_heads,
      ffnWidth: abstractor.intermediate_size,
      queries: abstractor.num_learnable_queries,
      gridSize: abstractor.grid_size,
      eps: abstractor.layer_norm_eps,
    },
    decoder: {
      width: decoder.hidden_size,
      layers: decoder.num_hidden_layers,
      heads: decoder.num_attention_heads,
      keyHeads,
      headWidth,
      ffnWidth: decoder.intermediate_size,
      vocabulary: decoder.vocab_size,
      eps: decoder.rms_norm_eps,
      ropeTheta: decoder.rope_theta,
      context: decoder.max_position_embeddings,
      tiedEmbeddings: decoder.tie_word_embeddings,
    },
  }
}

function unsupported(reason: string): OwlError {
  return new OwlError('unsupported-config', `config.json cannot be used: ${reason}.`)
}
