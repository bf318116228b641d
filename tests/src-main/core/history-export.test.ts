import { createHash } from 'node:crypto'
import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, onTestFinished } from 'vitest'
import { History } from '../../../src-main/core/history.ts'
import { exportChats } from '../../../src-main/core/history-export.ts'
import { importChats } from '../../../src-main/core/history-import.ts'
import { ImportedArchive } from '../../../src-main/core/imported-archive.ts'
import { Pictures } from '../../../src-main/core/pictures.ts'
import { collectAttachments } from '../../../src-main/storage/attachment-collection.ts'
import { AttachmentStore } from '../../../src-main/storage/attachment-store.ts'
import { Database } from '../../../src-main/storage/database.ts'
import { PictureTexts } from '../../../src-main/storage/picture-texts.ts'
import { ThumbnailStore } from '../../../src-main/storage/thumbnail-store.ts'
import { temporaryFolder } from '../../native-models/checkpoint/temporary-folder.ts'

const landscape = await readFile('tests/fixtures/reference/images/landscape.png')

async function newHome() {
  const folder = await temporaryFolder()
  const database = await Database.open(join(folder, 'owl.sqlite'))
  onTestFinished(() => database.close())
  const attachments = new AttachmentStore(join(folder, 'attachments'))
  const thumbnails = new ThumbnailStore(join(folder, 'thumbnails'), attachments)
  return { folder, attachments, thumbnails, history: new History(database), pictures: new Pictures(attachments) }
}

let home: Awaited<ReturnType<typeof newHome>>
let zip: string

beforeEach(async () => {
  home = await newHome()
  zip = join(home.folder, 'out', 'chats.zip')
  const { history, pictures } = home
  const picture = await pictures.add('view/of [it].png', landscape)
  const row = history.chats.add({ id: 'chat-number-one-of-all', title: 'What: a/view?', isPinned: true, createdAt: 5 })
  const add = (id: string, parentId: string | undefined, role: 'user' | 'assistant', text: string) =>
    history.messages.add(row, {
      id,
      parentId,
      role,
      text,
      pictures: role === 'user' ? [picture] : [],
      state: 'finished',
      outcome: role === 'user' ? undefined : { finish: 'stop' },
    })
  add('question-of-the-chat', undefined, 'user', 'What is it?')
  add('answer-of-the-chat-1', 'question-of-the-chat', 'assistant', 'A hill.')
  add('answer-of-the-chat-2', 'question-of-the-chat', 'assistant', 'A **green** hill.')
  history.messages.show(row, 'answer-of-the-chat-1')
  history.setSettings('chat-number-one-of-all', { systemText: 'Be brief.' })
  history.chats.add({ id: 'empty', title: 'What: a/view?' })
})

