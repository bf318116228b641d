import type { StateCreator } from 'zustand/vanilla'
import type { OwlErrorMessage, Picture, PictureText } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

/** Text of a picture, as far as it is known. */
export type ShownText =
  | { state: 'reading' }
  | { state: 'ready'; text: PictureText }
  | { state: 'failed'; error: OwlErrorMessage }

export interface PictureTextSlice {
  /** By content hash. */
  pictureTexts: Record<string, ShownText>
  /** Has a picture read, once; one that failed is tried again. */
  readPicture(picture: Pick<Picture, 'hash' | 'name'>): Promise<PictureText | undefined>
}

export function createPictureTextSlice({ api }: Shell): StateCreator<OwlState, [], [], PictureTextSlice> {
  return (set, get) => {
    const running = new Map<string, Promise<PictureText | undefined>>()

    function show(hash: string, shown: ShownText) {
      set(({ pictureTexts }) => ({ pictureTexts: { ...pictureTexts, [hash]: shown } }))
    }

    async function read({ hash, name }: Pick<Picture, 'hash' | 'name'>) {
      show(hash, { state: 'reading' })
      try {
        const text = await api.call('reading.read', { hash, name })
        show(hash, { state: 'ready', text })
        return text
      } catch (thrown) {
        show(hash, { state: 'failed', error: toErrorMessage(thrown) })
        return undefined
      } finally {
        running.delete(hash)
      }
    }

    return {
      pictureTexts: {},
      readPicture(picture) {
        const known = get().pictureTexts[picture.hash]
        if (known?.state === 'ready') return Promise.resolve(known.text)
        const reading = running.get(picture.hash) ?? read(picture)
        running.set(picture.hash, reading)
        return reading
      },
    }
  }
}
