import type { StateCreator } from 'zustand/vanilla'
import type { CaptureKind, OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'
import { textFor } from '../app/appearance.ts'
import { toErrorMessage, windowError } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import { contextNeed } from './context-need.ts'
import { isUnderWay } from './conversation.ts'
import type { Dropped } from './dropped-pictures.ts'
import type { PictureEdit } from './picture-editor.tsx'

/** A picture of the question being written. */
export type DraftPicture = { id: string; name: string } & (
  | { state: 'adding' }
  /** `from` is the picture before it was turned or cut. */
  | { state: 'ready'; picture: Picture; from?: { picture: Picture; edit: PictureEdit } }
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
  /** The draft is to be asked where it is, as soon as its pictures are in; going elsewhere takes that back. */
  waitsForPictures: boolean
  /** The words of the last question, of whichever chat: a new capture offers them again. */
  lastAsked?: string
  /** Pictures that lay next to a pasted text. */
  besideText: File[]
  /** The picture of the draft that is being turned or cut. */
  editedPicture?: string
  writeDraft(text: string): void
  /** Adds words on a line of their own. */
  appendToDraft(words: string): void
  addPictures(files: File[]): void
  addDropped(dropped: Dropped): void
  /** Adds a picture that main has kept already, such as a capture. */
  takePicture(picture: Picture): void
  offerBesideText(files: File[]): void
  openPictureEditor(id: string | undefined): void
  /** Has main take a picture of the screen; it comes by itself. `name` is for one that does not. */
  startCapture(kind: CaptureKind, name: string): void
  /** Turns and cuts a picture of the draft, always from what it was at first. */
  changePicture(id: string, edit: PictureEdit): Promise<void>
  /** Tries a failed picture again, for instance once the connection is back. */
  retryPicture(id: string): void
  removePicture(id: string): void
  movePicture(id: string, to: number): void
  editQuestion(id: string): void
  cancelEdit(): void
  /** Asks as soon as every picture is in; stays where it is if one of them fails, or another chat is shown meanwhile. */
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
      const before = get().draft.pictures
      set(({ draft }) => ({ draft: { ...draft, ...change(draft) } }))
      const { pictures, editing } = get().draft
      if (pictures !== before && !isAdding(get().draft)) get().lookAhead(readyPictures(pictures), editing)
    }

    /** The picture may be in the draft that was set aside while it was on its way. */
    function setPicture(next: DraftPicture) {
      const replaced = (pictures: DraftPicture[]) =>
        pictures.some(({ id }) => id === next.id)
          ? pictures.map((picture) => (picture.id === next.id ? next : picture))
          : pictures
      set(({ setAside }) => (setAside ? { setAside: { ...setAside, pictures: replaced(setAside.pictures) } } : {}))
      changeDraft(({ pictures }) => ({ pictures: replaced(pictures) }))
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

    function append(picture: DraftPicture) {
      changeDraft(({ pictures }) => ({ pictures: [...pictures, picture] }))
    }

    const full = () => get().draft.pictures.length >= maxPictures

    /** Waits for the pictures of the draft. @returns whether it is still to be asked */
    async function picturesAreIn(): Promise<boolean> {
      const failedBefore = countFailed(get().draft)
      set({ waitsForPictures: true })
      while (get().waitsForPictures && isAdding(get().draft)) {
        await Promise.all(get().draft.pictures.map(({ id }) => additions.get(id)))
      }
      const isStillMeant = get().waitsForPictures
      set({ waitsForPictures: false })
      return isStillMeant && countFailed(get().draft) <= failedBefore
    }

    async function collectCaptures() {
      const { pictures } = await api.call('capture.collect', {})
      if (pictures.length > 0) get().openView('chat')
      for (const picture of pictures) get().takePicture(picture)
    }

    api.on('capture.taken', () => void collectCaptures().catch(() => {}))
    // Some may have come before this window did. Without a connection they wait on.
    void collectCaptures().catch(() => {})

    return {
      draft: emptyDraft,
      besideText: [],
      waitsForPictures: false,

      writeDraft: (text) => changeDraft(() => ({ text })),

      appendToDraft(words) {
        if (words.trim() !== '') changeDraft(({ text }) => ({ text: text === '' ? words : `${text}\n${words}` }))
      },

      addPictures(added) {
        for (const file of added) {
          const id = crypto.randomUUID()
          if (full()) {
            append({ id, name: file.name, state: 'failed', error: windowError('too-many-pictures') })
            break
          }
          append({ id, name: file.name, state: 'adding' })
          startAdding(id, file)
        }
      },

      addDropped({ files, refused }) {
        get().addPictures(files)
        for (const { name, error } of refused) append({ id: crypto.randomUUID(), name, state: 'failed', error })
      },

      takePicture(picture) {
        const id = crypto.randomUUID()
        const { name } = picture
        if (full()) append({ id, name, state: 'failed', error: windowError('too-many-pictures') })
        else append({ id, name, state: 'ready', picture })
      },

      offerBesideText: (besideText) => set({ besideText }),

      openPictureEditor: (editedPicture) => set({ editedPicture }),

      startCapture(kind, name) {
        api.call('capture.start', { kind }).catch((thrown) => {
          append({ id: crypto.randomUUID(), name, state: 'failed', error: toErrorMessage(thrown) })
        })
      },

      async changePicture(id, edit) {
        const before = get().draft.pictures.find((picture) => picture.id === id)
        if (before?.state !== 'ready') return
        const original = before.from?.picture ?? before.picture
        if (edit.quarterTurns === 0 && !edit.crop) {
          return setPicture({ id, name: original.name, state: 'ready', picture: original })
        }
        const { name } = before
        setPicture({ id, name, state: 'adding' })
        const change = api
          .call('pictures.edit', { picture: original, ...edit })
          .then((picture) => setPicture({ id, name, state: 'ready', picture, from: { picture: original, edit } }))
          .catch((thrown) => {
            setPicture(before)
            append({ id: crypto.randomUUID(), name, state: 'failed', error: toErrorMessage(thrown) })
          })
          .finally(() => additions.delete(id))
        additions.set(id, change)
        await change
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
          waitsForPictures: false,
        }))
      },

      cancelEdit() {
        const { draft, setAside = emptyDraft } = get()
        if (draft.editing) set({ draft: setAside, setAside: undefined, waitsForPictures: false })
      },

      async submitDraft() {
        if (get().waitsForPictures) return
        if (isAdding(get().draft) && !(await picturesAreIn())) return
        const { draft, setAside, turns, settings, model } = get()
        const pictures = readyPictures(draft.pictures)
        const written = draft.text.trim()
        if (written === '' && pictures.length === 0) return
        if (isUnderWay(turns.at(-1)) && !draft.editing) return
        // After a reload, until the chat is there: it would be asked in a new one.
        if (draft.editing && !turns.some(({ id }) => id === draft.editing)) return
        // The composer says so, and what to do.
        if (contextNeed(model, written, pictures.length)?.fits === false && pictures.length > 0) return
        const text = written || textFor(settings).composer.describe(pictures.length)
        set({ draft: setAside ?? emptyDraft, setAside: undefined, besideText: [], lastAsked: text })
        get().ask(text, pictures, draft.editing)
      },
    }
  }
}

function readyPictures(pictures: readonly DraftPicture[]): Picture[] {
  return pictures.flatMap((picture) => (picture.state === 'ready' ? [picture.picture] : []))
}

function isAdding({ pictures }: Draft): boolean {
  return pictures.some(({ state }) => state === 'adding')
}

function countFailed({ pictures }: Draft): number {
  return pictures.filter((picture) => picture.state === 'failed').length
}
