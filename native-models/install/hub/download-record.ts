import { readFile, rm } from 'node:fs/promises'
import { z } from 'zod'
import { OwlError } from '../../owl-error.ts'
import { writeWhole } from '../../whole-file.ts'
import { diskError } from '../disk-error.ts'
import type { HubRepository } from './hub-repository.ts'

const count = z.number().int().nonnegative()

const partSchema = z.object({
  /** Bytes of it that are in the file, from its beginning. */
  done: count,
  /** SHA-256 of the part as it came in, once all of it did. */
  sha256: z.string().optional(),
})

const fileSchema = z.object({
  path: z.string().regex(/^[\w.-]+$/),
  bytes: count,
  sha256: z.string().optional(),
  oid: z.string().optional(),
  /** As the server named the content when the first byte was fetched. */
  etag: z.string().optional(),
  parts: z.array(partSchema),
  /** All of it is there under its own name, with the right checksum. */
  isWhole: z.boolean(),
})

const recordSchema = z.object({
  endpoint: z.string(),
  repo: z.string(),
  commit: z.string(),
  licence: z.string().optional(),
  partBytes: count.positive(),
  files: z.array(fileSchema),
})
type RecordContent = z.infer<typeof recordSchema>
export type FileRecord = RecordContent['files'][number]

/** Notes are written at most so often; what came in since the last one is fetched again after a kill. */
const saveEveryMs = 500

/** What of a download is on the disk, noted in a file beside it, so that it continues after a kill. */
export class DownloadRecord {
  readonly #path: string
  readonly content: RecordContent
  #saving: Promise<void> = Promise.resolve()
  #isSaving = false
  #savedAt = 0

  private constructor(path: string, content: RecordContent) {
    this.#path = path
    this.content = content
  }

  /** @returns undefined where there is no record, or one that cannot be read */
  static async read(path: string): Promise<DownloadRecord | undefined> {
    try {
      return new DownloadRecord(path, recordSchema.parse(JSON.parse(await readFile(path, 'utf8'))))
    } catch {
      return undefined
    }
  }

  static async begin(path: string, endpoint: string, found: HubRepository, partBytes: number): Promise<DownloadRecord> {
    const record = new DownloadRecord(path, {
      endpoint,
      repo: found.repo,
      commit: found.commit,
      licence: found.licence,
      partBytes,
      files: found.files.map((file) => ({ ...file, parts: emptyParts(file.bytes, partBytes), isWhole: false })),
    })
    await record.save()
    return record
  }

  get totalBytes(): number {
    return this.content.files.reduce((sum, { bytes }) => sum + bytes, 0)
  }

  get doneBytes(): number {
    return this.content.files.reduce((sum, file) => sum + doneOf(file), 0)
  }

  /** Of a part, half open, in bytes of its file. */
  range(file: FileRecord, part: number): { start: number; end: number } {
    const start = part * this.content.partBytes
    return { start, end: Math.min(start + this.content.partBytes, file.bytes) }
  }

  /** Forgets everything that came in of a file. */
  restart(file: FileRecord): void {
    file.parts = emptyParts(file.bytes, this.content.partBytes)
    file.etag = undefined
    file.isWhole = false
  }

  /**
   * Saves what is noted now; saves follow each other in the order in which they were asked for.
   * @param settle brings to the disk what is noted of it, before that is saved
   * @throws OwlError `disk-full`, `install-failed`
   */
  save(settle?: () => Promise<void>): Promise<void> {
    this.#saving = this.#write(JSON.stringify(this.content), this.#saving, settle)
    return this.#saving
  }

  /** Saves unless that was done just now or is under way. */
  async saveSometimes(settle: () => Promise<void>): Promise<void> {
    if (!this.#isSaving && performance.now() - this.#savedAt >= saveEveryMs) await this.save(settle)
  }

  async #write(content: string, before: Promise<void>, settle?: () => Promise<void>): Promise<void> {
    this.#isSaving = true
    try {
      await before.catch(() => {})
      await settle?.()
      await writeWhole(this.#path, content).catch((error: unknown) => {
        throw diskError(error, this.#path)
      })
    } finally {
      this.#isSaving = false
      this.#savedAt = performance.now()
    }
  }

  async remove(): Promise<void> {
    await this.#saving.catch(() => {})
    await rm(this.#path, { force: true })
  }
}

export function doneOf(file: FileRecord): number {
  return file.isWhole ? file.bytes : file.parts.reduce((sum, { done }) => sum + done, 0)
}

function emptyParts(bytes: number, partBytes: number): FileRecord['parts'] {
  return Array.from({ length: Math.ceil(bytes / partBytes) }, () => ({ done: 0 }))
}

/** @throws OwlError `download-changed` */
export function checkSame(record: DownloadRecord, found: HubRepository): void {
  const { commit, files } = record.content
  if (found.commit !== commit) throw changed(`${found.repo} is at commit ${found.commit} now, not ${commit}`)
  for (const file of files) {
    const now = found.files.find(({ path }) => path === file.path)
    if (now?.bytes === file.bytes && now.sha256 === file.sha256 && now.oid === file.oid) continue
    throw changed(`${file.path} of ${found.repo} is no longer what it was when the download began`)
  }
}

export function changed(what: string): OwlError {
  return new OwlError('download-changed', `${what}.`)
}
