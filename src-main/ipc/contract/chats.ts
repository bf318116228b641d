import { z } from 'zod'
import { deviceSchema } from './devices.ts'
import { pictureSchema } from './pictures.ts'
import { errorSchema, progressSchema, requestId } from './shared-schemas.ts'

export const messageSchema = z.object({
  role: z.enum(['system', 'user', 'assistant']),
  text: z.string().max(1_000_000),
  pictures: z.array(pictureSchema.pick({ hash: true, name: true })).max(64),
})

export const samplingSchema = z.object({
  temperature: z.number().min(0).max(5),
  topK: z.number().int().min(0),
  topP: z.number().gt(0).max(1),
  minP: z.number().min(0).max(1),
  repetitionPenalty: z.number().min(0.5).max(2),
  seed: z.number().int().optional(),
  maxTokens: z.number().int().min(1).max(100_000),
  stopTexts: z.array(z.string().min(1)).max(16),
})

export const statsSchema = z.object({
  device: deviceSchema,
  promptRows: z.number(),
  visualRows: z.number(),
  cachedRows: z.number(),
  contextRows: z.number(),
  tokens: z.number(),
  pictureMs: z.number(),
  prefillMs: z.number(),
  firstTokenMs: z.number(),
  totalMs: z.number(),
  tokensPerSecond: z.number(),
})

export const chatCalls = {
  /** Starts an answer; it comes as `answer.*` events under the same request id. */
  'chats.ask': {
    input: z.object({ requestId, messages: z.array(messageSchema).min(1), sampling: samplingSchema.partial() }),
    output: z.object({}),
  },
  'chats.stop': { input: z.object({ requestId }), output: z.object({}) },
} as const

export const answerEvents = {
  'answer.progress': progressSchema.extend({ requestId }),
  /** Text to be appended; coalesced to about one message a frame. */
  'answer.text': z.object({ requestId, text: z.string() }),
  'answer.finished': z.object({
    requestId,
    finish: z.enum(['stop', 'stop-text', 'length', 'cancelled']),
    stats: statsSchema,
  }),
  'answer.failed': z.object({ requestId, error: errorSchema }),
} as const
