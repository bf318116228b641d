import { z } from 'zod'

export const deviceSchema = z.enum(['cpu', 'webgpu', 'cuda', 'dml', 'coreml'])

export const deviceInfoSchema = z.object({
  device: deviceSchema,
  title: z.string(),
  adapter: z.object({ name: z.string(), memoryBytes: z.number(), driver: z.string() }).optional(),
  works: z.boolean(),
  software: z.boolean(),
  numbers: z.array(z.enum(['float32', 'float16'])),
  speedup: z.number(),
  longAttention: z.boolean(),
  /** Bytes of the largest tensor that was made there, of those tried up to 1 GiB; 0 where none was tried. */
  largestTensor: z.number(),
  runs: z.enum(['everything', 'pictures']),
  problem: z.string().optional(),
})

export const deviceCalls = {
  /** What models can run on; tries it where that was not done with these drivers, which may take a minute. */
  'devices.list': { input: z.object({ again: z.boolean().optional() }), output: z.array(deviceInfoSchema) },
} as const
