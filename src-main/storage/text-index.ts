import type { Database } from './database.ts'

/** What a search asks for: full-text expressions of terms of three characters and more, and of shorter ones. */
export interface TextQuery {
  trigram?: string
  short?: string
}

/**
 * Full-text index over the rows of `message` or `picture_text`. Terms of three characters and more are found anywhere
 * in a text; shorter ones anywhere in Chinese, Japanese and Korean, and at the beginning of words in other scripts.
 */
export class TextIndex {
  readonly #database: Database
  readonly #name: 'message' | 'picture'

  constructor(database: Database, name: 'message' | 'picture') {
    this.#database = database
    this.#name = name
  }

  /** Puts a row's text in, in place of what it had. */
  put(row: number, text: string): void {
    const name = this.#name
    this.#database.prepare(`INSERT OR REPLACE INTO ${name}_trigram (rowid, text) VALUES (?, ?)`).run(row, text)
    this.#database
      .prepare(`INSERT OR REPLACE INTO ${name}_short (rowid, text) VALUES (?, ?)`)
      .run(row, shortTerms(text).join(' '))
  }

  remove(row: number): void {
    for (const kind of ['trigram', 'short']) {
      this.#database.prepare(`DELETE FROM ${this.#name}_${kind} WHERE rowid = ?`).run(row)
    }
  }
}

const cjk = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}`
const runs = new RegExp(String.raw`([${cjk}]+)|(?:(?![${cjk}])[\p{L}\p{N}\p{M}])+`, 'gu')

/** What a search of one or two characters can find in a text: see TextIndex. */
function shortTerms(text: string): string[] {
  const terms = new Set<string>()
  for (const [run, isCjk] of text.matchAll(runs)) {
    const characters = [...(isCjk ? run : run.slice(0, 4))]
    const starts = isCjk ? characters.length : 1
    for (let start = 0; start < starts; start++) {
      terms.add(characters[start]!)
      if (start + 1 < characters.length) terms.add(characters[start]! + characters[start + 1]!)
    }
  }
  return [...terms]
}

/**
 * The terms of a search: words, and whole phrases where they are in quotation marks.
 * @returns no more than 16 of them, none empty
 */
export function searchTerms(query: string): string[] {
  const found = [...query.matchAll(/["“”]([^"“”]+)["“”]|[^\s"“”]+/gu)].map(([whole, phrase]) =>
    (phrase ?? whole).trim(),
  )
  return [...new Set(found)].filter((term) => /[\p{L}\p{N}]/u.test(term) || term.length > 2).slice(0, 16)
}

/** Terms as expressions of FTS5: all of them have to be there. Undefined where nothing is asked for. */
export function textQuery(terms: readonly string[]): TextQuery | undefined {
  const trigram: string[] = []
  const short: string[] = []
  for (const term of terms) {
    if ([...term].length > 2) trigram.push(quoted(term))
    else short.push(...[...term.matchAll(runs)].map(([run]) => quoted(run)))
  }
  if (trigram.length + short.length === 0) return undefined
  return { trigram: trigram.join(' AND ') || undefined, short: short.join(' AND ') || undefined }
}

function quoted(term: string): string {
  return `"${term.replaceAll('"', '""')}"`
}
