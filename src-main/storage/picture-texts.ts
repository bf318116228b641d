import type { Database } from './database.ts'
import { TextIndex } from './text-index.ts'

/** Texts read in pictures, kept by the picture's content hash; search finds them with the messages that show the picture. */
export class PictureTexts {
  readonly #database: Database
  readonly #index: TextIndex

  constructor(database: Database) {
    this.#database = database
    this.#index = new TextIndex(database, 'picture')
  }

  /** Undefined where the picture has not been read; empty where nothing was found in it. */
  get(hash: string): string | undefined {
    return this.#database.prepare('SELECT text FROM picture_text WHERE hash = ?').get<{ text: string }>(hash)?.text
  }

  /** Hashes of the pictures that have been read, some at a time. */
  *hashes(): Generator<string> {
    const some = this.#database.prepare('SELECT row, hash FROM picture_text WHERE row > ? ORDER BY row LIMIT 200')
    for (let last = 0; ; ) {
      const rows = some.all<{ row: number; hash: string }>(last)
      if (rows.length === 0) return
      last = rows.at(-1)!.row
      for (const { hash } of rows) yield hash
    }
  }

  /** Forgets what was read in a picture. */
  remove(hash: string): void {
    this.#database.transaction(() => {
      const gone = this.#database.prepare('DELETE FROM picture_text WHERE hash = ? RETURNING row')
      for (const { row } of gone.all<{ row: number }>(hash)) this.#index.remove(row)
    })
  }

  /** Keeps a picture's text, in place of what was read before, and makes it found by search. */
  put(hash: string, text: string): void {
    this.#database.transaction(() => {
      const put = `INSERT INTO picture_text (hash, text) VALUES (?, ?)
        ON CONFLICT (hash) DO UPDATE SET text = excluded.text RETURNING row`
      const { row } = this.#database.prepare(put).get<{ row: number }>(hash, text)!
      this.#index.put(row, text)
    })
  }
}
