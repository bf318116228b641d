import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { plainText } from '../../native-models/text-reader/reading-order.ts'
import type { PictureText } from '../../native-models/text-reader/text-reader.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import type { PictureInput } from '../inference/protocol.ts'
import { TextReaderClient } from '../inference/text-reader-client.ts'
import type { Database } from '../storage/database.ts'
import { PictureReadings } from '../storage/picture-readings.ts'

/** Readings kept in memory, the latest; the database holds all of them. */
const mostKept = 64
/** What an answer waits for a reading beyond the time that it had taken when the question came. */
const graceMs = 1000

export interface ReadOptions extends JobOptions {
  /** Whether the database keeps what is read, for search and for later; default yes. */
  keep?: boolean
}

export interface TextOptions extends ReadOptions {
  /** Lines of which the reader was less sure stay out, 0-1. */
  leastConfidence?: number
}

export interface ReadingOptions {
  /** Starts inference processes; the reader gets one of its own. */
  host: ProcessHost
  threads?: number
  /** Keeps what was read; without it a picture is read once as long as this lives. */
  database?: () => Promise<Database>
}

interface Reader {
  done: Promise<PictureText>
  cancellation: AbortController
  /** Milliseconds of `performance.now` when the process turned to it; undefined while it waits for other pictures. */
  startedAt: number | undefined
  /** Those who wait for it: stopped when none is left. */
  waiting: number
}

/** What was read of a picture for an answer. */
export interface AnswerReading {
  picture: PictureInput
  /** Undefined where it was not read: too slow, or it failed. */
  text: PictureText | undefined
  /** Why not. */
  missing?: 'late' | 'failed'
}

/**
 * Text in pictures: each picture is read once, at full resolution, in a process of its own.
 */
export class Reading {
  readonly #client: TextReaderClient
  readonly #kept = new Map<string, PictureText>()
  readonly #running = new Map<string, Reader>()
  readonly #database: (() => Promise<Database>) | undefined

  constructor({ host, threads, database }: ReadingOptions) {
    this.#client = new TextReaderClient({ host, threads })
    this.#database = database
  }

  /** What was read before; undefined where the picture has not been read. */
  async known(hash: string): Promise<PictureText | undefined> {
    const kept = this.#kept.get(hash) ?? (await this.#stored((store) => store.get(hash)))
    if (kept) this.#keep(hash, kept)
    return kept
  }

  /**
   * What is written in a picture. Asked for twice, it is read once; it is stopped when all who asked have stopped.
   * @throws OwlError `picture-*`, `reader-missing`, `reader-lost`, `cancelled`
   */
  async read(picture: PictureInput, job: ReadOptions = {}): Promise<PictureText> {
    if (job.signal?.aborted) throw new OwlError('cancelled', 'Stopped before it began.')
    const known = await this.known(picture.hash)
    if (known) return known
    if (job.signal?.aborted) throw new OwlError('cancelled', 'Stopped before it began.')
    const reader = this.#start(picture, job)
    reader.waiting++
    let stop = () => {}
    const stopped = new Promise<never>((_, reject) => {
      stop = () => reject(new OwlError('cancelled', 'Reading was stopped.'))
    })
    job.signal?.addEventListener('abort', stop, { once: true })
    try {
      return await Promise.race([reader.done, stopped])
    } finally {
      // One signal may stop a job of many thousand pictures.
      job.signal?.removeEventListener('abort', stop)
      if (--reader.waiting === 0) reader.cancellation.abort()
    }
  }

