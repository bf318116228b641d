import type { Draft } from '../chat/composer-slice.ts'
import type { OwlState, OwlStore } from './store.ts'

/** What a reload of the window must not lose; chats are kept by main. Pictures are references. */
interface Session {
  chatId?: string
  draft: Draft
}

const key = 'owl.session'

/** Brings back what was on the screen before a reload and keeps it from then on, for as long as the window lives. */
export function keepSession(store: OwlStore, storage: Storage): void {
  const session = read(storage)
  if (session) store.setState({ draft: session.draft })
  // A chat that was removed meanwhile leaves the window empty.
  if (session?.chatId)
    store
      .getState()
      .openChat(session.chatId)
      .catch(() => {})

  let timer: ReturnType<typeof setTimeout> | undefined
  const write = () => {
    clearTimeout(timer)
    timer = undefined
    try {
      storage.setItem(key, JSON.stringify(toSession(store.getState())))
    } catch {
      // Full: the window goes on, only a reload would lose the newest part.
    }
  }
  store.subscribe((state, before) => {
    if (state.chatId === before.chatId && state.draft === before.draft) return
    timer ??= setTimeout(write, 500)
  })
  addEventListener('pagehide', write)
}

function toSession({ chatId, draft }: OwlState): Session {
  return { chatId, draft: { ...draft, pictures: draft.pictures.filter(({ state }) => state === 'ready') } }
}

function read(storage: Storage): Session | undefined {
  try {
    const session = JSON.parse(storage.getItem(key) ?? 'null') as Session | null
    return session?.draft && Array.isArray(session.draft.pictures) ? session : undefined
  } catch {
    return undefined
  }
}
