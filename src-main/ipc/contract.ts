import { z } from 'zod'

/**
 * The one list of what main offers to a window: calls (input and output schema) and events.
 * Types are inferred from it on both sides; a new call is one entry here and one function in core.
 */

const requestId = z.string().min(1).max(64)
const hash = z.string().regex(/^[0-9a-f]{64}$/)

export const errorSchema = z.object({ code: z.string(), message: z.string(), hint: z.string() })

/** A picture in the attachment store. Its bytes are shown from `attachments/HASH` of the shell's origin. */
export const pictureSchema = z.object({
  hash,
  name: z.string(),
  width: z.number().int().positive(),
  height: z.number().int().positive(),
  bytes: z.number().int().positive(),
})

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
    device: z.enum(['cpu', 'webgpu']),
    contextRows: z.number(),
    pictureRows: z.number(),
    loadMs: z.number(),
  }),
  z.object({ state: z.literal('failed'), name: z.string(), error: errorSchema }),
])

export const statsSchema = z.object({
  device: z.enum(['cpu', 'webgpu']),
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

export const calls = {
  /** Name, version and which shell carries the window. */
  'app.info': {
    input: z.object({}),
    output: z.object({ name: z.string(), version: z.string(), shell: z.enum(['electron', 'browser']) }),
  },
  'models.list': { input: z.object({}), output: z.array(modelSchema) },
  'models.state': { input: z.object({}), output: modelStateSchema },
  /** Loads a model; it is ready when the call returns. */
  'models.load': { input: z.object({ name: z.string() }), output: modelStateSchema },
  /** Puts a picture into the attachment store after a look at its header. */
  'pictures.add': {
    input: z.object({ name: z.string().max(255), bytes: z.instanceof(Uint8Array) }),
    output: pictureSchema,
  },
  /** Starts an answer; it comes as `answer.*` events under the same request id. */
  'chats.ask': {
    input: z.object({ requestId, messages: z.array(messageSchema).min(1), sampling: samplingSchema.partial() }),
    output: z.object({}),
  },
  'chats.stop': { input: z.object({ requestId }), output: z.object({}) },
} as const

export const events = {
  'models.changed': modelStateSchema,
  'answer.progress': z.object({
    requestId,
    stage: z.string(),
    done: z.number(),
    total: z.number(),
    unit: z.enum(['bytes', 'items', 'rows']),
  }),
  /** Text to be appended; coalesced to about one message a frame. */
  'answer.text': z.object({ requestId, text: z.string() }),
  'answer.finished': z.object({
    requestId,
    finish: z.enum(['stop', 'stop-text', 'length', 'cancelled']),
    stats: statsSchema,
  }),
  'answer.failed': z.object({ requestId, error: errorSchema }),
} as const

export type CallName = keyof typeof calls
export type CallInput<N extends CallName> = z.input<(typeof calls)[N]['input']>
export type CallOutput<N extends CallName> = z.output<(typeof calls)[N]['output']>
export type EventName = keyof typeof events
export type EventPayload<N extends EventName> = z.output<(typeof events)[N]>

export type OwlErrorMessage = z.output<typeof errorSchema>
export type Picture = z.output<typeof pictureSchema>
export type ChatMessage = z.output<typeof messageSchema>
export type Sampling = z.output<typeof samplingSchema>
export type Model = z.output<typeof modelSchema>
export type ModelState = z.output<typeof modelStateSchema>
export type AnswerStats = z.output<typeof statsSchema>

/** What a window sees as `window.api`, in both shells. Calls reject with `{ code, message, hint }`. */
export interface WindowApi {
  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>>
  /** Returns a function that ends the subscription. */
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void): () => void
}
