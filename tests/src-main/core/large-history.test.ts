import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { History } from '../../../src-main/core/history.ts'
import { Database } from '../../../src-main/storage/database.ts'

const count = 10_000
let place: string
let database: Database
let history: History
let folderId: string
beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'owl-large-'))
  database = await Database.open(join(place, 'owl.sqlite'))
  history = new History(database)
  folderId = history.createFolder('Every tenth')
  const folder = history.folders.row(folderId)
  database.transaction(() => {
    for (let at = 0; at < count; at++) {
      const row = history.chats.add({ id: `${at}`, title: `Chat ${at}`, isPinned: at % 1000 === 1, createdAt: at })
      if (at % 10 === 0) database.prepare('UPDATE chat SET folder = ? WHERE row = ?').run(folder, row)
      const message = { pictures: [], state: 'finished' } as const
      history.messages.add(row, { ...message, id: `${at} q`, role: 'user', text: `Where is lighthouse${at}?` })
      const text = `At the coast of number ${at}, 第${at}号灯塔。`
      history.messages.add(row, { ...message, id: `${at} a`, parentId: `${at} q`, role: 'assistant', text })
    }
  })
}, 60_000)
afterAll(async () => {
  database.close()
  await rm(place, { recursive: true, force: true })
})

describe(`a history of ${count} chats`, () => {
  it('is listed whole, each chat once, in pages of the size that was asked for', () => {
    const ids: string[] = []
    for (let cursor: string | undefined; ; ) {
      const page = history.list(500, cursor)
      expect(page.chats.length).toBeLessThanOrEqual(500)
      ids.push(...page.chats.map(({ id }) => id))
      cursor = page.next
      if (!cursor) break
    }
    expect(new Set(ids).size).toBe(0.9 * count)
    expect(ids).toHaveLength(0.9 * count)
    expect(ids.slice(0, 2)).toEqual(['9001', '8001'])
    expect(ids.slice(10, 12)).toEqual(['9999', '9998'])
    expect(history.list(3, undefined, folderId).chats.map(({ id }) => id)).toEqual(['9990', '9980', '9970'])
    expect(history.listFolders()).toMatchObject([{ chats: 0.1 * count }])
  })

  it('is searched in both languages, no more at a time than was asked for', () => {
    expect(history.search('lighthouse7342', 50).hits).toMatchObject([{ chatId: '7342', role: 'user' }])
    expect(history.search('第7342号', 50).hits).toMatchObject([{ chatId: '7342', role: 'assistant' }])
    const all = history.search('coast', 50)
    expect(all.hits).toHaveLength(50)
    expect(all.hits[0]).toMatchObject({ chatId: '9999' })
    expect(history.search('coast', 50, all.next).hits[0]).toMatchObject({ chatId: '9949' })
    expect(history.search('Chat 99', 50).titles).toHaveLength(20)
  })

  it('opens a chat with what belongs to it alone', () => {
    expect(history.open('1234').turns.map(({ id }) => id)).toEqual(['1234 q', '1234 a'])
  })

  it('is read by indexes: nothing goes through every chat or message, or sorts them', () => {
    const asked = vi.spyOn(Database.prototype, 'prepare')
    const fresh = new History(database)
    fresh.list(100)
    fresh.list(100, history.list(100).next)
    fresh.list(100, undefined, folderId)
    fresh.listFolders()
    fresh.open('5000')
    fresh.showBranch('5000', '5000 q')
    fresh.search('lighthouse7342', 50)
    fresh.search('第7342号', 50)
    fresh.search('a5', 50, 9000)
    const statements = new Set(asked.mock.calls.map(([sql]) => sql))
    vi.restoreAllMocks()
    expect(statements.size).toBeGreaterThan(10)
    for (const sql of statements) {
      // Titles are looked through: there is one a chat, and they are short.
      if (sql.includes('title LIKE')) continue
      const plan = database.prepare(`EXPLAIN QUERY PLAN ${sql}`).all<{ detail: string }>()
      const slow = plan.filter(({ detail }) => /^SCAN (chat|message|message_picture|picture_text)( |$)/.test(detail))
      expect(slow, sql).toEqual([])
      if (/FROM chat WHERE deleted_at/.test(sql)) {
        expect(plan.map(({ detail }) => detail).join('\n'), sql).not.toContain('TEMP B-TREE')
      }
    }
  })
})
