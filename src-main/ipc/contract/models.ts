import { z } from 'zod'
import { deviceSchema } from './devices.ts'
import { errorSchema } from './shared-schemas.ts'

export const modelSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  bytes: z.number(),
  embedded: z.boolean(),
})

export const modelStateSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('none') }),
  z.object({ state: z.literal('loading'), name: z.string() }),
  z.object({
    state: z.literal('ready'),
    name: z.string(),
    title: z.string(),
    device: deviceSchema,
    contextRows: z.number(),
    pictureRows: z.number(),
    loadMs: z.number(),
  }),
  z.object({ state: z.literal('failed'), name: z.string(), error: errorSchema }),
])

export const modelCalls = {
  'models.list': { input: z.object({}), output: z.array(modelSchema) },
  'models.state': { input: z.object({}), output: modelStateSchema },
  /** Loads a model; it is ready when the call returns. */
  'models.load': { input: z.object({ name: z.string() }), output: modelStateSchema },
} as const

export const modelEvents = { 'models.changed': modelStateSchema } as const
