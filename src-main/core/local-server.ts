import { randomBytes } from 'node:crypto'
import { EventEmitter } from 'node:events'
import { type ErrorMessage, OwlError } from '../../native-models/owl-error.ts'
import type { Log } from './log.ts'
import type { SecretStore } from './secret-store.ts'
import type { Settings } from './settings.ts'

export type LocalServerState =
  | { state: 'off' }
  | { state: 'listening'; address: string }
  | { state: 'failed'; error: ErrorMessage }

/** A server that listens. */
export interface Listening {
  port: number
  /** Cuts off what is under way. */
  close(): Promise<void>
}

/** Starts a server for other programs, on loopback. @throws OwlError `port-unavailable` */
export type Listen = (port: number, key: () => Promise<string>) => Promise<Listening>

export interface LocalServerOptions {
  settings: Settings
  secrets: SecretStore
  /** Under which the key is kept. */
  secretName: string
  log: Log
}

/** Whether other programs of this machine may ask the assistant: the settings, the key, and what came of them. */
export class LocalServer {
  readonly #options: LocalServerOptions
  readonly #changes = new EventEmitter<{ change: [LocalServerState] }>()
  #state: LocalServerState = { state: 'off' }
  #key: Promise<string> | undefined
  #listening: Listening | undefined
  #isClosed = false
  /** One change after the other: a port is free only when its server has ended. */
  #changing: Promise<void> = Promise.resolve()
  #endFollowing = () => {}

  constructor(options: LocalServerOptions) {
    this.#options = options
    // One listener a window.
    this.#changes.setMaxListeners(0)
  }

  get state(): LocalServerState {
    return this.#state
  }

  /** Returns a function that ends the subscription. */
  onChange(listener: (state: LocalServerState) => void): () => void {
    this.#changes.on('change', listener)
    return () => this.#changes.off('change', listener)
  }

  /** From now on, a server listens whenever and wherever the settings want it. What goes wrong is in the state. */
  followSettings(listen: Listen): void {
    this.#endFollowing = this.#options.settings.follow(['server.enabled', 'server.port'], () => {
      this.#changing = this.#changing.then(() => this.#apply(listen))
    })
  }

  /**
   * What programs have to send. Made at random when it is first asked for, and kept as a secret.
   * @throws OwlError `settings-not-saved`
   */
  key(): Promise<string> {
    this.#key ??= this.#keptKey().catch((error) => {
      this.#key = undefined
      throw error
    })
    return this.#key
  }

  /** Puts a new key in place of the old one, which is refused from then on. @throws OwlError `settings-not-saved` */
  async newKey(): Promise<string> {
    const { secrets, secretName } = this.#options
    const key = `owl-${randomBytes(32).toString('base64url')}`
    await secrets.write(secretName, key).catch((cause) => {
      throw new OwlError('settings-not-saved', 'The key of the local server could not be kept.', {
        hint: 'Check that the data folder can be written to, then try again.',
        cause,
      })
    })
    this.#key = Promise.resolve(key)
    return key
  }

  /** Ends the server; none is started from then on. */
  async close(): Promise<void> {
    this.#isClosed = true
    this.#endFollowing()
    await this.#changing
    await this.#listening?.close()
  }

  async #keptKey(): Promise<string> {
    const { secrets, secretName } = this.#options
    return (await secrets.read(secretName)) ?? this.newKey()
  }

  async #apply(listen: Listen): Promise<void> {
    const { settings, log } = this.#options
    const port = settings.get('server.enabled') && !this.#isClosed ? settings.get('server.port') : undefined
    if (port !== undefined && port === this.#listening?.port) return
    await this.#listening?.close()
    this.#listening = undefined
    if (port === undefined) return this.#change({ state: 'off' })
    try {
      await this.key()
      this.#listening = await listen(port, () => this.key())
      log.write('local server listening', { port })
      this.#change({ state: 'listening', address: addressOf(port) })
    } catch (thrown) {
      log.writeError('local server failed', thrown)
      this.#change({ state: 'failed', error: OwlError.from(thrown).toMessage() })
    }
  }

  #change(state: LocalServerState): void {
    this.#state = state
    this.#changes.emit('change', state)
  }
}

/** What programs call the base address of the interface. */
export function addressOf(port: number): string {
  return `http://127.0.0.1:${port}/v1`
}
