import { EventEmitter } from 'node:events'
import { type ErrorMessage, OwlError } from '../../../native-models/owl-error.ts'
import type {
  CaptionItemFilter,
  CaptionItemRow,
  CaptionItemState,
  CaptionJobRow,
  CaptionStore,
} from '../../storage/caption-store.ts'
import type { CaptionModel, CaptionSources } from './caption-maker.ts'
import { CaptionRun, isRunning } from './caption-run.ts'
import { type CaptionSettings, captionSettingsSchema } from './caption-settings.ts'
import { CaptionWriter } from './caption-writer.ts'
import { type Replacement, replacer } from './find-and-replace.ts'

export interface CaptionJob {
  id: number
  createdAt: number
  sources: string[]
  settings: CaptionSettings
  /** `interrupted`: its process ended in the middle. `elsewhere`: another process works on it. */
  state: 'queued' | 'running' | 'paused' | 'interrupted' | 'elsewhere' | 'cancelled' | 'done'
  isListed: boolean
  counts: Record<CaptionItemState, number>
  error?: ErrorMessage
  perSecond: number
  /** Undefined while the pace is not known. */
  secondsLeft?: number
  /** Paths of the pictures under way. */
  current: string[]
  canUndo: boolean
}

export interface CaptionItem {
  id: number
  path: string
  root: string
  kind: CaptionItemRow['kind']
  state: CaptionItemState
  caption: string
  error?: ErrorMessage
}

/** How many captions a preview of find and replace shows. */
const previewed = 50
/** Captions that are looked through at a time. */
const chunk = 1000
/** Between two notices of a job at work, in milliseconds. */
const stepMs = 250

/** The caption jobs of this machine: started, rested, taken up again, and their captions looked through and changed. */
export class Captions {
  readonly #store: CaptionStore
  readonly #model: CaptionModel
  readonly #sources: CaptionSources
  readonly #changes = new EventEmitter<{ change: [job: number] }>()
  readonly #queue: number[] = []
  #telling: NodeJS.Timeout | undefined
  #running: { job: number; run: CaptionRun; stop: AbortController; done: Promise<void> } | undefined

  constructor(store: CaptionStore, model: CaptionModel, sources: CaptionSources = {}) {
    this.#store = store
    this.#model = model
    this.#sources = sources
    this.#changes.setMaxListeners(0)
  }

