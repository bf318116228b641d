import { safeStorage } from 'electron'
import type { SecretStore } from '../core/secret-store.ts'

/**
 * Secrets encrypted with a key of the system's keychain, in another store. Where the system has no keychain they are
 * kept there as they are, in a file that only the person can read.
 */
export function keychain(store: SecretStore): SecretStore {
  return {
    async read(name) {
      const kept = await store.read(name)
      if (kept === undefined || !kept.startsWith(mark)) return kept
      try {
        return safeStorage.decryptString(Buffer.from(kept.slice(mark.length), 'base64'))
      } catch {
        // Encrypted on another machine or for another account: it has to be entered again.
        return undefined
      }
    },
    async write(name, value) {
      const encrypts = value !== undefined && safeStorage.isEncryptionAvailable()
      await store.write(name, encrypts ? mark + safeStorage.encryptString(value).toString('base64') : value)
    },
  }
}

/** Before what is encrypted; no hub's token begins like this. */
const mark = 'encrypted:'
