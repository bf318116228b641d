import type { ProcessHost } from '../inference/process-host.ts'
import { AttachmentStore } from '../storage/attachment-store.ts'
import { CaptionStore } from '../storage/caption-store.ts'
import { Database } from '../storage/database.ts'
import { Captions } from './captions/captions.ts'
import { Captures } from './captures.ts'
import { type AnswerListener, Chats } from './chats.ts'
import { type DataFolder, dataFolder } from './data-folder.ts'
import type { DeviceChoice } from './device-choice.ts'
import { Devices } from './devices.ts'
import { ModelLibrary } from './model-library.ts'
import { Models } from './models.ts'
import { Pictures } from './pictures.ts'
import { Settings } from './settings.ts'

export interface AssistantOptions {
  /** Starts inference processes. */
  host: ProcessHost
  folder?: DataFolder
  device?: DeviceChoice
  threads?: number
}

/** All that the assistant does, for every shell: one of these a process. */
export class Assistant {
  readonly settings: Settings
  readonly library: ModelLibrary
  readonly devices: Devices
  readonly models: Models
  readonly attachments: AttachmentStore
  readonly pictures: Pictures
  readonly captures: Captures
  readonly #folder: DataFolder
  #captions: Promise<{ captions: Captions; database: Database }> | undefined

  constructor(options: AssistantOptions) {
    const folder = options.folder ?? dataFolder()
    this.#folder = folder
    this.settings = new Settings(folder.settings)
    this.library = new ModelLibrary(folder.models)
    this.devices = new Devices({ host: options.host, file: folder.devices })
    this.models = new Models({ ...options, library: this.library })
    this.attachments = new AttachmentStore(folder.attachments)
    this.pictures = new Pictures(this.attachments)
    this.captures = new Captures(this.pictures)
  }

  /** Answers for one window. */
  openChats(listener: AnswerListener): Chats {
    return new Chats(this.models, this.pictures, listener)
  }

  /**
   * The caption jobs, opened when they are first asked for.
   * @throws OwlError `database-newer`, `database-unavailable`, `disk-full`; the next call tries again
   */
  async captions(): Promise<Captions> {
    this.#captions ??= this.#openCaptions().catch((error) => {
      this.#captions = undefined
      throw error
    })
    return (await this.#captions).captions
  }

  /** Rests the caption job at work and ends the inference process. */
  async close(): Promise<void> {
    const opened = await this.#captions?.catch(() => undefined)
    await opened?.captions.close()
    await this.models.close()
    opened?.database.close()
  }

  async #openCaptions() {
    const database = await Database.open(this.#folder.database)
    return { captions: new Captions(new CaptionStore(database), this.models), database }
  }
}
