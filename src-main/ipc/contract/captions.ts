import { z } from 'zod'
import { captionSettingsSchema, captionSourcesSchema } from '../../core/captions/caption-settings.ts'
import { errorSchema } from './shared-schemas.ts'

const id = z.number().int().positive()
const itemState = z.enum(['waiting', 'decided', 'written', 'skipped', 'failed'])

export const captionJobSchema = z.object({
  id,
  createdAt: z.number(),
  sources: z.array(z.string()),
  settings: captionSettingsSchema,
  state: z.enum(['queued', 'running', 'paused', 'interrupted', 'elsewhere', 'cancelled', 'done']),
  isListed: z.boolean(),
  counts: z.record(itemState, z.number()),
  error: errorSchema.optional(),
  perSecond: z.number(),
  secondsLeft: z.number().optional(),
  current: z.array(z.string()),
  canUndo: z.boolean(),
})

export const captionItemSchema = z.object({
  id,
  path: z.string(),
  root: z.string(),
  kind: z.enum(['picture', 'video', 'folder']),
  state: itemState,
  caption: z.string(),
  error: errorSchema.optional(),
})

/** Which items of a job are meant. */
const filter = { job: id, states: z.array(itemState).min(1), text: z.string().max(1000) }

const replacement = z.object({
  find: z.string().max(1000),
  replace: z.string().max(10_000),
  matchCase: z.boolean(),
  wholeWords: z.boolean(),
  isPattern: z.boolean(),
})

const job = z.object({ job: id })
const nothing = z.object({})

export const captionCalls = {
  /** The newest first. */
  'captions.list': { input: nothing, output: z.array(captionJobSchema) },
  /** What a folder of this machine holds, to choose one; the home folder where none is named. Of an empty path, drives. */
  'captions.folder': {
    input: z.object({ path: z.string().max(4096).optional() }),
    output: z.object({
      path: z.string(),
      parent: z.string().optional(),
      folders: z.array(z.object({ name: z.string(), path: z.string() })),
      pictures: z.number(),
      videos: z.number(),
    }),
  },
  'captions.start': {
    input: z.object({ sources: captionSourcesSchema, settings: captionSettingsSchema }),
    output: job,
  },
  'captions.resume': { input: job, output: nothing },
  'captions.pause': { input: job, output: nothing },
  'captions.cancel': { input: job, output: nothing },
  /** Forgets the job; captions stay where they were written. */
  'captions.remove': { input: job, output: nothing },
  /** Tries what failed once more. */
  'captions.retry': { input: job, output: nothing },
  'captions.items': {
    input: z.object({ ...filter, offset: z.number().int().min(0), limit: z.number().int().min(1).max(500) }),
    output: z.object({ total: z.number(), items: z.array(captionItemSchema) }),
  },
  /** A picture of a job, no longer than `edge` pixels, as WebP. */
  'captions.thumbnail': {
    input: z.object({ item: id, edge: z.number().int().min(16).max(2048) }),
    output: z.object({ bytes: z.instanceof(Uint8Array) }),
  },
  'captions.edit': {
    input: z.object({ job: id, captions: z.array(z.object({ item: id, caption: z.string().max(100_000) })).min(1) }),
    output: nothing,
  },
  'captions.previewReplace': {
    input: z.object({ ...filter, replacement }),
    output: z.object({
      count: z.number(),
      changes: z.array(z.object({ id, path: z.string(), before: z.string(), after: z.string() })),
    }),
  },
  'captions.replace': { input: z.object({ ...filter, replacement }), output: z.object({ count: z.number() }) },
  /** Captions items once more, with other settings where they are given. */
  'captions.again': {
    input: z.object({ job: id, items: z.array(id).min(1), settings: captionSettingsSchema.partial().optional() }),
    output: nothing,
  },
  /** Takes the newest edit back. */
  'captions.undo': { input: job, output: nothing },
} as const

export const captionEvents = {
  /** A job as it is now; without it, it was removed. */
  'captions.changed': z.object({ id, job: captionJobSchema.optional() }),
} as const
