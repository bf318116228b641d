import type { StateCreator } from 'zustand/vanilla'
import type { OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'
import { textFor } from '../app/appearance.ts'
import { toErrorMessage, windowError } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import { isUnderWay } from './conversation.ts'

/** A picture of the question being written. */
export type DraftPicture = { id: string; name: string } & (
  | { state: 'adding' }
  | { state: 'ready'; picture: Picture }
  | { state: 'failed'; error: OwlErrorMessage }
)

export interface Draft {
  text: string
  pictures: DraftPicture[]
  /** The question that this one will replace. */
  editing?: string
}

export interface ComposerSlice {
  draft: Draft
  /** What was being written when an earlier question was taken up for a change. */
  setAside?: Draft
  writeDraft(text: string): void
  addPictures(files: File[]): void
  /** Tries a failed picture again, for instance once the connection is back. */
  retryPicture(id: string): void
  removePicture(id: string): void
  movePicture(id: string, to: number): void
  editQuestion(id: string): void
  cancelEdit(): void
  /** Asks as soon as every picture is in; stays where it is if one of them fails meanwhile. */
  submitDraft(): Promise<void>
}

const emptyDraft: Draft = { text: '', pictures: [] }
/** A frame of the wire holds 66 MiB; a message holds 64 pictures by the contract. */
const maxPictureBytes = 64 * 1024 * 1024
const maxPictures = 64

export function createComposerSlice({ api }: Shell): StateCreator<OwlState, [], [], ComposerSlice> {
  return (set, get) => {
    const files = new Map<string, File>()
    const additions = new Map<string, Promise<void>>()

    function changeDraft(change: (draft: Draft) => Partial<Draft>) {
      set(({ draft }) => ({ draft: { ...draft, ...change(draft) } }))
    }

    function setPicture(next: DraftPicture) {
      changeDraft(({ pictures }) => ({
        pictures: pictures.map((picture) => (picture.id === next.id ? next : picture)),
      }))
    }

    async function add(id: string, file: File) {
      const { name } = file
      try {
        if (file.size > maxPictureBytes) throw windowError('file-too-large')
        const buffer = await file.arrayBuffer().catch(() => {
          throw windowError('file-unreadable')
        })
        const picture = await api.call('pictures.add', { name: name.slice(-255), bytes: new Uint8Array(buffer) })
        files.delete(id)
        setPicture({ id, name, state: 'ready', picture })
      } catch (thrown) {
        setPicture({ id, name, state: 'failed', error: toErrorMessage(thrown) })
      } finally {
        additions.delete(id)
      }
    }

    function startAdding(id: string, file: File) {
      files.set(id, file)
      additions.set(id, add(id, file))
    }

    return {
      draft: emptyDraft,

      writeDraft: (text) => changeDraft(() => ({ text })),

      addPictures(added) {
        for (const file of added) {
          const id = crypto.randomUUID()
          const full = get().draft.pictures.length >= maxPictures
          const picture: DraftPicture = full
            ? { id, name: file.name, state: 'failed', error: windowError('too-many-pictures') }
            : { id, name: file.name, state: 'adding' }
          changeDraft(({ pictures }) => ({ pictures: [...pictures, picture] }))
          if (full) break
          startAdding(id, file)
        }
      },

      retryPicture(id) {
        const file = files.get(id)
        if (!file) return
        setPicture({ id, name: file.name, state: 'adding' })
        startAdding(id, file)
      },

      removePicture(id) {
        files.delete(id)
        changeDraft(({ pictures }) => ({ pictures: pictures.filter((picture) => picture.id !== id) }))
      },

      movePicture(id, to) {
        changeDraft(({ pictures }) => {
          const moved = pictures.find((picture) => picture.id === id)
          if (!moved) return {}
          const others = pictures.filter((picture) => picture !== moved)
          return { pictures: others.toSpliced(Math.max(0, Math.min(to, others.length)), 0, moved) }
        })
      },

      editQuestion(id) {
        const question = get().turns.find((turn) => turn.id === id)
        if (question?.role !== 'user') return
        const pictures = question.pictures.map(
          (picture): DraftPicture => ({ id: crypto.randomUUID(), name: picture.name, state: 'ready', picture }),
        )
        set(({ draft, setAside }) => ({
          draft: { text: question.text, pictures, editing: id },
          setAside: draft.editing ? setAside : draft,
        }))
      },

      cancelEdit() {
        set(({ draft, setAside }) => (draft.editing ? { draft: setAside ?? emptyDraft, setAside: undefined } : {}))
      },

      async submitDraft() {
        if (additions.size > 0) {
          const failedBefore = countFailed(get().draft)
          await Promise.all(additions.values())
          if (countFailed(get().draft) > failedBefore) return
        }
        const { draft, setAside, turns, settings } = get()
        const pictures = draft.pictures.flatMap((picture) => (picture.state === 'ready' ? [picture.picture] : []))
        const written = draft.text.trim()
        if (written === '' && pictures.length === 0) return
        if (isUnderWay(turns.at(-1)) && !draft.editing) return
        set({ draft: setAside ?? emptyDraft, setAside: undefined })
        const text = written || textFor(settings).composer.describe(pictures.length)
        get().ask(text, pictures, draft.editing)
      },
    }
  }
}

function countFailed({ pictures }: Draft): number {
  return pictures.filter((picture) => picture.state === 'failed').length
}
