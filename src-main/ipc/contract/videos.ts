import { z } from 'zod'
import { statsSchema } from './chats.ts'
import { errorSchema, hash, requestId } from './shared-schemas.ts'

/** Pictures of the attachment store, in order of time. */
const frames = z.array(z.object({ hash, name: z.string() })).max(256)

/** A turn of a conversation about a video. */
const turn = z.object({ role: z.enum(['user', 'assistant']), text: z.string().max(100_000), frames })

export const videoCalls = {
  /** Starts an answer; it comes as `video.*` events under the same request id. */
  'videos.ask': { input: z.object({ requestId, turns: z.array(turn).min(1) }), output: z.object({}) },
  /** Has the model look at frames before anything is asked about them. */
  'videos.prepare': { input: z.object({ frames }), output: z.object({}) },
  /** What is written in frames; `frame` counts from 0, and one that says what the one before said is left out. */
  'videos.read': {
    input: z.object({ requestId, frames }),
    output: z.object({ texts: z.array(z.object({ frame: z.number().int(), text: z.string() })) }),
  },
  'videos.stop': { input: z.object({ requestId }), output: z.object({}) },
} as const

export const videoEvents = {
  /** Frames seen, or read, so far. */
  'video.seeing': z.object({ requestId, done: z.number(), total: z.number() }),
  /** Text to be appended. */
  'video.text': z.object({ requestId, text: z.string() }),
  'video.finished': z.object({ requestId, stats: statsSchema }),
  'video.failed': z.object({ requestId, error: errorSchema }),
} as const
