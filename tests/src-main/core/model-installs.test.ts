import { mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readManifest, verifyModel } from '../../../native-models/install/installed-models.ts'
import { type DataFolder, dataFolder } from '../../../src-main/core/data-folder.ts'
import type { InstallWish, ModelInstalls } from '../../../src-main/core/model-installs.ts'
import { ModelLibrary } from '../../../src-main/core/model-library.ts'
import { openInstalls } from '../../../src-main/core/open-installs.ts'
import { hubToken, SecretFile } from '../../../src-main/core/secret-store.ts'
import { Settings } from '../../../src-main/core/settings.ts'
import { commit, HubServer } from '../../native-models/install/hub/hub-server.ts'

const checkpoint = 'tests/fixtures/reference/tiny-gqa'
const repo = 'someone/tiny-gqa'
const wish: InstallWish = {
  source: { kind: 'hub', repo },
  precision: 'int4',
  deleteUsed: false,
  acceptLicence: true,
}

let server: HubServer
let folder: DataFolder
const opened: ModelInstalls[] = []
beforeEach(async () => {
  folder = dataFolder({ OWL_DATA_DIR: await mkdtemp(join(tmpdir(), 'owl-installs-')) })
  server = await new HubServer().start()
  server.addFolder(repo, checkpoint)
})
afterEach(async () => {
  await Promise.all(opened.splice(0).map((installs) => installs.close()))
  await server.close()
  await rm(folder.root, { recursive: true, force: true })
})

/** As a program that starts does. */
function open(): ModelInstalls {
  const secrets = new SecretFile(join(folder.root, 'secrets.json'))
  const installs = openInstalls({ folder, settings: new Settings(folder.settings), secrets, endpoint: server.endpoint })
  opened.push(installs)
  return installs
}

const library = () => new ModelLibrary(folder.models, '/nowhere')

test('says what it would take, and writes nothing', async () => {
  const plan = await open().plan(wish)
  expect(plan).toMatchObject({
    name: 'tiny-gqa',
    revision: commit,
    terms: { id: 'llama2', mustAccept: true, name: 'LLaMA 2 Community License' },
  })
  expect(plan.downloadBytes).toBeGreaterThan(700_000)
  expect(plan.neededBytes).toBeGreaterThanOrEqual(plan.downloadBytes)
  expect(plan.memory.cpu).toBeGreaterThan(plan.installedBytes)
  expect(await stat(folder.models).catch(() => undefined)).toBeUndefined()
})

test('a licence has to be accepted first', async () => {
  await expect(open().add({ ...wish, acceptLicence: false })).rejects.toMatchObject({
    code: 'licence-not-accepted',
    message: expect.stringContaining('LLaMA 2 Community License'),
  })
})

test('installs from a hub, with commit and licence in the manifest, and nothing left over', async () => {
  const installs = open()
  const { name } = await installs.add({ ...wish, deleteUsed: true, device: 'cpu' })
  await installs.run(name)
  expect(await readdir(folder.models)).toEqual(['tiny-gqa'])
  expect(await readManifest(join(folder.models, name))).toMatchObject({
    licence: 'llama2',
    device: 'cpu',
    source: { kind: 'hub', location: repo, revision: commit },
  })
  expect(await installs.states()).toEqual([])
  await expect(installs.add(wish)).rejects.toMatchObject({ code: 'model-exists' })
})

test('paused, then continued by another program, without fetching twice', async () => {
  server.pauseMs = 40
  const first = open()
  const { name } = await first.add(wish)
  // With every report from there on, so that several are under way at the same moment.
  const pauses: Promise<void>[] = []
  const onProgress = ({ done }: { done: number }) => {
    if (done > 300_000) pauses.push(first.pause(name))
  }
  await expect(first.run(name, { onProgress })).rejects.toMatchObject({ code: 'cancelled' })
  await Promise.all([...pauses, first.pause(name), first.pause(name)])
  const second = open()
  expect(await second.states()).toMatchObject([{ name, state: 'paused' }])
  expect(await library().list()).toEqual([])
  await second.resumeAll()
  expect(await second.states(), 'what was paused stays so').toMatchObject([{ state: 'paused' }])
  server.pauseMs = 0
  await second.run(name)
  await verifyModel(join(folder.models, name))
})

