import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { basename } from 'node:path'
import type { PictureInfo, PictureSource } from '../../native-models/mplug-owl2/picture.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { PictureInput } from '../inference/protocol.ts'
import type { AttachmentStore } from '../storage/attachment-store.ts'
import type { PictureEdit } from './picture-edit.ts'

/** Larger files are no screenshots, and would be held in memory more than once. */
export const maxPictureBytes = 64 * 2 ** 20

/** A picture in the attachment store; width and height in pixels as it is shown, EXIF orientation applied. */
export interface StoredPicture {
  hash: string
  name: string
  width: number
  height: number
  bytes: number
}

type Shown = Pick<StoredPicture, 'name' | 'width' | 'height'>

/** Pictures of chats, kept in the attachment store. */
export class Pictures {
  readonly #attachments: AttachmentStore

  constructor(attachments: AttachmentStore) {
    this.#attachments = attachments
  }

  /**
   * Keeps a picture after a look at its header.
   * @param name what a person knows it by; only its last part is used, and only for showing
   * @throws OwlError `picture-empty`, `picture-unreadable`, `picture-unsupported`, `picture-too-large`, `disk-full`
   */
  async add(name: string, bytes: Uint8Array): Promise<StoredPicture> {
    const shownName = fileName(name)
    const { format, width, height } = await inspect(shownName, bytes)
    // No browser shows TIFF; as PNG it has the same pixels.
    const kept = format === 'tiff' ? await this.#edited({ bytes }, { name: shownName, width, height }) : bytes
    const hash = await this.#attachments.add(kept)
    return { hash, name: shownName, width, height, bytes: kept.byteLength }
  }

  /**
   * A new picture out of a kept one, turned and cut; the old one stays.
   * @throws OwlError `picture-not-found`, `request-invalid` for a part outside of it, `picture-unreadable`, `disk-full`
   */
  async edit(picture: StoredPicture, edit: PictureEdit): Promise<StoredPicture> {
    const { source } = await this.input(picture)
    return this.add(picture.name, await this.#edited(source, picture, edit))
  }

  async #edited(source: PictureSource, shown: Shown, edit: PictureEdit = { quarterTurns: 0 }): Promise<Uint8Array> {
    const { editPicture } = await import('./picture-edit.ts')
    return editPicture(source, shown, edit)
  }

  /** @throws OwlError `picture-not-found` if it is not in the store */
  async input(picture: { hash: string; name: string }): Promise<PictureInput> {
    if (!(await this.#attachments.has(picture.hash))) {
      throw new OwlError('picture-not-found', `The picture ${picture.name} is no longer there.`, {
        hint: 'Add the picture again.',
      })
    }
    return { ...picture, source: { path: this.#attachments.path(picture.hash) } }
  }

  /** The same for several. @throws OwlError as `input` */
  inputs(pictures: readonly { hash: string; name: string }[]): Promise<PictureInput[]> {
    return Promise.all(pictures.map((picture) => this.input(picture)))
  }
}

/**
 * A picture from a file, not kept in the store.
 * @throws OwlError `picture-not-found` and what `pictureFromBytes` throws
 */
export async function pictureFromFile(path: string): Promise<PictureInput> {
  const bytes = await readFile(path).catch((cause: NodeJS.ErrnoException) => {
    const why = cause.code === 'EISDIR' ? 'is a folder' : cause.code === 'ENOENT' ? 'does not exist' : 'cannot be read'
    throw new OwlError('picture-not-found', `${path} ${why}.`, { cause })
  })
  return pictureFromBytes(basename(path), bytes)
}

/** @throws OwlError `picture-empty`, `picture-unreadable`, `picture-unsupported`, `picture-too-large` */
export async function pictureFromBytes(name: string, bytes: Uint8Array): Promise<PictureInput> {
  await inspect(name, bytes)
  return { hash: createHash('sha256').update(bytes).digest('hex'), name, source: { bytes } }
}

async function inspect(name: string, bytes: Uint8Array): Promise<PictureInfo> {
  if (bytes.byteLength > maxPictureBytes) {
    const mebibytes = (size: number) => Math.ceil(size / 2 ** 20)
    throw new OwlError(
      'picture-too-large',
      `${name} has ${mebibytes(bytes.byteLength)} MiB; at most ${mebibytes(maxPictureBytes)} MiB are taken.`,
    )
  }
  // The decoders are loaded with the first picture, so that a model can begin to load before.
  const { inspectPicture } = await import('../../native-models/mplug-owl2/picture.ts')
  return inspectPicture({ bytes }, name)
}

/** Last part of a path of any platform, without control characters. */
function fileName(name: string): string {
  const last = name.split(/[/\\]/).at(-1) ?? ''
  return last.replace(/\p{Cc}/gu, '') || 'picture'
}
