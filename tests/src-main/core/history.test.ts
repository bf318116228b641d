import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import type { Turn } from '../../../src-main/core/conversation.ts'
import { History } from '../../../src-main/core/history.ts'
import { Database } from '../../../src-main/storage/database.ts'
import { PictureTexts } from '../../../src-main/storage/picture-texts.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'

let history: History
const picture = { hash: 'a'.repeat(64), name: 'dialog.png', width: 10, height: 10, bytes: 100 }

beforeEach(async () => {
  const database = await Database.open(join(await temporaryFolder(), 'owl.sqlite'))
  onTestFinished(() => database.close())
  history = new History(database)
})

/** A chat of questions and answers in turn; their ids are `CHAT 0`, `CHAT 1` and so on. */
function addChat(id: string, ...texts: string[]) {
  const row = history.chats.add({ id, title: texts[0] ?? '' })
  texts.forEach((text, at) => {
    const role = at % 2 === 0 ? 'user' : 'assistant'
    const parentId = at === 0 ? undefined : `${id} ${at - 1}`
    const pictures = at === 0 ? [picture] : []
    history.messages.add(row, { id: `${id} ${at}`, parentId, role, text, pictures, state: 'finished' })
  })
  return row
}

const texts = (turns: Turn[]) => turns.map(({ text }) => text)
const found = (query: string) => history.search(query, 50).hits.map(({ messageId }) => messageId)

describe('a chat', () => {
  it('is opened as it was kept', () => {
    addChat('a', 'What is it?', 'A dialog.')
    history.setSettings('a', { systemText: 'Be brief.' })
    const { title, settings, turns } = history.open('a')
    expect({ title, settings }).toEqual({ title: 'What is it?', settings: { systemText: 'Be brief.' } })
    expect(turns).toMatchObject([
      { id: 'a 0', role: 'user', pictures: [picture], branches: ['a 0'] },
      { id: 'a 1', role: 'assistant', parentId: 'a 0', pictures: [], branches: ['a 1'] },
    ])
  })

  it('keeps every branch, and shows the one that was chosen last', () => {
    const row = addChat('a', 'One?', 'First.', 'Two?', 'Second.')
    const again = { parentId: 'a 0', role: 'assistant', pictures: [], state: 'finished' } as const
    history.messages.add(row, { ...again, id: 'other', text: 'Another first.' })
    expect(texts(history.open('a').turns)).toEqual(['One?', 'Another first.'])
    expect(history.open('a').turns[1]!.branches).toEqual(['a 1', 'other'])
    expect(texts(history.showBranch('a', 'a 1').turns)).toEqual(['One?', 'First.', 'Two?', 'Second.'])
    expect(texts(history.open('a').turns)).toHaveLength(4)
    expect(() => history.showBranch('a', 'nowhere')).toThrow(expect.objectContaining({ code: 'not-found' }))
  })

  it('with an answer that nobody writes any more has it marked as interrupted, with what it said', () => {
    const row = addChat('a', 'One?')
    const growing = { parentId: 'a 0', role: 'assistant', pictures: [], state: 'writing' } as const
    history.messages.add(row, { ...growing, id: 'half', text: '' })
    const given = { lines: ['Save'], readLines: 1, late: 0, failed: 0 }
    history.messages.setOutcome('half', { given })
    history.messages.write('half', 'Half of')
    expect(history.open('a').turns[1]).toMatchObject({
      text: 'Half of',
      state: 'finished',
      outcome: { finish: 'interrupted', given },
    })
    history.underWay.set('half', { text: 'Half of it' })
    expect(history.open('a').turns[1]).toMatchObject({ text: 'Half of it', state: 'writing' })
  })
})

describe('the list', () => {
  it('has pinned chats first, then the newest, in pages', () => {
    for (let at = 0; at < 25; at++) history.chats.add({ id: `${at}`, title: `Chat ${at}`, createdAt: at % 5 })
    history.pin('3', true)
    const ids: string[] = []
    let cursor: string | undefined
    do {
      const page = history.list(10, cursor)
      ids.push(...page.chats.map(({ id }) => id))
      cursor = page.next
    } while (cursor)
    expect(ids).toHaveLength(25)
    expect(new Set(ids).size).toBe(25)
    expect(ids.slice(0, 4)).toEqual(['3', '24', '19', '14'])
    expect(() => history.list(10, 'nonsense')).toThrow(expect.objectContaining({ code: 'request-invalid' }))
  })

  it('tells who listens of every change', () => {
    addChat('a', 'One?')
    const changed: (string | undefined)[] = []
    const end = history.onChange((id) => changed.push(id))
    history.rename('a', 'Better')
    history.pin('a', true)
    end()
    history.delete('a')
    expect(changed).toEqual(['a', 'a'])
    history.restore('a')
    expect(history.open('a')).toMatchObject({ title: 'Better', isPinned: true })
  })
})