test('what was under way when the program ended continues by itself', async () => {
  server.pauseMs = 40
  const first = open()
  const { name } = await first.add(wish)
  const ended = first.run(name).catch(() => 'ended')
  await first.close()
  expect(await ended).toBe('ended')
  server.pauseMs = 0
  const second = open()
  await second.resumeAll()
  await second.run(name)
  await verifyModel(join(folder.models, name))
})

test('one process at a time; the number of one that was killed, given to another, is no hindrance', async () => {
  const installs = open()
  const { name } = await installs.add(wish)
  const path = join(folder.models, `${name}.install.json`)
  const note = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...note, pid: process.ppid }))
  await expect(installs.run(name)).rejects.toMatchObject({ code: 'install-running' })
  await utimes(path, new Date(0), new Date(0))
  await installs.run(name)
  await verifyModel(join(folder.models, name))
})

test('a failure is kept with its reason until it is tried again, and cancelling removes everything', async () => {
  server.faults.push({ kind: 'status', status: 403, path: '/resolve/', body: '{"error":"gated"}', times: 1 })
  const installs = open()
  // The plan reads config.json first.
  await expect(installs.add(wish)).rejects.toMatchObject({ code: 'hub-access-denied' })
  const { name } = await installs.add(wish)
  server.faults.push({ kind: 'status', status: 403, path: 'model.safetensors', body: '{"error":"gated"}', times: 9 })
  await expect(installs.run(name)).rejects.toMatchObject({ code: 'hub-access-denied' })
  expect(await open().states()).toMatchObject([{ name, state: 'failed', error: { code: 'hub-access-denied' } }])
  await installs.cancel(name)
  expect(await readdir(folder.models)).toEqual([])
})

/** An installed model of which one file is damaged, and one that is to stay as it is. */
async function damagedModel() {
  const installs = open()
  const { name } = await installs.add({ ...wish, source: { kind: 'folder', folder: checkpoint } })
  await installs.run(name)
  const path = join(folder.models, name, 'vision-encoder.onnx')
  const decoder = join(folder.models, name, 'modality-adaptive-decoder.weights.0')
  const whole = await readFile(path)
  const before = (await stat(decoder)).mtimeMs
  await writeFile(path, whole.subarray(1))
  return { installs, name, path, decoder, whole, before }
}

test('a damaged file is seen, and repaired alone', async () => {
  const { installs, name, path, decoder, whole, before } = await damagedModel()
  expect(await library().list()).toMatchObject([{ name, damaged: true }])
  await installs.noteRepair(await library().manifest(name))
  await installs.run(name)
  expect(await readFile(path)).toEqual(whole)
  expect((await stat(decoder)).mtimeMs).toBe(before)
  expect(await library().list()).toMatchObject([{ name, damaged: false }])
})

test('a repair that is given up leaves what is sound of the model, to be repaired later', async () => {
  const { installs, name, path, decoder, whole, before } = await damagedModel()
  await installs.noteRepair(await library().manifest(name))
  const stop = new AbortController()
  const repairing = installs.run(name, {
    signal: stop.signal,
    onProgress: ({ stage }) => stage !== 'verifying' && stop.abort(),
  })
  await expect(repairing).rejects.toMatchObject({ code: 'cancelled' })
  expect(await library().list()).toEqual([])
  expect(await installs.states()).toMatchObject([{ name, isRepair: true }])
  await installs.cancel(name)
  expect(await installs.states()).toEqual([])
  expect(await library().list()).toMatchObject([{ name, damaged: true }])
  expect((await stat(decoder)).mtimeMs).toBe(before)
  await installs.noteRepair(await library().manifest(name))
  await installs.run(name)
  expect(await readFile(path)).toEqual(whole)
  await verifyModel(join(folder.models, name))
})

test('the token is in a file that only its owner can read, and goes with the requests', async () => {
  const path = join(folder.root, 'secrets.json')
  const secrets = new SecretFile(path)
  await secrets.write(hubToken, 'hf_secret')
  expect((await stat(path)).mode & 0o777).toBe(0o600)
  server.token = 'hf_secret'
  await open().plan(wish)
  await secrets.write(hubToken, undefined)
  expect(await secrets.read(hubToken)).toBeUndefined()
  await expect(open().plan(wish)).rejects.toMatchObject({ code: 'hub-access-denied' })
})
