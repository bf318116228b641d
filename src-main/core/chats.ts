import { OwlError } from '../../native-models/owl-error.ts'
import type { Progress } from '../../native-models/progress.ts'
import { type AttentionAnalysis, type GenerationResult, greedy, type Message } from '../inference/protocol.ts'
import type { AnswerReading, GivenText } from './answer-reading.ts'
import { AnswerRecord } from './answer-record.ts'
import type { ChatSettings } from './chat-settings.ts'
import { chatTitle } from './chat-title.ts'
import { type AnswerOutcome, type Turn, toConversation } from './conversation.ts'
import type { History } from './history.ts'
import { userMessage } from './messages.ts'
import type { Models } from './models.ts'
import type { Pictures, StoredPicture } from './pictures.ts'

/** A question as a window asks it. The window makes the ids, so that it can show both turns at once. */
export interface Question {
  /** The chat is made with its first question. */
  chatId: string
  /** The turn after which it is asked; left out at the beginning. Another question after the same turn is a branch. */
  parentId?: string
  questionId: string
  answerId: string
  text: string
  pictures: StoredPicture[]
  /** Of a new chat. */
  settings?: ChatSettings
}

/** A question that is still being written, of which the pictures are known. */
export interface Draft extends Pick<Question, 'parentId' | 'pictures' | 'settings'> {
  /** Left out before the first question. */
  chatId?: string
}

/** Asks where the model looked when it wrote characters [from, to) of an answer. */
export interface InspectionRequest {
  chatId: string
  answerId: string
  from: number
  to: number
}

/** An analysis as plain numbers. */
export interface Inspection extends Omit<AttentionAnalysis, 'pictures'> {
  pictures: (Omit<AttentionAnalysis['pictures'][number], 'heat'> & { heat: number[][] })[]
}

/** What a window hears of its answers. Text comes in pieces to be appended, about one a frame. */
export interface AnswerListener {
  progress(answerId: string, progress: Progress): void
  text(answerId: string, text: string): void
  /** What of the text in its pictures goes with the question. */
  reading(answerId: string, given: GivenText): void
  finished(answerId: string, result: GenerationResult, keptFrom?: string): void
  failed(answerId: string, error: OwlError): void
}

/** Why an answer was stopped without anyone having asked for it. */
const windowGone = 'window gone'

/** Answers under way for one window. What a call has been acknowledged for is on the disk. */
export class Chats {
  readonly #history: () => Promise<History>
  readonly #models: Models
  readonly #pictures: Pictures
  readonly #reading: AnswerReading
  readonly #listener: AnswerListener
  readonly #running = new Map<string, AbortController>()

  constructor(
    history: () => Promise<History>,
    models: Models,
    pictures: Pictures,
    reading: AnswerReading,
    listener: AnswerListener,
  ) {
    this.#history = history
    this.#reading = reading
    this.#models = models
    this.#pictures = pictures
    this.#listener = listener
  }

  /**
   * Keeps a question and starts its answer, which goes to the listener under its id and ends with `finished` or `failed`.
   * @throws OwlError `request-invalid` if one of the ids is taken, `not-found`, `disk-full`, `database-*`
   */
  async ask(question: Question): Promise<void> {
    const history = await this.#history()
    const { chatId, parentId, questionId, answerId, text, pictures } = question
    refuseTaken(history, questionId, answerId)
    history.database.transaction(() => {
      const { chats, messages } = history
      const chat = chats.has(chatId)
        ? chats.row(chatId)
        : chats.add({ id: chatId, title: chatTitle(text, pictures) }, question.settings)
      messages.add(chat, { id: questionId, parentId, role: 'user', text, pictures, state: 'finished' })
      addAnswer(history, chat, questionId, answerId)
      chats.touch(chatId)
    })
    this.#start(history, chatId, answerId)
  }

  /**
   * Has the model look at the pictures of a question while it is being written. Nothing depends on it: what goes wrong
   * here shows, with someone to tell, in the answer.
   */
  async prepare({ chatId, parentId, pictures, settings }: Draft): Promise<void> {
    try {
      const history = await this.#history()
      const before =
        chatId !== undefined && history.chats.has(chatId)
          ? await this.#conversation(history, chatId, parentId)
          : await this.#forModel([], settings ?? {})
      // Which messages have to go depends on the question; one that was not answered becomes one with it.
      if (before.leftOut > 0 || before.messages.at(-1)?.role === 'user') return
      const { messages } = await this.#aid(before.messages)
      await this.#models.prepare([...messages, userMessage(await this.#pictures.inputs(pictures), '')])
    } catch {}
  }

  /** Starts another answer to a question, as a branch beside those there are. @throws OwlError as `ask` */
  async answerAgain(chatId: string, questionId: string, answerId: string): Promise<void> {
    const history = await this.#history()
    refuseTaken(history, answerId)
    history.database.transaction(() => addAnswer(history, history.chats.row(chatId), questionId, answerId))
    this.#start(history, chatId, answerId)
  }

