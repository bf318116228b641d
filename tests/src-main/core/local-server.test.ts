import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { LocalServer, type LocalServerState } from '../../../src-main/core/local-server.ts'
import { Log } from '../../../src-main/core/log.ts'
import { encryptedMark, SecretFile, serverKey } from '../../../src-main/core/secret-store.ts'
import { Settings } from '../../../src-main/core/settings.ts'
import { startOpenAiServer } from '../../../src-main/server/openai-server.ts'

let folder: string
let settings: Settings
let log: Log
const opened: LocalServer[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owl-server-'))
  settings = new Settings(join(folder, 'settings.json'))
  log = new Log(join(folder, 'logs'))
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((server) => server.close()))
  rmSync(folder, { recursive: true, force: true })
})

/** With the real server, of an assistant that is not asked anything. */
function open(): LocalServer {
  const secrets = new SecretFile(join(folder, 'secrets.json'))
  const server = new LocalServer({ settings, secrets, secretName: serverKey.without, log })
  const assistant = { models: {} as never, library: { list: async () => [] } as never, log }
  server.followSettings((port, key) => startOpenAiServer({ assistant, port, key }))
  opened.push(server)
  return server
}

/** Changes settings and waits for what comes of it. */
async function change(server: LocalServer, changes: Parameters<Settings['set']>[0]): Promise<LocalServerState> {
  const changed = new Promise<LocalServerState>((resolve) => {
    const end = server.onChange((state) => {
      end()
      resolve(state)
    })
  })
  await settings.set(changes)
  return changed
}

async function freePort(): Promise<number> {
  const server = createSocketServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

const statusAt = async (port: number, key: string) =>
  (await fetch(`http://127.0.0.1:${port}/v1/models`, { headers: { Authorization: `Bearer ${key}` } })).status

it('is off until the settings want it, then follows them at once', async () => {
  const server = open()
  const [port, other] = [await freePort(), await freePort()]
  await settings.set({ 'server.port': port })
  expect(server.state).toEqual({ state: 'off' })
  await expect(statusAt(port, 'any')).rejects.toThrow()

  const address = `http://127.0.0.1:${port}/v1`
  expect(await change(server, { 'server.enabled': true })).toEqual({ state: 'listening', address })
  const key = await server.key()
  expect(await statusAt(port, key)).toBe(200)

  expect(await change(server, { 'server.port': other })).toMatchObject({ state: 'listening' })
  expect(await statusAt(other, key)).toBe(200)
  await expect(statusAt(port, key)).rejects.toThrow()

  expect(await change(server, { 'server.enabled': false })).toEqual({ state: 'off' })
  await expect(statusAt(other, key)).rejects.toThrow()
})

it('tells of a port that is taken, in its state and the log, and listens at the next one', async () => {
  const taken = createServer().listen(0, '127.0.0.1')
  await new Promise((resolve) => taken.once('listening', resolve))
  const { port } = taken.address() as AddressInfo
  const server = open()
  const state = await change(server, { 'server.enabled': true, 'server.port': port })
  expect(state).toMatchObject({ state: 'failed', error: { code: 'port-unavailable' } })
  expect(state).toMatchObject({ error: { message: `Port ${port} is in use by another program.` } })
  expect(log.read()).toContain('local server failed code="port-unavailable"')
  expect(await change(server, { 'server.port': await freePort() })).toMatchObject({ state: 'listening' })
  taken.close()
})

it('makes a key once, keeps it, and refuses the old one when there is a new one', async () => {
  const server = open()
  const port = await freePort()
  await change(server, { 'server.enabled': true, 'server.port': port })
  const [key, same] = await Promise.all([server.key(), server.key()])
  expect(key).toMatch(/^owl-[\w-]{43}$/)
  expect(same).toBe(key)
  expect(await open().key()).toBe(key)

  const next = await server.newKey()
  expect(next).not.toBe(key)
  expect(await statusAt(port, key)).toBe(401)
  expect(await statusAt(port, next)).toBe(200)
  expect(log.read()).not.toContain(next)
})

it('leaves the key alone that an app with a keychain has encrypted', async () => {
  const path = join(folder, 'secrets.json')
  const encrypted = `${encryptedMark}abc`
  writeFileSync(path, JSON.stringify({ [serverKey.withKeychain]: encrypted }))
  await open().newKey()
  expect(JSON.parse(readFileSync(path, 'utf8'))[serverKey.withKeychain]).toBe(encrypted)
})

it('says so where the key cannot be kept', async () => {
  writeFileSync(join(folder, 'file'), 'no folder')
  const secrets = new SecretFile(join(folder, 'file', 'secrets.json'))
  const server = new LocalServer({ settings, secrets, secretName: serverKey.without, log })
  await expect(server.key()).rejects.toMatchObject({ code: 'settings-not-saved' })
})
