import { randomUUID } from 'node:crypto'
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Attachment, AttachmentStore } from './attachment-store.ts'

/** As large as a picture is shown in a chat, on a screen of double density. */
const box = { width: 1240, height: 448 }

/** Small pictures of attachments, made once, when they are first shown. They can be removed at any time. */
export class ThumbnailStore {
  readonly #folder: string
  readonly #attachments: AttachmentStore
  /** Those being made, so that none is made twice at once. */
  readonly #making = new Map<string, Promise<Uint8Array>>()

  constructor(folder: string, attachments: AttachmentStore) {
    this.#folder = folder
    this.#attachments = attachments
  }

  /**
   * A thumbnail as WebP; the attachment itself where none can be made of it.
   * @throws OwlError `not-found` where there is no such attachment
   */
  async read(hash: string): Promise<Attachment> {
    const path = this.path(hash)
    const made = await readFile(path).catch(() => undefined)
    if (made) return { bytes: made, mediaType: 'image/webp' }
    let making = this.#making.get(hash)
    if (!making) {
      making = this.#make(hash, path).finally(() => this.#making.delete(hash))
      this.#making.set(hash, making)
    }
    const bytes = await making.catch(() => undefined)
    return bytes ? { bytes, mediaType: 'image/webp' } : this.#attachments.read(hash)
  }

  async remove(hash: string): Promise<void> {
    await rm(this.path(hash), { force: true })
  }

  path(hash: string): string {
    // Refuses whatever is no hash.
    this.#attachments.path(hash)
    return join(this.#folder, hash.slice(0, 2), `${hash}.webp`)
  }

  async #make(hash: string, path: string): Promise<Uint8Array> {
    // Loaded with the first picture that is shown.
    const { default: sharp } = await import('sharp')
    const bytes = await sharp(this.#attachments.path(hash), { limitInputPixels: 2 ** 28 })
      .rotate()
      .resize({ ...box, fit: 'inside', withoutEnlargement: true })
      .webp({ quality: 82 })
      .toBuffer()
    const unfinished = `${path}.${randomUUID()}`
    await mkdir(dirname(path), { recursive: true })
    await writeFile(unfinished, bytes)
    await rename(unfinished, path)
    return bytes
  }
}
