import { OwlError } from '../../native-models/owl-error.ts'
import type { Database } from './database.ts'

/** A chat as a list shows it. Times in milliseconds since 1970. */
export interface ChatSummary {
  id: string
  title: string
  isPinned: boolean
  /** The folder it is in, if any. */
  folderId?: string
  createdAt: number
  changedAt: number
}

export interface ChatPage {
  chats: ChatSummary[]
  /** Where the next page begins; left out at the end. */
  next?: string
}

interface ChatRow {
  row: number
  id: string
  title: string
  is_pinned: number
  folder_id: string | null
  created_at: number
  changed_at: number
}

const columns = `row, id, title, is_pinned, created_at, changed_at,
  (SELECT id FROM chat_folder WHERE row = chat.folder) AS folder_id`

/** How long a deleted chat can be brought back at least, in milliseconds. */
export const undoPeriod = 60 * 60 * 1000
/** Messages removed in one go; main gets a turn in between. */
const removalStep = 200

/** The table of chats: their list, names, pins, settings, and what was deleted. */
export class ChatStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Pinned chats first, then those changed last. A page costs the same wherever it is in the list.
   * @param folder row of the folder whose chats are listed; null for those in none
   */
  list(folder: number | null, limit: number, cursor?: string): ChatPage {
    const after = cursor === undefined ? undefined : parseCursor(cursor)
    const rows = this.#database
      .prepare(
        `SELECT ${columns} FROM chat WHERE deleted_at IS NULL AND folder IS ?
         ${after ? 'AND (is_pinned, changed_at, row) < (?, ?, ?)' : ''}
         ORDER BY is_pinned DESC, changed_at DESC, row DESC LIMIT ?`,
      )
      .all<ChatRow>(folder, ...(after ?? []), limit)
    const last = rows.length === limit ? rows.at(-1) : undefined
    return {
      chats: rows.map(toSummary),
      next: last && [last.is_pinned, last.changed_at, last.row].join('.'),
    }
  }

  /** @throws OwlError `not-found` where there is none, or it was deleted */
  get(id: string): ChatSummary {
    return toSummary(this.#row(id))
  }

  /** The number by which other tables know it. @throws OwlError `not-found` */
  row(id: string): number {
    return this.#row(id).row
  }

  /** Whether there is one of this id, deleted ones included. */
  has(id: string): boolean {
    return this.#database.prepare('SELECT 1 FROM chat WHERE id = ?').get(id) !== undefined
  }

  /** Whether one of this id was deleted and can still be brought back. */
  isDeleted(id: string): boolean {
    return this.#database.prepare('SELECT 1 FROM chat WHERE id = ? AND deleted_at IS NOT NULL').get(id) !== undefined
  }

  /** @returns its row. Pinned or old where it was so before an export */
  add(chat: Pick<ChatSummary, 'id' | 'title'> & Partial<ChatSummary>, settings: object = {}): number {
    const { id, title, isPinned = false, createdAt = Date.now(), changedAt = createdAt } = chat
    return this.#database
      .prepare('INSERT INTO chat (id, title, is_pinned, created_at, changed_at, settings) VALUES (?, ?, ?, ?, ?, ?)')
      .run(id, title, Number(isPinned), createdAt, changedAt, JSON.stringify(settings)).lastInsertRowid
  }

  /** Adds a chat that nobody sees until `showHidden`; left so, it is removed with the deleted ones. @returns its row */
  addHidden(chat: Parameters<ChatStore['add']>[0], settings?: object): number {
    const row = this.add(chat, settings)
    this.#database.prepare('UPDATE chat SET deleted_at = ? WHERE row = ?').run(Date.now(), row)
    return row
  }

  /** Shows a hidden chat, from then on under this id. */
  showHidden(row: number, id: string): void {
    this.#database.prepare('UPDATE chat SET id = ?, deleted_at = NULL WHERE row = ?').run(id, row)
  }

  rename(id: string, title: string): void {
    this.#database.prepare('UPDATE chat SET title = ? WHERE row = ?').run(title, this.row(id))
  }

  pin(id: string, isPinned: boolean): void {
    this.#database.prepare('UPDATE chat SET is_pinned = ? WHERE row = ?').run(Number(isPinned), this.row(id))
  }

  /** It has a new message. No error where it was deleted meanwhile. */
  touch(id: string): void {
    this.#database.prepare('UPDATE chat SET changed_at = ? WHERE id = ?').run(Date.now(), id)
  }

  settings(id: string): unknown {
    const { settings } = this.#database
      .prepare('SELECT settings FROM chat WHERE row = ?')
      .get<{ settings: string }>(this.row(id))!
    return JSON.parse(settings)
  }

  setSettings(id: string, settings: object): void {
    this.#database.prepare('UPDATE chat SET settings = ? WHERE row = ?').run(JSON.stringify(settings), this.row(id))
  }

  /** Sets a chat aside: no list and no search shows it, until it is brought back or removed for good. */
  delete(id: string): void {
    this.#database.prepare('UPDATE chat SET deleted_at = ? WHERE row = ?').run(Date.now(), this.row(id))
  }

  /** @throws OwlError `not-found` where it has been removed for good */
  restore(id: string): void {
    const { changes } = this.#database.prepare('UPDATE chat SET deleted_at = NULL WHERE id = ?').run(id)
    if (changes === 0) throw new OwlError('not-found', 'This chat was removed for good.')
  }

  /** Removes for good what was deleted before `time`, in steps. @returns number of chats */
  async removeDeleted(time = Date.now() - undoPeriod): Promise<number> {
    const due = this.#database
      .prepare('SELECT row FROM chat WHERE deleted_at < ?')
      .all<{ row: number }>(time)
      .map(({ row }) => row)
    for (const row of due) {
      while (this.#removeMessages(row) === removalStep) await new Promise((resolve) => setImmediate(resolve))
      this.#database.prepare('DELETE FROM chat WHERE row = ? AND deleted_at IS NOT NULL').run(row)
    }
    return due.length
  }

  /** The newest first, so that none loses its parent before it goes itself. */
  #removeMessages(chat: number): number {
    const some = 'SELECT row FROM message WHERE chat = ? ORDER BY row DESC LIMIT ?'
    return this.#database.transaction(() => {
      for (const index of ['message_trigram', 'message_short']) {
        this.#database.prepare(`DELETE FROM ${index} WHERE rowid IN (${some})`).run(chat, removalStep)
      }
      return this.#database.prepare(`DELETE FROM message WHERE row IN (${some})`).run(chat, removalStep).changes
    })
  }

  #row(id: string): ChatRow {
    const row = this.#database
      .prepare(`SELECT ${columns} FROM chat WHERE id = ? AND deleted_at IS NULL`)
      .get<ChatRow>(id)
    if (!row) throw new OwlError('not-found', 'There is no such chat.')
    return row
  }
}

function toSummary({ id, title, is_pinned, folder_id, created_at, changed_at }: ChatRow): ChatSummary {
  const summary = { id, title, isPinned: is_pinned === 1, createdAt: created_at, changedAt: changed_at }
  return folder_id === null ? summary : { ...summary, folderId: folder_id }
}

function parseCursor(cursor: string): number[] {
  const numbers = cursor.split('.').map(Number)
  if (numbers.length !== 3 || !numbers.every(Number.isSafeInteger)) {
    throw new OwlError('request-invalid', 'This is no place in the list of chats.')
  }
  return numbers
}
