import type { ProcessHost } from '../inference/process-host.ts'
import type { LoadOptions } from '../inference/protocol.ts'
import { AttachmentStore } from '../storage/attachment-store.ts'
import { Captures } from './captures.ts'
import { type AnswerListener, Chats } from './chats.ts'
import { type DataFolder, dataFolder } from './data-folder.ts'
import { ModelLibrary } from './model-library.ts'
import { Models } from './models.ts'
import { Pictures } from './pictures.ts'
import { Settings } from './settings.ts'

export interface AssistantOptions {
  /** Starts inference processes. */
  host: ProcessHost
  folder?: DataFolder
  device?: LoadOptions['device']
  threads?: number
}

/** All that the assistant does, for every shell: one of these a process. */
export class Assistant {
  readonly settings: Settings
  readonly library: ModelLibrary
  readonly models: Models
  readonly attachments: AttachmentStore
  readonly pictures: Pictures
  readonly captures: Captures

  constructor(options: AssistantOptions) {
    const folder = options.folder ?? dataFolder()
    this.settings = new Settings(folder.settings)
    this.library = new ModelLibrary(folder.models)
    this.models = new Models({ ...options, library: this.library })
    this.attachments = new AttachmentStore(folder.attachments)
    this.pictures = new Pictures(this.attachments)
    this.captures = new Captures(this.pictures)
  }

  /** Answers for one window. */
  openChats(listener: AnswerListener): Chats {
    return new Chats(this.models, this.pictures, listener)
  }

  /** Ends the inference process. */
  close(): Promise<void> {
    return this.models.close()
  }
}
