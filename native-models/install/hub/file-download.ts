import { createHash } from 'node:crypto'
import { type FileHandle, open, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { OwlError } from '../../owl-error.ts'
import { writeAt } from '../../write-at.ts'
import { diskError } from '../disk-error.ts'
import { BandwidthLimit } from './bandwidth-limit.ts'
import { changed, type DownloadRecord, type FileRecord } from './download-record.ts'
import { type HubConnection, networkError } from './hub-request.ts'

export interface FileDownloadOptions {
  hub: HubConnection
  record: DownloadRecord
  file: FileRecord
  folder: string
  limit?: BandwidthLimit
  signal?: AbortSignal
  /** Bytes that came in; negative where bytes are to be fetched again. */
  onBytes?: (bytes: number) => void
}

/**
 * One file of a repository, fetched in parts into `NAME.part`. Its SHA-256 is computed in order, as far as the parts
 * from the beginning are complete, so it is known the moment the last one is.
 *
 * The hub names a checksum of the whole file only. Where it differs, the parts to blame are found like this: a part on
 * the disk that is not what came in is fetched again; and if all are what came in, each part is fetched once more, one
 * by one, until one differs from what came first and the whole is right with it in its place.
 */
export class FileDownload {
  readonly #options: FileDownloadOptions
  readonly #limit: BandwidthLimit
  readonly #path: string
  #handle: FileHandle | undefined
  /** Where the hub redirected to, so that not every part asks it anew. */
  #address: string | undefined
  #hashing: Promise<void> = Promise.resolve()
  #hash = createHash('sha256')
  #hashed = 0

  constructor(options: FileDownloadOptions) {
    this.#options = options
    this.#limit = options.limit ?? new BandwidthLimit()
    this.#path = join(options.folder, `${options.file.path}.part`)
  }

  /** Opens the file. Parts of which it lacks bytes that are noted as done, as after a power cut, begin anew. */
  async open(): Promise<void> {
    const { file, record } = this.#options
    const opened = open(this.#path, 'r+').catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
      record.restart(file)
      return open(this.#path, 'w+')
    })
    this.#handle = await this.#onDisk(opened)
    const { size } = await this.#onDisk(this.#handle.stat())
    for (const [part, { done }] of file.parts.entries()) {
      if (record.range(file, part).start + done > size) file.parts[part] = { done: 0 }
    }
  }

  /** Parts that are not complete. */
  get missing(): number[] {
    return this.#options.file.parts.flatMap(({ sha256 }, part) => (sha256 ? [] : [part]))
  }

  /**
   * Fetches what is missing of a part.
   * @throws OwlError `download-changed`, `network-failed`, `disk-full`, `install-failed`, and what a request throws
   */
  async fetchPart(part: number): Promise<void> {
    const { hub, file, signal } = this.#options
    for (let attempt = 0; ; attempt++) {
      const before = file.parts[part]!.done
      try {
        await this.#fetchOnce(part)
        break
      } catch (error) {
        if (error instanceof OwlError && error.code !== 'network-failed') throw error
        if (signal?.aborted) throw new OwlError('cancelled', 'The download was stopped.', { cause: error })
        if (file.parts[part]!.done > before) attempt = 0
        if (attempt >= hub.retries)
          throw error instanceof OwlError ? error : networkError(new URL(hub.endpoint).host, error)
        await hub.pause(attempt, signal)
      }
    }
    await this.#saveSometimes()
    // Not awaited here: the next part is fetched while this one is hashed.
    this.#hashing = this.#hashing.then(() => this.#hashOn())
    this.#hashing.catch(() => {})
  }

  /** When all parts are there: checks the whole, mends what is wrong, and gives the file its name. */
  async finish(): Promise<void> {
    const { file, folder, record } = this.#options
    await this.#hashing
    await this.#hashOn()
    if (!(await this.#isRight())) await this.#mend()
    await this.#onDisk(this.#handle!.sync())
    await this.close()
    await this.#onDisk(rename(this.#path, join(folder, file.path)))
    file.isWhole = true
    await record.save()
  }

  async close(): Promise<void> {
    await this.#hashing.catch(() => {})
    // What the record will say is there, when it is saved the last time, is there.
    await this.#handle?.datasync().catch(() => {})
    await this.#handle?.close()
    this.#handle = undefined
  }

  /** Bytes come to the disk for good before the record says so: a power cut takes what is only in memory. */
  #saveSometimes(): Promise<void> {
    return this.#options.record.saveSometimes(() => this.#onDisk(this.#handle!.datasync()))
  }

  /** @throws OwlError `disk-full`, `install-failed` */
  #onDisk<T>(operation: Promise<T>): Promise<T> {
    return operation.catch((error: unknown) => {
      throw diskError(error, this.#path)
    })
  }

  async #fetchOnce(part: number): Promise<void> {
    const { hub, record, file, signal, onBytes } = this.#options
    const progress = file.parts[part]!
    const { start, end } = record.range(file, part)
    const hash = createHash('sha256')
    for await (const bytes of this.#stored(start, start + progress.done)) hash.update(bytes)
    if (start + progress.done < end) {
      const headers = { range: `bytes=${start + progress.done}-${end - 1}`, 'accept-encoding': 'identity' }
      const { response, url, etag } = await hub
        .request(this.#address ?? this.#resolveUrl(), { headers, signal })
        .catch((error: OwlError) => {
          // A signed address runs out after a while; the hub gives another.
          if (!this.#address) throw error
          this.#address = undefined
          return hub.request(this.#resolveUrl(), { headers, signal })
        })
      this.#check(response.status, response.headers.get('content-range'), etag, start + progress.done)
      if (new URL(url).origin !== new URL(hub.endpoint).origin) this.#address = url
      for await (const chunk of response.body ?? []) {
        const bytes = (chunk as Uint8Array).subarray(0, end - start - progress.done)
        await this.#limit.take(bytes.length, signal)
        await this.#onDisk(writeAt(this.#handle!, bytes, start + progress.done))
        hash.update(bytes)
        progress.done += bytes.length
        onBytes?.(bytes.length)
        await this.#saveSometimes()
        if (bytes.length < chunk.length) break
      }
      const lacking = end - start - progress.done
      if (lacking > 0) throw networkError(new URL(url).host, new Error(`it ended ${lacking} bytes early`))
    }
    progress.sha256 = hash.digest('hex')
  }

  /** @param from byte that was asked for */
  #check(status: number, range: string | null, etag: string | undefined, from: number): void {
    const { file } = this.#options
    const wholeAsked = from === 0 && this.#options.file.parts.length === 1
    if (status !== 206 && !(status === 200 && wholeAsked)) {
      throw new OwlError('hub-failed', `The server does not send parts of ${file.path}: it answered ${status}.`)
    }
    const [, first, total] = /^bytes (\d+)-\d+\/(\d+)$/.exec(range ?? '') ?? []
    if (status === 206 && (Number(first) !== from || Number(total) !== file.bytes)) {
      throw changed(`The server sends ${range} of ${file.path}, which should have ${file.bytes} bytes`)
    }
    // Of the first address only: a store behind the hub may name the same content in its own way.
    if (this.#address === undefined && etag !== undefined) {
      if (file.etag !== undefined && file.etag !== etag) {
        throw changed(`${file.path} changed on the server while it was downloaded`)
      }
      file.etag = etag
    }
  }

  #resolveUrl(): string {
    const { hub, record, file } = this.#options
    const { repo, commit } = record.content
    return `${hub.endpoint}/${repo}/resolve/${commit}/${file.path}`
  }

  async *#stored(start: number, end: number): AsyncIterable<Uint8Array> {
    const buffer = Buffer.allocUnsafe(Math.min(2 ** 20, end - start))
    for (let at = start; at < end; ) {
      const { bytesRead } = await this.#onDisk(this.#handle!.read(buffer, 0, Math.min(buffer.length, end - at), at))
      if (bytesRead === 0) throw new OwlError('download-damaged', `${this.#path} is shorter than was noted.`)
      yield buffer.subarray(0, bytesRead)
      at += bytesRead
    }
  }

  /** Hashes the complete parts that follow what is hashed. */
  async #hashOn(): Promise<void> {
    const { file, record } = this.#options
    for (;;) {
      const part = Math.floor(this.#hashed / record.content.partBytes)
      if (this.#hashed >= file.bytes || !file.parts[part]?.sha256) return
      const { end } = record.range(file, part)
      for await (const bytes of this.#stored(this.#hashed, end)) this.#hash.update(bytes)
      this.#hashed = end
    }
  }

  async #isRight(): Promise<boolean> {
    const { file } = this.#options
    if (file.sha256) return this.#hash.copy().digest('hex') === file.sha256
    if (!file.oid) return true
    // Small files have Git's identifier: SHA-1 over a header and the content.
    const git = createHash('sha1').update(`blob ${file.bytes}\0`)
    for await (const bytes of this.#stored(0, file.bytes)) git.update(bytes)
    return git.digest('hex') === file.oid
  }

  async #mend(): Promise<void> {
    const { file, record, onBytes } = this.#options
    const refetch = async (part: number) => {
      const { start, end } = record.range(file, part)
      file.parts[part] = { done: 0 }
      onBytes?.(start - end)
      await this.fetchPart(part)
    }
    const isMended = async () => {
      await this.#hashing
      this.#hash = createHash('sha256')
      this.#hashed = 0
      await this.#hashOn()
      return this.#isRight()
    }
    let found = false
    for (const [part, { sha256 }] of file.parts.entries()) {
      if ((await this.#sha256Of(part)) === sha256) continue
      found = true
      await refetch(part)
    }
    if (found && (await isMended())) return
    for (const part of file.parts.keys()) {
      const before = file.parts[part]!.sha256
      await refetch(part)
      if (file.parts[part]!.sha256 !== before && (await isMended())) return
    }
    record.restart(file)
    await record.save()
    throw new OwlError('download-damaged', `${file.path} came with a wrong checksum, twice.`)
  }

  async #sha256Of(part: number): Promise<string> {
    const { start, end } = this.#options.record.range(this.#options.file, part)
    const hash = createHash('sha256')
    for await (const bytes of this.#stored(start, end)) hash.update(bytes)
    return hash.digest('hex')
  }
}
