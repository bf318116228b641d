import { join } from 'node:path'
import type { ProcessHost } from '../inference/process-host.ts'
import { isReferenced } from '../storage/attachment-collection.ts'
import { AttachmentStore } from '../storage/attachment-store.ts'
import { CaptionStore } from '../storage/caption-store.ts'
import type { Database } from '../storage/database.ts'
import { openOrRecover, type Recovery } from '../storage/database-recovery.ts'
import { ThumbnailStore } from '../storage/thumbnail-store.ts'
import { AnswerReading } from './answer-reading.ts'
import { Captions } from './captions/captions.ts'
import { Captures } from './captures.ts'
import { type AnswerListener, Chats } from './chats.ts'
import type { DataFolder } from './data-folder.ts'
import { currentFolder, DataFolderMove } from './data-folder-move.ts'
import type { DeviceChoice } from './device-choice.ts'
import { Devices } from './devices.ts'
import { History } from './history.ts'
import { HistoryTransfers } from './history-transfers.ts'
import { keepHouse } from './housekeeping.ts'
import { LocalServer } from './local-server.ts'
import { Log } from './log.ts'
import { ModelCare } from './model-care.ts'
import type { ModelInstalls } from './model-installs.ts'
import { ModelLibrary } from './model-library.ts'
import { Models } from './models.ts'
import { OldDataFolders } from './old-data-folders.ts'
import { openInstalls } from './open-installs.ts'
import { Pictures } from './pictures.ts'
import { Reading } from './reading.ts'
import { SecretFile, type SecretStore, serverKey } from './secret-store.ts'
import { Settings } from './settings.ts'
import type { OpenPage } from './videos/browser-page.ts'
import { Videos } from './videos/videos.ts'

export interface AssistantOptions {
  /** Starts inference processes. */
  host: ProcessHost
  folder?: DataFolder
  device?: DeviceChoice
  threads?: number
  /** The person's secrets; in a file of their own where the shell has no keychain. */
  secrets?: SecretStore
  /** Opens pages that nobody sees, to decode videos in; an installed browser, or ffmpeg, where the shell has none. */
  openPage?: OpenPage
}

/** All that the assistant does, for every shell: one of these a process. */
export class Assistant {
  readonly log: Log
  readonly folderMove: DataFolderMove
  readonly oldFolders: OldDataFolders
  readonly settings: Settings
  readonly library: ModelLibrary
  readonly devices: Devices
  readonly models: Models
  readonly installs: ModelInstalls
  readonly care: ModelCare
  readonly secrets: SecretStore
  readonly localServer: LocalServer
  readonly attachments: AttachmentStore
  readonly thumbnails: ThumbnailStore
  readonly pictures: Pictures
  readonly transfers: HistoryTransfers
  readonly reading: Reading
  readonly captures: Captures
  /** What became of a database that was found damaged at this start. */
  recovery: Recovery | undefined
  readonly #folder: DataFolder
  readonly #videos: Videos
  #database: Promise<Database> | undefined
  #history: Promise<History> | undefined
  #endHousekeeping = () => {}
  #captions: Promise<Captions> | undefined

  constructor(options: AssistantOptions) {
    const folder = options.folder ?? currentFolder()
    this.#folder = folder
    this.#videos = new Videos(options.openPage)
    this.log = new Log(folder.logs)
    this.folderMove = new DataFolderMove(folder)
    this.oldFolders = new OldDataFolders(folder, async (hash) => isReferenced(await this.database(), hash))
    this.settings = new Settings(folder.settings)
    this.library = new ModelLibrary(folder.models)
    this.devices = new Devices({ host: options.host, file: folder.devices })
    const { device = 'auto' } = options
    this.models = new Models({
      ...options,
      library: this.library,
      devices: this.devices,
      // What was asked for at the start of the program counts most, then what was for this model, then the settings.
      device: (own) => (device === 'auto' ? (own ?? this.settings.get('device.choice')) : device),
      manyQuestions: true,
      mayFallBack: () => this.settings.get('device.fallback') === 'processor',
    })
    this.models.onChange((state) => {
      if (state.state === 'ready')
        this.log.write('model ready', {
          device: state.device,
          bytePrompts: state.bytePrompts,
          ms: Math.round(state.loadMs),
        })
      if (state.state === 'failed') this.log.write('model failed', { code: state.error.code })
    })
    this.secrets = options.secrets ?? new SecretFile(join(folder.root, 'secrets.json'))
    this.localServer = new LocalServer({
      settings: this.settings,
      secrets: this.secrets,
      secretName: options.secrets ? serverKey.withKeychain : serverKey.without,
      log: this.log,
    })
    this.installs = openInstalls({
      ...options,
      folder,
      settings: this.settings,
      secrets: this.secrets,
      devices: this.devices,
    })
    this.care = new ModelCare({ folder: folder.models, library: this.library, host: options.host })
    this.attachments = new AttachmentStore(folder.attachments)
    this.thumbnails = new ThumbnailStore(folder.thumbnails, this.attachments)
    this.pictures = new Pictures(this.attachments)
    this.transfers = new HistoryTransfers(folder.transfers, this.attachments, this.pictures)
    this.reading = new Reading({ host: options.host, threads: options.threads, database: () => this.database() })
    this.captures = new Captures(this.pictures)
  }

  /**
   * The person's database, opened when it is first asked for: the terminal does without it.
   * @throws OwlError `database-newer`, `database-unavailable`, `disk-full`; the next call tries again
   */
  database(): Promise<Database> {
    this.#database ??= this.#openDatabase().catch((error) => {
      this.#database = undefined
      throw error
    })
    return this.#database
  }

  /** The chats of the person. @throws OwlError as `database` */
  history(): Promise<History> {
    this.#history ??= this.database()
      .then((database) => {
        const history = new History(database)
        this.#endHousekeeping = keepHouse(history, this.attachments, this.thumbnails)
        return history
      })
      .catch((error) => {
        this.#history = undefined
        throw error
      })
    return this.#history
  }

  /** The caption jobs. @throws OwlError as `database` */
  captions(): Promise<Captions> {
    this.#captions ??= this.database()
      .then((database) => {
        const sources = { reading: this.reading, videos: this.#videos }
        return new Captions(new CaptionStore(database), this.models, sources)
      })
      .catch((error) => {
        this.#captions = undefined
        throw error
      })
    return this.#captions
  }

  /** Answers for one window. */
  openChats(listener: AnswerListener): Chats {
    return new Chats(
      () => this.history(),
      this.models,
      this.pictures,
      new AnswerReading(this.reading, this.settings),
      listener,
    )
  }

  /**
   * Rests the caption job at work, ends the inference processes, and closes the database last: the end of an answer at
   * hand is still written.
   */
  async close(): Promise<void> {
    this.#endHousekeeping()
    await this.localServer.close()
    const captions = await this.#captions?.catch(() => undefined)
    await captions?.close()
    await this.installs.close()
    await Promise.all([this.models.close(), this.reading.close()])
    const database = await this.#database?.catch(() => undefined)
    database?.close()
  }

  async #openDatabase(): Promise<Database> {
    const { database, recovery } = await openOrRecover(this.#folder.database)
    this.recovery = recovery
    return database
  }
}
