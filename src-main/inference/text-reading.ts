import { setPriority } from 'node:os'
import { OwlError } from '../../native-models/owl-error.ts'
import type { TextReader } from '../../native-models/text-reader/text-reader.ts'
import type { Command, Reply } from './protocol.ts'

/** On Windows the steps are coarser, and this one is the normal one. */
const niceness = 4

type ReadCommand = Extract<Command, { type: 'read' }>

/**
 * The reading side of an inference process: loads the reader with the first picture and reads one at a time. It runs in
 * a process of its own, so that neither a long scroll nor a fault of it is in the way of an answer.
 */
export class TextReading {
  readonly #send: (reply: Reply) => void
  readonly #cancellations = new Map<number, AbortController>()
  #reader: Promise<TextReader> | undefined
  #end: Promise<void> = Promise.resolve()

  constructor(send: (reply: Reply) => void) {
    this.#send = send
  }

  /** Answers with `read` or `failed`. */
  read(command: ReadCommand): Promise<void> {
    const cancellation = new AbortController()
    this.#cancellations.set(command.id, cancellation)
    this.#end = this.#end.then(() => this.#work(command, cancellation.signal))
    return this.#end
  }

  /** Unknown ids are no error: they may be those of other work. */
  cancel(id: number): void {
    this.#cancellations.get(id)?.abort()
  }

  async #work({ id, picture, threads }: ReadCommand, signal: AbortSignal): Promise<void> {
    try {
      if (signal.aborted) throw new OwlError('cancelled', 'Stopped before it began.')
      this.#reader ??= loadReader(threads)
      const reader = await this.#reader.catch((thrown) => {
        this.#reader = undefined
        throw thrown
      })
      const text = await reader.read(picture.source, picture.name, {
        signal,
        onProgress: (progress) => this.#send({ type: 'progress', id, progress }),
      })
      this.#send({ type: 'read', id, text })
    } catch (thrown) {
      this.#send({ type: 'failed', id, error: OwlError.from(thrown).toMessage() })
    } finally {
      this.#cancellations.delete(id)
    }
  }
}

async function loadReader(threads: number): Promise<TextReader> {
  try {
    // An answer goes before, yet a machine that is busy otherwise does not starve it.
    setPriority(niceness)
  } catch {
    // Not every system lets a process do so.
  }
  const { TextReader } = await import('../../native-models/text-reader/text-reader.ts')
  return TextReader.load({ threads })
}
