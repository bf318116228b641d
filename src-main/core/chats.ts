import { OwlError } from '../../native-models/owl-error.ts'
import type { Progress } from '../../native-models/progress.ts'
import {
  type AttentionAnalysis,
  type GenerationResult,
  greedy,
  type Message,
  type SamplingOptions,
} from '../inference/protocol.ts'
import type { AnswerReading, GivenText } from './answer-reading.ts'
import { userMessage } from './messages.ts'
import type { Models } from './models.ts'
import type { Pictures } from './pictures.ts'

/** One turn as a window sends it. */
export interface ChatMessage {
  role: Message['role']
  text: string
  pictures: { hash: string; name: string }[]
}

export interface ChatRequest {
  requestId: string
  messages: ChatMessage[]
  sampling: Partial<SamplingOptions>
}

/** Asks where the model looked when it wrote characters [from, to) of the last message. */
export interface InspectionRequest {
  messages: ChatMessage[]
  from: number
  to: number
}

/** An analysis as plain numbers. */
export interface Inspection extends Omit<AttentionAnalysis, 'pictures'> {
  pictures: (Omit<AttentionAnalysis['pictures'][number], 'heat'> & { heat: number[][] })[]
}

/** What a window hears of its answers. Text comes in pieces to be appended, about one a frame. */
export interface AnswerListener {
  progress(requestId: string, progress: Progress): void
  text(requestId: string, text: string): void
  /** What of the text in its pictures goes with the question. */
  reading(requestId: string, given: GivenText): void
  finished(requestId: string, result: GenerationResult): void
  failed(requestId: string, error: OwlError): void
}

/** Answers under way for one window. */
export class Chats {
  readonly #models: Models
  readonly #pictures: Pictures
  readonly #reading: AnswerReading
  readonly #listener: AnswerListener
  readonly #running = new Map<string, AbortController>()

  constructor(models: Models, pictures: Pictures, reading: AnswerReading, listener: AnswerListener) {
    this.#models = models
    this.#pictures = pictures
    this.#reading = reading
    this.#listener = listener
  }

  /**
   * Starts an answer; it goes to the listener under the same id, and ends with `finished` or `failed`.
   * @throws OwlError `request-invalid` if an answer of this id is under way
   */
  ask(request: ChatRequest): void {
    const { requestId } = request
    if (this.#running.has(requestId)) {
      throw new OwlError('request-invalid', `An answer ${requestId} is under way already.`)
    }
    const controller = new AbortController()
    this.#running.set(requestId, controller)
    void this.#answer(request, controller.signal).finally(() => this.#running.delete(requestId))
  }

  /** Stops an answer; what was said stays, and `finished` comes with `cancelled`. Unknown ids are no error. */
  stop(requestId: string): void {
    this.#running.get(requestId)?.abort()
  }

  /**
   * Tells where the model looked when it wrote a part of an answer.
   * @throws OwlError `model-not-loaded`, `request-invalid`, `context-full`, `picture-*`, `inference-*`
   */
  async inspect({ messages, from, to }: InspectionRequest): Promise<Inspection> {
    const asked = await Promise.all(messages.map((message) => this.#message(message)))
    const { messages: aided } = await this.#aid(asked)
    const analysis = await this.#models.analyse({ messages: aided, from, to })
    const pictures = analysis.pictures.map((picture) => ({
      ...picture,
      heat: picture.heat.map((layer) => Array.from(layer)),
    }))
    return { ...analysis, pictures }
  }

  /** Stops all of them. */
  close(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  async #answer({ requestId, messages, sampling }: ChatRequest, signal: AbortSignal): Promise<void> {
    try {
      const asked = await Promise.all(messages.map((message) => this.#message(message)))
      const { messages: aided, given } = await this.#aid(asked, signal)
      if (given) this.#listener.reading(requestId, given)
      const request = {
        messages: aided,
        sampling: { ...greedy, ...sampling },
      }
      const result = await this.#models.generate(request, {
        signal,
        onText: (text) => this.#listener.text(requestId, text),
        onProgress: (progress) => this.#listener.progress(requestId, progress),
      })
      this.#listener.finished(requestId, result)
    } catch (thrown) {
      this.#listener.failed(requestId, OwlError.from(thrown))
    }
  }

  /** The conversation with the text in its pictures, for the model that is loaded or being loaded. */
  async #aid(messages: Message[], signal?: AbortSignal) {
    const { state } = this.#models
    if (state.state === 'none') return { messages, given: undefined }
    const contextRows = state.state === 'ready' ? state.contextRows : 2048
    return this.#reading.aid(messages, { name: state.name, contextRows }, signal)
  }

  async #message({ role, text, pictures }: ChatMessage): Promise<Message> {
    const inputs = await Promise.all(pictures.map((picture) => this.#pictures.input(picture)))
    return { ...userMessage(inputs, text), role }
  }
}
