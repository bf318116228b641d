import { randomUUID } from 'node:crypto'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Database } from './database.ts'

/** A folder of chats, with how many are in it. */
export interface ChatFolder {
  id: string
  name: string
  chats: number
}

/** The table of folders, and which chat is in which. */
export class FolderStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /** By name. */
  list(): ChatFolder[] {
    return this.#database
      .prepare(
        `SELECT id, name, (SELECT count(*) FROM chat WHERE folder = chat_folder.row AND deleted_at IS NULL) AS chats
         FROM chat_folder`,
      )
      .all<ChatFolder>()
      .sort((a, b) => a.name.localeCompare(b.name))
  }

  /** @returns its id */
  create(name: string): string {
    const id = randomUUID()
    this.#database.prepare('INSERT INTO chat_folder (id, name) VALUES (?, ?)').run(id, name)
    return id
  }

  /** @returns the id of the folder of this name, made where there is none */
  named(name: string): string {
    const found = this.#database.prepare('SELECT id FROM chat_folder WHERE name = ?').get<{ id: string }>(name)
    return found?.id ?? this.create(name)
  }

  /** @throws OwlError `not-found` */
  rename(id: string, name: string): void {
    this.#database.prepare('UPDATE chat_folder SET name = ? WHERE row = ?').run(name, this.row(id))
  }

  /** Its chats stay, in no folder. @throws OwlError `not-found` */
  remove(id: string): void {
    this.#database.prepare('DELETE FROM chat_folder WHERE row = ?').run(this.row(id))
  }

  /** @param folderId none takes the chat out of its folder. @throws OwlError `not-found` */
  move(chat: number, folderId: string | undefined): void {
    const folder = folderId === undefined ? null : this.row(folderId)
    this.#database.prepare('UPDATE chat SET folder = ? WHERE row = ?').run(folder, chat)
  }

  /** The number by which chats know it. @throws OwlError `not-found` */
  row(id: string): number {
    const found = this.#database.prepare('SELECT row FROM chat_folder WHERE id = ?').get<{ row: number }>(id)
    if (!found) throw new OwlError('not-found', 'There is no such folder.')
    return found.row
  }
}