  /** Told the job that changed; while it is worked on, a few times a second. Returns a function that ends the subscription. */
  onChange(listener: (job: number) => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /** Adds a job without starting it. @param sources absolute paths */
  add(sources: readonly string[], settings: CaptionSettings): number {
    return this.#store.addJob(JSON.stringify(sources), JSON.stringify(settings))
  }

  /** The newest job of the same sources and settings that is not done: one to go on with. */
  unfinished(sources: readonly string[], settings: CaptionSettings): number | undefined {
    const same = (row: CaptionJobRow) =>
      row.sources === JSON.stringify(sources) && row.settings === JSON.stringify(settings)
    return this.#store.jobs().find((row) => same(row) && row.state !== 'done' && row.state !== 'cancelled')?.id
  }

  /** Starts a job, or takes it up again; it waits while another one is at work. */
  start(job: number): void {
    this.#row(job)
    if (this.#running?.job === job || this.#queue.includes(job)) return
    this.#store.setJobState(job, 'queued')
    this.#queue.push(job)
    this.#changed(job)
    this.#startNext()
  }

  /**
   * Works on a job to its end, for a terminal.
   * @throws OwlError what the job fails with, `cancelled` when stopped; either way it can be taken up again
   */
  async work(job: number, signal: AbortSignal): Promise<void> {
    const row = this.#row(job)
    const stop = new AbortController()
    const run = new CaptionRun({
      store: this.#store,
      job,
      model: this.#model,
      ...this.#sources,
      settings: settingsOf(row),
      sources: JSON.parse(row.sources) as string[],
      onStep: () => this.#stepped(job),
    })
    const done = this.#follow(job, run, AbortSignal.any([signal, stop.signal]))
    this.#running = { job, run, stop, done: done.catch(() => {}) }
    await done
  }

  /** Rests a job; what is under way is left for later. */
  async pause(job: number): Promise<void> {
    await this.#stop(job)
    if (this.#row(job).state === 'queued') this.#store.setJobState(job, 'paused')
    this.#changed(job)
  }

  /** Ends a job for good; captions that were written stay. */
  async cancel(job: number): Promise<void> {
    await this.#stop(job)
    this.#store.setJobState(job, 'cancelled')
    this.#changed(job)
  }

  /** Forgets a job. Its captions stay where they were written. */
  async remove(job: number): Promise<void> {
    await this.#stop(job)
    this.#store.removeJob(job)
    this.#changed(job)
  }

  /** Tries what failed once more. */
  retry(job: number): void {
    this.#row(job)
    this.#store.retryFailed(job)
    this.start(job)
  }

  /** The newest first. */
  list(): CaptionJob[] {
    return this.#store.jobs().map((row) => this.#describe(row))
  }

  /** Nothing where it was removed. */
  find(id: number): CaptionJob | undefined {
    const row = this.#store.job(id)
    return row && this.#describe(row)
  }

  /** @throws OwlError `not-found` */
  job(id: number): CaptionJob {
    return this.#describe(this.#row(id))
  }

  items(
    job: number,
    filter: CaptionItemFilter,
    offset: number,
    limit: number,
  ): { total: number; items: CaptionItem[] } {
    return {
      total: this.#store.countItems(job, filter),
      items: this.#store.items(job, filter, offset, limit).map(describeItem),
    }
  }

  /** @throws OwlError `not-found` */
  item(id: number): CaptionItem {
    const row = this.#store.item(id)
    if (!row) throw new OwlError('not-found', 'There is no such picture in a caption job.')
    return describeItem(row)
  }

  /** Changes captions and writes them, as one edit. @throws OwlError `not-found`, `captions-elsewhere` */
  async edit(job: number, captions: ReadonlyMap<number, string>): Promise<void> {
    this.#row(job)
    await this.#changing(job, () => this.#store.edit(job, captions))
  }

  /** What find and replace would change. @throws OwlError `request-invalid` */
  previewReplace(job: number, filter: CaptionItemFilter, replacement: Replacement) {
    const { count, changes } = this.#replaced(job, filter, replacement, previewed)
    return { count, changes }
  }

  /** @returns how many captions were changed @throws OwlError `request-invalid`, `captions-elsewhere` */
  async replace(job: number, filter: CaptionItemFilter, replacement: Replacement): Promise<number> {
    const { changes } = this.#replaced(job, filter, replacement, Number.POSITIVE_INFINITY)
    await this.edit(job, new Map(changes.map(({ id, after }) => [id, after])))
    return changes.length
  }

  /** Has items captioned once more, with other settings where they are given, and starts the job. */
  again(job: number, ids: readonly number[], settings?: Partial<CaptionSettings>): void {
    const row = this.#row(job)
    if (this.#running?.job === job) {
      throw new OwlError('captions-busy', 'The job is being worked on.', { hint: 'Pause it first.' })
    }
    if (settings) this.#store.setJobSettings(job, JSON.stringify({ ...settingsOf(row), ...settings }))
    this.#store.again(job, ids)
    this.start(job)
  }

  /** Takes the newest edit back. @throws OwlError `captions-elsewhere` */
  async undo(job: number): Promise<void> {
    await this.#changing(job, () => this.#store.undo(job))
  }

  /** Rests whatever is at work; it is taken up on demand. */
  async close(): Promise<void> {
    this.#queue.length = 0
    this.#running?.stop.abort()
    await this.#running?.done
  }

  #startNext(): void {
    if (this.#running) return
    const job = this.#queue.shift()
    if (job !== undefined) this.work(job, new AbortController().signal).catch(() => {})
  }

  async #follow(job: number, run: CaptionRun, signal: AbortSignal): Promise<void> {
    const end = (state: CaptionJobRow['state'], error?: OwlError) => {
      this.#running = undefined
      if (error?.code !== 'captions-elsewhere') {
        this.#store.setJobState(job, state, error ? JSON.stringify(error.toMessage()) : null)
      }
      this.#changed(job)
      this.#startNext()
    }
    // The caller has to know of the run before its first step.
    await Promise.resolve()
    this.#store.setJobState(job, 'running')
    try {
      await run.work(signal)
      end('done')
    } catch (thrown) {
      const error = OwlError.from(thrown)
      end('paused', error.code === 'cancelled' ? undefined : error)
      throw error
    }
  }

  async #stop(job: number): Promise<void> {
    const at = this.#queue.indexOf(job)
    if (at >= 0) this.#queue.splice(at, 1)
    if (this.#running?.job !== job) return
    this.#running.stop.abort()
    await this.#running.done
  }

  async #changing(job: number, change: () => void): Promise<void> {
    const row = this.#row(job)
    const running = this.#running?.job === job ? this.#running.run : undefined
    if (!running && isRunning(row)) throw new OwlError('captions-elsewhere', 'Another process is working on this job.')
    change()
    const writer = running?.writer ?? new CaptionWriter(this.#store, settingsOf(row))
    await writer.flush(job)
    this.#changed(job)
  }

  #replaced(job: number, filter: CaptionItemFilter, replacement: Replacement, kept: number) {
    const change = replacer(replacement)
    const changes: { id: number; path: string; before: string; after: string }[] = []
    let count = 0
    for (let offset = 0; ; offset += chunk) {
      const items = this.#store.items(job, filter, offset, chunk)
      for (const { id, path, caption } of items) {
        const before = caption ?? ''
        const after = change(before)
        if (after === before) continue
        count++
        if (changes.length < kept) changes.push({ id, path, before, after })
      }
      if (items.length < chunk) return { count, changes }
    }
  }

  #describe(row: CaptionJobRow): CaptionJob {
    const run = this.#running?.job === row.id ? this.#running.run : undefined
    const counts = this.#store.counts(row.id)
    const perSecond = run?.pace.perSecond ?? 0
    return {
      id: row.id,
      createdAt: row.created_at,
      sources: JSON.parse(row.sources) as string[],
      settings: settingsOf(row),
      state: this.#stateOf(row),
      isListed: row.is_listed === 1,
      counts,
      error: row.error === null ? undefined : (JSON.parse(row.error) as ErrorMessage),
      perSecond,
      secondsLeft: perSecond > 0 && row.is_listed ? counts.waiting / perSecond : undefined,
      current: run?.current ?? [],
      canUndo: this.#store.canUndo(row.id),
    }
  }

