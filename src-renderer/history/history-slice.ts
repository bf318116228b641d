import type { StateCreator } from 'zustand/vanilla'
import type { CallOutput, ChatFolder, ChatSummary, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'

export interface HistorySlice {
  folders: ChatFolder[]
  /** The folder whose chats are listed; those in none where it is left out. */
  folderId?: string
  /** As much of the list as was scrolled to. */
  chats: ChatSummary[]
  /** Leads to the rest of the list. */
  moreFrom?: string
  historyError?: OwlErrorMessage
  chatQuery: string
  /** What the search found; none while nothing is searched for. */
  found?: CallOutput<'history.search'>
  /** To be brought back, if the person wants to; the newest first. */
  deletedChats: { id: string; title: string }[]
  refreshChats(): Promise<void>
  loadMoreChats(): Promise<void>
  searchChats(query: string): Promise<void>
  loadMoreHits(): Promise<void>
  renameChat(id: string, title: string): Promise<void>
  pinChat(id: string, isPinned: boolean): Promise<void>
  deleteChat(chat: { id: string; title: string }): Promise<void>
  undoDelete(chatId: string): Promise<void>
  /** Lists the chats of a folder, or those in none. */
  openFolder(folderId: string | undefined): Promise<void>
  /** @returns its id; undefined where it could not be made */
  createFolder(name: string): Promise<string | undefined>
  renameFolder(folderId: string, name: string): Promise<void>
  /** Its chats stay. */
  removeFolder(folderId: string): Promise<void>
  /** Into a folder, or out of the one it is in. */
  moveChat(chatId: string, folderId: string | undefined): Promise<void>
  /** The chat for which a folder is being chosen. */
  movingChat?: ChatSummary
  chooseFolder(chat: ChatSummary | undefined): void
  /** Takes the offer to undo away. */
  forgetDeleted(chatId: string): void
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
        void attempt(async () => {
          await readList(get().chats)
          await refreshFound()
        })
      }, settleAfter)
    })

    /** The first part of the list, at least as long as the one that is shown. */
    async function readList(shownChats: readonly unknown[]) {
      const folders = await api.call('history.folders', {})
      const { folderId } = get()
      // Removed in another window: what was in it is among the rest.
      const shown = folders.some(({ id }) => id === folderId) ? folderId : undefined
      const { chats, next } = await api.call('history.list', { limit: lengthOf(shownChats), folderId: shown })
      // Another one may have been opened meanwhile.
      if (get().folderId === folderId) set({ folders, folderId: shown, chats, moreFrom: next })
    }

    /** Searches again, as far down as was scrolled to: what was found may be gone. */
    async function refreshFound() {
      const { found, chatQuery: query } = get()
      if (!found) return
      const again = await api.call('history.search', { query, limit: lengthOf(found.hits) })
      if (get().found === found) set({ found: again })
    }

    onConnection((state) => state === 'open' && void get().refreshChats())

    return {
      folders: [],
      chats: [],
      chatQuery: '',
      deletedChats: [],

      refreshChats: () => attempt(() => readList(get().chats)),

      async loadMoreChats() {
        const { moreFrom, folderId } = get()
        if (!moreFrom || loadingMore) return
        loadingMore = true
        await attempt(async () => {
          const { chats, next } = await api.call('history.list', { limit: page, cursor: moreFrom, folderId })
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
          set(({ chats, deletedChats }) => ({
            chats: chats.filter((chat) => chat.id !== id),
            deletedChats: [{ id, title }, ...deletedChats],
          }))
          if (get().chatId === id) {
            get().stop()
            get().newChat()
          }
        }),

      undoDelete: (chatId) =>
        attempt(async () => {
          await api.call('history.restore', { chatId })
          get().forgetDeleted(chatId)
        }),

      async openFolder(folderId) {
        set({ folderId, chats: [], moreFrom: undefined })
        await attempt(() => readList([]))
      },

      async createFolder(name) {
        let id: string | undefined
        await attempt(async () => {
          id = (await api.call('history.createFolder', { name })).id
        })
        return id
      },

      renameFolder: (folderId, name) => attempt(() => api.call('history.renameFolder', { folderId, name })),

      removeFolder: (folderId) => attempt(() => api.call('history.removeFolder', { folderId })),

      moveChat: (chatId, folderId) => attempt(() => api.call('history.move', { chatId, folderId })),

      chooseFolder: (movingChat) => set({ movingChat }),

      forgetDeleted: (chatId) =>
        set(({ deletedChats }) => ({ deletedChats: deletedChats.filter(({ id }) => id !== chatId) })),
    }
  }
}

/** How much of a list is asked for, so that what was scrolled to stays. */
function lengthOf(shown: readonly unknown[]): number {
  return Math.min(mostAtOnce, Math.max(page, shown.length))
}
