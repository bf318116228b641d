import { z } from 'zod'

export const appCalls = {
  /** Name, version and which shell carries the window. */
  'app.info': {
    input: z.object({}),
    output: z.object({ name: z.string(), version: z.string(), shell: z.enum(['electron', 'browser']) }),
  },
} as const
