import { OwlError } from '../../../native-models/owl-error.ts'
import { type GenerationStats, greedy } from '../../inference/protocol.ts'
import { userMessage } from '../messages.ts'
import type { Models } from '../models.ts'
import type { Pictures } from '../pictures.ts'
import type { Reading } from '../reading.ts'

/** One turn as a window sends it: frames stand before the text, in order of time. */
export interface VideoTurn {
  role: 'user' | 'assistant'
  text: string
  frames: { hash: string; name: string }[]
}

/** What a window hears of its answers, and of frames that are read. */
export interface VideoAnswerListener {
  seeing(requestId: string, done: number, total: number): void
  text(requestId: string, text: string): void
  finished(requestId: string, stats: GenerationStats): void
  failed(requestId: string, error: OwlError): void
}

/** What is written in a frame; `frame` counts from 0. */
export interface FrameText {
  frame: number
  text: string
}

/** Answers about videos under way for one window. The conversation is the window's; nothing of it is kept here. */
export class VideoQuestions {
  readonly #models: Models
  readonly #pictures: Pictures
  readonly #reading: Pick<Reading, 'readFrames'>
  readonly #listener: VideoAnswerListener
  readonly #running = new Map<string, AbortController>()

  constructor(models: Models, pictures: Pictures, reading: Pick<Reading, 'readFrames'>, listener: VideoAnswerListener) {
    this.#models = models
    this.#pictures = pictures
    this.#reading = reading
    this.#listener = listener
  }

  /** Starts an answer; it ends with `finished` or `failed`. @throws OwlError `request-invalid` for an id in use */
  ask(requestId: string, turns: readonly VideoTurn[]): void {
    const signal = this.#begin(requestId)
    void this.#answer(requestId, turns, signal).finally(() => this.#running.delete(requestId))
  }

  /**
   * Has the model look at frames before anything is asked about them. Nothing depends on it: what goes wrong here shows,
   * with someone to tell, in the answer.
   */
  async prepare(frames: readonly { hash: string; name: string }[]): Promise<void> {
    try {
      await this.#models.prepare([userMessage(await this.#pictures.inputs(frames), '')])
    } catch {}
  }

  /**
   * What is written in frames; one that says what the one before said is left out. Stopped as an answer is.
   * @throws OwlError `request-invalid` for an id in use, `picture-*`, `reader-missing`, `reader-lost`, `cancelled`
   */
  async read(requestId: string, frames: readonly { hash: string; name: string }[]): Promise<FrameText[]> {
    const signal = this.#begin(requestId)
    try {
      const inputs = (await this.#pictures.inputs(frames)).map((picture) => ({ picture }))
      const texts = await this.#reading.readFrames(inputs, {
        signal,
        // They belong to no chat that a search could find them with.
        keep: false,
        onProgress: ({ done, total }) => this.#listener.seeing(requestId, done, total),
      })
      return texts.map(({ frame, text }) => ({ frame: inputs.indexOf(frame), text }))
    } finally {
      this.#running.delete(requestId)
    }
  }

  /** Stops an answer; what was said stays. Unknown ids are no error. */
  stop(requestId: string): void {
    this.#running.get(requestId)?.abort()
  }

  close(): void {
    for (const controller of this.#running.values()) controller.abort()
  }

  #begin(requestId: string): AbortSignal {
    if (this.#running.has(requestId)) {
      throw new OwlError('request-invalid', `A request ${requestId} is under way already.`)
    }
    const controller = new AbortController()
    this.#running.set(requestId, controller)
    return controller.signal
  }

  async #answer(requestId: string, turns: readonly VideoTurn[], signal: AbortSignal): Promise<void> {
    try {
      const messages = await Promise.all(
        turns.map(async ({ role, text, frames }) => ({
          ...userMessage(await this.#pictures.inputs(frames), text),
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
