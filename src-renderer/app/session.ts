import type { Draft } from '../chat/composer-slice.ts'
import type { OwlState, OwlStore } from './store.ts'

/** What a reload of the window must not lose; chats are kept by main. Pictures are references. */
interface Session {
  chatId?: string
  draft: Draft
  /** Left for the change of an earlier question. */
  setAside?: Draft
}

const key = 'owl.session'

/** Brings back what was on the screen before a reload and keeps it from then on, for as long as the window lives. */
export function keepSession(store: OwlStore, storage: Storage): void {
  const session = read(storage)
  if (session) {
    const { chatId, draft, setAside } = session
    store.setState({ draft, setAside })
    // A chat that was removed meanwhile leaves the window empty, and no question to be changed.
    void (chatId ? store.getState().openChat(chatId) : Promise.resolve()).then(() => {
      if (!store.getState().chatId) store.getState().cancelEdit()
    })
  }

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
    if (state.chatId === before.chatId && state.draft === before.draft && state.setAside === before.setAside) return
    timer ??= setTimeout(write, 500)
  })
  addEventListener('pagehide', write)
}

function toSession({ chatId, draft, setAside }: OwlState): Session {
  return { chatId, draft: lasting(draft), setAside: setAside && lasting(setAside) }
}

/** Without pictures that were not added yet: their files are gone with the page. */
function lasting(draft: Draft): Draft {
  return { ...draft, pictures: draft.pictures.filter(({ state }) => state === 'ready') }
}

function read(storage: Storage): Session | undefined {
  try {
    const session = JSON.parse(storage.getItem(key) ?? 'null') as Session | null
    if (!session || !isDraft(session.draft)) return undefined
    return { ...session, setAside: isDraft(session.setAside) ? session.setAside : undefined }
  } catch {
    return undefined
  }
}

function isDraft(draft: Draft | undefined): boolean {
  return Array.isArray(draft?.pictures)
}
