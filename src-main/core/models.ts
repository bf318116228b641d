import { EventEmitter } from 'node:events'
import { type ErrorMessage, OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { type GenerateOptions, type GenerateTogetherOptions, InferenceClient } from '../inference/client.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import type {
  AnalysisRequest,
  AttentionAnalysis,
  BatchOutcome,
  GenerationRequest,
  GenerationResult,
  LoadedModel,
  Message,
} from '../inference/protocol.ts'
import type { Device } from '../inference/providers.ts'
import type { DeviceChoice } from './device-choice.ts'
import { type ChosenDevice, type Devices, processor } from './devices.ts'
import type { ModelLibrary } from './model-library.ts'
import { availableMemory, largestMatrix } from './model-memory.ts'

export type ModelState =
  | { state: 'none' }
  | { state: 'loading'; name: string }
  | ({ state: 'ready' } & LoadedModel)
  | { state: 'failed'; name: string; error: ErrorMessage }

export interface ModelsOptions {
  library: ModelLibrary
  /** Starts inference processes. */
  host: ProcessHost
  /** Finds out what a choice stands for; where left out, `auto` is the processor. */
  devices?: Devices
  /** Where a model is to run, asked at each load, of what was chosen for it alone; that, or `auto`, when left out. */
  device?: (own?: DeviceChoice) => DeviceChoice
  /** Whether the person has said that the processor may take the place of a GPU that cannot be used. */
  mayFallBack?: () => boolean
  threads?: number
  /** Whether a loaded model is there for many questions: see `LoadOptions`. */
  manyQuestions?: boolean
  /** Bytes that may still be taken; the system's word when left out. */
  memoryAvailable?: () => number
}

export interface LoadJob extends JobOptions {
  /** Even where it will most likely not fit into memory. */
  anyway?: boolean
  /** On the processor, this time, whatever the settings say: the person's answer where a GPU cannot be used. */
  onProcessor?: boolean
}

interface Loading {
  name: string
  done: Promise<ModelState>
  /** What held when it began. */
  before: ModelState
  /** How it ended. */
  ended?: ModelState
}

/** What can go wrong with a GPU while a model is loaded onto it. */
const gpuFaults: ReadonlySet<string> = new Set(['model-load-failed', 'device-lost'])

/** The model that is loaded, or being loaded, in the inference process. */
export class Models {
  readonly #options: ModelsOptions
  readonly #client: InferenceClient
  readonly #changes = new EventEmitter<{ change: [ModelState] }>()
  /** What the loaded model is asked at this moment. */
  readonly #atWork = new Set<Promise<unknown>>()
  #state: ModelState = { state: 'none' }
  #loading: Loading | undefined
  #isClosed = false

