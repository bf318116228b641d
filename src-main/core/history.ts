import { EventEmitter } from 'node:events'
import { type ChatPage, ChatStore, type ChatSummary } from '../storage/chat-store.ts'
import type { Database } from '../storage/database.ts'
import { type ChatFolder, FolderStore } from '../storage/folder-store.ts'
import { MessageSearch } from '../storage/message-search.ts'
import { MessageStore } from '../storage/message-store.ts'
import type { ChatSettings } from './chat-settings.ts'
import type { Turn } from './conversation.ts'
import { type FoundMessage, toFound } from './search-excerpt.ts'

/** A chat with the branch that is shown. */
export interface OpenedChat extends ChatSummary {
  settings: ChatSettings
  turns: Turn[]
}

export interface SearchPage {
  /** Chats whose title fits; on the first page only. */
  titles: { chatId: string; chatTitle: string; changedAt: number }[]
  hits: FoundMessage[]
  next?: number
}

/** Every chat of the person, kept in the database: list, search, names, pins, deletion, branches. */
export class History {
  readonly database: Database
  readonly chats: ChatStore
  readonly folders: FolderStore
  readonly messages: MessageStore
  /** Answers that this process is writing. What they say here is ahead of the database. */
  readonly underWay = new Map<string, { readonly text: string }>()
  readonly #search: MessageSearch
  readonly #changes = new EventEmitter<{ change: [string | undefined] }>()

  constructor(database: Database) {
    this.database = database
    this.chats = new ChatStore(database)
    this.folders = new FolderStore(database)
    this.messages = new MessageStore(database)
    this.#search = new MessageSearch(database)
    // One listener a window.
    this.#changes.setMaxListeners(0)
  }

  /** The listener gets the id of the chat that changed, or undefined where many did. Returns the end of the subscription. */
  onChange(listener: (chatId: string | undefined) => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /** To be called by whoever changed a chat through the stores. */
  changed(chatId?: string): void {
    this.#changes.emit('change', chatId)
  }

  /** The chats of a folder, or those in none. @throws OwlError `not-found` where the folder is gone */
  list(limit: number, cursor?: string, folderId?: string): ChatPage {
    return this.chats.list(folderId === undefined ? null : this.folders.row(folderId), limit, cursor)
  }

  /** @throws OwlError `not-found` */
  open(chatId: string): OpenedChat {
    const summary = this.chats.get(chatId)
    const turns = this.messages.shown(this.chats.row(chatId)).map((turn) => this.#withEnd(turn as Turn))
    return { ...summary, settings: this.chats.settings(chatId) as ChatSettings, turns }
  }

  /** Shows the branch through a message. @throws OwlError `not-found` */
  showBranch(chatId: string, messageId: string): OpenedChat {
    this.messages.show(this.chats.row(chatId), messageId)
    return this.open(chatId)
  }

  search(query: string, limit: number, below?: number): SearchPage {
    const hits = this.#search.find(query, limit, below)
    return {
      titles: below === undefined ? this.#search.titles(query, 20) : [],
      hits: hits.map((hit) => toFound(hit, query)),
      next: hits.length === limit ? hits.at(-1)!.row : undefined,
    }
  }

  rename(chatId: string, title: string): void {
    this.chats.rename(chatId, title)
    this.changed(chatId)
  }

  pin(chatId: string, isPinned: boolean): void {
    this.chats.pin(chatId, isPinned)
    this.changed(chatId)
  }

  /** @returns the folder's id */
  createFolder(name: string): string {
    const id = this.folders.create(name)
    this.changed()
    return id
  }

  renameFolder(folderId: string, name: string): void {
    this.folders.rename(folderId, name)
    this.changed()
  }

  /** Its chats stay. */
  removeFolder(folderId: string): void {
    this.folders.remove(folderId)
    this.changed()
  }

  /** Into a folder, or out of the one it is in. */
  move(chatId: string, folderId: string | undefined): void {
    this.folders.move(this.chats.row(chatId), folderId)
    this.changed(chatId)
  }

  listFolders(): ChatFolder[] {
    return this.folders.list()
  }

  delete(chatId: string): void {
    this.chats.delete(chatId)
    this.changed(chatId)
  }

  restore(chatId: string): void {
    this.chats.restore(chatId)
    this.changed(chatId)
  }

  setSettings(chatId: string, settings: ChatSettings): void {
    this.chats.setSettings(chatId, settings)
  }

  get isOpen(): boolean {
    return this.database.isOpen
  }

  /** An answer that nobody is writing any more was cut off, whatever cut it off. */
  #withEnd(turn: Turn): Turn {
    if (turn.state !== 'writing') return turn
    const growing = this.underWay.get(turn.id)
    const given = turn.outcome?.given
    if (growing) return { ...turn, text: growing.text, outcome: given && { given } }
    return { ...turn, state: 'finished', outcome: { finish: 'interrupted', ...(given && { given }) } }
  }
}
