import { mkdir, readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { writeWhole } from '../../native-models/whole-file.ts'

/** Secrets of the person, such as a hub's access token. A shell with a keychain brings its own. */
export interface SecretStore {
  read(name: string): Promise<string | undefined>
  /** Removes it where the value is undefined. */
  write(name: string, value: string | undefined): Promise<void>
}

/** Name of the hub's access token in a secret store. */
export const hubToken = 'hub-token'

/**
 * Name of the local server's key: one that a shell with a keychain encrypts, and one for the others, who cannot read
 * that and must not write over it.
 */
export const serverKey = { withKeychain: 'server-key', without: 'server-key-of-terminal' }

/** Before what a shell with a keychain has encrypted; no hub's token begins like this. */
export const encryptedMark = 'encrypted:'

/**
 * Secrets in a file that only the person can read, for shells without a keychain. All shells share it: to those without
 * a keychain, what another has encrypted is absent.
 */
export class SecretFile implements SecretStore {
  readonly #path: string

  constructor(path: string) {
    this.#path = path
  }

  async read(name: string): Promise<string | undefined> {
    const kept = await this.readKept(name)
    return kept?.startsWith(encryptedMark) ? undefined : kept
  }

  /** As it lies in the file, encrypted or not. */
  async readKept(name: string): Promise<string | undefined> {
    return (await this.#all())[name]
  }

  async write(name: string, value: string | undefined): Promise<void> {
    const secrets = await this.#all()
    if (value === undefined) delete secrets[name]
    else secrets[name] = value
    await mkdir(dirname(this.#path), { recursive: true })
    await writeWhole(this.#path, JSON.stringify(secrets), 0o600)
  }

  async #all(): Promise<Record<string, string>> {
    try {
      return JSON.parse(await readFile(this.#path, 'utf8')) as Record<string, string>
    } catch {
      return {}
    }
  }
}
