import { z } from 'zod'
import { hash } from './shared-schemas.ts'

/** A picture in the attachment store. Its bytes are shown from `attachments/HASH` of the shell's origin. */
export const pictureSchema = z.object({
  hash,
  name: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int().positive(),
})

const partSchema = z.object({
  x: z.number().int().nonnegative(),
  y: z.number().int().nonnegative(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
})

export const pictureCalls = {
  /** Puts a picture into the attachment store after a look at its header. */
  'pictures.add': {
    input: z.object({ name: z.string().max(255), bytes: z.instanceof(Uint8Array) }),
    output: pictureSchema,
  },
  /** A new picture out of one of the store: turned, then cut. The part is in pixels of the turned picture. */
  'pictures.edit': {
    input: z.object({
      picture: pictureSchema,
      quarterTurns: z.number().int().min(0).max(3),
      crop: partSchema.optional(),
    }),
    output: pictureSchema,
  },
} as const
