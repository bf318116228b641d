import { z } from 'zod'
import { chatId } from './chats.ts'
import { pictureSchema } from './pictures.ts'
import { progressSchema, requestId } from './shared-schemas.ts'

export const chatSummarySchema = z.object({
  id: chatId,
  title: z.string(),
  isPinned: z.boolean(),
  /** The folder it is in, if any. */
  folderId: chatId.optional(),
  createdAt: z.number(),
  changedAt: z.number(),
})

/** A message that a search found, and the place in it. */
export const foundMessageSchema = z.object({
  chatId,
  chatTitle: z.string(),
  messageId: chatId,
  role: z.enum(['user', 'assistant']),
  createdAt: z.number(),
  /** The place is in the text read in a picture of the message. */
  isPictureText: z.boolean(),
  picture: pictureSchema.optional(),
  excerpt: z.array(z.object({ text: z.string(), isHit: z.boolean() })),
})

export const chatFolderSchema = z.object({ id: chatId, name: z.string(), chats: z.number() })

const folderName = z.string().trim().min(1).max(100)
const limit = z.number().int().min(1).max(500)

export const historyCalls = {
  /** Chats of a folder, or those in none: pinned ones first, then those changed last. `next` leads to the next page. */
  'history.list': {
    input: z.object({ limit, cursor: z.string().max(100).optional(), folderId: chatId.optional() }),
    output: z.object({ chats: z.array(chatSummarySchema), next: z.string().optional() }),
  },
  /** Messages that hold every term, the newest first; titles on the first page only. */
  'history.search': {
    input: z.object({ query: z.string().max(1000), limit, below: z.number().int().optional() }),
    output: z.object({
      titles: z.array(z.object({ chatId, chatTitle: z.string(), changedAt: z.number() })),
      hits: z.array(foundMessageSchema),
      next: z.number().optional(),
    }),
  },
  'history.rename': { input: z.object({ chatId, title: z.string().trim().min(1).max(200) }), output: z.object({}) },
  'history.pin': { input: z.object({ chatId, isPinned: z.boolean() }), output: z.object({}) },
  'history.folders': { input: z.object({}), output: z.array(chatFolderSchema) },
  'history.createFolder': { input: z.object({ name: folderName }), output: z.object({ id: chatId }) },
  'history.renameFolder': { input: z.object({ folderId: chatId, name: folderName }), output: z.object({}) },
  /** Its chats stay, in no folder. */
  'history.removeFolder': { input: z.object({ folderId: chatId }), output: z.object({}) },
  /** Into a folder; out of the one it is in where none is named. */
  'history.move': { input: z.object({ chatId, folderId: chatId.optional() }), output: z.object({}) },
  /** The chat can be brought back for an hour at least. */
  'history.delete': { input: z.object({ chatId }), output: z.object({}) },
  'history.restore': { input: z.object({ chatId }), output: z.object({}) },
  /** Whether a damaged database was set aside at this start, and how much of it was recovered. */
  'history.status': {
    input: z.object({}),
    output: z.object({
      recovery: z
        .object({ damagedFile: z.string(), chats: z.number(), messages: z.number(), backup: z.string().optional() })
        .optional(),
    }),
  },
  /** Chats with their pictures as a zip, to be fetched from `exports/ID` of the shell's origin. All chats when left out. */
  'history.export': {
    input: z.object({ requestId, kind: z.enum(['json', 'markdown']), chatIds: z.array(chatId).max(10_000).optional() }),
    output: z.object({ id: z.string(), chats: z.number(), pictures: z.number(), missing: z.number() }),
  },
  /** A file comes in pieces, in order, and is read when it is whole. */
  'history.beginImport': { input: z.object({}), output: z.object({ importId: z.string() }) },
  'history.appendImport': {
    input: z.object({ importId: z.string(), bytes: z.instanceof(Uint8Array) }),
    output: z.object({}),
  },
  'history.finishImport': {
    input: z.object({ importId: z.string(), requestId }),
    output: z.object({ chats: z.number(), skipped: z.number(), pictures: z.number(), missing: z.number() }),
  },
  /** Stops an export or an import. */
  'history.stopTransfer': { input: z.object({ requestId }), output: z.object({}) },
} as const

export const historyEvents = {
  'history.progress': progressSchema.extend({ requestId }),
  /** A chat, or many, changed: in a list, or by an answer. */
  'history.changed': z.object({ chatId: chatId.optional() }),
} as const
