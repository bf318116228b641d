import { OwlError } from '../../native-models/owl-error.ts'
import type { GivenText } from './answer-reading.ts'
import type { AnswerOutcome } from './conversation.ts'
import type { History } from './history.ts'

/** Between two writings of an answer that grows, in milliseconds: what a kill can cost at most. */
const writeEvery = 500
/** Between two attempts to keep an answer that could not be written, in milliseconds. */
const retryEvery = 5000

/** Keeps an answer in the history while it grows, and how it ended. */
export class AnswerRecord {
  readonly #history: History
  readonly #chatId: string
  readonly #id: string
  #text: string
  #given: GivenText | undefined
  #isEnded = false
  #timer: ReturnType<typeof setTimeout> | undefined

  /** @param text what it says already, where it is continued */
  constructor(history: History, chatId: string, id: string, text = '') {
    this.#history = history
    this.#chatId = chatId
    this.#id = id
    this.#text = text
    history.underWay.set(id, this)
  }

  get text(): string {
    return this.#text
  }

  /** What of the text in the pictures goes with the question: kept at once, so that a kill leaves it. */
  give(given: GivenText): void {
    this.#given = given
    this.#attempt(() => this.#history.messages.setOutcome(this.#id, { given }))
  }

  append(text: string): void {
    this.#text += text
    this.#timer ??= setTimeout(() => this.#write(), writeEvery)
  }

  /**
   * Writes the end of it. Where that fails (the disk is full), it is tried again until it is written or the program
   * ends.
   * @throws OwlError `disk-full`, `database-*`
   */
  end(outcome: AnswerOutcome): void {
    clearTimeout(this.#timer)
    this.#isEnded = true
    try {
      this.#end(outcome)
    } catch (error) {
      this.#retry(outcome)
      throw OwlError.from(error)
    }
  }

  /** The end of an answer that failed, perhaps as its end could not be written. */
  fail(outcome: AnswerOutcome): void {
    if (this.#isEnded) return
    try {
      this.end(outcome)
    } catch {
      // Tried again later; the person is told of the first failure.
    }
  }

  #end(outcome: AnswerOutcome): void {
    const state = outcome.error ? 'failed' : 'finished'
    this.#history.messages.end(this.#id, this.#text, state, { given: this.#given, ...outcome })
    this.#history.chats.touch(this.#chatId)
    this.#history.underWay.delete(this.#id)
    this.#history.changed(this.#chatId)
  }

  #retry(outcome: AnswerOutcome): void {
    setTimeout(() => {
      try {
        this.#end(outcome)
      } catch {
        if (this.#history.isOpen) this.#retry(outcome)
      }
    }, retryEvery).unref()
  }

  /** A failure here shows again at the end, where there is someone to tell. */
  #write(): void {
    this.#timer = undefined
    this.#attempt(() => this.#history.messages.write(this.#id, this.#text))
  }

  #attempt(writing: () => void): void {
    try {
      writing()
    } catch {
      // What was to be written is still in memory.
    }
  }
}
