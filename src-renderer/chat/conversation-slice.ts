import type { StateCreator } from 'zustand/vanilla'
import type { CallInput, ChatSettings, OpenedChat, OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'
import { toErrorMessage, windowError } from '../app/error.ts'
import { onNextFrame } from '../app/frame.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import { type Answer, isUnderWay, type Question, type Turn, toTurn } from './conversation.ts'
import { newChatSettings } from './new-chat-settings.ts'

export interface ConversationSlice {
  /** The chat that is shown; a new one has none before its first question. */
  chatId?: string
  /** The branch of it that is shown. */
  turns: Turn[]
  /** System text and sampling of the chat. */
  chatSettings: ChatSettings
  /** A turn to be brought into view, such as one that a search found. */
  soughtTurn?: string
  /** Why a chat could not be shown, or its options not be kept. */
  chatError?: OwlErrorMessage
  dismissChatError(): void
  /** Appends a question and asks it. With `replacing`, it becomes a branch in the place of that turn. */
  ask(text: string, pictures: Picture[], replacing?: string): void
  /** Has the model look at the pictures of a question that is being written, so that its answer begins sooner. */
  lookAhead(pictures: Picture[], replacing?: string): void
  stop(): void
  /** Asks for the last answer again, as a branch. */
  regenerate(): void
  /** Goes on with the last answer. */
  continueAnswer(): void
  /** Shows the branch through a turn. */
  showBranch(turnId: string): Promise<void>
  /** Shows a chat, at the turn that is named or at its end. An answer that is under way elsewhere goes on. */
  openChat(chatId: string, turnId?: string): Promise<void>
  newChat(): void
  setChatSettings(settings: ChatSettings): Promise<void>
  foundTurn(): void
}

export function createConversationSlice({
  api,
  onConnection,
}: Shell): StateCreator<OwlState, [], [], ConversationSlice> {
  return (set, get) => {
    /** Text that has arrived since the last paint, by request. */
    const arrived = new Map<string, string>()
    /** Answers that this page has asked for: the events of others go elsewhere. */
    const own = new Set<string>()
    /** Questions that main has not acknowledged, with what was asked. */
    const unheard = new Map<string, CallInput<'chats.ask'>>()
    /** Counts openings, so that a slow one does not come over a newer one. */
    let opening = 0

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

    function show({ id, settings, turns }: OpenedChat) {
      const shown = turns.map(toTurn)
      // What is in `turns` already must not be appended once more.
      for (const turn of shown) arrived.delete(turn.id)
      set({ chatId: id, chatSettings: settings, turns: shown, chatError: undefined })
      // A question of another chat, or another branch, is not changed from here.
      if (!shown.some((turn) => turn.id === get().draft.editing)) get().cancelEdit()
    }

    /** Begins to show something else. @returns the number of this opening */
    function turnAway(): number {
      set({ waitsForPictures: false })
      return ++opening
    }

    /** Does something with a chat, and shows why it could not be done, unless another one is being opened by then. */
    async function attempt(mine: number, work: () => Promise<unknown>) {
      try {
        await work()
      } catch (thrown) {
        const chatError = toErrorMessage(thrown)
        // The connection has a banner of its own.
        if (mine === opening && chatError.code !== 'connection-lost') set({ chatError })
      }
    }

    /** The answer as it begins, and the call that has it written. */
    async function begin(answer: Answer, call: () => Promise<unknown>) {
      own.add(answer.id)
      const phase = get().model.state === 'loading' ? 'waiting' : 'reading'
      set(({ turns }) => ({ turns: [...turns.filter(({ id }) => id !== answer.id), { ...answer, phase }] }))
      try {
        await call()
      } catch (thrown) {
        fail(answer.id, thrown)
      }
    }

    function newAnswer(branches: string[] = []): Answer {
      const id = crypto.randomUUID()
      return { id, role: 'assistant', text: '', phase: 'reading', branches: [...branches, id] }
    }

    async function sendQuestion(request: CallInput<'chats.ask'>) {
      unheard.set(request.questionId, request)
      await api.call('chats.ask', request)
      unheard.delete(request.questionId)
    }

    /** Brings the chat on the screen up to what main has kept. */
    async function refreshChat() {
      const { chatId, turns } = get()
      if (!chatId) return
      const mine = ++opening
      const chat = await api.call('chats.open', { chatId }).catch(() => undefined)
      // A question that main never heard of stays on the screen, to be asked again.
      const isBehind = turns.some(({ id }) => unheard.has(id) && !chat?.turns.some((turn) => turn.id === id))
      if (chat && !isBehind && mine === opening && get().chatId === chatId) show(chat)
    }

    api.on('answer.text', ({ requestId, text }) => {
      if (arrived.size === 0) onNextFrame(showArrived)
      arrived.set(requestId, (arrived.get(requestId) ?? '') + text)
    })
    api.on('answer.progress', ({ requestId, ...progress }) =>
      changeAnswer(requestId, ({ phase }) => ({ progress, phase: phase === 'waiting' ? 'reading' : phase })),
    )
    api.on('answer.reading', ({ requestId, ...given }) => changeAnswer(requestId, () => ({ given })))
    api.on('answer.finished', ({ requestId, finish, stats, keptFrom }) => {
      showArrived()
      changeAnswer(requestId, () => ({ phase: 'finished', finish, stats, keptFrom, progress: undefined }))
    })
    api.on('answer.failed', ({ requestId, error }) => fail(requestId, error))
    api.on('models.changed', ({ state }) => {
      const last = get().turns.at(-1)
      if (state === 'ready' && isUnderWay(last) && last.phase === 'waiting') {
        changeAnswer(last.id, () => ({ phase: 'reading' }))
      }
    })
    api.on('history.changed', ({ chatId }) => {
      const last = get().turns.at(-1)
      if (chatId === get().chatId && isUnderWay(last) && !own.has(last.id)) void refreshChat()
    })
    onConnection((state) => {
      if (state === 'open') return void refreshChat()
      // Main stops the answers of a lost socket.
      const last = get().turns.at(-1)
      if (isUnderWay(last)) fail(last.id, windowError('connection-lost'))
    })

    return {
      turns: [],
      chatSettings: {},

      ask(text, pictures, replacing) {
        get().stop()
        opening++
        const { turns, chatSettings, chatId = crypto.randomUUID(), folderId } = get()
        const isNew = get().chatId === undefined
        const before = turnsBefore(turns, replacing)
        const questionId = crypto.randomUUID()
        const question: Question = {
          id: questionId,
          role: 'user',
          text,
          pictures,
          branches: [...(turns[before.length]?.branches ?? []), questionId],
        }
        set({ chatId, turns: [...before, question], soughtTurn: undefined, chatError: undefined })
        const answer = newAnswer()
        const parentId = before.at(-1)?.id
        const request = { chatId, parentId, questionId, answerId: answer.id, text, pictures, settings: chatSettings }
        void begin(answer, async () => {
          await sendQuestion(request)
          // Where the person is looking into a folder, that is where it belongs; without one it is among the rest.
          if (isNew && folderId) await get().moveChat(chatId, folderId)
        })
      },

      lookAhead(pictures, replacing) {
        const { turns, chatSettings: settings, chatId } = get()
        if (pictures.length === 0 || isUnderWay(turns.at(-1))) return
        const parentId = turnsBefore(turns, replacing).at(-1)?.id
        void api.call('chats.prepare', { chatId, parentId, pictures, settings }).catch(() => {})
      },

      stop() {
        showArrived()
        const last = get().turns.at(-1)
        if (!isUnderWay(last)) return
        void api.call('chats.stop', { answerId: last.id }).catch(() => {})
        // Main ends the step it is in first; the person need not wait for that.
        changeAnswer(last.id, () => ({ phase: 'finished', finish: 'cancelled', progress: undefined }))
      },

      regenerate() {
        const { turns, chatId } = get()
        const last = turns.at(-1)
        const question = turns.at(-2)
        if (!chatId || !question || last?.role !== 'assistant' || isUnderWay(last)) return
        set({ turns: turns.slice(0, -1) })
        const again = unheard.get(question.id)
        const answer = newAnswer(again ? [] : last.branches)
        void begin(answer, () =>
          again
            ? sendQuestion({ ...again, answerId: answer.id })
            : api.call('chats.answerAgain', { chatId, questionId: question.id, answerId: answer.id }),
        )
      },

      continueAnswer() {
        const { turns, chatId } = get()
        const last = turns.at(-1)
        if (!chatId || last?.role !== 'assistant' || isUnderWay(last)) return
        const { finish: _finish, stats: _stats, error: _error, ...answer } = last
        void begin(answer, () => api.call('chats.continue', { chatId, answerId: last.id }))
      },

      async showBranch(turnId) {
        const { chatId } = get()
        if (!chatId) return
        get().stop()
        const mine = turnAway()
        await attempt(mine, async () => {
          const chat = await api.call('chats.showBranch', { chatId, turnId })
          if (mine === opening) show(chat)
        })
      },

      async openChat(chatId, turnId) {
        const mine = turnAway()
        get().leaveSide()
        await attempt(mine, async () => {
          const chat = await (turnId
            ? api.call('chats.showBranch', { chatId, turnId })
            : api.call('chats.open', { chatId }))
          if (mine !== opening) return
          show(chat)
          set({ soughtTurn: turnId })
        })
      },

      newChat() {
        turnAway()
        get().cancelEdit()
        const chatSettings = newChatSettings(get().settings)
        set({ chatId: undefined, turns: [], chatSettings, soughtTurn: undefined, chatError: undefined })
      },

      async setChatSettings(chatSettings) {
        const { chatId, turns } = get()
        set({ chatSettings, chatError: undefined })
        if (chatId && turns.length > 0)
          await attempt(opening, () => api.call('chats.setSettings', { chatId, settings: chatSettings }))
      },

      dismissChatError: () => set({ chatError: undefined }),

      foundTurn: () => set({ soughtTurn: undefined }),
    }
  }
}

/** What stands before the next question, which may take the place of an earlier one. */
function turnsBefore(turns: readonly Turn[], replacing: string | undefined): readonly Turn[] {
  const at = turns.findIndex((turn) => turn.id === replacing)
  return at < 0 ? turns : turns.slice(0, at)
}
