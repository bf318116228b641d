import { type FileHandle, open } from 'node:fs/promises'
import { basename } from 'node:path'
import { OwlError } from '../owl-error.ts'

/** Bytes of a file. */
export interface Span {
  start: number
  bytes: number
  /** CRC-32 that the file itself names for them. */
  crc?: number
}

/** A weight file, open for ranged reads. It is never read whole. */
export class WeightFile {
  readonly path: string
  readonly bytes: number
  readonly #handle: FileHandle

  private constructor(path: string, bytes: number, handle: FileHandle) {
    this.path = path
    this.bytes = bytes
    this.#handle = handle
  }

  /** @throws OwlError `checkpoint-shard-missing`, `checkpoint-damaged` */
  static async open(path: string): Promise<WeightFile> {
    const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'does not exist' : `cannot be opened (${error.code})`
      throw new OwlError('checkpoint-shard-missing', `The weight file ${path} ${why}.`, { cause: error })
    })
    try {
      const stats = await handle.stat()
      if (!stats.isFile()) throw new OwlError('checkpoint-damaged', `${path} is not a file.`)
      const file = new WeightFile(path, stats.size, handle)
      await file.#refusePointer()
      return file
    } catch (error) {
      await handle.close()
      throw error
    }
  }

  get name(): string {
    return basename(this.path)
  }

  /** Fills `target` with the bytes from `offset` on. */
  async fill(target: Uint8Array, offset: number): Promise<void> {
    for (let filled = 0; filled < target.length; ) {
      const { bytesRead } = await this.#handle
        .read(target, filled, target.length - filled, offset + filled)
        .catch((error: NodeJS.ErrnoException) => {
          throw this.damaged(`cannot be read at byte ${offset + filled} (${error.code})`, error)
        })
      if (bytesRead === 0) throw this.damaged(`ends at byte ${offset + filled}, before its content does`)
      filled += bytesRead
    }
  }

  async slice(offset: number, length: number): Promise<Buffer> {
    const target = Buffer.allocUnsafe(length)
    await this.fill(target, offset)
    return target
  }

  damaged(what: string, cause?: unknown): OwlError {
    return new OwlError('checkpoint-damaged', `${this.name} ${what}.`, { cause })
  }

  unsupported(what: string): OwlError {
    return new OwlError('checkpoint-unsupported-format', `${this.name} ${what}.`)
  }

  async close(): Promise<void> {
    await this.#handle.close()
  }

  /** A clone without Git LFS leaves a note of three lines in place of each large file. */
  async #refusePointer(): Promise<void> {
    const start = await this.slice(0, Math.min(this.bytes, 40))
    if (start.toString('latin1').startsWith('version https://git-lfs')) {
      throw new OwlError('checkpoint-damaged', `${this.name} is a Git LFS pointer, not the weights themselves.`, {
        hint: 'Fetch the weights with `git lfs pull`, or download the file itself.',
      })
    }
  }
}
