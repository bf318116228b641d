import { join } from 'node:path'
import { findDamage, removeModel } from '../../native-models/install/installed-models.ts'
import { type Manifest, manifestFile } from '../../native-models/install/manifest.ts'
import { exportModel, importModel } from '../../native-models/install/portable-model.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { writeWhole } from '../../native-models/whole-file.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import { InstallRecords } from './install-record.ts'
import { knownAnswer } from './known-answer.ts'
import type { Model, ModelLibrary } from './model-library.ts'
import { availableMemory } from './model-memory.ts'

export interface ModelCareOptions {
  /** Of the installed models. */
  folder: string
  library: ModelLibrary
  /** Starts the process that is asked the known question. */
  host: ProcessHost
}

export interface Verification {
  /** Files that are not as they were installed, each with what is wrong. */
  damage: { path: string; problem: string }[]
  /** How it answered the question that it had answered at installation; `kept` where this was the first time. */
  answer: 'same' | 'different' | 'kept' | 'nothing kept' | 'no room' | 'damaged'
}

/** What is done with a model that is installed. */
export class ModelCare {
  readonly #options: ModelCareOptions

  constructor(options: ModelCareOptions) {
    this.#options = options
  }

  /**
   * Reads every file and compares it with its checksum; asks the model what it was asked at installation.
   * @throws OwlError `model-not-found`, `cancelled`
   */
  async verify(name: string, job: JobOptions = {}): Promise<Verification> {
    const { library } = this.#options
    const folder = await library.folder(name)
    const damage = await findDamage(folder, job)
    library.setDamaged(name, damage.length > 0)
    if (damage.length > 0) return { damage, answer: 'damaged' }
    return { damage, answer: await this.#ask(name, folder, job) }
  }

  /** @throws OwlError `model-not-found`, `request-invalid` for the embedded model */
  async remove(name: string): Promise<void> {
    const { folder, library } = this.#options
    const model = (await library.list()).find((candidate) => candidate.name === name)
    if (model?.embedded)
      throw new OwlError('request-invalid', `${model.title} comes with the program and stays.`, {
        hint: 'Only models that were installed can be removed.',
      })
    const records = new InstallRecords(folder)
    const isUnderWay = (await records.read(name)) !== undefined
    await records.remove(name, true)
    if (model || !isUnderWay) await removeModel(folder, name)
    library.setDamaged(name, false)
  }

  /**
   * Notes where a model is to run from its next load on; as for all models where left out.
   * @throws OwlError `model-not-found`, `request-invalid` for the embedded model
   */
  async setDevice(name: string, device: Manifest['device']): Promise<void> {
    const { library } = this.#options
    const model = (await library.list()).find((candidate) => candidate.name === name)
    if (model?.embedded) {
      throw new OwlError('request-invalid', `${model.title} comes with the program and runs where the settings say.`)
    }
    const manifest = { ...(await library.manifest(name)), device }
    await writeWhole(join(await library.folder(name), manifestFile), JSON.stringify(manifest, null, 2))
  }

  /** @returns the folder written. @throws OwlError as `exportModel` */
  async export(name: string, target: string, job: JobOptions = {}): Promise<string> {
    return exportModel(await this.#options.library.folder(name), target, job)
  }

  /** @throws OwlError as `importModel` */
  async import(from: string, job: JobOptions = {}): Promise<Model> {
    const { name } = await importModel(from, this.#options.folder, job)
    return (await this.#options.library.list()).find((model) => model.name === name)!
  }

  async #ask(name: string, folder: string, job: JobOptions): Promise<Verification['answer']> {
    const { library, host } = this.#options
    const { memory, embedded } = (await library.list()).find((model) => model.name === name)!
    const manifest = await library.manifest(name)
    // The program's own folder is not written to.
    if (embedded && manifest.knownAnswer === undefined) return 'nothing kept'
    if (memory.cpu > availableMemory()) return 'no room'
    job.onProgress?.({ stage: 'asking', done: 0, total: 1, unit: 'items' })
    const answer = await knownAnswer(host, folder, job)
    if (manifest.knownAnswer !== undefined) return answer === manifest.knownAnswer ? 'same' : 'different'
    await writeWhole(join(folder, manifestFile), JSON.stringify({ ...manifest, knownAnswer: answer }, null, 2))
    return 'kept'
  }
}
