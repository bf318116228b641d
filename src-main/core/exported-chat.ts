import { z } from 'zod'
import type { StoredMessage } from '../storage/message-store.ts'
import type { ChatSettings } from './chat-settings.ts'

/** What the zip of an export says of itself. */
export const exportFormat = { format: 'owl-desktop-chats', version: 1 }
export const formatFile = 'owl-desktop-chats.json'
export const chatFolder = 'chats/'

/** A chat with every branch, as it is exported. */
export interface ExportedChat {
  id: string
  title: string
  isPinned: boolean
  /** Name of the folder it is in. */
  folder?: string
  createdAt: number
  changedAt: number
  settings: ChatSettings
  /** The end of the branch that is shown. */
  shownEnd?: string
  /** Parents before their children. */
  messages: Omit<StoredMessage, 'branches'>[]
}

/** The same as it comes back, perhaps changed by someone's hand. */
export const exportedChatSchema = z.object({
  id: z.string().min(1).max(64),
  title: z.string().max(1000),
  isPinned: z.boolean().default(false),
  folder: z.string().trim().min(1).max(100).optional(),
  createdAt: z.number(),
  changedAt: z.number(),
  settings: z.record(z.string(), z.unknown()).default({}),
  shownEnd: z.string().optional(),
  messages: z.array(
    z.object({
      id: z.string().min(1).max(64),
      parentId: z.string().optional(),
      role: z.enum(['user', 'assistant']),
      text: z.string(),
      pictures: z.array(z.object({ hash: z.string(), name: z.string() })).default([]),
      state: z.enum(['writing', 'finished', 'failed']).default('finished'),
      outcome: z.record(z.string(), z.unknown()).optional(),
      createdAt: z.number(),
    }),
  ),
})
