import type { Draft } from '../chat/composer-slice.ts'
import { isUnderWay, type Turn } from '../chat/conversation.ts'
import { windowError } from './error.ts'
import type { OwlState, OwlStore } from './store.ts'

/** What a reload of the window must not lose. Pictures are references; their bytes are in the attachment store. */
interface Session {
  turns: Turn[]
  previousTurns: Turn[]
  draft: Draft
}

const key = 'owl.session'

/**
 * Brings back what was on the screen before a reload and keeps it from then on, for as long as the window lives.
 * An answer that was under way is marked as interrupted: its events went to the page that is gone.
 */
export function keepSession(store: OwlStore, storage: Storage): void {
  const session = read(storage)
  if (session) store.setState({ ...session, turns: session.turns.map(interrupt) })

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
    if (state.turns === before.turns && state.draft === before.draft) return
    timer ??= setTimeout(write, 500)
  })
  addEventListener('pagehide', write)
}

function toSession({ turns, previousTurns, draft }: OwlState): Session {
  return {
    turns,
    previousTurns,
    draft: { ...draft, pictures: draft.pictures.filter(({ state }) => state === 'ready') },
  }
}

function read(storage: Storage): Session | undefined {
  try {
    const session = JSON.parse(storage.getItem(key) ?? 'null') as Session | null
    const whole = Array.isArray(session?.turns) && Array.isArray(session.previousTurns) && session.draft
    return whole ? session : undefined
  } catch {
    return undefined
  }
}

function interrupt(turn: Turn): Turn {
  if (!isUnderWay(turn)) return turn
  return { ...turn, phase: 'failed', progress: undefined, error: windowError('answer-interrupted') }
}
