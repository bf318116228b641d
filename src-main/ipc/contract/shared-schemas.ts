import { z } from 'zod'

/** What several parts of the contract speak of. */

export const requestId = z.string().min(1).max(64)

export const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const errorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string() })

export const progressSchema = z.object({
  stage: z.string(),
  done: z.number(),
  total: z.number(),
  unit: z.enum(['bytes', 'items', 'rows']),
})
