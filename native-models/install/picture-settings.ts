import { z } from 'zod'
import { OwlError } from '../owl-error.ts'
import type { Manifest } from './manifest.ts'

const size = z.number().int().positive()
const channels = z.tuple([z.number(), z.number(), z.number()])

/** `preprocessor_config.json`, in its old form (`"size": 448`) and the newer ones. */
const preprocessorSchema = z.object({
  size: z
    .union([
      size,
      z.object({ shortest_edge: size }).transform((value) => value.shortest_edge),
      z
        .object({ height: size, width: size })
        .refine(({ height, width }) => height === width, 'the picture is not a square')
        .transform((value) => value.height),
    ])
    .optional(),
  // Of CLIP, which the published vision encoder was trained with.
  image_mean: channels.default([0.48145466, 0.4578275, 0.40821073]),
  image_std: channels.default([0.26862954, 0.26130258, 0.27577711]),
})

/**
 * Reads the contents of `preprocessor_config.json`.
 * @param json the parsed file; an empty object where a checkpoint has none
 * @param imageSize of the vision encoder, in pixels
 * @throws OwlError `unsupported-config`
 */
export function readPictureSettings(json: unknown, imageSize: number): Manifest['picture'] {
  const { data, error } = preprocessorSchema.safeParse(json)
  const problem = error
    ? z.prettifyError(error)
    : data.size !== undefined && data.size !== imageSize
      ? `it makes pictures of ${data.size} pixels, the vision encoder takes ${imageSize}`
      : data.image_std.some((deviation) => deviation <= 0)
        ? 'image_std is not positive'
        : undefined
  if (!data || problem) {
    throw new OwlError('unsupported-config', `preprocessor_config.json cannot be used: ${problem}.`)
  }
  return { size: imageSize, mean: data.image_mean, std: data.image_std, fit: 'square' }
}
