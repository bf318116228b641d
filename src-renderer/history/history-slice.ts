import type { StateCreator } from 'zustand/vanilla'
import type { CallOutput, ChatSummary, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

export interface HistorySlice {
  /** As much of the list as was scrolled to. */
  chats: ChatSummary[]
  /** Leads to the rest of the list. */
  moreFrom?: string
  historyError?: OwlErrorMessage
  chatQuery: string
  /** What the search found; none while nothing is searched for. */
  found?: CallOutput<'history.search'>
  /** To be brought back, if the person wants to. */
  deletedChat?: { id: string; title: string }
  refreshChats(): Promise<void>
  loadMoreChats(): Promise<void>
  searchChats(query: string): Promise<void>
  loadMoreHits(): Promise<void>
  renameChat(id: string, title: string): Promise<void>
  pinChat(id: string, isPinned: boolean): Promise<void>
  deleteChat(chat: { id: string; title: string }): Promise<void>
  undoDelete(): Promise<void>
  /** Takes the offer to undo away. */
  forgetDeleted(): void
}

const page = 100
/** The most that a call returns. */
const mostAtOnce = 500
/** Changes come in bursts; the list is asked for once, after so many milliseconds. */
const settleAfter = 100

/** The list of chats, search in them, and what can be done with one. */
export function createHistorySlice({ api, onConnection }: Shell): StateCreator<OwlState, [], [], HistorySlice> {
  return (set, get) => {
    let isSettling = false
    let loadingMore = false

    /** Does something, and shows why it could not be done. */
    async function attempt(work: () => Promise<unknown>) {
      try {
        await work()
        set({ historyError: undefined })
      } catch (thrown) {
        const error = toErrorMessage(thrown)
        // The connection has a banner of its own.
        if (error.code !== 'connection-lost') set({ historyError: error })
      }
    }

    api.on('history.changed', () => {
      if (isSettling) return
      isSettling = true
      setTimeout(() => {
        isSettling = false
        void get().refreshChats()
      }, settleAfter)
    })
    onConnection((state) => state === 'open' && void get().refreshChats())

    return {
      chats: [],
      chatQuery: '',

      refreshChats: () =>
        attempt(async () => {
          const limit = Math.min(mostAtOnce, Math.max(page, get().chats.length))
          const { chats, next } = await api.call('history.list', { limit })
          set({ chats, moreFrom: next })
        }),

      async loadMoreChats() {
        const { moreFrom } = get()
        if (!moreFrom || loadingMore) return
        loadingMore = true
        await attempt(async () => {
          const { chats, next } = await api.call('history.list', { limit: page, cursor: moreFrom })
          // The list may have been asked for anew meanwhile.
          if (get().moreFrom === moreFrom) set({ chats: [...get().chats, ...chats], moreFrom: next })
        })
        loadingMore = false
      },

      async searchChats(chatQuery) {
        set({ chatQuery })
        if (chatQuery.trim() === '') return set({ found: undefined })
        await attempt(async () => {
          const found = await api.call('history.search', { query: chatQuery, limit: page })
          if (get().chatQuery === chatQuery) set({ found })
        })
      },

      async loadMoreHits() {
        const { found, chatQuery } = get()
        if (!found?.next || loadingMore) return
        loadingMore = true
        await attempt(async () => {
          const more = await api.call('history.search', { query: chatQuery, limit: page, below: found.next })
          if (get().found === found)
            set({ found: { ...more, titles: found.titles, hits: [...found.hits, ...more.hits] } })
        })
        loadingMore = false
      },

      renameChat: (chatId, title) => attempt(() => api.call('history.rename', { chatId, title })),

      pinChat: (chatId, isPinned) => attempt(() => api.call('history.pin', { chatId, isPinned })),

      deleteChat: ({ id, title }) =>
        attempt(async () => {
          await api.call('history.delete', { chatId: id })
          set(({ chats }) => ({ chats: chats.filter((chat) => chat.id !== id), deletedChat: { id, title } }))
          if (get().chatId === id) {
            get().stop()
            get().newChat()
          }
        }),

      async undoDelete() {
        const { deletedChat } = get()
        if (!deletedChat) return
        await attempt(() => api.call('history.restore', { chatId: deletedChat.id }))
        set({ deletedChat: undefined })
      },

      forgetDeleted: () => set({ deletedChat: undefined }),
    }
  }
}
