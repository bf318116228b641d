import { z } from 'zod'
import { deviceSchema } from './devices.ts'
import { errorSchema, progressSchema } from './shared-schemas.ts'

/** Where a model is to run, where not as all models. */
const modelDeviceSchema = z.enum(['cpu', 'gpu'])

export const modelSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
  bytes: z.number(),
  embedded: z.boolean(),
  source: z.object({
    kind: z.enum(['folder', 'hub', 'embedded']),
    location: z.string(),
    revision: z.string().optional(),
  }),
  precision: z.object({ decoder: z.string() }),
  device: modelDeviceSchema.optional(),
  memory: z.object({ cpu: z.number(), webgpu: z.number() }),
  damaged: z.boolean(),
})

const sourceSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('hub'), repo: z.string().max(200), revision: z.string().max(100).optional() }),
  z.object({ kind: z.literal('folder'), folder: z.string().min(1).max(4000) }),
])
const precisionSchema = z.enum(['int4', 'mixed', 'int8', 'f16'])
const termsSchema = z.object({
  id: z.string(),
  name: z.string(),
  address: z.string().optional(),
  mustAccept: z.boolean(),
})

/** What an installation would take. */
export const installPlanSchema = z.object({
  name: z.string(),
  title: z.string(),
  description: z.string().optional(),
  source: sourceSchema,
  revision: z.string().optional(),
  weights: z.number(),
  downloadBytes: z.number(),
  installedBytes: z.number(),
  neededBytes: z.number(),
  freeBytes: z.number(),
  convertSeconds: z.number(),
  memory: z.object({ cpu: z.number(), webgpu: z.number() }),
  availableMemory: z.number(),
  /** Of the graphics adapter's own, in bytes; 0 where it shares the computer's, or there is none that is known. */
  gpuMemory: z.number(),
  terms: termsSchema.optional(),
})

/** An installation that is not complete. */
export const installStateSchema = z.object({
  name: z.string(),
  title: z.string(),
  source: sourceSchema,
  /** Makes an installed model whole again. */
  isRepair: z.boolean(),
  state: z.enum(['downloading', 'converting', 'checking', 'paused', 'failed']),
  progress: progressSchema.optional(),
  remainingSeconds: z.number().optional(),
  error: errorSchema.optional(),
})

export const catalogueEntrySchema = z.object({
  repo: z.string(),
  title: z.string(),
  description: z.string(),
  licence: z.string(),
})

const name = z.string().min(1).max(64)
const wishSchema = z.object({
  source: sourceSchema,
  name: name.optional(),
  precision: precisionSchema,
  device: modelDeviceSchema.optional(),
  deleteUsed: z.boolean(),
})
const modelName = z.object({ name })

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
    insteadOfGpu: z.string().optional(),
  }),
  z.object({ state: z.literal('failed'), name: z.string(), error: errorSchema }),
])

export const modelCalls = {
  'models.list': { input: z.object({}), output: z.array(modelSchema) },
  'models.state': { input: z.object({}), output: modelStateSchema },
  /** Loads a model; it is ready when the call returns. With `onProcessor`, there, whatever the settings say. */
  'models.load': {
    input: z.object({ name: z.string(), anyway: z.boolean().optional(), onProcessor: z.boolean().optional() }),
    output: modelStateSchema,
  },
  /** Published checkpoints that can be installed. */
  'models.catalogue': { input: z.object({}), output: z.array(catalogueEntrySchema) },
  'models.installs': { input: z.object({}), output: z.array(installStateSchema) },
  'models.plan': { input: wishSchema, output: installPlanSchema },
  /** Begins an installation, which goes on when the window is gone; `models.installing` tells about it. */
  'models.install': { input: wishSchema.extend({ acceptLicence: z.boolean() }), output: z.object({ name }) },
  'models.pause': { input: modelName, output: z.object({}) },
  'models.resume': { input: modelName, output: z.object({}) },
  'models.cancel': { input: modelName, output: z.object({}) },
  /** `models.verifying` tells how far it is. */
  'models.verify': {
    input: modelName,
    output: z.object({
      damage: z.array(z.object({ path: z.string(), problem: z.string() })),
      answer: z.enum(['same', 'different', 'kept', 'nothing kept', 'no room', 'damaged']),
    }),
  },
  'models.repair': { input: modelName, output: z.object({}) },
  'models.remove': { input: modelName, output: z.object({}) },
  /** From its next load on. */
  'models.setDevice': { input: modelName.extend({ device: modelDeviceSchema.optional() }), output: z.object({}) },
  'models.openFolder': { input: modelName, output: z.object({}) },
  /** Into one file where the path ends in `.zip`, else into a folder in it; `models.import` takes both. */
  'models.export': {
    input: modelName.extend({ folder: z.string().min(1).max(4000) }),
    output: z.object({ folder: z.string() }),
  },
  'models.import': { input: z.object({ folder: z.string().min(1).max(4000) }), output: modelName },
  'models.hasToken': { input: z.object({}), output: z.object({ hasToken: z.boolean() }) },
  /** Keeps the hub's access token as a secret, or forgets it where it is left out. */
  'models.setToken': {
    input: z.object({
      token: z
        .string()
        .regex(/^\S{4,500}$/)
        .optional(),
    }),
    output: z.object({}),
  },
} as const

export const modelEvents = {
  'models.changed': modelStateSchema,
  /** All installations that are not complete, whenever something about them changed. */
  'models.installing': z.array(installStateSchema),
  'models.verifying': progressSchema.extend({ name }),
} as const
