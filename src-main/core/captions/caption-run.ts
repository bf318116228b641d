import { setMaxListeners } from 'node:events'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { CaptionItemRow, CaptionJobRow, CaptionStore, NewCaptionItem } from '../../storage/caption-store.ts'
import { CaptionMaker, type CaptionModel, type CaptionSources } from './caption-maker.ts'
import { type CaptionPace, PaceMeter } from './caption-pace.ts'
import type { CaptionSettings } from './caption-settings.ts'
import { CaptionWriter } from './caption-writer.ts'
import { walkMedia } from './media-walk.ts'

/** Pictures under way at once: twice what the engine decodes together, so that the next ones are read meanwhile. */
const defaultWidth = 16
/** Files put into the queue in one transaction. */
const listingBatch = 1000
const heartbeatMs = 5000
/** A runner that was silent for so long is gone, or its machine slept: another may take over. */
const silentMs = 60_000

/**
 * Errors of the whole job: the next picture would meet them, too. A GPU lost once is none of them, as the model is loaded
 * again; lost twice in a row it is unavailable.
 */
const jobErrors = new Set<string>([
  'disk-full',
  'model-not-loaded',
  'model-not-found',
  'model-load-failed',
  'model-damaged',
  'device-unavailable',
  'reader-missing',
  'caption-table-damaged',
  'database-unavailable',
  'database-damaged',
])

export interface CaptionRunParts extends CaptionSources {
  store: CaptionStore
  job: number
  model: CaptionModel
  settings: CaptionSettings
  sources: readonly string[]
  width?: number
  /** Called after each step; reading the state is left to who needs it. */
  onStep?: () => void
}

/** One job at work, from the first file listed to the last caption written. */
export class CaptionRun {
  readonly #parts: CaptionRunParts
  readonly writer: CaptionWriter
  readonly #maker: CaptionMaker
  readonly #meter = new PaceMeter()
  readonly #underWay = new Map<number, CaptionItemRow>()

  constructor(parts: CaptionRunParts) {
    const { store, settings, model, videos, reading } = parts
    this.#parts = parts
    this.writer = new CaptionWriter(store, settings)
    this.#maker = new CaptionMaker({ store, settings, model, videos, reading, writer: this.writer })
  }

  get pace(): CaptionPace {
    return this.#meter.pace
  }

  /** Paths of the pictures that are being captioned now. */
  get current(): string[] {
    return [...this.#underWay.values()].map(({ path }) => path)
  }

  /**
   * Works until every item has its caption or its reason. What is under way when the signal fires stays waiting.
   * @throws OwlError `cancelled`, `captions-elsewhere` if another process works on the job, and errors of the whole job
   */
  async work(signal: AbortSignal): Promise<void> {
    const { store, job } = this.#parts
    if (!store.claim(job, process.pid, isRunning)) {
      throw new OwlError('captions-elsewhere', 'Another process is working on this job.')
    }
    const heartbeat = setInterval(() => {
      try {
        store.heartbeat(job)
      } catch {
        // The database is locked or full: the next beat may reach it, and what the work itself writes tells.
      }
    }, heartbeatMs)
    try {
      if (!store.job(job)!.is_listed) await this.#list(signal)
      // What was decided before an interruption, and what a person changed meanwhile.
      await this.writer.flush(job)
      await this.#makeAll(signal)
    } finally {
      clearInterval(heartbeat)
      try {
        await this.writer.flush(job)
      } finally {
        store.release(job)
      }
    }
  }

  async #list(signal: AbortSignal): Promise<void> {
    const { store, job, sources, settings, onStep } = this.#parts
    let items: NewCaptionItem[] = []
    const add = () => {
      store.addItems(job, items)
      items = []
      onStep?.()
    }
    const options = { recursive: settings.recursive, videos: settings.videos !== 'leave-out', signal }
    for await (const found of walkMedia(sources, options)) {
      const { path, root } = found
      if ('error' in found) {
        items.push({ path, root, kind: 'folder', state: 'failed', error: JSON.stringify(found.error.toMessage()) })
      } else items.push({ path, root, kind: found.kind, state: 'waiting', error: null })
      if (items.length === listingBatch) add()
    }
    add()
    store.setListed(job)
  }

  /** Several at once; the first error of the whole job stops the others. */
  async #makeAll(signal: AbortSignal): Promise<void> {
    const stop = new AbortController()
    const both = AbortSignal.any([signal, stop.signal])
    // Each picture under way listens to it.
    setMaxListeners(0, both)
    const lane = async () => {
      for (let item = this.#next(); item && !both.aborted; item = this.#next()) {
        this.#underWay.set(item.id, item)
        try {
          await this.#make(item, both)
        } finally {
          this.#underWay.delete(item.id)
          this.#parts.onStep?.()
        }
      }
    }
    const lanes = Array.from({ length: this.#parts.width ?? defaultWidth }, () =>
      lane().catch((thrown) => {
        stop.abort()
        throw thrown
      }),
    )
    const ends = await Promise.allSettled(lanes)
    const reasons = ends.flatMap((end) => (end.status === 'rejected' ? [OwlError.from(end.reason)] : []))
    const reason = reasons.find(({ code }) => code !== 'cancelled') ?? reasons[0]
    if (reason) throw reason
    if (signal.aborted) throw new OwlError('cancelled', 'Captioning was stopped.')
  }

  #next(): CaptionItemRow | undefined {
    const { store, job } = this.#parts
    return store.itemsIn(job, 'waiting', this.#underWay.size + 1).find(({ id }) => !this.#underWay.has(id))
  }

  async #make(item: CaptionItemRow, signal: AbortSignal): Promise<void> {
    try {
      if (await this.#maker.make(item, signal)) this.#meter.count()
    } catch (thrown) {
      const error = OwlError.from(thrown)
      if (error.code === 'cancelled' || jobErrors.has(error.code)) throw error
      this.#parts.store.fail(item.id, JSON.stringify(error.toMessage()))
    }
  }
}

/** Whether a process, this one or another, works on the job now. */
export function isRunning({ runner, runner_seen_at: seenAt }: CaptionJobRow): boolean {
  return runner !== null && (seenAt ?? 0) > Date.now() - silentMs && isAlive(runner)
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    // One that may not be signalled is there, too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