  /** Goes on with an answer that was stopped, cut off or too long. @throws OwlError as `ask` */
  async continue(chatId: string, answerId: string): Promise<void> {
    const history = await this.#history()
    if (history.underWay.has(answerId)) throw new OwlError('request-invalid', 'This answer is under way already.')
    const answer = history.messages.upTo(history.chats.row(chatId), answerId).at(-1)
    if (answer?.role !== 'assistant') throw new OwlError('request-invalid', 'Only an answer can be continued.')
    history.messages.write(answerId, answer.text)
    this.#start(history, chatId, answerId, answer.text)
  }

  /** Stops an answer; what was said stays, and `finished` comes with `cancelled`. Unknown ids are no error. */
  stop(answerId: string): void {
    this.#running.get(answerId)?.abort()
  }

  /**
   * Tells where the model looked when it wrote a part of an answer.
   * @throws OwlError `not-found`, `model-not-loaded`, `request-invalid`, `context-full`, `picture-*`, `inference-*`
   */
  async inspect({ chatId, answerId, from, to }: InspectionRequest): Promise<Inspection> {
    const { messages } = await this.#conversation(await this.#history(), chatId, answerId)
    const { messages: aided } = await this.#aid(messages)
    const analysis = await this.#models.analyse({ messages: aided, from, to })
    const pictures = analysis.pictures.map((picture) => ({
      ...picture,
      heat: picture.heat.map((layer) => Array.from(layer)),
    }))
    return { ...analysis, pictures }
  }

  /** The window is gone: its answers are stopped, and kept as cut off. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort(windowGone)
  }

  #start(history: History, chatId: string, answerId: string, text?: string): void {
    const controller = new AbortController()
    this.#running.set(answerId, controller)
    const record = new AnswerRecord(history, chatId, answerId, text)
    history.changed(chatId)
    void this.#answer(history, chatId, answerId, record, controller.signal).finally(() =>
      this.#running.delete(answerId),
    )
  }

  async #answer(history: History, chatId: string, answerId: string, record: AnswerRecord, signal: AbortSignal) {
    try {
      const { result, keptFrom } = await this.#generate(history, chatId, answerId, record, signal)
      const { stats } = result
      const finish = signal.reason === windowGone ? 'interrupted' : result.finish
      record.end({ finish, stats, keptFrom })
      this.#listener.finished(answerId, result, keptFrom)
    } catch (thrown) {
      const error = OwlError.from(thrown)
      const outcome: AnswerOutcome =
        error.code === 'cancelled'
          ? { finish: signal.reason === windowGone ? 'interrupted' : 'cancelled' }
          : { error: error.toMessage() }
      record.fail(outcome)
      this.#listener.failed(answerId, error)
    }
  }

  async #generate(history: History, chatId: string, answerId: string, record: AnswerRecord, signal: AbortSignal) {
    const { messages, turnIds, leftOut, settings } = await this.#conversation(history, chatId, answerId)
    const { messages: aided, given } = await this.#aid(messages, signal)
    if (given) {
      record.give(given)
      this.#listener.reading(answerId, given)
    }
    const request = { messages: aided, sampling: { ...greedy, ...settings.sampling }, leftOut }
    const result = await this.#models.generate(request, {
      signal,
      onText: (text) => {
        record.append(text)
        this.#listener.text(answerId, text)
      },
      onProgress: (progress) => this.#listener.progress(answerId, progress),
    })
    const all = result.stats.leftOut
    return { result, keptFrom: all ? turnIds[all] : undefined }
  }

  /** The conversation with the text in its pictures, for the model that is loaded or being loaded. */
  #aid(messages: Message[], signal?: AbortSignal) {
    return this.#reading.aidFor(messages, this.#models.state, signal)
  }

  /** What the model gets of a chat up to a turn, and how much of it was left out by the answers before. */
  async #conversation(history: History, chatId: string, turnId: string | undefined) {
    const branch = turnId === undefined ? [] : (history.messages.upTo(history.chats.row(chatId), turnId) as Turn[])
    const settings = history.chats.settings(chatId) as ChatSettings
    return { ...(await this.#forModel(branch, settings)), settings }
  }

  async #forModel(branch: readonly Turn[], settings: ChatSettings) {
    const conversation = await toConversation(branch, settings, (picture) => this.#pictures.input(picture))
    const keptFrom = branch.findLast(({ outcome }) => outcome?.keptFrom)?.outcome?.keptFrom
    return { ...conversation, leftOut: Math.max(0, conversation.turnIds.indexOf(keptFrom ?? '')) }
  }
}

function refuseTaken(history: History, ...ids: string[]): void {
  const taken = ids.find((id) => history.messages.has(id))
  if (taken) throw new OwlError('request-invalid', `There is a message ${taken} already.`)
}

function addAnswer({ messages }: History, chat: number, questionId: string, answerId: string): void {
  messages.add(chat, {
    id: answerId,
    parentId: questionId,
    role: 'assistant',
    text: '',
    pictures: [],
    state: 'writing',
  })
}
