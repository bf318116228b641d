import type { Database } from './database.ts'
import type { SqlValue } from './statement.ts'

export type CaptionJobState = 'queued' | 'running' | 'paused' | 'cancelled' | 'done'
export type CaptionItemState = 'waiting' | 'decided' | 'written' | 'skipped' | 'failed'

/** What is kept as JSON is given and taken as its text. */
export interface CaptionJobRow {
  id: number
  created_at: number
  sources: string
  settings: string
  state: CaptionJobState
  is_listed: number
  error: string | null
  runner: number | null
  runner_seen_at: number | null
}

export interface CaptionItemRow {
  id: number
  job: number
  root: string
  path: string
  kind: 'picture' | 'video' | 'folder'
  state: CaptionItemState
  is_again: number
  key: string | null
  answer: string | null
  before: string | null
  caption: string | null
  scenes: string | null
  error: string | null
}

export interface CaptionItemFilter {
  states: readonly CaptionItemState[]
  /** Found in captions and paths; empty finds all. */
  text: string
}

export type NewCaptionItem = Pick<CaptionItemRow, 'root' | 'path' | 'kind' | 'state' | 'error'>
export type DecidedCaption = Pick<CaptionItemRow, 'key' | 'answer' | 'before' | 'caption' | 'scenes'>

/** What the model said of a picture, or of a video and its scenes. */
export interface CaptionAnswer {
  answer: string
  scenes: string | null
}

/** Rows of the caption queue. What a method writes is on the disk when it returns. */
export class CaptionStore {
  readonly #database: Database

  constructor(database: Database) {
    this.#database = database
  }

