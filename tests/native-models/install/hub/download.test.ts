import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { mkdir, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import { type AddressInfo, connect } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { BandwidthLimit } from '../../../../native-models/install/hub/bandwidth-limit.ts'
import { type DownloadRequest, downloadRepository } from '../../../../native-models/install/hub/download.ts'
import { HubConnection, type HubConnectionOptions } from '../../../../native-models/install/hub/hub-request.ts'
import type { JobOptions, Progress } from '../../../../native-models/progress.ts'
import { temporaryFolder } from '../../checkpoint/temporary-folder.ts'
import { commit, HubServer, sha256 } from './hub-server.ts'

const repo = 'someone/owl'
const partBytes = 100_000
const weights = randomBytes(1_050_000)
const settings = Buffer.from('{"model_type":"mplug_owl2"}')

let server: HubServer
const connections: HubConnection[] = []
beforeEach(async () => {
  server = await new HubServer().start()
  server.repositories.set(
    repo,
    new Map([
      ['config.json', settings],
      ['model.safetensors', weights],
    ]),
  )
})
afterEach(async () => {
  await Promise.all(connections.splice(0).map((hub) => hub.close()))
  await server.close()
})

function connection(options: HubConnectionOptions = {}): HubConnection {
  const hub = new HubConnection({ endpoint: server.endpoint, firstWaitMs: 5, stallMs: 400, retries: 3, ...options })
  connections.push(hub)
  return hub
}

async function request(more: Partial<DownloadRequest> = {}): Promise<DownloadRequest> {
  const root = await temporaryFolder()
  return {
    hub: connection(),
    repo,
    folder: join(root, 'files'),
    recordPath: join(root, 'record.json'),
    partBytes,
    ...more,
  }
}

async function isComplete({ folder }: DownloadRequest): Promise<void> {
  expect((await readdir(folder)).sort()).toEqual(['config.json', 'model.safetensors'])
  expect(sha256(await readFile(join(folder, 'model.safetensors')))).toBe(sha256(weights))
  expect(await readFile(join(folder, 'config.json'))).toEqual(settings)
}

test('downloads the files of a model in parallel parts, at one commit', async () => {
  const files = server.repositories.get(repo)!
  files
    .set('pytorch_model.bin', randomBytes(10))
    .set('training_args.bin', randomBytes(10))
    .set('run.py', randomBytes(10))
  const wanted = await request()
  const seen: Progress[] = []
  const found = await downloadRepository(wanted, { onProgress: (progress) => seen.push(progress) })
  expect(found).toMatchObject({ repo, commit, licence: 'llama2' })
  await isComplete(wanted)
  const total = weights.length + settings.length
  expect(seen.at(-1)).toEqual({ stage: 'downloading', done: total, total, unit: 'bytes' })
  const parts = server.asked.filter(
    ({ url, host, range }) => url.includes(commit) && range && host.startsWith('localhost'),
  )
  expect(parts.length).toBe(11)
})

test.each([
  ['drops connections', { kind: 'drop' as const, times: 5 }],
  ['stalls', { kind: 'stall' as const, times: 2 }],
  ['sends less than it says', { kind: 'short' as const, times: 3 }],
  ['is overloaded', { kind: 'status' as const, status: 503, times: 3 }],
  ['asks to wait', { kind: 'status' as const, status: 429, headers: { 'Retry-After': '0.05' }, times: 3 }],
])('gets there where the server %s', async (_, fault) => {
  server.faults.push(fault)
  const wanted = await request()
  await downloadRepository(wanted)
  await isComplete(wanted)
})

test('fetches the part with a flipped byte again, and is right then', async () => {
  server.faults.push({ kind: 'flip', path: 'model.safetensors', times: 2 })
  const wanted = await request({ connections: 1 })
  // The hub's redirect takes the first of the two.
  await downloadRepository(wanted)
  await isComplete(wanted)
  const ranges = server.contentRequests.filter(({ host }) => host.startsWith('localhost')).map(({ range }) => range)
  expect(ranges).toEqual([...new Set(ranges), 'bytes=0-99999'])
})

test('gives up on bytes that are wrong each time, and says so', async () => {
  server.faults.push({ kind: 'flip', path: 'model.safetensors', times: 1000, after: 5 })
  await expect(downloadRepository(await request())).rejects.toMatchObject({ code: 'download-damaged' })
})

test('fetches a part that was damaged on the disk again, alone', async () => {
  const wanted = await request({ connections: 1 })
  const stop = new AbortController()
  const job: JobOptions = { signal: stop.signal, onProgress: ({ done }) => done > 650_000 && stop.abort() }
  await expect(downloadRepository(wanted, job)).rejects.toMatchObject({ code: 'cancelled' })
  const path = join(wanted.folder, 'model.safetensors.part')
  const bytes = await readFile(path)
  bytes[250_000]! ^= 1
  await writeFile(path, bytes)
  server.asked.length = 0
  await downloadRepository(wanted)
  await isComplete(wanted)
  const first = server.contentRequests.filter(({ host }) => host.startsWith('localhost')).map(({ range }) => range!)
  expect(first.filter((range) => Number(/\d+/.exec(range)![0]) < 600_000)).toEqual(['bytes=200000-299999'])
})

/** Downloads until so many bytes are there, and no further. */
async function downloadTo(bytes: number, wanted: DownloadRequest): Promise<string> {
  const stop = new AbortController()
  const job: JobOptions = { signal: stop.signal, onProgress: ({ done }) => done > bytes && stop.abort() }
  server.pauseMs = 5
  await expect(downloadRepository(wanted, job)).rejects.toMatchObject({ code: 'cancelled' })
  server.pauseMs = 0
  server.asked.length = 0
  return join(wanted.folder, 'model.safetensors.part')
}

const rangesAsked = () =>
  server.contentRequests.filter(({ host }) => host.startsWith('localhost')).map(({ range }) => range!)

// The notes are on the disk before all that they are about where a power cut comes between.
test.each([
  ['whole parts', () => 250_000],
  ['the last bytes', (bytes: number) => bytes - 10],
  ['everything', () => 0],
])('a file that a power cut took %s of continues with what is there', async (_, left) => {
  const wanted = await request({ connections: 1 })
  const path = await downloadTo(450_000, wanted)
  const { size } = await stat(path)
  await truncate(path, left(size))
  await downloadRepository(wanted)
  await isComplete(wanted)
  const first = Math.floor(left(size) / partBytes) * partBytes
  expect(rangesAsked()[0]).toMatch(`bytes=${first}-`)
  expect(new Set(rangesAsked()).size).toBe(rangesAsked().length)
})

test('bytes that a power cut left empty in several unfinished parts are found and fetched again', async () => {
  const wanted = await request({ connections: 3 })
  const path = await downloadTo(450_000, wanted)
  const { files } = JSON.parse(await readFile(wanted.recordPath, 'utf8')) as {
    files: { path: string; parts: { done: number; sha256?: string }[] }[]
  }
  const bytes = await readFile(path)
  const { parts } = files.find((file) => file.path === 'model.safetensors')!
  const unfinished = [...parts.entries()].filter(([, { done, sha256 }]) => done > 0 && !sha256)
  for (const [part, { done }] of unfinished) bytes.fill(0, part * partBytes, part * partBytes + done)
  await writeFile(path, bytes)
  expect(unfinished.length).toBeGreaterThan(1)
  await downloadRepository(wanted)
  await isComplete(wanted)
})

test('what the disk refuses is told as that, at once', async () => {
  const wanted = await request()
  await mkdir(join(wanted.folder, 'config.json.part'), { recursive: true })
  await expect(downloadRepository(wanted)).rejects.toMatchObject({
    code: 'install-failed',
    message: expect.stringMatching(/config\.json\.part cannot be read or written: EISDIR/),
    hint: expect.stringContaining('disk'),
  })
  expect(server.contentRequests).toEqual([])
})

test.skipIf(process.platform === 'win32')('a file larger than the disk takes is told as that, at once', async () => {
  const { hub: _, ...wanted } = await request()
  const script = join(import.meta.dirname, 'limited-download.ts')
  const words = JSON.stringify({ ...wanted, endpoint: server.endpoint })
  // Blocks of 512 bytes, or of 1024 in some shells: less than the file either way.
  const limited = 'ulimit -f 700; exec "$@"'
  const child = spawn('sh', ['-c', limited, 'sh', process.execPath, '--import', 'tsx', script, words], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [said] = await Promise.all([child.stdout.toArray(), once(child, 'exit')])
  expect(JSON.parse(Buffer.concat(said).toString())).toMatchObject({
    code: 'install-failed',
    message: expect.stringContaining('takes no file as large as'),
    hint: expect.stringContaining('FAT32'),
  })
  expect(rangesAsked().length).toBeGreaterThan(0)
  expect(new Set(rangesAsked()).size).toBe(rangesAsked().length)
})

test('tells what the server says where access is refused, without trying again', async () => {
  const body = JSON.stringify({ error: 'Access to model someone/owl is restricted. You must accept its licence' })
  server.faults.push({ kind: 'status', status: 403, path: '/revision/', body })
  await expect(downloadRepository(await request())).rejects.toMatchObject({
    code: 'hub-access-denied',
    message: expect.stringContaining('You must accept its licence'),
  })
  expect(server.asked.length).toBe(1)
  await expect(downloadRepository(await request({ repo: 'no/body' }))).rejects.toMatchObject({
    code: 'hub-not-found',
    message: expect.stringContaining('Repository not found'),
  })
  server.faults.push({ kind: 'status', status: 500, path: '/revision/', body: 'the disk is on fire', times: 4 })
  await expect(downloadRepository(await request())).rejects.toMatchObject({
    code: 'hub-failed',
    message: expect.stringContaining('the disk is on fire'),
  })
})

test('the token goes to the hub, and not along its redirects to another host', async () => {
  server.token = 'hf_secret'
  await expect(downloadRepository(await request())).rejects.toMatchObject({ code: 'hub-access-denied' })
  const wanted = await request({ hub: connection({ token: 'hf_secret' }) })
  server.asked.length = 0
  await downloadRepository(wanted)
  await isComplete(wanted)
  for (const { host, authorization } of server.asked) {
    expect(authorization).toBe(host.startsWith('localhost') ? undefined : 'Bearer hf_secret')
  }
  expect(server.asked.some(({ host }) => host.startsWith('localhost'))).toBe(true)
})

test('notices that the repository changed between two goes', async () => {
  const wanted = await request({ connections: 1 })
  const stop = new AbortController()
  const job: JobOptions = { signal: stop.signal, onProgress: ({ done }) => done > 300_000 && stop.abort() }
  await expect(downloadRepository(wanted, job)).rejects.toMatchObject({ code: 'cancelled' })
  server.repositories.get(repo)!.set('model.safetensors', randomBytes(weights.length))
  await expect(downloadRepository(wanted)).rejects.toMatchObject({ code: 'download-changed' })
})

test('a branch that moved on does not matter: the commit of the beginning is continued', async () => {
  const wanted = await request({ connections: 1 })
  const stop = new AbortController()
  const job: JobOptions = { signal: stop.signal, onProgress: ({ done }) => done > 300_000 && stop.abort() }
  await expect(downloadRepository(wanted, job)).rejects.toMatchObject({ code: 'cancelled' })
  server.asked.length = 0
  await downloadRepository(wanted)
  await isComplete(wanted)
  expect(server.asked.some(({ url }) => url.endsWith(`/revision/${commit}`))).toBe(true)
  const fetched = server.contentRequests.filter(({ host }) => host.startsWith('localhost')).length
  expect(fetched).toBeLessThan(10)
})

test('needs room for the download and for what comes of it, before the first byte', async () => {
  const wanted = await request({ spaceBeside: 2 ** 50 })
  await expect(downloadRepository(wanted)).rejects.toMatchObject({ code: 'disk-full' })
  expect(server.contentRequests).toEqual([])
})

test('keeps under a limit of bandwidth', async () => {
  const limit = new BandwidthLimit(4_000_000)
  const start = performance.now()
  await downloadRepository(await request({ limit }))
  // A lower bound only: what is waited for is time that must pass.
  expect(performance.now() - start).toBeGreaterThan((0.9 * 1000 * weights.length) / 4_000_000)
})

test('goes through the proxy of the environment, and past it where NO_PROXY says so', async () => {
  const through: string[] = []
  const proxy = createServer()
  proxy.on('connect', (asked, socket, head) => {
    through.push(asked.url!)
    const [host, port] = asked.url!.split(':')
    const onward = connect(Number(port), host, () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n')
      onward.write(head)
      onward.pipe(socket).pipe(onward)
    })
    for (const end of [socket, onward]) end.on('error', () => {})
  })
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
  const address = `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`
  const before = { ...process.env }
  try {
    Object.assign(process.env, { HTTP_PROXY: address, http_proxy: address, NO_PROXY: '', no_proxy: '' })
    const wanted = await request({ hub: connection() })
    await downloadRepository(wanted)
    await isComplete(wanted)
    expect(new Set(through)).toEqual(new Set([server.endpoint, server.storeAddress].map((url) => new URL(url).host)))
    through.length = 0
    Object.assign(process.env, { NO_PROXY: '127.0.0.1,localhost', no_proxy: '127.0.0.1,localhost' })
    await downloadRepository(await request({ hub: connection() }))
    expect(through).toEqual([])
  } finally {
    for (const name of ['HTTP_PROXY', 'http_proxy', 'NO_PROXY', 'no_proxy']) {
      if (before[name] === undefined) delete process.env[name]
      else process.env[name] = before[name]
    }
    proxy.closeAllConnections()
    proxy.close()
  }
})

test('killed at any byte, it continues with what is on the disk', { timeout: 120_000 }, async () => {
  const { hub: _, ...wanted } = await request({ connections: 2 })
  server.pauseMs = 120
  const script = join(import.meta.dirname, 'killed-download.ts')
  for (const killAt of [60_000, 500_000]) {
    const words = JSON.stringify([{ ...wanted, endpoint: server.endpoint }, killAt])
    const child = spawn(process.execPath, ['--import', 'tsx', script, words], {
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    expect((await once(child, 'exit'))[1]).toBe('SIGKILL')
    expect(await readdir(wanted.folder)).not.toContain('model.safetensors')
  }
  server.pauseMs = 0
  server.asked.length = 0
  await downloadRepository({ ...wanted, hub: connection() })
  await isComplete({ ...wanted, hub: connection() })
  const asked = server.contentRequests.filter(({ host }) => host.startsWith('localhost'))
  const bytes = asked.reduce((sum, { range }) => {
    const [, first, last] = /(\d+)-(\d+)/.exec(range!)!
    return sum + Number(last) + 1 - Number(first)
  }, 0)
  expect(bytes).toBeLessThanOrEqual(weights.length - 500_000)
})

test('refuses an address that is none, and paths that lead out of the folder', async () => {
  expect(() => connection({ endpoint: 'file:///etc' })).toThrow(/no address of a hub/)
  await expect(downloadRepository(await request({ repo: '../../etc/passwd' }))).rejects.toMatchObject({
    code: 'request-invalid',
  })
  server.repositories.get(repo)!.set('../model-1.safetensors', randomBytes(10))
  const wanted = await request()
  await downloadRepository(wanted)
  await isComplete(wanted)
})
