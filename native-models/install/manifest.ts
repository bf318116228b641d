import { z } from 'zod'

const count = z.number().int().positive()

/**
 * How weights of one part are stored. `mixed` is int4 with int8 where rounding hurts most: keys, values and the way
 * out of feed-forward layers.
 */
export const precisionSchema = z.enum(['f32', 'f16', 'int8', 'mixed', 'int4'])
export type Precision = z.infer<typeof precisionSchema>

/** Folder name and identifier of a model: lower case letters, digits, dots and dashes. */
export const modelNamePattern = /^[a-z0-9][a-z0-9.-]{0,63}$/

/** A relative path that stays within its folder, on every platform. */
export const confinedPath = z
  .string()
  .regex(/^[^/\\:\0]+(\/[^/\\:\0]+)*$/)
  .refine((path) => !path.split('/').some((part) => part === '.' || part === '..'), 'leads out of its folder')

export const modelFileSchema = z.object({
  path: confinedPath,
  bytes: z.number().int().nonnegative(),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})
/** A file of an installed model and what it must be. */
export type ModelFile = z.infer<typeof modelFileSchema>

/** `manifest.json` of an installed model. */
export const manifestSchema = z.object({
  format: z.literal(1),
  name: z.string().regex(modelNamePattern),
  title: z.string(),
  /** What it is good for and what not, in a sentence or two; shown to people. */
  description: z.string(),
  architecture: z.literal('mplug-owl2'),
  licence: z.string(),
  source: z.object({
    kind: z.enum(['folder', 'hub', 'embedded']),
    location: z.string(),
    revision: z.string().optional(),
  }),
  installedAt: z.iso.datetime(),
  /** Where the person wants this model to run; as for all models where left out. */
  device: z.enum(['cpu', 'gpu']).optional(),
  precision: z.object({
    vision: precisionSchema,
    abstractor: precisionSchema,
    decoder: precisionSchema,
    embedding: precisionSchema,
  }),
  config: z.object({
    vision: z.object({
      width: count,
      layers: count,
      heads: count,
      ffnWidth: count,
      patchSize: count,
      imageSize: count,
      eps: z.number(),
    }),
    abstractor: z.object({
      width: count,
      layers: count,
      heads: count,
      ffnWidth: count,
      queries: count,
      gridSize: count,
      eps: z.number(),
    }),
    decoder: z.object({
      width: count,
      layers: count,
      heads: count,
      keyHeads: count,
      headWidth: count,
      ffnWidth: count,
      vocabulary: count,
      eps: z.number(),
      ropeTheta: z.number(),
      context: count,
      tiedEmbeddings: z.boolean(),
    }),
  }),
  /** From preprocessor_config.json. */
  picture: z.object({
    size: count,
    mean: z.tuple([z.number(), z.number(), z.number()]),
    std: z.tuple([z.number(), z.number(), z.number()]),
    fit: z.enum(['square', 'pad']),
  }),
  prompt: z.object({
    form: z.enum(['mplug-owl2', 'chat-template']),
    chatTemplate: z.string().optional(),
    /** Tokens put once at the very front of a conversation; empty where the template writes them itself. */
    beginTokens: z.array(z.number().int().nonnegative()),
    /** Tokens that end an answer. */
    stopTokens: z.array(z.number().int().nonnegative()).min(1),
  }),
  /** Sizes and checks of every file beside the manifest, graphs and tokenizer included. */
  files: z.array(modelFileSchema),
  /** What it answered at installation to the question of the check; kept to compare with. */
  knownAnswer: z.string().optional(),
  /** Figures taken at installation or verification, by name. */
  measured: z.record(z.string(), z.number()),
})
export type Manifest = z.infer<typeof manifestSchema>

/** File names inside an installed model. */
export const graphFiles = {
  visionEncoder: 'vision-encoder.onnx',
  visualAbstractor: 'visual-abstractor.onnx',
  decoder: 'modality-adaptive-decoder.onnx',
} as const
export const tokenizerFile = 'tokenizer.json'
export const manifestFile = 'manifest.json'
