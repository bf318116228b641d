import { z } from 'zod'
import { deviceSchema } from './devices.ts'
import { pictureSchema } from './pictures.ts'
import { givenTextSchema } from './reading.ts'
import { errorSchema, progressSchema, requestId } from './shared-schemas.ts'

/** Of a chat or one of its turns. */
export const chatId = z.string().min(1).max(64)

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

/** What is set for one chat; the model's and the program's own values hold for the rest. */
export const chatSettingsSchema = z.object({
  systemText: z.string().max(100_000).optional(),
  /** The preset that these came from. */
  presetId: z.string().max(64).optional(),
  sampling: samplingSchema.partial().optional(),
})

const finish = z.enum(['stop', 'stop-text', 'length', 'cancelled'])

export const turnSchema = z.object({
  id: chatId,
  role: z.enum(['user', 'assistant']),
  text: z.string(),
  pictures: z.array(pictureSchema),
  /** `writing` while an answer grows. */
  state: z.enum(['writing', 'finished', 'failed']),
  outcome: z
    .object({
      /** `interrupted`: the app or its window was closed or killed while the answer was written. */
      finish: finish.or(z.literal('interrupted')).optional(),
      stats: statsSchema.optional(),
      error: errorSchema.optional(),
      /** The first turn that the model was given, where its context could not hold those before. */
      keptFrom: chatId.optional(),
      given: givenTextSchema.optional(),
    })
    .optional(),
  createdAt: z.number(),
  /** Turns in the same place (itself among them), the oldest first: branches to switch between. */
  branches: z.array(chatId),
})

export const openedChatSchema = z.object({
  id: chatId,
  title: z.string(),
  settings: chatSettingsSchema,
  turns: z.array(turnSchema),
})

/** Texts and pictures of one question. */
const question = z.object({
  text: z.string().max(1_000_000),
  pictures: z.array(pictureSchema).max(64),
})

export const chatCalls = {
  /** A chat with the branch that is shown. */
  'chats.open': { input: z.object({ chatId }), output: openedChatSchema },
  /** Shows the branch through a turn. */
  'chats.showBranch': { input: z.object({ chatId, turnId: chatId }), output: openedChatSchema },
  'chats.setSettings': { input: z.object({ chatId, settings: chatSettingsSchema }), output: z.object({}) },
  /**
   * Keeps a question, in a new chat where there is none of this id, and starts its answer, which comes as `answer.*`
   * events under `answerId`. The window makes the ids. What was asked is on the disk when the call returns.
   */
  'chats.ask': {
    input: question.extend({
      chatId,
      /** The turn after which it is asked; another question after the same turn is a branch. */
      parentId: chatId.optional(),
      questionId: chatId,
      answerId: requestId,
      /** Of a new chat. */
      settings: chatSettingsSchema.optional(),
    }),
    output: z.object({}),
  },
  /** Has the model look at the pictures of a question that is being written; returns when it has, or was interrupted. */
  'chats.prepare': {
    input: question.pick({ pictures: true }).extend({
      chatId: chatId.optional(),
      parentId: chatId.optional(),
      settings: chatSettingsSchema.optional(),
    }),
    output: z.object({}),
  },
  /** Starts another answer to a question, as a branch. */
  'chats.answerAgain': {
    input: z.object({ chatId, questionId: chatId, answerId: requestId }),
    output: z.object({}),
  },
  /** Goes on with an answer that was stopped, cut off or too long. */
  'chats.continue': { input: z.object({ chatId, answerId: requestId }), output: z.object({}) },
  /** Stops an answer; what was said stays. */
  'chats.stop': { input: z.object({ answerId: requestId }), output: z.object({}) },
} as const

export const answerEvents = {
  'answer.progress': progressSchema.extend({ requestId }),
  /** Text to be appended; coalesced to about one message a frame. */
  'answer.text': z.object({ requestId, text: z.string() }),
  'answer.finished': z.object({ requestId, finish, stats: statsSchema, keptFrom: chatId.optional() }),
  'answer.failed': z.object({ requestId, error: errorSchema }),
} as const
