import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import type { InferenceProcess, ProcessHost } from './process-host.ts'
import type {
  AnalysisRequest,
  AttentionAnalysis,
  BatchOutcome,
  Command,
  GenerationRequest,
  GenerationResult,
  LoadedModel,
  LoadOptions,
  Message,
  Reply,
} from './protocol.ts'
import { Watchdog } from './watchdog.ts'

export interface GenerateOptions extends JobOptions {
  /** Text to be appended to the answer; about once a frame at most. */
  onText?: (text: string) => void
}

export interface GenerateTogetherOptions extends JobOptions {
  /** Text to be appended to the answer of the request with this number; about once a frame at most. */
  onText?: (request: number, text: string) => void
}

export interface InferenceClientOptions {
  host: ProcessHost
  /** Silence after which a busy process is taken for hung. One step or prefill chunk has to fit. Default a minute. */
  unresponsiveAfterMs?: number
  /** The same while a model is loaded, which is one long step for each graph. Default ten minutes. */
  loadUnresponsiveAfterMs?: number
  /** Told when the process was lost and the model is loaded again without anyone having asked. */
  onReload?: (loading: Promise<LoadedModel>) => void
}

/** A command that needs the model. */
type Question = Extract<Command, { type: 'generate' | 'generate-together' | 'analyse' | 'prepare' }>

interface Pending {
  command: Question | Extract<Command, { type: 'load' | 'ping' }>
  job: JobOptions & { onText?: (text: string, request?: number) => void }
  resolve: (value: unknown) => void
  reject: (error: OwlError) => void
}

/**
 * The way to the inference process: starts it, sends requests, and starts it again when it is lost. A request at
 * hand then fails with `inference-crashed` or `inference-unresponsive`; those behind it are asked again once the
 * model is back. The process is started at once, so that it is there when a model is to be loaded.
 */
export class InferenceClient {
  readonly #options: InferenceClientOptions
  readonly #watchdog: Watchdog
  readonly #pending = new Map<number, Pending>()
  #process: InferenceProcess | undefined
  /** The end of the process before. */
  #leaving: Promise<unknown> = Promise.resolve()
  #loadOptions: LoadOptions | undefined
  /** The model, ready or on its way. */
  #loading: Promise<LoadedModel> | undefined
  #model: LoadedModel | undefined
  /** Times in a row that a GPU was lost, without an answer in between. */
  #deviceLosses = 0
  #nextId = 1

