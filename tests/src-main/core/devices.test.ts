import { spawn } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { plainWords, probe } from '../../../src-main/core/device-probes.ts'
import { Devices, type DevicesOptions } from '../../../src-main/core/devices.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import type { InferenceProcess, ProcessHost } from '../../../src-main/inference/process-host.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-devices-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** Counts the processes that are started. */
class CountingHost implements ProcessHost {
  readonly started: InferenceProcess[] = []
  readonly #host: ForkHost

  constructor(entry?: string) {
    this.#host = new ForkHost(entry)
  }

  start(): InferenceProcess {
    const process = this.#host.start()
    this.started.push(process)
    return process
  }
}

/** A driver that does what drivers do: the probe's process runs it in place of the real one. */
async function driver(name: string, code: string): Promise<CountingHost> {
  const entry = join(folder, `${name}.mjs`)
  await writeFile(entry, code)
  return new CountingHost(entry)
}

const answering = (speedup: number) =>
  `process.on('message', ({ id }) => process.send({ type: 'probed', id, speed: { speedup: ${speedup}, longAttention: true, largestTensor: 2 ** 28 } }))`
const card = { name: 'A card', memoryBytes: 2 ** 33, driver: '1.0' }
let file: string
let count = 0
beforeEach(() => {
  file = join(folder, `devices-${count++}.json`)
})
const open = (host: ProcessHost, options: Partial<DevicesOptions> = {}) =>
  new Devices({ host, file, adapters: async () => [card], ...options })

it('leaves out where in its source the runtime complains', () => {
  const place = '/onnxruntime_src/onnxruntime/core/providers/webgpu/webgpu_context.cc:136 a::b::Initialize(const C&)'
  const message = `${place}::<lambda()> status == Success was false. Failed to get an adapter: No supported adapters `
  expect(plainWords(message)).toBe('Failed to get an adapter: No supported adapters')
  expect(plainWords('The GPU failed.')).toBe('The GPU failed.')
})

it('kills a probe that hangs', async () => {
  const host = await driver('hanging', `process.on('message', () => { while (true); })`)
  const outcome = await probe(host, 'webgpu', 'float32', 500)
  expect(outcome).toEqual({
    works: false,
    speedup: 0,
    longAttention: false,
    largestTensor: 0,
    problem: 'it did not answer within 0.5 seconds',
  })
  expect(await host.started[0]!.exited).toContain('SIGKILL')
})

it('survives a probe that crashes', async () => {
  const host = await driver('crashing', `process.on('message', () => process.kill(process.pid, 'SIGSEGV'))`)
  const { works, problem } = await probe(host, 'webgpu', 'float32')
  expect(works).toBe(false)
  expect(problem).toContain('SIGSEGV')
})

it('keeps whole numbers where half ones take the process down', async () => {
  const host = await driver(
    'no-half',
    `process.on('message', ({ id, numbers }) =>
      numbers === 'float16' ? process.abort() : process.send({ type: 'probed', id, speed: { speedup: 5, longAttention: true, largestTensor: 2 ** 28 } }))`,
  )
  const devices = open(host)
  expect((await devices.list())[1]).toMatchObject({
    device: 'webgpu',
    works: true,
    numbers: ['float32'],
    largestTensor: 2 ** 28,
    adapter: card,
  })
  expect(await devices.choose('auto')).toEqual({ device: 'webgpu', numbers: 'float32', longAttention: true })
})

it('tries each device once for each version of its driver', async () => {
  const host = await driver('fast', answering(8))
  expect((await open(host).list())[1]!.numbers).toEqual(['float32', 'float16'])
  expect(await open(host).choose('auto')).toEqual({ device: 'webgpu', numbers: 'float32', longAttention: true })
  const tried = host.started.length
  await open(host).list()
  expect(host.started).toHaveLength(tried)
  await open(host, { adapters: async () => [{ ...card, driver: '2.0' }] }).list()
  expect(host.started).toHaveLength(2 * tried)
})

it('tries again where it is asked to, and where what was kept is damaged', async () => {
  const host = await driver('not-there', 'process.exit(1)')
  await open(host).list()
  const tried = host.started.length
  await open(host).list({ again: true })
  expect(host.started).toHaveLength(2 * tried)
  await writeFile(file, 'not what was written')
  await open(host).list()
  expect(host.started).toHaveLength(3 * tried)
})

it('never takes a software driver by itself, and takes it where it is asked for', async () => {
  const devices = open(await driver('slow', answering(0.01)))
  expect((await devices.list())[1]).toMatchObject({ device: 'webgpu', works: true, software: true })
  expect(await devices.choose('auto')).toMatchObject({ device: 'cpu' })
  expect(await devices.choose('gpu')).toEqual({ device: 'webgpu', numbers: 'float32', longAttention: true })
})

it('does not try anything for auto where there is no adapter', async () => {
  const host = await driver('unused', answering(8))
  expect(await open(host, { adapters: async () => [] }).choose('auto')).toMatchObject({ device: 'cpu' })
  expect(host.started).toHaveLength(0)
})

it('refuses a device that does not work, and says why', async () => {
  const devices = open(
    await driver('failing', `process.on('message', () => { console.error('out of order'); process.exit(3) })`),
  )
  await expect(devices.choose('gpu')).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringContaining('it ended with code 3: out of order'),
  })
  expect(JSON.parse(await readFile(file, 'utf8')).probes['webgpu float32'].works).toBe(false)
})

it('finds no GPU in the real runtime where there is no driver', async () => {
  // An environment of its own, as drivers are looked for once a process.
  const code = `
    import { probe } from './src-main/core/device-probes.ts'
    import { ForkHost } from './src-main/inference/fork-host.ts'
    console.log(JSON.stringify(await probe(new ForkHost(), 'webgpu', 'float32')))`
  const child = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', code], {
    env: { ...process.env, VK_DRIVER_FILES: '/nowhere', VK_ICD_FILENAMES: '/nowhere' },
  })
  let output = ''
  child.stdout.on('data', (data: Buffer) => (output += data))
  await new Promise((resolve) => child.once('close', resolve))
  const outcome = JSON.parse(output)
  if (process.platform === 'linux') expect(outcome.problem).toContain('No supported adapters')
  else expect(outcome.works).toBeTypeOf('boolean')
})
