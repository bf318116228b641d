import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdir, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { Database, listBackups } from '../../../src-main/storage/database.ts'
import { type Migration, migrations } from '../../../src-main/storage/migrations/migrations.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'

let path: string
beforeEach(async () => {
  path = join(await temporaryFolder(), 'data', 'owl.sqlite')
})
afterEach(() => rm(dirname(dirname(path)), { recursive: true, force: true }))

const first: Migration = { name: 'first', run: (database) => database.exec('CREATE TABLE note (text TEXT)') }
const second: Migration = {
  name: 'second',
  run: (database) => {
    database.exec('ALTER TABLE note ADD COLUMN length INTEGER')
    database.exec('UPDATE note SET length = length(text)')
  },
}
const failing: Migration = {
  name: 'failing',
  run: (database) => {
    database.exec('DELETE FROM note')
    database.exec('no such statement')
  },
}
const notes = (database: Database) => database.prepare('SELECT * FROM note ORDER BY rowid').all()

describe('a database', () => {
  it('is made with its folder, and keeps what is written', async () => {
    const made = await Database.open(path)
    made.prepare("INSERT INTO picture_text (hash, text) VALUES ('1', 'Save')").run()
    made.close()
    const opened = await Database.open(path)
    expect(opened.prepare('SELECT text FROM picture_text').all()).toEqual([{ text: 'Save' }])
    expect(opened.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
    expect(await listBackups(path)).toEqual([])
    opened.close()
  })

  it('is brought up to date, and copied before', async () => {
    const before = await Database.open(path, [first])
    before.prepare('INSERT INTO note VALUES (?)').run('four')
    before.close()
    const after = await Database.open(path, [first, second])
    expect(notes(after)).toEqual([{ text: 'four', length: 4 }])
    after.close()
    const [copy] = await listBackups(path)
    expect(copy).toContain('before-second')
    const copied = await Database.open(copy!, [first])
    expect(notes(copied)).toEqual([{ text: 'four' }])
    copied.close()
  })

  it('stays as it was where a migration fails', async () => {
    const before = await Database.open(path, [first])
    before.prepare('INSERT INTO note VALUES (?)').run('kept')
    before.close()
    await expect(Database.open(path, [first, failing])).rejects.toThrow('syntax error')
    const after = await Database.open(path, [first])
    expect(notes(after)).toEqual([{ text: 'kept' }])
    after.close()
  })

  it('of a newer version is left alone', async () => {
    const newer = await Database.open(path, [first, second])
    newer.close()
    await expect(Database.open(path, [first])).rejects.toMatchObject({
      code: 'database-newer',
      message: expect.stringContaining('second'),
    })
  })

  it('undoes a transaction that fails', async () => {
    const database = await Database.open(path, [first])
    const write = () =>
      database.transaction(() => {
        database.prepare('INSERT INTO note VALUES (?)').run('half')
        throw new Error('on purpose')
      })
    expect(write).toThrow('on purpose')
    expect(notes(database)).toEqual([])
    database.close()
  })

  it('that is full says so, and goes on once there is room', async () => {
    const database = await Database.open(path, [first])
    const { page_count } = database.prepare('PRAGMA page_count').get<{ page_count: number }>()!
    database.exec(`PRAGMA max_page_count = ${page_count + 4}`)
    const write = () => database.prepare('INSERT INTO note VALUES (?)').run('x'.repeat(100_000))
    expect(write).toThrow(expect.objectContaining({ code: 'disk-full' }))
    expect(() => database.transaction(write)).toThrow(expect.objectContaining({ code: 'disk-full' }))
    database.exec('PRAGMA max_page_count = 100000')
    write()
    expect(notes(database)).toHaveLength(1)
    database.close()
  })

  it('in a place that cannot be used says so', async () => {
    await writeFile(join(dirname(dirname(path)), 'data'), 'a file where the folder should be')
    await expect(Database.open(path)).rejects.toMatchObject({ code: 'database-unavailable' })
  })
})

it('killed in the middle of a migration is as before, and migrates at the next start', async () => {
  const before = await Database.open(path, [first])
  const write = before.prepare('INSERT INTO note VALUES (?)')
  before.transaction(() => {
    for (let at = 0; at < 500; at++) write.run(`note ${at}`)
  })
  before.close()

  const child = spawn(process.execPath, ['--import', 'tsx', 'tests/src-main/storage/killed-migration.ts', path], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  // It has deleted half of the notes by then, and waits.
  await once(child.stdout, 'data')
  child.kill('SIGKILL')
  await once(child, 'exit')

  const after = await Database.open(path, [first, second])
  expect(notes(after)).toHaveLength(500)
  after.close()
  const names = await readdir(join(dirname(path), 'backups'))
  expect(names.filter((name) => name.endsWith('.unfinished'))).toEqual([])
})

it('every migration has a name of its own', () => {
  const names = migrations.map(({ name }) => name)
  expect(new Set(names).size).toBe(names.length)
})