describe('an export', () => {
  it('as JSON comes back as it was, elsewhere', async () => {
    const { history, attachments } = home
    history.move('empty', history.createFolder('Views'))
    expect(await exportChats(history, attachments, zip, { kind: 'json' })).toMatchObject({ chats: 2, pictures: 1 })
    const other = await newHome()
    const result = await importChats(other.history, other.pictures, zip)
    expect(result).toEqual({ chats: 2, skipped: 0, pictures: 1, missing: 0 })
    const id = 'chat-number-one-of-all'
    expect(other.history.open(id)).toEqual(history.open(id))
    expect(other.history.list(10)).toEqual(history.list(10))
    expect(other.history.listFolders()).toMatchObject([{ name: 'Views', chats: 1 }])
    expect(other.history.messages.all(other.history.chats.row(id))).toHaveLength(3)
    expect(other.history.search('hill', 10).hits).toHaveLength(2)
    const { hash } = other.history.open(id).turns[0]!.pictures[0]!
    expect(await other.attachments.read(hash)).toMatchObject({ mediaType: 'image/png' })
    // Once more changes nothing.
    expect(await importChats(other.history, other.pictures, zip)).toMatchObject({ chats: 0, skipped: 2 })
  })

  it('as Markdown holds the branch that is shown, and its pictures', async () => {
    await exportChats(home.history, home.attachments, zip, { kind: 'markdown', chatIds: ['chat-number-one-of-all'] })
    const archive = await ImportedArchive.open(zip)
    const hash = createHash('sha256').update(landscape).digest('hex')
    expect(archive.names.sort()).toEqual(['What a view.md', `pictures/${hash}.png`])
    const text = await archive.readText('What a view.md')
    expect(text).toContain(`![of it.png](pictures/${hash}.png)`)
    expect(text).toContain('A hill.')
    expect(text).not.toContain('green')
    expect(Buffer.from(await archive.read(`pictures/${hash}.png`, 1e6))).toEqual(landscape)
    archive.close()
  })

  it('goes on without a chat that is deleted meanwhile, and without a picture that cannot be read', async () => {
    const { history, attachments } = home
    const { hash } = history.open('chat-number-one-of-all').turns[0]!.pictures[0]!
    await rm(attachments.path(hash))
    const job = {
      onProgress: () => history.chats.has('empty') && !history.chats.isDeleted('empty') && history.delete('empty'),
    }
    expect(await exportChats(history, attachments, zip, { kind: 'json' }, job)).toMatchObject({
      chats: 1,
      pictures: 0,
      missing: 1,
    })
    await expect(exportChats(history, attachments, zip, { kind: 'json', chatIds: ['empty'] })).rejects.toMatchObject({
      code: 'not-found',
    })
  })

  it('that meets a failure while a picture is read ends with it, and leaves nothing', async () => {
    const { history, attachments } = home
    const { hash } = history.open('chat-number-one-of-all').turns[0]!.pictures[0]!
    await rm(attachments.path(hash))
    // Can be looked at like a file, and not be read like one.
    await mkdir(attachments.path(hash))
    await expect(exportChats(history, attachments, zip, { kind: 'json' })).rejects.toThrow(/not a file/)
    expect(await readdir(join(home.folder, 'out'))).toEqual([])
  })

  it('that is stopped leaves nothing', async () => {
    const controller = new AbortController()
    const job = { signal: controller.signal, onProgress: () => controller.abort() }
    const exporting = exportChats(home.history, home.attachments, zip, { kind: 'json' }, job)
    await expect(exporting).rejects.toMatchObject({ code: 'cancelled' })
    await expect(stat(zip)).rejects.toThrow()
  })
})

