import { z } from 'zod'
import { chatId } from './chats.ts'
import { hash } from './shared-schemas.ts'

const share = z.number().min(0).max(1)

export const attentionSchema = z.object({
  tokens: z.array(z.string()),
  /** Part of each layer's attention that went to pictures; the rest went to text. */
  layers: z.array(z.object({ visual: share })),
  pictures: z.array(
    z.object({
      hash,
      name: z.string(),
      /** Patches along one side of what the model sees. */
      side: z.number().int(),
      /** `pad`: the model sees the picture in the middle of a square; else stretched to one. */
      fit: z.enum(['square', 'pad']),
      /** For each layer, attention to each patch, row by row. */
      heat: z.array(z.array(z.number())),
    }),
  ),
})

export const inspectionCalls = {
  /** Where the model looked when it wrote characters [from, to) of the last message, an answer. */
  'inspection.attention': {
    input: z.object({
      chatId,
      answerId: chatId,
      from: z.number().int().min(0),
      to: z.number().int().min(1),
    }),
    output: attentionSchema,
  },
} as const