describe('folders', () => {
  const listed = (folderId?: string) => history.list(10, undefined, folderId).chats.map(({ id }) => id)

  it('hold chats, which are listed there alone, and stay when their folder goes', () => {
    for (const id of ['a', 'b', 'c']) addChat(id, `The lighthouse of ${id}?`)
    const work = history.createFolder('Work')
    history.createFolder('Home')
    history.move('a', work)
    history.move('b', work)
    expect(history.listFolders().map(({ name, chats }) => [name, chats])).toEqual([
      ['Home', 0],
      ['Work', 2],
    ])
    expect([listed(work), listed()]).toEqual([['b', 'a'], ['c']])
    expect(history.open('a')).toMatchObject({ folderId: work })
    history.move('b', undefined)
    history.renameFolder(work, 'Office')
    history.delete('b')
    expect([listed(work), listed()]).toEqual([['a'], ['c']])
    expect(found('lighthouse')).toEqual(['c 0', 'a 0'])
    history.removeFolder(work)
    expect(listed()).toEqual(['c', 'a'])
    expect(history.open('a').folderId).toBeUndefined()
    expect(() => history.move('a', work)).toThrow(expect.objectContaining({ code: 'not-found' }))
    expect(() => listed(work)).toThrow(expect.objectContaining({ code: 'not-found' }))
  })
})

describe('a deleted chat', () => {
  it('is nowhere, comes back whole, and goes for good later', async () => {
    addChat('a', 'The lighthouse?', 'Yes.')
    history.delete('a')
    expect(history.list(10).chats).toEqual([])
    expect(found('lighthouse')).toEqual([])
    expect(() => history.open('a')).toThrow(expect.objectContaining({ code: 'not-found' }))
    history.restore('a')
    expect(texts(history.open('a').turns)).toEqual(['The lighthouse?', 'Yes.'])
    expect(found('lighthouse')).toEqual(['a 0'])

    history.delete('a')
    expect(await history.chats.removeDeleted()).toBe(0)
    expect(await history.chats.removeDeleted(Date.now() + 1)).toBe(1)
    expect(() => history.restore('a')).toThrow(expect.objectContaining({ code: 'not-found' }))
    const { left } = history.database.prepare('SELECT count(*) AS left FROM message').get<{ left: number }>()!
    expect(left).toBe(0)
  })
})

describe('search', () => {
  beforeEach(() => {
    addChat('en', 'Which button closes the dialog?', 'The Café button, at the top.', 'And the UI colour?')
    addChat('zh', '这个窗口在问我什么？', '它问你要不要保存截图。')
  })

  it.each([
    ['button', ['en 1', 'en 0']],
    ['BUTTON dialog', ['en 0']],
    ['"closes the"', ['en 0']],
    ['closes button', ['en 0']],
    ['utto', ['en 1', 'en 0']],
    ['cafe', ['en 1']],
    ['ui', ['en 2']],
    ['ui colour', ['en 2']],
    ['ui dialog', []],
    ['u', ['en 2']],
    ['截图', ['zh 1']],
    ['截', ['zh 1']],
    ['保存截图', ['zh 1']],
    ['窗口 什么', ['zh 0']],
    ['问 截图', ['zh 1']],
    ['nothing of it', []],
    ['" OR 1=1 --', []],
    ['*', []],
    ['', []],
  ])('finds %j', (query, ids) => {
    expect(found(query)).toEqual(ids)
  })

  it('finds what a message says now, and no longer what it said', () => {
    history.messages.end('en 1', 'The lever.', 'finished', {})
    expect(found('Café')).toEqual([])
    expect(found('lever')).toEqual(['en 1'])
  })

  it('finds the text of pictures with the messages that show them', () => {
    const texts = new PictureTexts(history.database)
    texts.put(picture.hash, 'Save changes to report.odt? 保存')
    expect(history.search('report.odt', 50).hits).toMatchObject([
      { messageId: 'zh 0', isPictureText: true },
      { messageId: 'en 0', isPictureText: true },
    ])
    expect(found('保存')).toEqual(['zh 1', 'zh 0', 'en 0'])
    texts.put(picture.hash, 'Discard?')
    expect(found('report.odt')).toEqual([])
    expect(texts.get(picture.hash)).toBe('Discard?')
  })

  it('finds titles, and marks the hits in what it found', () => {
    history.rename('zh', '100% "fun"')
    expect(history.search('100%', 50).titles).toMatchObject([{ chatId: 'zh', chatTitle: '100% "fun"' }])
    expect(history.search('cafe', 50).hits[0]!.excerpt).toEqual([
      { text: 'The ', isHit: false },
      { text: 'Café', isHit: true },
      { text: ' button, at the top.', isHit: false },
    ])
  })

  it('goes on where the page before ended', () => {
    const first = history.search('button', 1)
    const second = history.search('button', 1, first.next)
    expect([...first.hits, ...second.hits].map(({ messageId }) => messageId)).toEqual(['en 1', 'en 0'])
    expect(history.search('button', 1, second.next)).toEqual({ titles: [], hits: [], next: undefined })
  })
})
