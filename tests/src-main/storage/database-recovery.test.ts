import { open, readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { OwlError } from '../../../native-models/owl-error.ts'
import { History } from '../../../src-main/core/history.ts'
import { backupPath, Database } from '../../../src-main/storage/database.ts'
import { openOrRecover } from '../../../src-main/storage/database-recovery.ts'
import { migrations } from '../../../src-main/storage/migrations/migrations.ts'
import { TextIndex } from '../../../src-main/storage/text-index.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'

let path: string
beforeEach(async () => {
  path = join(await temporaryFolder(), 'owl.sqlite')
})

/** 60 chats of 10 messages each, some of them long. */
async function fill(database: Database): Promise<void> {
  const { chats, messages } = new History(database)
  for (let chat = 0; chat < 60; chat++) {
    database.transaction(() => {
      const row = chats.add({ id: `chat ${chat}`, title: `Title ${chat}` })
      for (let at = 0; at < 10; at++) {
        messages.add(row, {
          id: `${chat} ${at}`,
          parentId: at === 0 ? undefined : `${chat} ${at - 1}`,
          role: at % 2 === 0 ? 'user' : 'assistant',
          text: `Message ${at} of chat ${chat}, ${'and so on, '.repeat(at * 5)}`,
          pictures: at === 0 ? [{ hash: 'a'.repeat(64), name: 'a.png', width: 1, height: 1, bytes: 1 }] : [],
          state: 'finished',
        })
      }
    })
  }
}

/** Overwrites whole pages of the file with something else. */
async function damage(pages: number[]): Promise<void> {
  const file = await open(path, 'r+')
  for (const page of pages) await file.write(Buffer.alloc(4096, 0xa5), 0, 4096, page * 4096)
  await file.close()
}

const rootPage = (database: Database, name: string) =>
  database.prepare('SELECT rootpage FROM sqlite_schema WHERE name = ?').get<{ rootpage: number }>(name)!.rootpage

async function made(): Promise<Database> {
  const database = await Database.open(path)
  await fill(database)
  return database
}

describe('openOrRecover', () => {
  it('opens a whole database as it is', async () => {
    ;(await made()).close()
    const { database, recovery } = await openOrRecover(path)
    expect(recovery).toBeUndefined()
    database.close()
  })

  it('recovers what can be read around damaged pages, and keeps the damaged file', async () => {
    ;(await made()).close()
    const { size } = await stat(path)
    // Every 23rd page, from some way into the file on.
    const pages = Array.from({ length: Math.floor(size / 4096) }, (_, page) => page).filter(
      (page) => page > 60 && page % 23 === 0,
    )
    await damage(pages)
    const damaged = await readFile(path)
    await expect(Database.open(path)).rejects.toMatchObject({ code: 'database-damaged' })

    const { database, recovery } = await openOrRecover(path)
    expect(await readFile(recovery!.damagedFile)).toEqual(damaged)
    expect(recovery!.messages).toBeGreaterThan(400)
    const history = new History(database)
    const { chats } = history.list(500)
    expect(chats.length).toBe(recovery!.chats)
    const texts = chats.flatMap(({ id }) => history.open(id).turns.map(({ text }) => text))
    expect(texts.length).toBe(recovery!.messages)
    // Found by search again, and the file is sound.
    expect(history.search('"message 3 of chat"', 100).hits.length).toBeGreaterThan(30)
    database.close()
    expect((await openOrRecover(path)).recovery).toBeUndefined()
  })

  it('recovers messages whose chats are gone', async () => {
    const database = await made()
    const page = rootPage(database, 'chat') - 1
    database.close()
    await damage([page])
    const opened = await openOrRecover(path)
    expect(opened.recovery).toMatchObject({ chats: 60, messages: 600 })
    const history = new History(opened.database)
    const [first] = history.list(1).chats
    expect(first!.title).toMatch(/^Message 0 of chat/)
    expect(history.open(first!.id).turns).toHaveLength(10)
    opened.database.close()
  })

  it('begins again where a recovery was interrupted, and finishes one that was killed between its two renames', async () => {
    const database = await made()
    const page = rootPage(database, 'chat') - 1
    database.close()
    await damage([page])
    const damaged = await readFile(path)
    const begun = await Database.open(`${path}.recovering`)
    begun.close()
    const opened = await openOrRecover(path)
    expect(opened.recovery).toMatchObject({ chats: 60, messages: 600 })
    opened.database.close()
    expect(await readFile(opened.recovery!.damagedFile)).toEqual(damaged)

    await rename(path, `${path}.recovering`)
    const again = await openOrRecover(path)
    expect(new History(again.database).list(500).chats).toHaveLength(60)
    again.database.close()
    expect((await readdir(dirname(path))).filter((name) => name.includes('recovering'))).toEqual([])
  })

  it('leaves the damaged file where it is until the new one is whole', async () => {
    const database = await made()
    const page = rootPage(database, 'chat') - 1
    database.close()
    await damage([page])
    const failing = vi.spyOn(TextIndex.prototype, 'put').mockImplementation(() => {
      throw new OwlError('disk-full', 'There is no space left.')
    })
    await expect(openOrRecover(path)).rejects.toMatchObject({ code: 'disk-full' })
    failing.mockRestore()
    const opened = await openOrRecover(path)
    expect(opened.recovery).toMatchObject({ chats: 60, messages: 600 })
    opened.database.close()
  })

  it('recovers a file of an older version, which lacks columns of this one', async () => {
    const old = await Database.open(path, migrations.slice(0, 3))
    await fill(old)
    const page = rootPage(old, 'message_chat') - 1
    old.close()
    await damage([page])
    const { database, recovery } = await openOrRecover(path)
    expect(recovery).toMatchObject({ chats: 60, messages: 600 })
    expect(new History(database).open('chat 7').title).toBe('Title 7')
    database.close()
  })

  it('takes the newest copy where nothing can be read', async () => {
    const database = await made()
    await database.copyTo(backupPath(path, 'weekly'))
    database.close()
    await writeFile(path, Buffer.alloc(50_000, 7))
    const opened = await openOrRecover(path)
    expect(opened.recovery).toMatchObject({ chats: 60, messages: 600, backup: expect.stringContaining('weekly') })
    opened.database.close()
    const names = await readdir(dirname(path))
    expect(names.filter((name) => name.includes('damaged') && name.endsWith('.sqlite'))).toHaveLength(1)
  })

  it('begins anew where there is nothing else, and says so', async () => {
    await writeFile(path, 'no database at all')
    const { database, recovery } = await openOrRecover(path)
    expect(recovery).toMatchObject({ chats: 0, messages: 0 })
    expect(new History(database).list(10).chats).toEqual([])
    database.close()
  })
})