  /**
   * The pictures of a question, read as far as the answer may wait: for each as long as it had already been read when
   * the question came, and a second more. What is late is read on in the background.
   */
  async readForAnswer(pictures: readonly PictureInput[], signal?: AbortSignal): Promise<AnswerReading[]> {
    const asked = performance.now()
    return Promise.all(
      pictures.map(async (picture): Promise<AnswerReading> => {
        const known = await this.known(picture.hash)
        if (known) return { picture, text: known }
        const startedAt = this.#running.get(picture.hash)?.startedAt ?? asked
        const reading = this.read(picture)
        const late = waitAtMost(asked - startedAt + graceMs, signal)
        try {
          const text = await Promise.race([reading, late.done])
          return text ? { picture, text } : { picture, text: undefined, missing: 'late' }
        } catch {
          return { picture, text: undefined, missing: 'failed' }
        } finally {
          late.clear()
          reading.catch(() => {})
        }
      }),
    )
  }

  /** What is written in a picture as one text. @throws OwlError as `read` */
  async plain(picture: PictureInput, { leastConfidence = 0, ...job }: TextOptions = {}): Promise<string> {
    const { lines } = await this.read(picture, job)
    return plainText(lines.filter(({ confidence }) => confidence >= leastConfidence))
  }

  /**
   * Text of a video's sampled frames, in order; a frame that says what the one before said is left out.
   * @throws OwlError as `read`
   */
  async readFrames<Frame extends { picture: PictureInput }>(
    frames: readonly Frame[],
    { onProgress, ...job }: TextOptions = {},
  ): Promise<{ frame: Frame; text: string }[]> {
    const texts: { frame: Frame; text: string }[] = []
    let before = ''
    for (const [done, frame] of frames.entries()) {
      onProgress?.({ stage: 'reading', done, total: frames.length, unit: 'items' })
      const text = await this.plain(frame.picture, job)
      if (text !== '' && text !== before) texts.push({ frame, text })
      before = text
    }
    return texts
  }

  /** Begins to read, so that the text is there when it is asked for. Failures show when it is. */
  begin(picture: PictureInput): void {
    this.read(picture).catch(() => {})
  }

  /** Ends the process; nothing is read from then on. */
  close(): Promise<void> {
    return this.#client.close()
  }

  #start(picture: PictureInput, job: ReadOptions): Reader {
    const running = this.#running.get(picture.hash)
    if (running && !running.cancellation.signal.aborted) return running
    const cancellation = new AbortController()
    // With nothing before it, the process turns to it at once; its own start counts too.
    const startedAt = this.#running.size === 0 ? performance.now() : undefined
    const reader: Reader = { done: Promise.reject(), cancellation, startedAt, waiting: 0 }
    reader.done.catch(() => {})
    reader.done = this.#client
      .read(picture, {
        signal: cancellation.signal,
        onProgress: (progress) => {
          reader.startedAt ??= performance.now()
          job.onProgress?.(progress)
        },
      })
      .then(async (text) => {
        this.#keep(picture.hash, text)
        if (job.keep ?? true) await this.#stored((store) => store.put(picture.hash, text, plainText(text.lines)))
        return text
      })
      .finally(() => {
        if (this.#running.get(picture.hash) === reader) this.#running.delete(picture.hash)
      })
    reader.done.catch(() => {})
    this.#running.set(picture.hash, reader)
    return reader
  }

  /** A database that cannot be used is told where chats are; reading goes on without it. */
  async #stored<Result>(use: (store: PictureReadings) => Result): Promise<Result | undefined> {
    if (!this.#database) return
    try {
      return use(new PictureReadings(await this.#database()))
    } catch {
      return
    }
  }

  #keep(hash: string, text: PictureText): void {
    this.#kept.delete(hash)
    this.#kept.set(hash, text)
    for (const oldest of this.#kept.keys()) {
      if (this.#kept.size <= mostKept) break
      this.#kept.delete(oldest)
    }
  }
}

/** Resolves with nothing after a time, or when the signal fires. */
function waitAtMost(ms: number, signal: AbortSignal | undefined) {
  let finish = () => {}
  const done = new Promise<undefined>((resolve) => {
    finish = () => resolve(undefined)
  })
  const timer = setTimeout(finish, ms)
  signal?.addEventListener('abort', finish, { once: true })
  return {
    done,
    clear: () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
    },
  }
}
