import { OwlError } from '../../../native-models/owl-error.ts'
import { type GenerationStats, greedy } from '../../inference/protocol.ts'
import { userMessage } from '../messages.ts'
import type { Models } from '../models.ts'
import type { Pictures } from '../pictures.ts'

/** One turn as a window sends it: frames stand before the text, in order of time. */
export interface VideoTurn {
  role: 'user' | 'assistant'
  text: string
  frames: { hash: string; name: string }[]
}

/** What a window hears of its answers. */
export interface VideoAnswerListener {
  seeing(requestId: string, done: number, total: number): void
  text(requestId: string, text: string): void
  finished(requestId: string, stats: GenerationStats): void
  failed(requestId: string, error: OwlError): void
}

/** Answers about videos under way for one window. The conversation is the window's; nothing of it is kept here. */
export class VideoQuestions {
  readonly #models: Models
  readonly #pictures: Pictures
  readonly #listener: VideoAnswerListener
  readonly #running = new Map<string, AbortController>()

  constructor(models: Models, pictures: Pictures, listener: VideoAnswerListener) {
    this.#models = models
    this.#pictures = pictures
    this.#listener = listener
  }

  /** Starts an answer; it ends with `finished` or `failed`. @throws OwlError `request-invalid` for an id in use */
  ask(requestId: string, turns: readonly VideoTurn[]): void {
    if (this.#running.has(requestId)) {
      throw new OwlError('request-invalid', `An answer ${requestId} is under way already.`)
    }
    const controller = new AbortController()
    this.#running.set(requestId, controller)
    void this.#answer(requestId, turns, controller.signal).finally(() => this.#running.delete(requestId))
  }

  /** Stops an answer; what was said stays. Unknown ids are no error. */
  stop(requestId: string): void {
    this.#running.get(requestId)?.abort()
  }

  close(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  async #answer(requestId: string, turns: readonly VideoTurn[], signal: AbortSignal): Promise<void> {
    try {
      const messages = await Promise.all(
        turns.map(async ({ role, text, frames }) => ({
          ...userMessage(await Promise.all(frames.map((frame) => this.#pictures.input(frame))), text),
          role,
        })),
      )
      const { stats } = await this.#models.generate(
        { messages, sampling: greedy },
        {
          signal,
          onText: (text) => this.#listener.text(requestId, text),
          onProgress: ({ stage, done, total }) => {
            if (stage === 'seeing') this.#listener.seeing(requestId, done, total)
          },
        },
      )
      this.#listener.finished(requestId, stats)
    } catch (thrown) {
      this.#listener.failed(requestId, OwlError.from(thrown))
    }
  }
}