describe('an import', () => {
  const file = async (content: string) => {
    const path = join(home.folder, 'conversations.json')
    await writeFile(path, content)
    return path
  }
  const node = (parent: string | null, role: string, parts: unknown[]) => ({
    parent,
    message: { author: { role }, create_time: 1700000000.5, content: { content_type: 'text', parts } },
  })

  it('takes conversations in the form of OpenAI, with their branches', async () => {
    const mapping = {
      root: { parent: null, message: null },
      system: node('root', 'system', ['']),
      q: node('system', 'user', ['Which fox?', { asset_pointer: 'file-service://file-1' }]),
      tool: node('q', 'tool', ['{}']),
      a1: node('tool', 'assistant', ['The red one.']),
      a2: node('q', 'assistant', ['The quick one.']),
    }
    const conversation = { title: 'Foxes', create_time: 1.7e9, conversation_id: 'c', current_node: 'a1', mapping }
    const path = await file(JSON.stringify([conversation, { title: 'Empty', mapping: {} }]))
    const { history, pictures } = home
    expect(await importChats(history, pictures, path)).toEqual({ chats: 1, skipped: 0, pictures: 0, missing: 1 })
    const { title, createdAt, turns } = history.open('c')
    expect({ title, createdAt }).toEqual({ title: 'Foxes', createdAt: 1.7e12 })
    expect(turns.map(({ text }) => text)).toEqual(['Which fox?', 'The red one.'])
    expect(turns[1]!.branches).toHaveLength(2)
  })

  it('takes lines of messages, with pictures as data addresses', async () => {
    const url = `data:image/png;base64,${landscape.toString('base64')}`
    const content = [
      { type: 'text', text: 'What is it?' },
      { type: 'image_url', image_url: { url } },
    ]
    const line = {
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content },
        { role: 'assistant', content: 'A hill.' },
      ],
    }
    const { history, pictures } = home
    const result = await importChats(
      history,
      pictures,
      await file(`${JSON.stringify(line)}\n${JSON.stringify(line)}\n`),
    )
    expect(result).toEqual({ chats: 2, skipped: 0, pictures: 2, missing: 0 })
    const opened = history.open(history.list(1).chats[0]!.id)
    expect(opened).toMatchObject({ settings: { systemText: 'Be brief.' } })
  })

  it('brings back a chat that was deleted', async () => {
    const { history, attachments, pictures } = home
    await exportChats(history, attachments, zip, { kind: 'json' })
    history.delete('chat-number-one-of-all')
    expect(await importChats(history, pictures, zip)).toMatchObject({ chats: 1, skipped: 1 })
    await history.chats.removeDeleted(Date.now() + 1)
    expect(history.open('chat-number-one-of-all').turns).toHaveLength(2)
  })

  it('says so where the file ends too early, and how much of it was taken', async () => {
    const conversation = (id: string) => ({
      title: id,
      conversation_id: id,
      current_node: 'q',
      mapping: { q: node(null, 'user', ['What?']) },
    })
    const whole = JSON.stringify(['a', 'b', 'c'].map(conversation))
    const importing = importChats(home.history, home.pictures, await file(whole.slice(0, -5)))
    await expect(importing).rejects.toMatchObject({
      code: 'import-unreadable',
      message: expect.stringMatching(/too early.*\b2\b/),
    })
    expect(home.history.open('b').turns).toHaveLength(1)
  })

  it.each(['', 'no json', '[1, 2', '{}', '[]', 'PK\u0003\u0004 no zip'])(
    'refuses %j with a reason',
    async (content) => {
      const importing = importChats(home.history, home.pictures, await file(content))
      await expect(importing).rejects.toMatchObject({ code: 'import-unreadable' })
      expect(home.history.list(10).chats).toHaveLength(2)
    },
  )
})

describe('attachments', () => {
  it('go when nothing refers to them, with their thumbnails; new ones have time', async () => {
    const { history, attachments, thumbnails, pictures } = home
    const { hash } = history.open('chat-number-one-of-all').turns[0]!.pictures[0]!
    const loose = await pictures.add('loose.png', await readFile('tests/fixtures/reference/images/grey.png'))
    expect((await thumbnails.read(hash)).mediaType).toBe('image/webp')
    const texts = new PictureTexts(history.database)
    const [fromVideo, secret] = ['b'.repeat(64), 'Account 12345']
    for (const read of [hash, loose.hash, fromVideo]) texts.put(read, secret)
    const kept = () => [hash, loose.hash, fromVideo].map((each) => texts.get(each) !== undefined)
    await thumbnails.read(loose.hash)
    const collect = () => collectAttachments(history.database, attachments, thumbnails)
    expect(await collect()).toBe(0)
    expect(kept()).toEqual([true, true, false])
    const longAgo = new Date(Date.now() - 48 * 60 * 60 * 1000)
    await utimes(attachments.path(hash), longAgo, longAgo)
    await utimes(attachments.path(loose.hash), longAgo, longAgo)
    expect(await collect()).toBe(1)
    expect(await attachments.has(loose.hash)).toBe(false)
    expect(kept()).toEqual([true, false, false])
    const found = () => ['12345', 'Ac'].map((query) => history.search(query, 10).hits.length)
    expect(found()).toEqual([1, 1])
    await expect(stat(thumbnails.path(loose.hash))).rejects.toThrow()

    history.delete('chat-number-one-of-all')
    expect(await collect()).toBe(0)
    await history.chats.removeDeleted(Date.now() + 1)
    expect(await collect()).toBe(1)
    await expect(thumbnails.read(hash)).rejects.toMatchObject({ code: 'not-found' })
    expect(kept()).toEqual([false, false, false])
  })
})