  #stateOf(row: CaptionJobRow): CaptionJob['state'] {
    if (row.state !== 'running' && row.state !== 'queued') return row.state
    if (this.#running?.job === row.id) return 'running'
    if (this.#queue.includes(row.id)) return 'queued'
    return isRunning(row) ? 'elsewhere' : 'interrupted'
  }

  #row(id: number): CaptionJobRow {
    const row = this.#store.job(id)
    if (!row) throw new OwlError('not-found', 'There is no such caption job.')
    return row
  }

  /** Steps may come by the thousand; what is told of them costs a look through the job. */
  #stepped(job: number): void {
    this.#telling ??= setTimeout(() => {
      try {
        this.#changed(job)
      } catch {
        // Who listens looks into the database, which may be locked: the next step tells it.
      }
    }, stepMs)
  }

  #changed(job: number): void {
    clearTimeout(this.#telling)
    this.#telling = undefined
    this.#changes.emit('change', job)
  }
}

function settingsOf(row: CaptionJobRow): CaptionSettings {
  return captionSettingsSchema.parse(JSON.parse(row.settings))
}

function describeItem(row: CaptionItemRow): CaptionItem {
  const { id, path, root, kind, state, caption, error } = row
  const shown = state === 'failed' && error !== null
  return {
    id,
    path,
    root,
    kind,
    state,
    caption: caption ?? '',
    error: shown ? (JSON.parse(error) as ErrorMessage) : undefined,
  }
}
