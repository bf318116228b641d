import type { PictureText } from '../../native-models/text-reader/text-reader.ts'
import type { Database } from './database.ts'
import { PictureTexts } from './picture-texts.ts'

/** What was read in pictures, by content hash, so that each is read once. Its plain text is found by search. */
export class PictureReadings {
  readonly #database: Database
  readonly #texts: PictureTexts

  constructor(database: Database) {
    this.#database = database
    this.#texts = new PictureTexts(database)
  }

  /** Undefined where the picture has not been read. */
  get(hash: string): PictureText | undefined {
    const found = this.#database
      .prepare('SELECT reading FROM picture_text WHERE hash = ?')
      .get<{ reading: string | null }>(hash)
    return found?.reading ? (JSON.parse(found.reading) as PictureText) : undefined
  }

  /** @param plain the lines as one text */
  put(hash: string, reading: PictureText, plain: string): void {
    this.#texts.put(hash, plain)
    this.#database.prepare('UPDATE picture_text SET reading = ? WHERE hash = ?').run(JSON.stringify(reading), hash)
  }
}
