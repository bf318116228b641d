import type { StateCreator } from 'zustand/vanilla'
import type { Picture } from '../../src-main/ipc/contract.ts'
import { toErrorMessage, windowError } from '../app/error.ts'
import { onNextFrame } from '../app/frame.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import { type Answer, isUnderWay, type Turn, toMessages } from './conversation.ts'

export interface ConversationSlice {
  turns: Turn[]
  /** The chat before this one, until the first question of this one is asked. */
  previousTurns: Turn[]
  /** Appends a question and asks it. With `replacing`, that turn and all after it make room first. */
  ask(text: string, pictures: Picture[], replacing?: string): void
  stop(): void
  /** Asks for the last answer again. */
  regenerate(): void
  newChat(): void
  bringBackChat(): void
}

export function createConversationSlice({
  api,
  onConnection,
}: Shell): StateCreator<OwlState, [], [], ConversationSlice> {
  return (set, get, store) => {
    /** Text that has arrived since the last paint, by request. */
    const arrived = new Map<string, string>()

    /** Changes an answer that is under way; one that was stopped or left behind stays as it is. */
    function changeAnswer(id: string, change: (answer: Answer) => Partial<Answer>) {
      set(({ turns }) => ({
        turns: turns.map((turn) => (turn.id === id && isUnderWay(turn) ? { ...turn, ...change(turn) } : turn)),
      }))
    }

    function showArrived() {
      for (const [id, text] of arrived) {
        changeAnswer(id, (answer) => ({ text: answer.text + text, phase: 'writing', progress: undefined }))
      }
      arrived.clear()
    }

    function fail(id: string, thrown: unknown) {
      showArrived()
      changeAnswer(id, () => ({ phase: 'failed', error: toErrorMessage(thrown), progress: undefined }))
    }

    /** Resolves when a model is ready; rejects with the reason where none will be. */
    function modelReady(): Promise<void> {
      return new Promise((resolve, reject) => {
        const look = ({ model }: OwlState): boolean => {
          if (model.state === 'loading') return false
          if (model.state === 'failed') reject(model.error)
          else resolve()
          return true
        }
        if (look(get())) return
        const end = store.subscribe((state) => {
          if (look(state)) end()
        })
      })
    }

    async function startAnswer() {
      const id = crypto.randomUUID()
      set(({ turns }) => ({ turns: [...turns, { id, role: 'assistant', text: '', phase: 'waiting' }] }))
      const answer = () => get().turns.find((turn) => turn.id === id)
      try {
        await modelReady()
        if (!isUnderWay(answer())) return
        const messages = toMessages(get().turns.filter((turn) => turn.id !== id))
        changeAnswer(id, () => ({ phase: 'reading' }))
        await api.call('chats.ask', { requestId: id, messages, sampling: {} })
      } catch (thrown) {
        fail(id, thrown)
      }
    }

    api.on('answer.text', ({ requestId, text }) => {
      if (arrived.size === 0) onNextFrame(showArrived)
      arrived.set(requestId, (arrived.get(requestId) ?? '') + text)
    })
    api.on('answer.progress', ({ requestId, ...progress }) => changeAnswer(requestId, () => ({ progress })))
    api.on('answer.finished', ({ requestId, finish, stats }) => {
      showArrived()
      changeAnswer(requestId, () => ({ phase: 'finished', finish, stats, progress: undefined }))
    })
    api.on('answer.failed', ({ requestId, error }) => fail(requestId, error))
    onConnection((state) => {
      const last = get().turns.at(-1)
      // Main stops the answers of a lost socket.
      if (state !== 'open' && isUnderWay(last) && last.phase !== 'waiting')
        fail(last.id, windowError('connection-lost'))
    })

    return {
      turns: [],
      previousTurns: [],

      ask(text, pictures, replacing) {
        get().stop()
        const question: Turn = { id: crypto.randomUUID(), role: 'user', text, pictures }
        set(({ turns }) => {
          const at = turns.findIndex((turn) => turn.id === replacing)
          return { turns: [...(at < 0 ? turns : turns.slice(0, at)), question], previousTurns: [] }
        })
        void startAnswer()
      },

      stop() {
        showArrived()
        const last = get().turns.at(-1)
        if (!isUnderWay(last)) return
        if (last.phase !== 'waiting') void api.call('chats.stop', { requestId: last.id }).catch(() => {})
        // Main ends the step it is in first; the person need not wait for that.
        changeAnswer(last.id, () => ({ phase: 'finished', finish: 'cancelled', progress: undefined }))
      },

      regenerate() {
        const last = get().turns.at(-1)
        if (last?.role !== 'assistant' || isUnderWay(last)) return
        set(({ turns }) => ({ turns: turns.slice(0, -1) }))
        void startAnswer()
      },

      newChat() {
        get().stop()
        set(({ turns, previousTurns }) => ({ turns: [], previousTurns: turns.length > 0 ? turns : previousTurns }))
      },

      bringBackChat() {
        set(({ previousTurns }) => ({ turns: previousTurns, previousTurns: [] }))
      },
    }
  }
}