  addJob(sources: string, settings: string): number {
    return this.#run('INSERT INTO caption_job (created_at, sources, settings, state) VALUES (?, ?, ?, ?)', [
      Date.now(),
      sources,
      settings,
      'queued',
    ]).lastInsertRowid
  }

  job(id: number): CaptionJobRow | undefined {
    return this.#database.prepare('SELECT * FROM caption_job WHERE id = ?').get<CaptionJobRow>(id)
  }

  /** The newest first. */
  jobs(): CaptionJobRow[] {
    return this.#database.prepare('SELECT * FROM caption_job ORDER BY id DESC').all<CaptionJobRow>()
  }

  removeJob(id: number): void {
    this.#run('DELETE FROM caption_job WHERE id = ?', [id])
  }

  setJobState(id: number, state: CaptionJobState, error: string | null = null): void {
    this.#run('UPDATE caption_job SET state = ?, error = ? WHERE id = ?', [state, error, id])
  }

  setJobSettings(id: number, settings: string): void {
    this.#run('UPDATE caption_job SET settings = ? WHERE id = ?', [settings, id])
  }

  setListed(id: number): void {
    this.#run('UPDATE caption_job SET is_listed = 1 WHERE id = ?', [id])
  }

  /** Takes the job for a process. @returns false where another one is at work on it */
  claim(id: number, runner: number, isRunning: (job: CaptionJobRow) => boolean): boolean {
    return this.#database.transaction(() => {
      const job = this.job(id)
      if (!job || (job.runner !== runner && isRunning(job))) return false
      this.#run('UPDATE caption_job SET runner = ?, runner_seen_at = ? WHERE id = ?', [runner, Date.now(), id])
      return true
    })
  }

  heartbeat(id: number): void {
    this.#run('UPDATE caption_job SET runner_seen_at = ? WHERE id = ?', [Date.now(), id])
  }

  release(id: number): void {
    this.#run('UPDATE caption_job SET runner = NULL WHERE id = ?', [id])
  }

  /** Items that are there already stay as they are. */
  addItems(job: number, items: readonly NewCaptionItem[]): void {
    const sql = 'INSERT OR IGNORE INTO caption_item (job, root, path, kind, state, error) VALUES (?, ?, ?, ?, ?, ?)'
    this.#database.transaction(() => {
      for (const { root, path, kind, state, error } of items) this.#run(sql, [job, root, path, kind, state, error])
    })
  }

  item(id: number): CaptionItemRow | undefined {
    return this.#database.prepare('SELECT * FROM caption_item WHERE id = ?').get<CaptionItemRow>(id)
  }

  /** By path. */
  itemsIn(job: number, state: CaptionItemState, limit: number, afterPath = ''): CaptionItemRow[] {
    return this.#database
      .prepare('SELECT * FROM caption_item WHERE job = ? AND state = ? AND path > ? ORDER BY path LIMIT ?')
      .all<CaptionItemRow>(job, state, afterPath, limit)
  }

  /** Items whose path begins so, to find others with the same sidecar. */
  siblings(job: number, prefix: string, last: string): string[] {
    return this.#database
      .prepare('SELECT path FROM caption_item WHERE job = ? AND path >= ? AND path < ? ORDER BY path')
      .all<{ path: string }>(job, prefix, last)
      .map(({ path }) => path)
  }

  counts(job: number): Record<CaptionItemState, number> {
    const rows = this.#database
      .prepare('SELECT state, count(*) AS n FROM caption_item WHERE job = ? GROUP BY state')
      .all<{ state: CaptionItemState; n: number }>(job)
    const counts = { waiting: 0, decided: 0, written: 0, skipped: 0, failed: 0 }
    for (const { state, n } of rows) counts[state] = n
    return counts
  }

  /** The answer to the same content and prompt, where one was given in this job. */
  answerTo(job: number, key: string): CaptionAnswer | undefined {
    return this.#database
      .prepare('SELECT answer, scenes FROM caption_item WHERE job = ? AND key = ? AND answer IS NOT NULL LIMIT 1')
      .get(job, key)
  }

  decide(id: number, { key, answer, before, caption, scenes }: DecidedCaption): void {
    this.#run(
      `UPDATE caption_item SET state = 'decided', key = ?, answer = ?, before = ?, caption = ?, scenes = ?, error = NULL
       WHERE id = ?`,
      [key, answer, before, caption, scenes, id],
    )
  }

  setWritten(ids: readonly number[]): void {
    this.#database.transaction(() => {
      for (const id of ids) {
        // An undone edit may leave a picture without a caption: then it is as it was before.
        this.#run(
          `UPDATE caption_item SET is_again = 0, state = CASE WHEN caption IS NOT NULL THEN 'written'
           WHEN error IS NOT NULL THEN 'failed' ELSE 'waiting' END WHERE id = ? AND state = 'decided'`,
          [id],
        )
      }
    })
  }

  skip(id: number, caption: string): void {
    this.#run("UPDATE caption_item SET state = 'skipped', before = ?, caption = ?, error = NULL WHERE id = ?", [
      caption,
      caption,
      id,
    ])
  }

  /** What was decided is kept, to be written on the next try. */
  fail(id: number, error: string): void {
    this.#run("UPDATE caption_item SET state = 'failed', error = ? WHERE id = ?", [error, id])
  }

  /** Tries what failed once more: what was decided is written, the rest is captioned. */
  retryFailed(job: number): void {
    this.#run(
      `UPDATE caption_item SET error = NULL, state = CASE WHEN answer IS NULL THEN 'waiting' ELSE 'decided' END
       WHERE job = ? AND state = 'failed' AND kind <> 'folder'`,
      [job],
    )
  }

  items(job: number, filter: CaptionItemFilter, offset: number, limit: number): CaptionItemRow[] {
    const { where, values } = condition(filter)
    return this.#database
      .prepare(`SELECT * FROM caption_item WHERE job = ? ${where} ORDER BY path LIMIT ? OFFSET ?`)
      .all<CaptionItemRow>(job, ...values, limit, offset)
  }

  countItems(job: number, filter: CaptionItemFilter): number {
    const { where, values } = condition(filter)
    const row = this.#database
      .prepare(`SELECT count(*) AS n FROM caption_item WHERE job = ? ${where}`)
      .get<{ n: number }>(job, ...values)
    return row?.n ?? 0
  }

  /** Changes captions as one edit that can be undone. */
  edit(job: number, captions: ReadonlyMap<number, string>): void {
    this.#editing(job, [...captions.keys()], (id) => {
      this.#run("UPDATE caption_item SET state = 'decided', caption = ? WHERE id = ?", [captions.get(id)!, id])
    })
  }

  /** Has items captioned once more, as one edit that can be undone. */
  again(job: number, ids: readonly number[]): void {
    this.#editing(job, ids, (id) => {
      this.#run(
        `UPDATE caption_item SET state = 'waiting', is_again = 1, key = NULL, answer = NULL, scenes = NULL, error = NULL
         WHERE id = ? AND kind <> 'folder'`,
        [id],
      )
    })
  }

  canUndo(job: number): boolean {
    return this.#database.prepare('SELECT id FROM caption_edit WHERE job = ? LIMIT 1').get(job) !== undefined
  }

  /** Takes the newest edit back. @returns the items it had changed */
  undo(job: number): number[] {
    return this.#database.transaction(() => {
      const edit = this.#database
        .prepare('SELECT id FROM caption_edit WHERE job = ? ORDER BY id DESC LIMIT 1')
        .get<{ id: number }>(job)
      if (!edit) return []
      const changed = this.#database
        .prepare('SELECT item, state, caption FROM caption_edit_item WHERE edit = ?')
        .all<{ item: number; state: CaptionItemState; caption: string | null }>(edit.id)
      for (const { item, state, caption } of changed) {
        const next = state === 'waiting' ? 'waiting' : 'decided'
        this.#run('UPDATE caption_item SET state = ?, caption = ? WHERE id = ?', [next, caption, item])
      }
      this.#run('DELETE FROM caption_edit WHERE id = ?', [edit.id])
      return changed.map(({ item }) => item)
    })
  }

  #editing(job: number, ids: readonly number[], change: (id: number) => void): void {
    this.#database.transaction(() => {
      const edit = this.#run('INSERT INTO caption_edit (job) VALUES (?)', [job]).lastInsertRowid
      for (const id of ids) {
        this.#run(
          `INSERT INTO caption_edit_item (edit, item, state, caption)
           SELECT ?, id, state, caption FROM caption_item WHERE id = ? AND job = ?`,
          [edit, id, job],
        )
        change(id)
      }
    })
  }

  #run(sql: string, values: SqlValue[]) {
    return this.#database.prepare(sql).run(...values)
  }
}

function condition({ states, text }: CaptionItemFilter): { where: string; values: SqlValue[] } {
  const states_ = `AND state IN (${states.map(() => '?').join(', ')})`
  if (text === '') return { where: states_, values: [...states] }
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  return {
    where: `${states_} AND (caption LIKE ? ESCAPE '\\' OR path LIKE ? ESCAPE '\\')`,
    values: [...states, pattern, pattern],
  }
}
