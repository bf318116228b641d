import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, it, vi } from 'vitest'
import { hubToken, SecretFile } from '../../../src-main/core/secret-store.ts'
import { keychain } from '../../../src-main/desktop/keychain.ts'

const system = vi.hoisted(() => ({ encrypts: true }))
vi.mock('electron', () => ({
  safeStorage: {
    isEncryptionAvailable: () => system.encrypts,
    encryptString: (text: string) => Buffer.from(`locked ${text}`),
    decryptString: (bytes: Buffer) => bytes.toString().replace('locked ', ''),
  },
}))

const folder = mkdtempSync(join(tmpdir(), 'owl-keychain-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const file = new SecretFile(join(folder, 'secrets.json'))

it('keeps from shells without a keychain what it has encrypted', async () => {
  await keychain(file).write(hubToken, 'hf_secret')
  expect(await file.readKept(hubToken)).toMatch(/^encrypted:/)
  expect(await file.readKept(hubToken)).not.toContain('hf_secret')
  expect(await file.read(hubToken)).toBeUndefined()
  expect(await keychain(file).read(hubToken)).toBe('hf_secret')
})

it('reads what a shell without a keychain has written, and writes so where the system has none', async () => {
  await file.write(hubToken, 'hf_plain')
  expect(await keychain(file).read(hubToken)).toBe('hf_plain')
  system.encrypts = false
  await keychain(file).write(hubToken, 'hf_other')
  expect(await file.read(hubToken)).toBe('hf_other')
  await keychain(file).write(hubToken, undefined)
  expect(await file.readKept(hubToken)).toBeUndefined()
})
