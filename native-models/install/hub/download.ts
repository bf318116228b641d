import { mkdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { readUsedShard } from '../../checkpoint/used-shard.ts'
import type { JobOptions } from '../../progress.ts'
import { diskError } from '../disk-error.ts'
import { checkFreeSpace } from '../free-space.ts'
import type { BandwidthLimit } from './bandwidth-limit.ts'
import { checkSame, DownloadRecord, doneOf } from './download-record.ts'
import { FileDownload } from './file-download.ts'
import { type HubRepository, readRepository } from './hub-repository.ts'
import type { HubConnection } from './hub-request.ts'

export interface DownloadRequest {
  hub: HubConnection
  repo: string
  /** A branch, a tag or a commit; what it stands for at the beginning is what is downloaded. */
  revision?: string
  /** Where the files go. */
  folder: string
  /** File of notes by which the download continues. */
  recordPath: string
  /** Bytes that must be free beside the download, for what is made from it. */
  spaceBeside?: number
  limit?: BandwidthLimit
  /** Parts that are fetched at a time. */
  connections?: number
  partBytes?: number
}

/**
 * Downloads a checkpoint. Stopped or killed, the same request continues where it was.
 * @throws OwlError `disk-full`, `install-failed`, `download-changed`, `download-damaged`, `network-failed`, `cancelled`, and
 *   those of the hub
 */
export async function downloadRepository(request: DownloadRequest, job: JobOptions = {}): Promise<HubRepository> {
  const { hub, repo, revision, folder, recordPath, spaceBeside = 0, partBytes = 2 ** 24 } = request
  let record = await DownloadRecord.read(recordPath)
  if (record && (record.content.repo !== repo || record.content.endpoint !== hub.endpoint)) record = undefined
  const pinned = record?.content.commit ?? revision
  const found = await readRepository(hub, repo, { revision: pinned, signal: job.signal })
  if (record) checkSame(record, found)
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskError(error, folder)
  })
  for (const file of record?.content.files.filter(({ isWhole }) => isWhole) ?? []) {
    if (!(await isThere(join(folder, file.path)))) record!.restart(file)
  }
  await checkFreeSpace(folder, (record ? record.totalBytes - record.doneBytes : sizeOf(found)) + spaceBeside)
  record ??= await DownloadRecord.begin(recordPath, hub.endpoint, found, partBytes)
  await new Download(request, record, job).run()
  return found
}

/** A file that was deleted when it had been converted needs no second download. */
async function isThere(path: string): Promise<boolean> {
  const stats = await stat(path).catch(() => undefined)
  return stats !== undefined || (await readUsedShard(path)) !== undefined
}

/** Bytes of all files that an installation needs. */
export function sizeOf({ files }: HubRepository): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

class Download {
  readonly #request: DownloadRequest
  readonly #record: DownloadRecord
  readonly #job: JobOptions
  /** Stops all parts when one of them fails for good. */
  readonly #stop = new AbortController()
  #done: number

  constructor(request: DownloadRequest, record: DownloadRecord, job: JobOptions) {
    this.#request = request
    this.#record = record
    this.#job = job
    this.#done = record.doneBytes
  }

  async run(): Promise<void> {
    const stop = () => this.#stop.abort()
    this.#job.signal?.addEventListener('abort', stop, { once: true })
    if (this.#job.signal?.aborted) stop()
    try {
      this.#report(0)
      // Settings before weights: what is wrong with them is told at once.
      const files = this.#record.content.files.filter(({ isWhole }) => !isWhole).sort((a, b) => a.bytes - b.bytes)
      for (const file of files) await this.#fetch(file)
    } finally {
      this.#job.signal?.removeEventListener('abort', stop)
      await this.#record.save().catch(() => {})
    }
  }

  async #fetch(file: DownloadRecord['content']['files'][number]): Promise<void> {
    const { hub, folder, limit, connections = 4 } = this.#request
    const before = doneOf(file)
    const download = new FileDownload({
      hub,
      record: this.#record,
      file,
      folder,
      limit,
      signal: this.#stop.signal,
      onBytes: (bytes) => this.#report(bytes),
    })
    try {
      await download.open()
      this.#report(doneOf(file) - before)
      const waiting = download.missing
      const fetchNext = async () => {
        for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) await download.fetchPart(part)
      }
      const all = await Promise.allSettled(
        Array.from({ length: connections }, () =>
          fetchNext().catch((error: unknown) => {
            waiting.length = 0
            this.#stopWith(error)
            throw error
          }),
        ),
      )
      const failed = all.filter((result) => result.status === 'rejected').map(({ reason }) => reason as unknown)
      if (failed.length > 0) throw this.#reason ?? failed[0]
      await download.finish()
    } finally {
      await download.close()
    }
  }

  #reason: unknown

  #stopWith(error: unknown): void {
    this.#reason ??= error
    this.#stop.abort()
  }

  #report(bytes: number): void {
    this.#done += bytes
    this.#job.onProgress?.({ stage: 'downloading', done: this.#done, total: this.#record.totalBytes, unit: 'bytes' })
  }
}

/** Removes a download and its notes. */
export async function removeDownload(folder: string, recordPath: string): Promise<void> {
  await rm(folder, { recursive: true, force: true })
  await rm(recordPath, { force: true })
}
