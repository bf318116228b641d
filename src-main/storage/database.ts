import { existsSync } from 'node:fs'
import { mkdir, readdir, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { backup, DatabaseSync, type DatabaseSyncInstance } from '@photostructure/sqlite'
import { OwlError } from '../../native-models/owl-error.ts'
import { migrations as allMigrations, type Migration } from './migrations/migrations.ts'
import { type SqlValue, Statement } from './statement.ts'
import { storageError } from './storage-error.ts'

/** Another process (a second shell on the same data) may hold the file this long, in milliseconds. */
const busyTimeout = 2000
/** Pages copied before main gets a turn; a page has 4 KiB. */
const backupStep = 256

/**
 * The one SQLite file of the assistant, in WAL. A statement that has returned is on the disk, also after a power cut.
 * Statements run on main's thread: keep each of them small.
 */
export class Database {
  readonly path: string
  readonly #connection: DatabaseSyncInstance
  readonly #statements = new Map<string, Statement>()

  private constructor(path: string, connection: DatabaseSyncInstance) {
    this.path = path
    this.#connection = connection
  }

  /**
   * Opens the file, creates it where there is none, and brings it up to date: each migration is done whole or not at
   * all, and the file is copied to `backups/` beside it first.
   * @throws OwlError `database-damaged` , `database-newer`, `database-unavailable`, `disk-full`
   */
  static async open(path: string, migrations: readonly Migration[] = allMigrations): Promise<Database> {
    await mkdir(dirname(path), { recursive: true }).catch((error) => {
      throw storageError(error, path)
    })
    const isNew = !existsSync(path)
    const database = Database.#connect(path)
    try {
      if (!isNew) await database.#check()
      await database.#migrate(migrations, isNew)
      return database
    } catch (error) {
      database.close()
      throw error
    }
  }

  static #connect(path: string): Database {
    try {
      const connection = new DatabaseSync(path, { timeout: busyTimeout })
      connection.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON')
      return new Database(path, connection)
    } catch (error) {
      throw storageError(error, path)
    }
  }

  /** A statement, prepared once. */
  prepare(sql: string): Statement {
    let statement = this.#statements.get(sql)
    if (!statement) {
      statement = this.#guard(() => new Statement(this.#connection.prepare(sql), this.path))
      this.#statements.set(sql, statement)
    }
    return statement
  }

  /** Runs statements that return nothing, separated by semicolons. */
  exec(sql: string): void {
    this.#guard(() => this.#connection.exec(sql))
  }

  /** A function that statements can call. */
  defineFunction(name: string, body: (...values: SqlValue[]) => SqlValue): void {
    this.#connection.function(name, { deterministic: true }, body)
  }

  /** All that `work` writes, or nothing of it. What it does must not wait for anything. */
  transaction<Result>(work: () => Result): Result {
    this.exec('BEGIN IMMEDIATE')
    try {
      const result = work()
      this.exec('COMMIT')
      return result
    } catch (error) {
      // A full disk may have ended the transaction already.
      if (this.#connection.isTransaction) this.exec('ROLLBACK')
      throw error
    }
  }

  /** Copies the file in steps, so that main goes on meanwhile. The copy is there whole or not at all. */
  async copyTo(path: string): Promise<void> {
    const unfinished = `${path}.unfinished`
    try {
      await mkdir(dirname(path), { recursive: true })
      await rm(unfinished, { force: true })
      await backup(this.#connection, unfinished, { rate: backupStep })
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { force: true })
      throw storageError(error, path)
    }
  }

  get isOpen(): boolean {
    return this.#connection.isOpen
  }

  close(): void {
    if (!this.isOpen) return
    this.#statements.clear()
    try {
      // Statements live until they are collected, and keep the file from being brought together by its close.
      this.#connection.exec('PRAGMA wal_checkpoint(TRUNCATE)')
    } catch {
      // The next start does it.
    }
    this.#connection.close()
  }

  /**
   * Looks at every page, record and index. Virtual tables are looked at as the ordinary ones that carry them: their own
   * check would take ten times as long.
   * @throws OwlError `database-damaged`
   */
  async #check(): Promise<void> {
    const tables = this.prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND rootpage > 0")
    for (const { name } of tables.all<{ name: string }>()) {
      const check = this.#guard(() => this.#connection.prepare(`PRAGMA quick_check('${name}')`).all())
      const verdict = String(check[0]?.quick_check ?? 'no answer')
      if (verdict !== 'ok') throw new OwlError('database-damaged', `${basename(this.path)} is damaged: ${verdict}.`)
      await new Promise((resolve) => setImmediate(resolve))
    }
  }

  async #migrate(migrations: readonly Migration[], isNew: boolean): Promise<void> {
    this.exec('CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY, done_at INTEGER NOT NULL) WITHOUT ROWID')
    const done = this.#doneMigrations()
    const unknown = [...done].find((name) => !migrations.some((migration) => migration.name === name))
    if (unknown) {
      throw new OwlError('database-newer', `${basename(this.path)} was written by a newer version (${unknown}).`)
    }
    const pending = migrations.filter(({ name }) => !done.has(name))
    if (pending.length === 0) return
    if (!isNew && done.size > 0) await this.copyTo(backupPath(this.path, `before-${pending[0]!.name}`))
    for (const { name, run } of pending) {
      this.transaction(() => {
        // Another process may have been faster.
        if (this.#doneMigrations().has(name)) return
        run(this)
        this.prepare('INSERT INTO migration VALUES (?, ?)').run(name, Date.now())
      })
    }
  }

  #doneMigrations(): Set<string> {
    return new Set(
      this.prepare('SELECT name FROM migration')
        .all<{ name: string }>()
        .map(({ name }) => name),
    )
  }

  #guard<Result>(work: () => Result): Result {
    try {
      return work()
    } catch (error) {
      throw storageError(error, this.path)
    }
  }
}

/** Where a copy of a database is kept: `backups/NAME-2026-01-31T12-00-00-before-captions.sqlite` beside it. */
export function backupPath(database: string, reason: string, now = new Date()): string {
  const name = basename(database, '.sqlite')
  return join(backupFolder(database), `${name}-${timestamp(now)}-${reason}.sqlite`)
}

/** Copies of a database, the newest first. */
export async function listBackups(database: string): Promise<string[]> {
  const folder = backupFolder(database)
  const names = await readdir(folder).catch(() => [])
  const prefix = `${basename(database, '.sqlite')}-`
  return names
    .filter((name) => name.startsWith(prefix) && name.endsWith('.sqlite'))
    .sort()
    .reverse()
    .map((name) => join(folder, name))
}

/** For names of files, sorted by time. */
export function timestamp(date: Date): string {
  return date.toISOString().slice(0, 19).replaceAll(':', '-')
}

function backupFolder(database: string): string {
  return join(dirname(database), 'backups')
}
