import { z } from 'zod'
import { statsSchema } from './chats.ts'
import { errorSchema, hash, requestId } from './shared-schemas.ts'

/** A turn of a conversation about a video; its frames are pictures of the attachment store, in order of time. */
const turn = z.object({
  role: z.enum(['user', 'assistant']),
  text: z.string().max(100_000),
  frames: z.array(z.object({ hash, name: z.string() })).max(256),
})

export const videoCalls = {
  /** Starts an answer; it comes as `video.*` events under the same request id. */
  'videos.ask': { input: z.object({ requestId, turns: z.array(turn).min(1) }), output: z.object({}) },
  'videos.stop': { input: z.object({ requestId }), output: z.object({}) },
} as const

export const videoEvents = {
  /** Frames seen so far, while there are new ones. */
  'video.seeing': z.object({ requestId, done: z.number(), total: z.number() }),
  /** Text to be appended. */
  'video.text': z.object({ requestId, text: z.string() }),
  'video.finished': z.object({ requestId, stats: statsSchema }),
  'video.failed': z.object({ requestId, error: errorSchema }),
} as const
