import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import type { PictureText } from '../../native-models/text-reader/text-reader.ts'
import type { InferenceProcess, ProcessHost } from './process-host.ts'
import type { PictureInput, Reply } from './protocol.ts'
import { Watchdog } from './watchdog.ts'

export interface TextReaderClientOptions {
  host: ProcessHost
  /** Threads within an operator; 0 leaves it to the runtime. */
  threads?: number
  /** The process ends after so long without a picture, and its memory is free. Default two minutes. */
  idleMs?: number
  /** Silence after which a busy process is taken for hung: a tile on a slow machine has to fit. Default two minutes. */
  unresponsiveAfterMs?: number
}

interface Pending {
  job: JobOptions
  resolve: (text: PictureText) => void
  reject: (error: OwlError) => void
}

/**
 * The way to the process that reads pictures: started with the first picture, ended when there is nothing to read, and
 * started again when it is lost. Pictures are read in the order in which they come.
 */
export class TextReaderClient {
  readonly #options: TextReaderClientOptions
  readonly #watchdog: Watchdog
  readonly #pending = new Map<number, Pending>()
  #process: InferenceProcess | undefined
  #idle: NodeJS.Timeout | undefined
  #isClosed = false
  #nextId = 1

  constructor(options: TextReaderClientOptions) {
    this.#options = options
    this.#watchdog = new Watchdog(
      () => this.#process?.send({ type: 'ping', id: 0 }),
      () => this.#lose('it did not answer any more'),
    )
  }

  /** @throws OwlError `picture-*`, `reader-missing`, `reader-lost`, `cancelled` */
  async read(picture: PictureInput, job: JobOptions = {}): Promise<PictureText> {
    if (job.signal?.aborted) throw new OwlError('cancelled', 'Stopped before it began.')
    if (this.#isClosed) throw new OwlError('cancelled', 'Reading was stopped.')
    clearTimeout(this.#idle)
    this.#process ??= this.#start()
    const id = this.#nextId++
    const cancel = () => this.#process?.send({ type: 'cancel', id })
    job.signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await new Promise<PictureText>((resolve, reject) => {
        this.#pending.set(id, { job, resolve, reject })
        this.#process?.send({ type: 'read', id, picture, threads: this.#options.threads ?? 0 })
        this.#watchdog.watch(this.#options.unresponsiveAfterMs ?? 120_000)
      })
    } finally {
      job.signal?.removeEventListener('abort', cancel)
      this.#rest()
    }
  }

  /** Ends the process for good; what is being read, and what comes later, fails with `cancelled`. */
  async close(): Promise<void> {
    this.#isClosed = true
    const leaving = this.#process
    this.#drop(new OwlError('cancelled', 'Reading was stopped.'))
    await leaving?.exited
  }

  #start(): InferenceProcess {
    const started = this.#options.host.start()
    started.onReply((reply) => {
      if (this.#process === started) this.#receive(reply)
    })
    started.exited.then((how) => {
      if (this.#process === started) this.#lose(how)
    })
    return started
  }

  #receive(reply: Reply): void {
    this.#watchdog.heard()
    const request = this.#pending.get(reply.id)
    if (!request) return
    if (reply.type === 'progress') {
      request.job.onProgress?.(reply.progress)
      return
    }
    this.#pending.delete(reply.id)
    if (reply.type === 'read') request.resolve(reply.text)
    else if (reply.type === 'failed') request.reject(OwlError.fromMessage(reply.error))
  }

  #rest(): void {
    if (this.#pending.size > 0) return
    this.#watchdog.rest()
    clearTimeout(this.#idle)
    if (!this.#process) return
    this.#idle = setTimeout(
      () => this.#drop(new OwlError('cancelled', 'Reading was stopped.')),
      this.#options.idleMs ?? 120_000,
    )
    // A program that wants to end does not wait for it.
    this.#idle.unref()
  }

  #lose(how: string): void {
    this.#drop(new OwlError('reader-lost', `The process that reads text was lost: ${how}.`))
  }

  #drop(reason: OwlError): void {
    this.#process?.kill()
    this.#process = undefined
    clearTimeout(this.#idle)
    this.#watchdog.rest()
    const requests = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of requests) reject(reason)
  }
}