  constructor(options: ModelsOptions) {
    this.#options = options
    this.#client = new InferenceClient({
      host: options.host,
      // One picture through the encoder of the largest model has to fit, on a slow machine.
      unresponsiveAfterMs: 300_000,
      onReload: (loading) => this.#follow(this.#name(), this.#reload(loading)).catch(() => {}),
    })
    // One listener a window.
    this.#changes.setMaxListeners(0)
  }

  /** The model that is ready, if any. */
  get loaded(): LoadedModel | undefined {
    return this.#state.state === 'ready' ? this.#state : undefined
  }

  /** Waits until a model that is on its way is loaded, or has failed to. */
  async settled(): Promise<void> {
    await this.#loading?.done.catch(() => {})
  }

  get state(): ModelState {
    return this.#state
  }

  /** Returns a function that ends the subscription. */
  onChange(listener: (state: ModelState) => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /**
   * Loads a model in place of the one that is loaded; it is ready when this returns.
   * @param name the library's default when left out
   * @throws OwlError `model-too-large`, `model-not-found`, `model-damaged`, `model-load-failed`, `device-unavailable`,
   *   `cancelled`
   */
  async load(name?: string, job: LoadJob = {}): Promise<ModelState> {
    const chosen = name ?? (await this.#options.library.defaultName())
    if (this.#loading?.name === chosen) return this.#loading.done
    const { error } = this.#state.state === 'failed' ? this.#state : {}
    const reason = job.onProcessor ? (error?.message ?? 'The processor was asked for.') : undefined
    return this.#follow(chosen, this.#load(chosen, job, reason))
  }

  /**
   * Has the loaded model answer; waits for it if it is being loaded.
   * @throws OwlError `model-not-loaded`, why loading failed, and what the inference client throws
   */
  async generate(request: GenerationRequest, options: GenerateOptions = {}): Promise<GenerationResult> {
    await this.#loading?.done
    if (this.#state.state === 'none') throw new OwlError('model-not-loaded', 'No model is loaded.')
    return this.#during(this.#client.generate(request, options))
  }

  /**
   * Has the loaded model answer several requests together, in less time than one after the other.
   * @throws OwlError as `generate`; what concerns one request only is among the outcomes
   */
  async generateTogether(
    requests: GenerationRequest[],
    options: GenerateTogetherOptions = {},
  ): Promise<BatchOutcome[]> {
    await this.#loading?.done
    if (this.#state.state === 'none') throw new OwlError('model-not-loaded', 'No model is loaded.')
    return this.#during(this.#client.generateTogether(requests, options))
  }

  /**
   * Has the loaded model look at the pictures of a question that is still being written.
   * @throws OwlError as `generate`
   */
  async prepare(messages: Message[]): Promise<void> {
    await this.#loading?.done
    if (this.#state.state === 'ready') await this.#client.prepare(messages)
  }

  /**
   * Where the loaded model looked when it wrote a part of an answer.
   * @throws OwlError as `generate`
   */
  async analyse(request: AnalysisRequest, job: JobOptions = {}): Promise<AttentionAnalysis> {
    await this.#loading?.done
    return this.#during(this.#client.analyse(request, job))
  }

  /** Returns when nothing is asked or loaded: then another model takes the place of this one and cuts no answer off. */
  async whenFree(): Promise<void> {
    while (this.#loading || this.#atWork.size > 0) await Promise.allSettled([this.#loading?.done, ...this.#atWork])
  }

  /** Ends the inference process; nothing is loaded from then on. */
  close(): Promise<void> {
    this.#isClosed = true
    return this.#client.close()
  }

  #during<T>(work: Promise<T>): Promise<T> {
    this.#atWork.add(work)
    const end = () => void this.#atWork.delete(work)
    work.then(end, end)
    return work
  }

  /** @param insteadOfGpu why the processor takes the GPU's place; where left out, the person's choice is tried */
  async #load(name: string, job: LoadJob, insteadOfGpu?: string): Promise<LoadedModel> {
    const { library, threads = 0, manyQuestions = false } = this.#options
    const folder = await library.folder(name)
    const open = async (chosen: ChosenDevice) => {
      if (!job.anyway) await this.#checkMemory(name, chosen.device)
      if (this.#isClosed) throw new OwlError('cancelled', 'The program is ending.')
      return this.#client.load({ folder, ...chosen, threads, manyQuestions }, job)
    }
    if (insteadOfGpu !== undefined) return { ...(await open(processor)), insteadOfGpu }
    let chosen: ChosenDevice = processor
    try {
      chosen = await this.#chooseDevice(name)
      return await open(chosen)
    } catch (thrown) {
      const error = gpuFault(thrown, chosen.device)
      if (this.#options.mayFallBack?.()) return { ...(await open(processor)), insteadOfGpu: error.message }
      throw error
    }
  }

  /** A model that is loaded once more after its process was lost. */
  async #reload(loading: Promise<LoadedModel>): Promise<LoadedModel> {
    const before = this.#state
    try {
      return await loading
    } catch (thrown) {
      if (before.state !== 'ready') throw thrown
      const error = gpuFault(thrown, before.device)
      if (this.#options.mayFallBack?.()) return this.#load(before.name, {}, error.message)
      throw error
    }
  }

  /** What the person's choice stands for. @throws OwlError `device-unavailable` */
  async #chooseDevice(name: string): Promise<ChosenDevice> {
    const { library, devices, device = (own?: DeviceChoice) => own ?? 'auto' } = this.#options
    const choice = device((await library.manifest(name)).device)
    if (devices) return devices.choose(choice)
    if (choice === 'auto' || choice === 'cpu') return processor
    throw new OwlError('device-unavailable', `Whether ${choice} works was not found out.`)
  }

  /** The model that is loaded now leaves before the next one comes, so its memory counts as free. */
  async #checkMemory(name: string, device: ChosenDevice['device']): Promise<void> {
    const { library, devices, memoryAvailable = availableMemory } = this.#options
    const { title, memory } = (await library.list()).find((model) => model.name === name)!
    const needed = memory[device === 'cpu' ? 'cpu' : 'webgpu']
    const matrix = largestMatrix(await library.manifest(name))
    const held = device === 'cpu' ? undefined : await devices?.largestTensor(device)
    if (held !== undefined && matrix > held) {
      const message = `${title} has a matrix of ${gigabytes(matrix)}, and the GPU was seen to hold ${gigabytes(held)}.`
      throw new OwlError('model-too-large', message)
    }
    const own = device === 'cpu' ? 0 : ((await devices?.ownMemory()) ?? 0)
    if (own > 0) {
      if (needed <= own) return
      const message = `${title} needs about ${gigabytes(needed)} of memory, and the GPU has ${gigabytes(own)}.`
      throw new OwlError('model-too-large', message)
    }
    const leaving = this.#client.model ? await this.#client.residentBytes().catch(() => 0) : 0
    const available = memoryAvailable() + leaving
    if (needed <= available) return
    const message = `${title} needs about ${gigabytes(needed)} of memory, and ${gigabytes(available)} are free.`
    throw new OwlError('model-too-large', message)
  }

  /** Keeps the state in step with a model that is being loaded. */
  #follow(name: string, loading: Promise<LoadedModel>): Promise<ModelState> {
    const replaced = this.#loading
    const own: Loading = { name, before: replaced?.before ?? this.#state, done: Promise.resolve(this.#state) }
    const end = (state: ModelState, next?: Loading): ModelState => {
      own.ended = state
      // Another model may have been asked for meanwhile: then its state is the one that counts.
      if (this.#loading === own) {
        this.#loading = next
        this.#change(state)
      }
      return state
    }
    own.done = loading.then(
      (model) => end({ state: 'ready', ...model }),
      (thrown) => {
        const error = OwlError.from(thrown)
        // Where the new one could not even be found, what it was to replace is still there, or still on its way.
        if (replaced && !replaced.ended) end({ state: 'loading', name: replaced.name }, replaced)
        else if (replaced?.ended?.state === 'ready') end(replaced.ended)
        else end(this.#client.model ? own.before : { state: 'failed', name, error: error.toMessage() })
        throw error
      },
    )
    this.#loading = own
    this.#change({ state: 'loading', name })
    return own.done
  }

  #name(): string {
    return this.#state.state === 'none' ? '' : this.#state.name
  }

  #change(state: ModelState): void {
    this.#state = state
    this.#changes.emit('change', state)
  }
}

/** What is for the person to decide, as the GPU is at fault. @throws the error itself where it is not */
function gpuFault(thrown: unknown, device: Device): OwlError {
  const error = OwlError.from(thrown)
  if (error.code === 'device-unavailable') return error
  if (device === 'cpu' || !gpuFaults.has(error.code)) throw error
  return new OwlError('device-unavailable', `The GPU cannot be used: ${error.message}`, { cause: error })
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`
}
