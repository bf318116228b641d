import { randomUUID } from 'node:crypto'
import { appendFile, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import type { AttachmentStore } from '../storage/attachment-store.ts'
import { storageError } from '../storage/storage-error.ts'
import type { History } from './history.ts'
import { type ExportedFile, type ExportRequest, exportChats } from './history-export.ts'
import { type ImportResult, importChats } from './history-import.ts'
import type { Pictures } from './pictures.ts'

/** An export that waits to be fetched by the window. */
export interface Download {
  path: string
  fileName: string
}

/** Exports on their way to a window, and imports on their way from one: files in a folder that each start empties. */
export class HistoryTransfers {
  readonly #folder: string
  readonly #attachments: AttachmentStore
  readonly #pictures: Pictures
  readonly #downloads = new Map<string, Download>()
  readonly #uploads = new Set<string>()
  #ready: Promise<unknown> | undefined

  constructor(folder: string, attachments: AttachmentStore, pictures: Pictures) {
    this.#folder = folder
    this.#attachments = attachments
    this.#pictures = pictures
  }

  /** @returns what was exported, and the id under which it is fetched. @throws OwlError as `exportChats` */
  async export(history: History, request: ExportRequest, job: JobOptions): Promise<ExportedFile & { id: string }> {
    await this.#prepare()
    const id = randomUUID()
    const path = join(this.#folder, `${id}.zip`)
    const exported = await exportChats(history, this.#attachments, path, request, job)
    const date = new Date().toISOString().slice(0, 10)
    this.#downloads.set(id, { path, fileName: `owl-chats-${date}-${request.kind}.zip` })
    return { ...exported, id }
  }

  /** @throws OwlError `not-found` */
  async download(id: string): Promise<Download & { bytes: number }> {
    const download = this.#downloads.get(id)
    const found = download && (await stat(download.path).catch(() => undefined))
    if (!found) throw new OwlError('not-found', 'This export is no longer there.', { hint: 'Export once more.' })
    return { ...download, bytes: found.size }
  }

  /** @returns the id of a file that is to come in pieces */
  async beginImport(): Promise<string> {
    await this.#prepare()
    const id = randomUUID()
    await this.#guard(() => writeFile(this.#uploadPath(id), ''))
    this.#uploads.add(id)
    return id
  }

  /** @throws OwlError `not-found`, `disk-full` */
  async appendImport(id: string, bytes: Uint8Array): Promise<void> {
    const path = this.#knownUpload(id)
    await this.#guard(() => appendFile(path, bytes))
  }

  /** @throws OwlError as `importChats` */
  async finishImport(history: History, id: string, job: JobOptions): Promise<ImportResult> {
    const path = this.#knownUpload(id)
    this.#uploads.delete(id)
    try {
      return await importChats(history, this.#pictures, path, job)
    } finally {
      await rm(path, { force: true })
    }
  }

  #knownUpload(id: string): string {
    if (!this.#uploads.has(id)) throw new OwlError('not-found', 'This import was not begun.')
    return this.#uploadPath(id)
  }

  #uploadPath(id: string): string {
    return join(this.#folder, `${id}.import`)
  }

  #prepare(): Promise<unknown> {
    this.#ready ??= this.#guard(async () => {
      await rm(this.#folder, { recursive: true, force: true })
      await mkdir(this.#folder, { recursive: true })
    })
    return this.#ready
  }

  async #guard<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work()
    } catch (error) {
      throw storageError(error, this.#folder)
    }
  }
}
