import { existsSync } from 'node:fs'
import { rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { OwlError } from '../../native-models/owl-error.ts'
import { Database, listBackups, timestamp } from './database.ts'
import { TextIndex } from './text-index.ts'

/** What became of a damaged database. */
export interface Recovery {
  /** Where the damaged file is now; it is never deleted. */
  damagedFile: string
  /** How many chats and messages were read from it, and from the newest copy where it had what was missing. */
  chats: number
  messages: number
  /** The copy that was used besides. */
  backup?: string
}

/** Files that make up one database. */
const parts = ['', '-wal', '-shm']
/** Ending of a database that is being put together: it takes its place when it is whole. */
const unfinishedEnding = '.recovering'
/** Rows written in one go; main gets a turn in between. */
const step = 200
/** Row numbers in a row that lead nowhere, after which no more are looked for between two damaged pages. */
const mostMisses = 5000

/**
 * Opens a database. A new one gets all that can be read of a damaged one, row by row, and what only the newest copy still
 * has; only when it is whole is the damaged one set aside under another name. What is interrupted begins again.
 * @throws OwlError `database-newer`, `database-unavailable`, `disk-full`
 */
export async function openOrRecover(path: string): Promise<{ database: Database; recovery?: Recovery }> {
  const unfinished = path + unfinishedEnding
  // Killed between the two renames below.
  if (!existsSync(path) && existsSync(unfinished)) await rename(unfinished, path)
  try {
    return { database: await Database.open(path) }
  } catch (error) {
    if (!(error instanceof OwlError && error.code === 'database-damaged')) throw error
  }
  const found = await putTogether(unfinished, path)
  const damagedFile = join(dirname(path), `${basename(path, '.sqlite')}-damaged-${timestamp(new Date())}.sqlite`)
  for (const part of parts.toReversed()) if (existsSync(path + part)) await rename(path + part, damagedFile + part)
  await rename(unfinished, path)
  return { database: await Database.open(path), recovery: { damagedFile, ...found } }
}

/** Makes a new database of what can be read of a damaged one and of its newest copy. */
async function putTogether(path: string, damaged: string): Promise<Omit<Recovery, 'damagedFile'>> {
  for (const part of parts) await rm(path + part, { force: true })
  const database = await Database.open(path)
  try {
    const [backup] = await listBackups(damaged)
    await copyRows(damaged, database)
    const read = database.prepare('SELECT count(*) AS count FROM message')
    const before = read.get<{ count: number }>()!.count
    if (backup) await copyRows(backup, database)
    await mend(database)
    const messages = read.get<{ count: number }>()!.count
    const { chats } = database.prepare('SELECT count(*) AS chats FROM chat').get<{ chats: number }>()!
    return { chats, messages, ...(messages > before && { backup }) }
  } finally {
    database.close()
  }
}

/** Tables of a new database that hold no text index, which is made anew. */
function ordinaryTables(database: Database): string[] {
  return database
    .prepare(
      `SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0 AND name NOT LIKE 'sqlite!_%' ESCAPE '!'
       AND name NOT GLOB '*_trigram*' AND name NOT GLOB '*_short*' AND name <> 'migration'`,
    )
    .all<{ name: string }>()
    .map(({ name }) => name)
}

async function copyRows(from: string, to: Database): Promise<void> {
  let source: DatabaseSyncInstance
  try {
    source = new DatabaseSync(from)
    source.exec('PRAGMA schema_version')
  } catch {
    return
  }
  to.exec('PRAGMA foreign_keys = OFF')
  try {
    for (const table of ordinaryTables(to)) await copyTable(source, to, table)
  } finally {
    to.exec('PRAGMA foreign_keys = ON')
    source.close()
  }
}

async function copyTable(source: DatabaseSyncInstance, to: Database, table: string): Promise<void> {
  // A file of an older version lacks columns that were added since.
  const there = new Set(columnNames(source, table))
  const columns = to
    .prepare(`PRAGMA table_info(${table})`)
    .all<{ name: string }>()
    .filter(({ name }) => there.has(name))
  if (columns.length === 0) return
  const names = columns.map(({ name }) => name).join(', ')
  const insert = to.prepare(`INSERT OR IGNORE INTO ${table} (${names}) VALUES (${columns.map(() => '?').join(', ')})`)
  let batch: Record<string, never>[] = []
  const write = () => {
    to.transaction(() => {
      for (const row of batch) {
        try {
          insert.run(...columns.map(({ name }) => row[name] ?? null))
        } catch (error) {
          // A row that the damage has changed beyond what the table takes; a full disk is another matter.
          if (error instanceof OwlError && error.code === 'disk-full') throw error
        }
      }
    })
    batch = []
  }
  for (const row of readableRows(source, table, names)) {
    batch.push(row)
    if (batch.length < step) continue
    write()
    await new Promise((resolve) => setImmediate(resolve))
  }
  write()
}

function columnNames(source: DatabaseSyncInstance, table: string): string[] {
  try {
    return source
      .prepare(`PRAGMA table_info(${table})`)
      .all()
      .map(({ name }) => String(name))
  } catch {
    return []
  }
}

/** All rows that can be read: forwards to the first damaged page, backwards to the last, and one by one in between. */
function* readableRows(source: DatabaseSyncInstance, table: string, names: string): Generator<Record<string, never>> {
  // An iterator does not hold its statement: one that is collected under it takes the process down.
  const held: unknown[] = []
  const select = (sql: string) => {
    try {
      const statement = source.prepare(sql)
      held.push(statement)
      return statement
    } catch {
      return undefined
    }
  }
  const hasRow = select(`SELECT rowid FROM ${table} LIMIT 0`) !== undefined
  const from = `FROM ${table} NOT INDEXED`
  const all = hasRow ? `SELECT rowid AS at, ${names} ${from} ORDER BY rowid` : `SELECT ${names} FROM ${table}`
  let last = 0
  try {
    for (const row of select(all)?.iterate() ?? []) {
      yield row as Record<string, never>
      last = Number(row.at)
    }
    return
  } catch {
    // The rest is read from the other end.
  }
  if (!hasRow) return
  let first = Number.MAX_SAFE_INTEGER
  try {
    for (const row of select(`${all} DESC`)?.iterate() ?? []) {
      if (Number(row.at) <= last) return
      yield row as Record<string, never>
      first = Number(row.at)
    }
  } catch {
    // One by one below.
  }
  // A damaged page in the middle of the tree hides what is beyond it from both sides, but not from a direct look.
  const one = select(`SELECT ${names} ${from} WHERE rowid = ?`)
  for (let at = last + 1, misses = 0; at < first && misses < mostMisses; at++) {
    misses++
    try {
      const row = one?.get(at)
      if (!row) continue
      misses = 0
      yield row as Record<string, never>
    } catch {
      // On the damaged page.
    }
  }
}

/** Puts right what lost its other half: messages without a chat or a parent, chats that show nothing; indexes all text. */
async function mend(database: Database): Promise<void> {
  const now = Date.now()
  database.transaction(() => {
    database.exec(`
      INSERT INTO chat (row, id, title, created_at, changed_at)
        SELECT chat, 'recovered-' || chat, coalesce((SELECT substr(text, 1, 80) FROM message AS first
          WHERE first.chat = message.chat ORDER BY row LIMIT 1), ''), min(created_at), ${now}
        FROM message WHERE chat NOT IN (SELECT row FROM chat) GROUP BY chat;
      UPDATE message SET parent = (SELECT max(row) FROM message AS earlier
          WHERE earlier.chat = message.chat AND earlier.row < message.row)
        WHERE parent IS NOT NULL AND parent NOT IN (SELECT row FROM message);
      UPDATE chat SET shown_end = (SELECT max(row) FROM message WHERE message.chat = chat.row)
        WHERE shown_end NOT IN (SELECT row FROM message);
      UPDATE chat SET folder = NULL WHERE folder NOT IN (SELECT row FROM chat_folder);
      DELETE FROM message_picture WHERE message NOT IN (SELECT row FROM message);
    `)
  })
  await indexAll(database, 'message')
  await indexAll(database, 'picture')
}

async function indexAll(database: Database, name: 'message' | 'picture'): Promise<void> {
  const index = new TextIndex(database, name)
  const table = name === 'message' ? 'message' : 'picture_text'
  const some = database.prepare(`SELECT row, text FROM ${table} WHERE row > ? ORDER BY row LIMIT ${step}`)
  for (let last = 0; ; ) {
    const rows = some.all<{ row: number; text: string }>(last)
    if (rows.length === 0) return
    database.transaction(() => {
      for (const { row, text } of rows) index.put(row, text)
    })
    last = rows.at(-1)!.row
    await new Promise((resolve) => setImmediate(resolve))
  }
}
