import type { StateCreator } from 'zustand/vanilla'
import type { Attention, OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'
import { chosenLanguage } from '../app/appearance.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import { type Word, wordsOf } from './words.ts'

/** Looking into one answer: which word is looked at, and where the model looked when it wrote it. */
export interface Inspection {
  answerId: string
  words: Word[]
  /** The pictures of the conversation up to the answer. */
  pictures: Picture[]
  /** Index of the word; none is the whole answer. */
  word?: number
  state: 'loading' | 'ready' | 'failed'
  attention?: Attention
  error?: OwlErrorMessage
}

export interface InspectorSlice {
  inspection?: Inspection
  openInspector(answerId: string): void
  inspectWord(word: number | undefined): void
  closeInspector(): void
}

export function createInspectorSlice({ api }: Shell): StateCreator<OwlState, [], [], InspectorSlice> {
  return (set, get) => {
    /** The newest request; what an older one brings is no longer wanted. */
    let newest = 0

    async function load() {
      const { inspection, chatId } = get()
      if (!inspection || !chatId) return
      const request = ++newest
      const change = (change: Partial<Inspection>) => {
        if (request !== newest) return
        set(({ inspection }) => (inspection ? { inspection: { ...inspection, ...change } } : {}))
      }
      change({ state: 'loading', error: undefined })
      try {
        const { words, word } = inspection
        const from = word === undefined ? 0 : words[word]!.from
        const to = word === undefined ? words.at(-1)!.to : words[word]!.to
        const { answerId } = inspection
        const attention = await api.call('inspection.attention', { chatId, answerId, from, to })
        change({ state: 'ready', attention })
      } catch (thrown) {
        change({ state: 'failed', error: toErrorMessage(thrown) })
      }
    }

    return {
      openInspector(answerId) {
        const { turns, settings } = get()
        const end = turns.findIndex(({ id }) => id === answerId)
        const answer = turns[end]
        if (answer?.role !== 'assistant' || answer.text.trim() === '') return
        const pictures = turns.slice(0, end).flatMap((turn) => (turn.role === 'user' ? turn.pictures : []))
        const words = wordsOf(answer.text, chosenLanguage(settings))
        set({ inspection: { answerId, words, pictures, state: 'loading' } })
        void load()
      },

      inspectWord(word) {
        set(({ inspection }) => (inspection ? { inspection: { ...inspection, word } } : {}))
        void load()
      },

      closeInspector() {
        newest++
        set({ inspection: undefined })
      },
    }
  }
}
