import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { listModels, readManifest } from '../../native-models/install/installed-models.ts'
import type { Manifest } from '../../native-models/install/manifest.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import { type MemoryNeeded, memoryNeeded } from './model-memory.ts'
import { embeddedModelFolder } from './program-folder.ts'

/** A model on this machine, as people see it. */
export interface Model {
  name: string
  title: string
  description: string
  licence: string
  /** On disk. */
  bytes: number
  /** It came with the program and cannot be removed. */
  embedded: boolean
  /** Where it came from: a folder, or a repository at a commit. */
  source: Manifest['source']
  precision: Manifest['precision']
  /** Where the person wants it to run; as for all models where left out. */
  device?: Manifest['device']
  /** While it answers, by device. */
  memory: MemoryNeeded
  /** Some file is missing or has another size than it was installed with, or a verification found it changed. */
  damaged: boolean
}

interface Place {
  folder: string
  manifest: Manifest
  embedded: boolean
}

/** The models on this machine: the one that comes with the program, and those installed in the data folder. */
export class ModelLibrary {
  readonly #installed: string
  readonly #embedded: string
  readonly #damaged = new Set<string>()

  constructor(installed: string, embedded: string = embeddedModelFolder) {
    this.#installed = installed
    this.#embedded = embedded
  }

  /** The embedded model first, then the installed ones by name. */
  async list(): Promise<Model[]> {
    return Promise.all(
      (await this.#places()).map(async ({ folder, manifest, embedded }) => ({
        name: manifest.name,
        title: manifest.title,
        description: manifest.description,
        licence: manifest.licence,
        bytes: bytesOf(manifest),
        embedded,
        source: manifest.source,
        precision: manifest.precision,
        device: manifest.device,
        memory: memoryNeeded(bytesOf(manifest), manifest.config),
        damaged: this.#damaged.has(manifest.name) || !(await hasRightSizes(folder, manifest)),
      })),
    )
  }

  /** What the manifest of a model says. @throws OwlError `model-not-found` */
  async manifest(name: string): Promise<Manifest> {
    return (await this.#place(name)).manifest
  }

  /** Remembers what a verification found. */
  setDamaged(name: string, damaged: boolean): void {
    if (damaged) this.#damaged.add(name)
    else this.#damaged.delete(name)
  }

  /** Absolute folder of a model. @throws OwlError `model-not-found` */
  async folder(name: string): Promise<string> {
    return (await this.#place(name)).folder
  }

  /** The model to load where none was chosen: the first of the list. @throws OwlError `model-not-found` */
  async defaultName(): Promise<string> {
    const [first] = await this.#places()
    if (!first) {
      throw new OwlError('model-not-found', 'No model is installed.', {
        hint: 'Install one with `owl models add FOLDER`.',
      })
    }
    return first.manifest.name
  }

  async #place(name: string): Promise<Place> {
    const place = (await this.#places()).find(({ manifest }) => manifest.name === name)
    if (!place) throw new OwlError('model-not-found', `There is no installed model named ${JSON.stringify(name)}.`)
    return place
  }

  async #places(): Promise<Place[]> {
    const [embedded, installed] = await Promise.all([
      readManifest(this.#embedded).catch(() => undefined),
      listModels(this.#installed),
    ])
    const others = installed.map((manifest) => ({
      folder: join(this.#installed, manifest.name),
      manifest,
      embedded: false,
    }))
    return embedded ? [{ folder: this.#embedded, manifest: embedded, embedded: true }, ...others] : others
  }
}

function bytesOf({ files }: Manifest): number {
  return files.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** A look that costs nothing; what only the checksums show, a verification finds. */
async function hasRightSizes(folder: string, { files }: Manifest): Promise<boolean> {
  const sizes = await Promise.all(files.map(({ path }) => stat(join(folder, path)).catch(() => undefined)))
  return files.every(({ bytes }, index) => sizes[index]?.size === bytes)
}
