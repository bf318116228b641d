import { OwlError } from '../../native-models/owl-error.ts'
import type { Database } from './database.ts'
import { TextIndex } from './text-index.ts'

/** A picture of a message: a reference into the attachment store, and what its place on the screen needs. */
export interface MessagePicture {
  hash: string
  name: string
  width: number
  height: number
  bytes: number
}

export type MessageState = 'writing' | 'finished' | 'failed'

export interface NewMessage {
  id: string
  /** Undefined at the beginning of a conversation. */
  parentId?: string
  role: 'user' | 'assistant'
  text: string
  pictures: readonly MessagePicture[]
  state: MessageState
  /** How an answer ended. */
  outcome?: object
  /** Milliseconds since 1970; now when left out. */
  createdAt?: number
}

export interface StoredMessage extends NewMessage {
  createdAt: number
  pictures: MessagePicture[]
  /** Messages in the same place, the oldest first, itself among them. */
  branches: string[]
}

interface MessageRow {
  row: number
  id: string
  parent: number | null
  role: 'user' | 'assistant'
  text: string
  state: MessageState
  outcome: string | null
  created_at: number
}

interface TreeRow {
  row: number
  id: string
  parent: number | null
}

/** The messages of chats. Each chat is a tree; one branch of it, from a first question to an end, is shown. */
export class MessageStore {
  readonly #database: Database
  readonly #index: TextIndex

  constructor(database: Database) {
    this.#database = database
    this.#index = new TextIndex(database, 'message')
  }

  /** Adds a message and shows its branch. @throws OwlError `not-found` for a parent that is not in the chat */
  add(chat: number, message: NewMessage): void {
    const { id, parentId, role, text, pictures, state, outcome, createdAt = Date.now() } = message
    const parent = parentId === undefined ? null : this.#row(chat, parentId)
    const { lastInsertRowid: row } = this.#database
      .prepare(
        `INSERT INTO message (id, chat, parent, role, text, state, outcome, created_at)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      )
      .run(id, chat, parent, role, text, state, outcome ? JSON.stringify(outcome) : null, createdAt)
    for (const [position, { hash, name, width, height, bytes }] of pictures.entries()) {
      this.#database
        .prepare('INSERT INTO message_picture VALUES (?, ?, ?, ?, ?, ?, ?)')
        .run(row, position, hash, name, width, height, bytes)
    }
    if (text !== '') this.#index.put(row, text)
    this.#database.prepare('UPDATE chat SET shown_end = ? WHERE row = ?').run(row, chat)
  }

  /** Whether a message of this id is in any chat. */
  has(id: string): boolean {
    return this.#database.prepare('SELECT 1 FROM message WHERE id = ?').get(id) !== undefined
  }

  /** Keeps what an answer says so far. Search finds it once it has ended. */
  write(id: string, text: string): void {
    this.#database.prepare("UPDATE message SET text = ?, state = 'writing' WHERE id = ?").run(text, id)
  }

  /** What is known of how an answer came about, before its end. */
  setOutcome(id: string, outcome: object): void {
    this.#database.prepare('UPDATE message SET outcome = ? WHERE id = ?').run(JSON.stringify(outcome), id)
  }

  end(id: string, text: string, state: 'finished' | 'failed', outcome: object): void {
    this.#database.transaction(() => {
      const update = 'UPDATE message SET text = ?, state = ?, outcome = ? WHERE id = ? RETURNING row'
      const changed = this.#database.prepare(update).get<{ row: number }>(text, state, JSON.stringify(outcome), id)
      // It may have been deleted for good meanwhile.
      if (changed) this.#index.put(changed.row, text)
    })
  }

  /** The branch that is shown, from its first question on. */
  shown(chat: number): StoredMessage[] {
    const end = this.#database
      .prepare(
        'SELECT coalesce(shown_end, (SELECT max(row) FROM message WHERE chat = chat.row)) AS end FROM chat WHERE row = ?',
      )
      .get<{ end: number | null }>(chat)?.end
    return end ? this.#path(chat, end) : []
  }

  /** The branch that ends with a message. @throws OwlError `not-found` */
  upTo(chat: number, id: string): StoredMessage[] {
    return this.#path(chat, this.#row(chat, id))
  }

  /** Shows the branch through a message; below it the newest one. @throws OwlError `not-found` */
  show(chat: number, id: string): void {
    let end: number | undefined = this.#row(chat, id)
    const child = this.#database.prepare('SELECT max(row) AS row FROM message WHERE parent = ?')
    for (let next: number | undefined = end; next; next = child.get<{ row: number | null }>(next)?.row ?? undefined) {
      end = next
    }
    this.#database.prepare('UPDATE chat SET shown_end = ? WHERE row = ?').run(end, chat)
  }

  /** Every message of a chat, of all branches, parents before their children. */
  all(chat: number): StoredMessage[] {
    const rows = this.#database.prepare('SELECT * FROM message WHERE chat = ? ORDER BY row').all<MessageRow>(chat)
    return this.#complete(chat, rows)
  }

  #row(chat: number, id: string): number {
    const found = this.#database.prepare('SELECT row FROM message WHERE id = ? AND chat = ?')
    const row = found.get<{ row: number }>(id, chat)?.row
    if (row === undefined) throw new OwlError('not-found', 'There is no such message in this chat.')
    return row
  }

  #path(chat: number, end: number): StoredMessage[] {
    const rows = this.#database
      .prepare(
        `WITH RECURSIVE path (row, parent, depth) AS (
           SELECT row, parent, 0 FROM message WHERE row = ?
           UNION ALL
           SELECT message.row, message.parent, depth + 1 FROM path JOIN message ON message.row = path.parent
         )
         SELECT message.* FROM path JOIN message USING (row) ORDER BY depth DESC`,
      )
      .all<MessageRow>(end)
    return this.#complete(chat, rows)
  }

  #complete(chat: number, rows: readonly MessageRow[]): StoredMessage[] {
    const tree = this.#database
      .prepare('SELECT row, id, parent FROM message WHERE chat = ? ORDER BY row')
      .all<TreeRow>(chat)
    const ids = new Map(tree.map(({ row, id }) => [row, id]))
    const branches = new Map<number | null, string[]>()
    for (const { id, parent } of tree) {
      const among = branches.get(parent)
      if (among) among.push(id)
      else branches.set(parent, [id])
    }
    const pictures = this.#pictures(chat)
    return rows.map(({ row, id, parent, role, text, state, outcome, created_at }) => ({
      id,
      parentId: parent === null ? undefined : ids.get(parent),
      role,
      text,
      state,
      outcome: outcome === null ? undefined : JSON.parse(outcome),
      createdAt: created_at,
      pictures: pictures.get(row) ?? [],
      branches: branches.get(parent) ?? [id],
    }))
  }

  /** By message. */
  #pictures(chat: number): Map<number, MessagePicture[]> {
    const rows = this.#database
      .prepare(
        `SELECT message_picture.* FROM message JOIN message_picture ON message = message.row
         WHERE chat = ? ORDER BY message, position`,
      )
      .all<MessagePicture & { message: number }>(chat)
    const pictures = new Map<number, MessagePicture[]>()
    for (const { message, hash, name, width, height, bytes } of rows) {
      const among = pictures.get(message) ?? []
      pictures.set(message, among)
      among.push({ hash, name, width, height, bytes })
    }
    return pictures
  }
}
