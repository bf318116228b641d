import { join } from 'node:path'
import { listModels, readManifest } from '../../native-models/install/installed-models.ts'
import type { Manifest } from '../../native-models/install/manifest.ts'
import { OwlError } from '../../native-models/owl-error.ts'
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

  constructor(installed: string, embedded: string = embeddedModelFolder) {
    this.#installed = installed
    this.#embedded = embedded
  }

  /** The embedded model first, then the installed ones by name. */
  async list(): Promise<Model[]> {
    return (await this.#places()).map(({ manifest, embedded }) => ({
      name: manifest.name,
      title: manifest.title,
      description: manifest.description,
      licence: manifest.licence,
      bytes: manifest.files.reduce((sum, file) => sum + file.bytes, 0),
      embedded,
    }))
  }

  /** Absolute folder of a model. @throws OwlError `model-not-found` */
  async folder(name: string): Promise<string> {
    const place = (await this.#places()).find(({ manifest }) => manifest.name === name)
    if (!place) throw new OwlError('model-not-found', `There is no installed model named ${JSON.stringify(name)}.`)
    return place.folder
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
