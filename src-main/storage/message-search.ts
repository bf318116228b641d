import type { Database } from './database.ts'
import { searchTerms, type TextQuery, textQuery } from './text-index.ts'

/** A message that a search found. */
export interface SearchHit {
  /** Orders hits, the newest first; the next page begins below the last one. */
  row: number
  chatId: string
  chatTitle: string
  messageId: string
  role: 'user' | 'assistant'
  /** The message's text, or the text read in a picture of it where that is what was found. */
  text: string
  isPictureText: boolean
  /** The picture in which it was found. */
  picture?: { hash: string; name: string; width: number; height: number; bytes: number }
  createdAt: number
}

/** Full-text search over all messages, and over the texts of their pictures. */
export class MessageSearch {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  /**
   * Messages that hold every term of a search, the newest first.
   * @param below only those of a smaller row: the last one of the page before
   */
  find(query: string, limit: number, below = Number.MAX_SAFE_INTEGER): SearchHit[] {
    const parts = textQuery(searchTerms(query))
    if (!parts) return []
    const hits = [...this.#inMessages(parts, limit, below), ...this.#inPictures(parts, limit, below)]
    const byRow = new Map<number, SearchHit>()
    // What the message itself says comes first, and stands for the pictures as well.
    for (const hit of hits) if (!byRow.has(hit.row)) byRow.set(hit.row, hit)
    return [...byRow.values()].sort((a, b) => b.row - a.row).slice(0, limit)
  }

  /** Chats whose title holds every term; those changed last come first. */
  titles(query: string, limit: number): { chatId: string; chatTitle: string; changedAt: number }[] {
    const terms = searchTerms(query)
    if (terms.length === 0) return []
    const like = terms.map(() => "title LIKE ? ESCAPE '!'").join(' AND ')
    return this.#database
      .prepare(
        `SELECT id AS chatId, title AS chatTitle, changed_at AS changedAt FROM chat
         WHERE deleted_at IS NULL AND ${like} ORDER BY changed_at DESC LIMIT ?`,
      )
      .all(...terms.map((term) => `%${term.replace(/[!%_]/g, '!$&')}%`), limit)
  }

  #inMessages(parts: TextQuery, limit: number, below: number): SearchHit[] {
    const { from, where, values } = matching('message', parts)
    return this.#database
      .prepare(
        `SELECT message.row, chat.id AS chatId, chat.title AS chatTitle, message.id AS messageId, message.role,
           message.text, message.created_at AS createdAt
         FROM ${from} JOIN message ON message.row = ${from}.rowid JOIN chat ON chat.row = message.chat
         WHERE ${where} AND ${from}.rowid < ? AND deleted_at IS NULL ORDER BY ${from}.rowid DESC LIMIT ?`,
      )
      .all<SearchHit>(...values, below, limit)
      .map((hit) => ({ ...hit, isPictureText: false }))
  }

  #inPictures(parts: TextQuery, limit: number, below: number): SearchHit[] {
    const { from, where, values } = matching('picture', parts)
    return this.#database
      .prepare(
        `SELECT message.row, chat.id AS chatId, chat.title AS chatTitle, message.id AS messageId, message.role,
           picture_text.text, message.created_at AS createdAt, message_picture.hash, message_picture.name,
           message_picture.width, message_picture.height, message_picture.bytes
         FROM ${from} JOIN picture_text ON picture_text.row = ${from}.rowid
           JOIN message_picture ON message_picture.hash = picture_text.hash
           JOIN message ON message.row = message_picture.message JOIN chat ON chat.row = message.chat
         WHERE ${where} AND message.row < ? AND deleted_at IS NULL ORDER BY message.row DESC LIMIT ?`,
      )
      .all<SearchHit & NonNullable<SearchHit['picture']>>(...values, below, limit)
      .map(({ hash, name, width, height, bytes, ...hit }) => ({
        ...hit,
        isPictureText: true,
        picture: { hash, name, width, height, bytes },
      }))
  }
}

/** The index to read and what has to hold in it; with terms of both kinds, the other one is asked about each row. */
function matching(name: 'message' | 'picture', { trigram, short }: TextQuery) {
  const both = trigram !== undefined && short !== undefined
  const from = trigram === undefined ? `${name}_short` : `${name}_trigram`
  const other = both ? ` AND +${from}.rowid IN (SELECT rowid FROM ${name}_short WHERE ${name}_short MATCH ?)` : ''
  return {
    from,
    where: `${from} MATCH ?${other}`,
    values: [trigram, short].filter((value) => value !== undefined),
  }
}
