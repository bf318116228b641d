import { z } from 'zod'

export const logCalls = {
  /** The newest events and codes of errors, and where the file lies. */
  'logs.read': { input: z.object({}), output: z.object({ text: z.string(), path: z.string() }) },
} as const
