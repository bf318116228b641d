import { createWriteStream } from 'node:fs'
import { access, constants, mkdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import yazl from 'yazl'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import type { AttachmentStore } from '../storage/attachment-store.ts'
import type { MessagePicture } from '../storage/message-store.ts'
import { storageError } from '../storage/storage-error.ts'
import { toMarkdown } from './chat-markdown.ts'
import { chatFolder, type ExportedChat, exportFormat, formatFile } from './exported-chat.ts'
import type { History } from './history.ts'

export type ExportKind = 'json' | 'markdown'

export interface ExportRequest {
  kind: ExportKind
  /** All chats when left out. */
  chatIds?: readonly string[]
}

export interface ExportedFile {
  path: string
  chats: number
  pictures: number
  /** Pictures that a chat shows and that cannot be read in the attachment store. */
  missing: number
}

/**
 * Writes chats with their pictures as a zip: a file a chat, and each picture once. JSON holds every branch and can be
 * imported; Markdown holds the branch that is shown. A chat is read at a time, and main gets a turn in between.
 * @param path of the zip, which is there whole or not at all
 * @throws OwlError `cancelled`, `disk-full`, `not-found`
 */
export async function exportChats(
  history: History,
  attachments: AttachmentStore,
  path: string,
  { kind, chatIds }: ExportRequest,
  job: JobOptions = {},
): Promise<ExportedFile> {
  const unfinished = `${path}.unfinished`
  const ids = chatIds ?? allChats(history)
  const zip = new yazl.ZipFile()
  const output = zip.outputStream as Readable
  // A picture that cannot be read to its end: the zip tells it here, and does not end.
  zip.on('error', (error) => output.destroy(error))
  const result = { path, chats: 0, pictures: 0, missing: 0 }
  const names = new Set<string>()
  const pictures = new Map<string, string>()

  async function keepPicture(picture: MessagePicture): Promise<void> {
    if (pictures.has(picture.hash)) return
    const file = `pictures/${picture.hash}${extension(picture.name)}`
    pictures.set(picture.hash, file)
    const source = attachments.path(picture.hash)
    const isReadable = await access(source, constants.R_OK).then(
      () => true,
      () => false,
    )
    if (!isReadable) {
      result.missing += 1
      return
    }
    // Pictures are compressed already.
    zip.addFile(source, file, { compress: false })
    result.pictures += 1
  }

  let written: Promise<void> | undefined
  try {
    await mkdir(join(path, '..'), { recursive: true })
    written = pipeline(output, createWriteStream(unfinished), { signal: job.signal })
    // A failure shows below; until then it must not end the program.
    written.catch(() => {})
    if (kind === 'json') zip.addBuffer(Buffer.from(JSON.stringify(exportFormat)), formatFile)
    for (const [at, id] of ids.entries()) {
      if (job.signal?.aborted) throw new OwlError('cancelled', 'The export was stopped.')
      if (output.errored) break
      // Of all chats, one may have been deleted since they were listed.
      if (!chatIds && (!history.chats.has(id) || history.chats.isDeleted(id))) continue
      const chat = exportedChat(history, id, kind)
      for (const message of chat.messages) for (const picture of message.pictures) await keepPicture(picture)
      const fileOf = ({ hash }: { hash: string }) => pictures.get(hash)!
      const name = freeName(names, chat.title)
      if (kind === 'json') zip.addBuffer(Buffer.from(JSON.stringify(chat, undefined, 1)), `${chatFolder}${name}.json`)
      else zip.addBuffer(Buffer.from(toMarkdown(chat, fileOf)), `${name}.md`)
      result.chats += 1
      job.onProgress?.({ stage: 'exporting', done: at + 1, total: ids.length, unit: 'items' })
      await new Promise((resolve) => setImmediate(resolve))
    }
    zip.end()
    await written
    await rename(unfinished, path)
    return result
  } catch (error) {
    output.destroy()
    await written?.catch(() => {})
    await rm(unfinished, { force: true })
    if (job.signal?.aborted) throw new OwlError('cancelled', 'The export was stopped.', { cause: error })
    throw storageError(error, path)
  }
}

function exportedChat(history: History, id: string, kind: ExportKind): ExportedChat {
  const { title, isPinned, folderId, createdAt, changedAt, settings, turns } = history.open(id)
  const messages = kind === 'json' ? history.messages.all(history.chats.row(id)) : turns
  return {
    id,
    title,
    isPinned,
    ...(folderId && { folder: history.listFolders().find((folder) => folder.id === folderId)?.name }),
    createdAt,
    changedAt,
    settings,
    shownEnd: turns.at(-1)?.id,
    messages: messages.map(({ branches: _, ...message }) => message),
  }
}

function allChats(history: History): string[] {
  const ids: string[] = []
  for (const folderId of [undefined, ...history.listFolders().map(({ id }) => id)]) {
    let cursor: string | undefined
    do {
      const page = history.list(500, cursor, folderId)
      ids.push(...page.chats.map(({ id }) => id))
      cursor = page.next
    } while (cursor)
  }
  return ids
}

/** A name for a file of every platform, used once. */
function freeName(used: Set<string>, title: string): string {
  const plain = title
    .replace(/[^\p{L}\p{N} ._-]+/gu, ' ')
    .replace(/\s+/g, ' ')
    .replace(/^[ .]+|[ .]+$/g, '')
  const base = [...plain].slice(0, 60).join('').trim() || 'Chat'
  let name = base
  for (let at = 2; used.has(name.toLowerCase()); at++) name = `${base} ${at}`
  used.add(name.toLowerCase())
  return name
}

function extension(name: string): string {
  return /\.[a-z0-9]{2,5}$/i.exec(name)?.[0].toLowerCase() ?? ''
}
