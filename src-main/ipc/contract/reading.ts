import { z } from 'zod'
import { pictureSchema } from './pictures.ts'
import { requestId } from './shared-schemas.ts'

/** What is written in a picture, in reading order; boxes in pixels of the picture as it is shown. */
export const pictureTextSchema = z.object({
  width: z.number(),
  height: z.number(),
  lines: z.array(
    z.object({
      text: z.string(),
      box: z.object({ left: z.number(), top: z.number(), width: z.number(), height: z.number() }),
      confidence: z.number(),
      rotation: z.union([z.literal(0), z.literal(90), z.literal(270)]),
    }),
  ),
  /** The same as one text: rows parted by line breaks. */
  plain: z.string(),
})

export const givenTextSchema = z.object({
  /** As the model got them. */
  lines: z.array(z.string()),
  /** Lines that were read; the rest did not fit. */
  readLines: z.number().int(),
  /** Pictures whose text was not there in time, and whose text could not be read. */
  late: z.number().int(),
  failed: z.number().int(),
})

export const readingCalls = {
  /** Reads the text of a picture of the attachment store; a picture is read once. */
  'reading.read': { input: pictureSchema.pick({ hash: true, name: true }), output: pictureTextSchema },
} as const

export const readingEvents = {
  /** What of the text in the pictures of a question went to the model with it. */
  'answer.reading': givenTextSchema.extend({ requestId }),
} as const