  constructor(options: InferenceClientOptions) {
    this.#options = options
    this.#watchdog = new Watchdog(
      () => this.#post({ type: 'ping', id: 0 }),
      () => this.#lose('inference-unresponsive', 'it did not answer any more'),
    )
    this.#process = this.#startProcess()
  }

  /** The model that is loaded and ready. */
  get model(): LoadedModel | undefined {
    return this.#model
  }

  /**
   * Loads a model, in place of the one loaded before. Requests at hand are cancelled.
   * @throws OwlError `model-not-found`, `model-damaged`, `model-load-failed`, `device-unavailable`, `cancelled`
   */
  async load(options: LoadOptions, job: JobOptions = {}): Promise<LoadedModel> {
    if (job.signal?.aborted) throw new OwlError('cancelled', 'Loading was stopped before it began.')
    if (this.#loading) this.#stopProcess(new OwlError('cancelled', 'Another model was loaded.'))
    this.#loadOptions = options
    this.#deviceLosses = 0
    const stop = () => this.#stopProcess(new OwlError('cancelled', 'Loading was stopped.'))
    job.signal?.addEventListener('abort', stop, { once: true })
    try {
      return await this.#startLoading(job)
    } finally {
      job.signal?.removeEventListener('abort', stop)
    }
  }

  /**
   * Answers a conversation. Stopped by its signal, it returns the text so far with `finish: 'cancelled'`, or rejects
   * with `cancelled` where it had not begun.
   * @throws OwlError `model-not-loaded`, `context-full`, `picture-*`, `cancelled`, `inference-crashed`, `inference-unresponsive`
   */
  async generate(request: GenerationRequest, job: GenerateOptions = {}): Promise<GenerationResult> {
    return this.#work<GenerationResult>({ type: 'generate', id: this.#nextId++, request }, job)
  }

  /**
   * Answers several requests together, which takes less time than one after the other; where two tokens are about as
   * likely, an answer may differ from the one given alone. Several at a time are under way; any number may be asked. Stopped by its signal, it returns the texts
   * so far with `finish: 'cancelled'`, and `cancelled` for requests that had not begun.
   * @returns for each request its result or why it failed (`context-full`, `picture-*`, `cancelled`)
   * @throws OwlError `model-not-loaded`, `cancelled`, `inference-crashed`, `inference-unresponsive`
   */
  async generateTogether(requests: GenerationRequest[], job: GenerateTogetherOptions = {}): Promise<BatchOutcome[]> {
    const { onText, ...rest } = job
    const show = onText && ((text: string, request = 0) => onText(request, text))
    return this.#work<BatchOutcome[]>(
      { type: 'generate-together', id: this.#nextId++, requests },
      { ...rest, ...(show && { onText: show }) },
    )
  }

  /**
   * Tells where the loaded model looked when it wrote a part of an answer.
   * @throws OwlError as `generate`, and `request-invalid` where the answer has no such part
   */
  async analyse(request: AnalysisRequest, job: JobOptions = {}): Promise<AttentionAnalysis> {
    return this.#work<AttentionAnalysis>({ type: 'analyse', id: this.#nextId++, request }, job)
  }

  /**
   * Looks at the pictures of a question that is still being written, so that its answer begins sooner. Whatever else is
   * asked goes before it.
   * @returns rows of the conversation that need not be computed again
   * @throws OwlError as `generate`
   */
  async prepare(messages: Message[]): Promise<number> {
    return this.#work<number>({ type: 'prepare', id: this.#nextId++, messages }, {})
  }

  /** Memory that the inference process holds, in bytes; 0 where none runs. */
  async residentBytes(): Promise<number> {
    if (!this.#process) return 0
    return this.#ask<number>({ type: 'ping', id: this.#nextId++ }, {})
  }

  /** Ends the process; returns when it is gone. Requests at hand are cancelled; a later `load` starts anew. */
  async close(): Promise<void> {
    this.#loadOptions = undefined
    this.#stopProcess(new OwlError('cancelled', 'The model was closed.'))
    await this.#leaving
  }

  /** Sends a request once there is a model, and a cancellation when its signal says so. */
  async #work<Result>(command: Question, job: Pending['job']): Promise<Result> {
    while (!this.#model) {
      if (!this.#loadOptions) throw new OwlError('model-not-loaded', 'No model is loaded.')
      if (this.#deviceLosses > 1) throw lostTwice()
      // Where the model was lost and could not be loaded again, each request is one more try.
      await (this.#loading ?? this.#startLoading())
    }
    if (job.signal?.aborted) throw new OwlError('cancelled', 'Stopped before it began.')
    const cancel = () => this.#cancel(command.id)
    job.signal?.addEventListener('abort', cancel, { once: true })
    try {
      return await this.#ask<Result>(command, job)
    } finally {
      job.signal?.removeEventListener('abort', cancel)
    }
  }

  #startLoading(job: JobOptions = {}): Promise<LoadedModel> {
    const options = this.#loadOptions!
    // Only when the process before is gone, so that two models are never in memory at once.
    const loading: Promise<LoadedModel> = this.#leaving.then(() => {
      if (this.#loading !== loading) throw new OwlError('cancelled', 'Loading was stopped.')
      this.#process ??= this.#startProcess()
      return this.#ask({ type: 'load', id: this.#nextId++, options }, job)
    })
    this.#loading = loading
    loading.then(
      (model) => {
        if (this.#loading === loading) this.#model = model
      },
      // What it had opened until then would stay in its memory beside the next model.
      (error: unknown) => {
        if (this.#loading === loading) this.#stopProcess(OwlError.from(error))
      },
    )
    return loading
  }

  #startProcess(): InferenceProcess {
    const started = this.#options.host.start()
    started.onReply((reply) => {
      if (this.#process === started) this.#receive(reply)
    })
    started.exited.then((how) => {
      if (this.#process === started) this.#lose('inference-crashed', how)
    })
    return started
  }

  #ask<Result>(command: Pending['command'], job: Pending['job']): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#pending.set(command.id, { command, job, resolve: (value) => resolve(value as Result), reject })
      this.#post(command)
      this.#watch()
    })
  }

  #cancel(id: number): void {
    const request = this.#pending.get(id)
    if (this.#model) this.#post({ type: 'cancel', id })
    // The process was lost and does not know of the request yet.
    else if (request) this.#rejectAll([request], new OwlError('cancelled', 'Stopped before it began.'))
  }

  #post(command: Command): void {
    this.#process?.send(command)
  }

  #receive(reply: Reply): void {
    this.#watchdog.heard()
    const request = this.#pending.get(reply.id)
    if (!request) return
    switch (reply.type) {
      case 'text':
        request.job.onText?.(reply.text, reply.request)
        break
      case 'progress':
        request.job.onProgress?.(reply.progress)
        break
      case 'failed':
        // What is left of a session whose device is lost can only fail again.
        if (reply.error.code === 'device-lost') this.#lose('device-lost', reply.error.message)
        else this.#rejectAll([request], OwlError.fromMessage(reply.error))
        break
      case 'loaded':
        this.#settle(request, reply.model)
        break
      case 'generated':
        this.#deviceLosses = 0
        this.#settle(request, reply.result)
        break
      case 'generated-together':
        if (reply.outcomes.some(({ result }) => result)) this.#deviceLosses = 0
        this.#settle(request, reply.outcomes)
        break
      case 'analysed':
        this.#settle(request, reply.analysis)
        break
      case 'prepared':
        this.#settle(request, reply.rows)
        break
      case 'pong':
        this.#settle(request, reply.residentBytes)
        break
    }
  }

  #settle(request: Pending, value: unknown): void {
    this.#pending.delete(request.command.id)
    request.resolve(value)
    this.#watch()
  }

  #rejectAll(requests: readonly Pending[], reason: OwlError): void {
    for (const { command, reject } of requests) {
      if (this.#pending.delete(command.id)) reject(reason)
    }
    this.#watch()
  }

  /** The silence allowed depends on what the process is doing. */
  #watch(): void {
    const { unresponsiveAfterMs = 60_000, loadUnresponsiveAfterMs = 600_000 } = this.#options
    const requests = [...this.#pending.values()]
    if (requests.length === 0) this.#watchdog.rest()
    else if (requests.some(({ command }) => command.type === 'load')) this.#watchdog.watch(loadUnresponsiveAfterMs)
    else this.#watchdog.watch(unresponsiveAfterMs)
  }

  #stopProcess(reason: OwlError): void {
    this.#dropProcess()
    this.#rejectAll([...this.#pending.values()], reason)
  }

  #dropProcess(): void {
    if (this.#process) {
      this.#process.kill()
      this.#leaving = this.#process.exited
    }
    this.#process = undefined
    this.#model = undefined
    this.#loading = undefined
  }

  /** The process died or hangs. */
  #lose(reason: 'inference-crashed' | 'inference-unresponsive' | 'device-lost', how: string): void {
    const requests = [...this.#pending.values()]
    const wasReady = this.#model !== undefined
    const onGpu = wasReady && this.#model?.device !== 'cpu'
    this.#dropProcess()
    if (!wasReady) {
      // Asking for the same once more would most likely end the same way.
      this.#rejectAll(requests, new OwlError('model-load-failed', `The model process was lost while loading: ${how}.`))
      return
    }
    // The process works in order, so the first question is the one at hand; those behind it are asked again.
    const questions = requests.filter(({ command }) => command.type !== 'load' && command.type !== 'ping')
    const behind = questions.slice(1)
    const failing = requests.filter((request) => !behind.includes(request))
    // Drivers take their process down: where a GPU was at work, that is the most likely cause.
    const code = onGpu && reason === 'inference-crashed' ? 'device-lost' : reason
    const what = onGpu ? 'The GPU or its driver was lost' : 'The model process was lost'
    this.#rejectAll(failing, new OwlError(code, `${what}: ${how.replace(/\.$/, '')}.`))
    // On the same device once more; if that is lost too, it is for the person to choose.
    if (onGpu && ++this.#deviceLosses > 1) {
      const loading = Promise.reject<LoadedModel>(lostTwice())
      this.#options.onReload?.(loading)
      loading.catch(() => {})
      this.#rejectAll(behind, lostTwice())
      return
    }
    // A process that dies with nothing to do would die again: the model is then loaded with the next question.
    if (questions.length > 0) this.#reload(behind)
  }

  #reload(behind: readonly Pending[]): void {
    const loading = this.#startLoading()
    this.#options.onReload?.(loading)
    loading.then(
      () => {
        for (const { command } of behind) if (this.#pending.has(command.id)) this.#post(command)
      },
      (error: unknown) => this.#rejectAll(behind, OwlError.from(error)),
    )
  }
}

function lostTwice(): OwlError {
  return new OwlError('device-unavailable', 'The GPU was lost twice in a row.', {
    hint: 'Load the model again to try once more, or choose the processor in the settings (`--device cpu`).',
  })
}
