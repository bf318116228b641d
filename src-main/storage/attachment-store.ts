import { createHash, randomUUID } from 'node:crypto'
import { mkdir, open, readFile, rename, rm, stat, utimes } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { OwlError } from '../../native-models/owl-error.ts'
import { pictureMediaType } from './media-type.ts'

const hashPattern = /^[0-9a-f]{64}$/

export interface Attachment {
  bytes: Uint8Array
  mediaType: string
}

/**
 * Files by the sha-256 of their content, under `FOLDER/ab/abcd...`. The same bytes are kept once; a name
 * given by a person never becomes part of a path.
 */
export class AttachmentStore {
  readonly folder: string

  constructor(folder: string) {
    this.folder = folder
  }

  /**
   * Keeps `bytes` and returns their hash. A file is there whole or not at all, also after a power cut.
   * @throws OwlError `disk-full`
   */
  async add(bytes: Uint8Array): Promise<string> {
    const hash = createHash('sha256').update(bytes).digest('hex')
    const path = this.path(hash)
    if (await this.has(hash)) {
      // It is in use again: see attachment-collection.ts.
      const now = new Date()
      await utimes(path, now, now).catch(() => {})
      return hash
    }
    const unfinished = `${path}.${randomUUID()}`
    try {
      await mkdir(dirname(path), { recursive: true })
      const file = await open(unfinished, 'wx')
      try {
        await file.writeFile(bytes)
        await file.sync()
      } finally {
        await file.close()
      }
      await rename(unfinished, path)
    } catch (error) {
      await rm(unfinished, { force: true })
      if ((error as NodeJS.ErrnoException).code === 'ENOSPC') {
        throw new OwlError('disk-full', `There is no space left in ${this.folder}.`, { cause: error })
      }
      throw error
    }
    return hash
  }

  async has(hash: string): Promise<boolean> {
    const found = await stat(this.path(hash)).catch(() => undefined)
    return found?.isFile() ?? false
  }

  /**
   * Absolute path of an attachment, whether it exists or not.
   * @throws OwlError `not-found` if `hash` is not a sha-256 in lower-case hexadecimal
   */
  path(hash: string): string {
    if (!hashPattern.test(hash)) throw new OwlError('not-found', 'There is no such attachment.')
    return join(this.folder, hash.slice(0, 2), hash)
  }

  /** @throws OwlError `not-found` */
  async read(hash: string): Promise<Attachment> {
    const path = this.path(hash)
    const bytes = await readFile(path).catch((cause) => {
      throw new OwlError('not-found', `There is no attachment ${hash.slice(0, 8)}…`, { cause })
    })
    return { bytes, mediaType: await pictureMediaType(bytes) }
  }
}
