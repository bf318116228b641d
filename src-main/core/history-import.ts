import { randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { JSONParser } from '@streamparser/json'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import type { MessagePicture } from '../storage/message-store.ts'
import { chatTitle } from './chat-title.ts'
import { chatFolder, exportedChatSchema, formatFile } from './exported-chat.ts'
import type { History } from './history.ts'
import { ImportedArchive } from './imported-archive.ts'
import { fromOpenAi, type ImportedChat, type ImportedPicture } from './open-ai-export.ts'
import { maxPictureBytes, type Pictures } from './pictures.ts'

export interface ImportResult {
  chats: number
  /** Chats that are there already. */
  skipped: number
  pictures: number
  /** Pictures that were named, and not there or not readable. */
  missing: number
}

/** Messages written in one go; main gets a turn in between. */
const step = 50

/**
 * Reads chats from an export of this program, or from one in the form of OpenAI: a zip with `conversations.json` and
 * pictures, that file alone, or lines of `{ messages }`. A chat is there whole or not at all; one that is there already
 * is skipped, so that an import that was stopped can simply be done again; one that was deleted comes back.
 * @throws OwlError `import-unreadable`, `cancelled`, `disk-full`
 */
export async function importChats(
  history: History,
  pictures: Pictures,
  path: string,
  job: JobOptions = {},
): Promise<ImportResult> {
  const result: ImportResult = { chats: 0, skipped: 0, pictures: 0, missing: 0 }
  const archive = (await isZip(path)) ? await ImportedArchive.open(path) : undefined

  async function keepPicture(picture: ImportedPicture): Promise<MessagePicture | undefined> {
    try {
      const file = 'file' in picture ? archive?.find((name) => lastPart(name).startsWith(picture.file)) : undefined
      if ('file' in picture && !file) throw new OwlError('picture-not-found', 'It is not in the archive.')
      const bytes = 'bytes' in picture ? picture.bytes : await archive!.read(file!, maxPictureBytes)
      const stored = await pictures.add(picture.name, bytes)
      result.pictures += 1
      return stored
    } catch (error) {
      if (error instanceof OwlError && error.code === 'disk-full') throw error
      result.missing += 1
      return undefined
    }
  }

  try {
    for await (const { chat, done, total } of archive ? chatsOfArchive(archive) : chatsOfFile(path)) {
      if (job.signal?.aborted) throw new OwlError('cancelled', 'The import was stopped.')
      const { chats } = history
      if (chats.has(chat.id) && !chats.isDeleted(chat.id)) result.skipped += 1
      else {
        // One that was deleted is still there with all it had.
        if (chats.has(chat.id)) chats.restore(chat.id)
        else await addChat(history, chat, keepPicture, job)
        result.chats += 1
      }
      job.onProgress?.({ stage: 'importing', done, total, unit: 'items' })
    }
  } finally {
    archive?.close()
    history.changed()
  }
  if (result.chats + result.skipped === 0) {
    throw new OwlError('import-unreadable', 'No chat was found in the file.')
  }
  return result
}

interface Found {
  chat: ImportedChat
  done: number
  /** Zero while it is not known. */
  total: number
}

async function* chatsOfArchive(archive: ImportedArchive): AsyncGenerator<Found> {
  if (archive.has(formatFile)) {
    const names = archive.names.filter((name) => name.startsWith(chatFolder) && name.endsWith('.json'))
    for (const [at, name] of names.entries()) {
      yield { chat: fromOwn(name, await archive.readText(name)), done: at + 1, total: names.length }
    }
    return
  }
  const name = archive.find((each) => lastPart(each) === 'conversations.json')
  if (!name) throw new OwlError('import-unreadable', 'The archive holds neither chats of Owl nor a conversations.json.')
  yield* conversations(await archive.stream(name))
}

async function* chatsOfFile(path: string): AsyncGenerator<Found> {
  const file = await open(path)
  const { buffer } = await file.read({ buffer: Buffer.alloc(1024) }).finally(() => file.close())
  if (/^\s*\[/.test(buffer.toString())) {
    yield* conversations(createReadStream(path))
    return
  }
  // One object, or one a line.
  let done = 0
  for await (const line of lines(createReadStream(path, { encoding: 'utf8' }))) {
    const chat = fromOpenAi(line)
    if (chat) yield { chat, done: ++done, total: 0 }
  }
}

/** The elements of an array, one at a time, however long it is. */
async function* conversations(stream: NodeJS.ReadableStream): AsyncGenerator<Found> {
  const parser = new JSONParser({ paths: ['$.*'], keepStack: false })
  let found: unknown[] = []
  let done = 0
  parser.onValue = ({ value }) => {
    found.push(value)
  }
  try {
    for await (const piece of stream) {
      parser.write(piece as Buffer)
      for (const value of found) {
        const chat = fromOpenAi(value)
        if (chat) yield { chat, done: ++done, total: 0 }
      }
      found = []
    }
    if (!parser.isEnded) throw new Error('It ends within the array.')
  } catch (cause) {
    if (cause instanceof OwlError) throw cause
    const before = done > 0 ? ` The chats before that place, ${done}, were taken.` : ''
    throw new OwlError('import-unreadable', `The file is no JSON, or it ends too early.${before}`, { cause })
  }
}

async function* lines(stream: AsyncIterable<string>): AsyncGenerator<unknown> {
  let text = ''
  for await (const piece of stream) text += piece
  try {
    yield JSON.parse(text)
    return
  } catch {
    // Not one object.
  }
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue
    try {
      yield JSON.parse(line)
    } catch (cause) {
      throw new OwlError('import-unreadable', 'The file is no JSON, or it ends too early.', { cause })
    }
  }
}

function fromOwn(name: string, text: string): ImportedChat {
  try {
    const chat = exportedChatSchema.parse(JSON.parse(text))
    const messages = chat.messages.map(({ pictures, ...message }) => ({
      ...message,
      pictures: pictures.map(({ hash, name }) => ({ file: hash, name })),
    }))
    return { ...chat, messages }
  } catch (cause) {
    throw new OwlError('import-unreadable', `${name} is not a chat as Owl exports it.`, { cause })
  }
}

/** Nobody sees the chat before it is whole; what a kill leaves is removed with the deleted chats. */
async function addChat(
  history: History,
  chat: ImportedChat,
  keepPicture: (picture: ImportedPicture) => Promise<MessagePicture | undefined>,
  job: JobOptions,
): Promise<void> {
  const { chats, messages, database } = history
  const title = chat.title || chatTitle(chat.messages[0]?.text ?? '', [])
  const row = chats.addHidden({ ...chat, id: `import ${randomUUID()}`, title }, chat.settings)
  /** Ids are the program's own: those of others need not be unique. */
  const ids = new Map<string, string>()
  for (let at = 0; at < chat.messages.length; at += step) {
    if (job.signal?.aborted) throw new OwlError('cancelled', 'The import was stopped.')
    const some = await Promise.all(
      chat.messages.slice(at, at + step).map(async (message) => ({
        ...message,
        pictures: (await Promise.all(message.pictures.map(keepPicture))).filter((picture) => picture !== undefined),
      })),
    )
    database.transaction(() => {
      for (const { id, parentId, ...message } of some) {
        const own = messages.has(id) || id.length < 16 ? randomUUID() : id
        ids.set(id, own)
        messages.add(row, { state: 'finished', ...message, id: own, parentId: ids.get(parentId ?? '') })
      }
    })
    await new Promise((resolve) => setImmediate(resolve))
  }
  const end = ids.get(chat.shownEnd ?? '')
  if (end) messages.show(row, end)
  if (chat.folder) history.folders.move(row, history.folders.named(chat.folder))
  chats.showHidden(row, chat.id)
}

async function isZip(path: string): Promise<boolean> {
  const file = await open(path)
  const { buffer } = await file.read({ buffer: Buffer.alloc(4), length: 4 }).finally(() => file.close())
  return buffer.toString('latin1') === 'PK\u0003\u0004'
}

function lastPart(name: string): string {
  return name.split('/').at(-1) ?? ''
}
