import { EventEmitter } from 'node:events'
import { mkdir, readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { isUsedNote } from '../../native-models/checkpoint/used-shard.ts'
import { BandwidthLimit } from '../../native-models/install/hub/bandwidth-limit.ts'
import { downloadRepository } from '../../native-models/install/hub/download.ts'
import { HubConnection, type HubConnectionOptions } from '../../native-models/install/hub/hub-request.ts'
import { type Manifest, manifestFile } from '../../native-models/install/manifest.ts'
import { checkName, partialFolder } from '../../native-models/install/model-name.ts'
import { repairModel, undoRepair } from '../../native-models/install/repair-model.ts'
import { type ErrorMessage, OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions, Progress } from '../../native-models/progress.ts'
import { writeWhole } from '../../native-models/whole-file.ts'
import { type InstallPlan, type PlanRequest, planInstall } from './install-plan.ts'
import { type InstallRecord, InstallRecords, type InstallSource } from './install-record.ts'
import { type PrecisionName, precisionOf } from './model-catalogue.ts'
import { RemainingTime } from './remaining-time.ts'

export interface InstallWish {
  source: InstallSource
  /** Made from the source's name when left out. */
  name?: string
  precision: PrecisionName
  /** Where it is to run; as for all models where left out. */
  device?: Manifest['device']
  deleteUsed: boolean
  acceptLicence: boolean
}

/** An installation that is under way, paused, or failed. */
export interface InstallState {
  name: string
  title: string
  source: InstallSource
  /** Makes an installed model whole again. */
  isRepair: boolean
  state: 'downloading' | 'converting' | 'checking' | 'paused' | 'failed'
  progress?: Progress
  remainingSeconds?: number
  error?: ErrorMessage
}

export interface ModelInstallsOptions {
  modelsFolder: string
  /** The hub of now: its address and token are settings. */
  hub(): Promise<HubConnectionOptions>
  /** Bytes a second that downloads may take; 0 for all there is. */
  bandwidth(): number
  /** Memory of the graphics adapter's own, in bytes, for plans. */
  gpuMemory?(): Promise<number>
  /** Asks a model that was just installed; what it answers is kept to compare with. Left out where nothing can ask. */
  ask?(folder: string, job: JobOptions): Promise<string>
}

interface Running {
  controller: AbortController
  done: Promise<Manifest>
  progress?: Progress
  remaining: RemainingTime
}

/** How often a process looks whether another one asked it to pause. */
const lookEveryMs = 1000

/**
 * Installations, each noted on the disk from its first moment to its last, so that whatever ends this process, the next
 * one knows what is there and continues.
 */
export class ModelInstalls {
  readonly #options: ModelInstallsOptions
  readonly #records: InstallRecords
  readonly #running = new Map<string, Running>()
  readonly #changes = new EventEmitter<{ change: [] }>()
  readonly #limit = new BandwidthLimit()

  constructor(options: ModelInstallsOptions) {
    this.#options = options
    this.#records = new InstallRecords(options.modelsFolder)
    this.#changes.setMaxListeners(0)
  }

  /** Returns a function that ends the subscription. */
  onChange(listener: () => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /** What an installation would take. Nothing is written. */
  async plan(request: Omit<PlanRequest, 'modelsFolder' | 'gpuMemory'>, signal?: AbortSignal): Promise<InstallPlan> {
    const connection = new HubConnection(await this.#options.hub())
    try {
      const { modelsFolder } = this.#options
      const gpuMemory = await this.#options.gpuMemory?.()
      return await planInstall({ ...request, modelsFolder, gpuMemory }, () => connection, signal)
    } finally {
      await connection.close()
    }
  }

  /** Everything that is not complete, by name. */
  async states(): Promise<InstallState[]> {
    const records = await this.#records.all()
    const elsewhere = await Promise.all(records.map((record) => this.#records.isElsewhere(record)))
    return records.map((record, index) => {
      const { name, title, source, error } = record
      const isRepair = record.repairs !== undefined
      const running = this.#running.get(name)
      const state = this.#stateOf(record, running, elsewhere[index]!)
      const remainingSeconds = running?.remaining.seconds
      const { progress } = running ?? {}
      return { name, title, source, isRepair, state, progress, remainingSeconds, error: error as ErrorMessage }
    })
  }

  /**
   * Notes an installation; `run` or `start` does it.
   * @throws OwlError `licence-not-accepted`, `model-exists`, `disk-full`, and those of the plan
   */
  async add(wish: InstallWish, signal?: AbortSignal): Promise<InstallRecord> {
    const plan = await this.plan(wish, signal)
    const { name, title, description, terms, source, revision } = plan
    checkName(name)
    const { modelsFolder } = this.#options
    if (await isThere(join(modelsFolder, name))) {
      throw new OwlError('model-exists', `A model named ${name} is installed already.`)
    }
    if (terms?.mustAccept && !wish.acceptLicence) {
      throw new OwlError('licence-not-accepted', `${title} is under the ${terms.name} (${terms.address}).`)
    }
    await mkdir(modelsFolder, { recursive: true })
    const before = await this.#records.read(name)
    const record: InstallRecord = {
      name,
      title,
      description,
      source: source.kind === 'hub' ? { ...source, revision } : source,
      endpoint: source.kind === 'hub' ? new HubConnection(await this.#options.hub()).endpoint : undefined,
      precision: wish.precision,
      device: wish.device,
      licence: terms?.id,
      deleteUsed: source.kind === 'hub' && wish.deleteUsed,
      wanted: 'running',
    }
    // The same wish once more continues what it began; another one under the name begins anew.
    const isSame = before && JSON.stringify(before.source) === JSON.stringify(record.source)
    if (!isSame && before) await this.#records.remove(name, true)
    await this.#records.write(record)
    this.#changed()
    return record
  }

  /** Begins or continues an installation that is noted, without waiting for its end. */
  start(name: string): void {
    this.run(name).catch(() => {})
  }

  /**
   * Begins or continues an installation that is noted, to its end.
   * @throws OwlError `model-not-found`, `install-running`, `cancelled`, and whatever downloading and converting throw
   */
  run(name: string, job: JobOptions = {}): Promise<Manifest> {
    const at = this.#running.get(name)
    if (at) return at.done
    const controller = new AbortController()
    const stop = () => controller.abort()
    job.signal?.addEventListener('abort', stop, { once: true })
    if (job.signal?.aborted) stop()
    const running: Running = { controller, remaining: new RemainingTime(), done: Promise.resolve() as never }
    this.#running.set(name, running)
    running.done = this.#install(name, running, job.onProgress).finally(() => {
      job.signal?.removeEventListener('abort', stop)
      this.#running.delete(name)
      this.#changed()
    })
    return running.done
  }

  /** Stops an installation, in whatever process it runs; what is done is kept. */
  async pause(name: string): Promise<void> {
    await this.#need(name)
    await this.#records.change(name, { wanted: 'paused', error: undefined })
    const running = this.#running.get(name)
    running?.controller.abort()
    await running?.done.catch(() => {})
    this.#changed()
  }

  /** Stops an installation and removes all it has written; a model that was being repaired stays as it is. */
  async cancel(name: string): Promise<void> {
    const { repairs } = await this.#need(name)
    await this.pause(name)
    if (repairs) await undoRepair(this.#options.modelsFolder, repairs)
    await this.#records.remove(name, !repairs)
    this.#changed()
  }

  /** Continues what was under way when the program ended. */
  async resumeAll(): Promise<void> {
    for (const record of await this.#records.all()) {
      if (record.wanted !== 'running' || record.error || (await this.#records.isElsewhere(record))) continue
      this.start(record.name)
    }
  }

  /**
   * Notes that an installed model is to be made whole again from its source; `run` or `start` does it.
   * @throws OwlError `repair-impossible`
   */
  async noteRepair(manifest: Manifest): Promise<void> {
    const { name, title, description, source, precision, device, licence } = manifest
    if (source.kind === 'embedded') {
      throw new OwlError('repair-impossible', `${title} comes with the program.`)
    }
    await this.#records.write({
      name,
      title,
      description,
      source:
        source.kind === 'hub'
          ? { kind: 'hub', repo: source.location, revision: source.revision }
          : { kind: 'folder', folder: source.location },
      endpoint: source.kind === 'hub' ? new HubConnection(await this.#options.hub()).endpoint : undefined,
      precision: precision.decoder === 'f32' ? 'f16' : precision.decoder,
      device,
      licence,
      deleteUsed: false,
      repairs: manifest,
      wanted: 'running',
    })
    this.#changed()
  }

  /** Stops all; they continue when the program starts again. */
  async close(): Promise<void> {
    const all = [...this.#running.values()]
    for (const { controller } of all) controller.abort()
    await Promise.allSettled(all.map(({ done }) => done))
  }

  async #install(name: string, running: Running, onProgress: JobOptions['onProgress']): Promise<Manifest> {
    const record = await this.#need(name)
    if (await this.#records.isElsewhere(record)) {
      throw new OwlError('install-running', `${record.title} is being installed by another process (${record.pid}).`)
    }
    await this.#records.write({ ...record, wanted: 'running', pid: process.pid, error: undefined })
    this.#changed()
    const watch = setInterval(() => void this.#obey(name, running), lookEveryMs)
    const job: JobOptions = {
      signal: running.controller.signal,
      onProgress: (progress) => {
        running.progress = progress
        running.remaining.add(progress)
        onProgress?.(progress)
        this.#changed()
      },
    }
    try {
      const manifest = await this.#makeModel(record, job)
      await this.#records.remove(name, false)
      return manifest
    } catch (thrown) {
      const error = OwlError.from(thrown)
      const changes = error.code === 'cancelled' ? {} : { error: error.toMessage() }
      await this.#records.change(name, { pid: undefined, ...changes }).catch(() => {})
      throw error
    } finally {
      clearInterval(watch)
    }
  }

  async #makeModel(record: InstallRecord, job: JobOptions): Promise<Manifest> {
    const { modelsFolder, ask } = this.#options
    const { name, title, description, source, precision, device, licence } = record
    const folder = join(modelsFolder, name)
    const checkpointFolder = source.kind === 'hub' ? await this.#download(record, source, job) : source.folder
    const revision = source.kind === 'hub' ? source.revision : undefined
    const manifest = await repairModel(
      {
        checkpointFolder,
        modelsFolder,
        name,
        title,
        description,
        licence,
        source: source.kind === 'hub' ? { kind: 'hub', location: source.repo, revision } : undefined,
        precision: precisionOf(precision),
        device,
        deleteUsed: record.deleteUsed,
      },
      job,
    )
    if (!ask || manifest.knownAnswer !== undefined) return manifest
    job.onProgress?.({ stage: 'asking', done: 0, total: 1, unit: 'items' })
    // A model that cannot be asked here, such as for want of memory, is whole all the same.
    const knownAnswer = await ask(folder, job).catch(() => undefined)
    if (knownAnswer === undefined) return manifest
    const asked = { ...manifest, knownAnswer }
    await writeWhole(join(folder, manifestFile), JSON.stringify(asked, null, 2))
    return asked
  }

  async #download(
    { name, endpoint, precision, deleteUsed }: InstallRecord,
    source: Extract<InstallSource, { kind: 'hub' }>,
    job: JobOptions,
  ): Promise<string> {
    const { modelsFolder } = this.#options
    const folder = this.#records.downloadFolder(name)
    const options = await this.#options.hub()
    // A token is for the hub that it was given for.
    const hub = new HubConnection(endpoint && endpoint !== options.endpoint ? { endpoint } : options)
    this.#limit.bytesPerSecond = this.#options.bandwidth()
    try {
      const plan = await planInstall({ source, name, precision, deleteUsed, modelsFolder }, () => hub, job.signal)
      // Files that were used and deleted are needed again where what was made of them is gone.
      if (!(await isThere(partialFolder(modelsFolder, name)))) await removeNotes(folder)
      await downloadRepository(
        {
          hub,
          repo: source.repo,
          revision: source.revision,
          folder,
          recordPath: this.#records.downloadRecord(name),
          spaceBeside: plan.neededBytes - plan.downloadBytes,
          limit: this.#limit,
        },
        job,
      )
      return folder
    } finally {
      await hub.close()
    }
  }

  /** Another process, such as a terminal, asks by changing the note. */
  async #obey(name: string, { controller }: Running): Promise<void> {
    this.#limit.bytesPerSecond = this.#options.bandwidth()
    const record = await this.#records.read(name)
    if (record?.wanted !== 'running') return controller.abort()
    // Gone just now where it is complete.
    await this.#records.touch(name).catch(() => {})
  }

  #stateOf(
    { wanted, error }: InstallRecord,
    running: Running | undefined,
    isElsewhere: boolean,
  ): InstallState['state'] {
    const stage = running?.progress?.stage ?? ''
    if (running && stage === 'asking') return 'checking'
    if (running) return stage === 'downloading' || stage === '' ? 'downloading' : 'converting'
    if (error) return 'failed'
    return wanted === 'running' && isElsewhere ? 'converting' : 'paused'
  }

  async #need(name: string): Promise<InstallRecord> {
    const record = await this.#records.read(name)
    if (record) return record
    throw new OwlError('model-not-found', `No installation of ${JSON.stringify(name)} is under way.`)
  }

  #changed(): void {
    this.#changes.emit('change')
  }
}

async function isThere(path: string): Promise<boolean> {
  return (await stat(path).catch(() => undefined)) !== undefined
}

async function removeNotes(folder: string): Promise<void> {
  for (const name of await readdir(folder).catch(() => [])) {
    if (isUsedNote(name)) await rm(join(folder, name))
  }
}
