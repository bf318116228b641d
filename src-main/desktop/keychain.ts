import { safeStorage } from 'electron'
import { encryptedMark, type SecretFile, type SecretStore } from '../core/secret-store.ts'

/**
 * Secrets encrypted with a key of the system's keychain, in the file of all shells. Where the system has no keychain
 * they are kept there as they are.
 */
export function keychain(file: SecretFile): SecretStore {
  return {
    async read(name) {
      const kept = await file.readKept(name)
      if (kept === undefined || !kept.startsWith(encryptedMark)) return kept
      try {
        return safeStorage.decryptString(Buffer.from(kept.slice(encryptedMark.length), 'base64'))
      } catch {
        // Encrypted on another machine or for another account: it has to be entered again.
        return undefined
      }
    },
    async write(name, value) {
      const encrypts = value !== undefined && safeStorage.isEncryptionAvailable()
      await file.write(name, encrypts ? encryptedMark + safeStorage.encryptString(value).toString('base64') : value)
    },
  }
}
