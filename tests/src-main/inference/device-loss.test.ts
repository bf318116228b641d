import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { InferenceClient } from '../../../src-main/inference/client.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { greedy, type LoadedModel } from '../../../src-main/inference/protocol.ts'
import { turn } from './installed-reference.ts'

/** A process whose GPU does what GPUs do: for "crash" its driver takes the process down, for "lose" it is lost. */
const failing = `
  const answer = (id, text) => process.send({ type: 'generated', id, result: { text } })
  const together = (id, text) => process.send({ type: 'generated-together', id, outcomes: [{ result: { text } }] })
  process.on('message', ({ type, id, request, requests }) => {
    if (type === 'load') process.send({ type: 'loaded', id, model: { name: 'one', device: 'webgpu' } })
    if (type === 'ping') process.send({ type: 'pong', id, residentBytes: 1 })
    if (type !== 'generate' && type !== 'generate-together') return
    const text = (request ?? requests[0]).messages[0].parts[0].text
    const error = { code: 'device-lost', message: 'The GPU failed: the device is lost.', hint: '' }
    if (text === 'crash') process.kill(process.pid, 'SIGSEGV')
    else if (text === 'lose') process.send({ type: 'failed', id, error })
    else if (requests) together(id, text)
    else answer(id, text)
  })`

let folder: string
let entry: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-loss-'))
  entry = join(folder, 'failing.mjs')
  await writeFile(entry, failing)
})
afterAll(() => rm(folder, { recursive: true, force: true }))

let client: InferenceClient
afterEach(() => client.close())
const open = async () => {
  const reloads: Promise<LoadedModel>[] = []
  client = new InferenceClient({
    host: new ForkHost(entry),
    onReload: (loading) => {
      loading.catch(() => {})
      reloads.push(loading)
    },
  })
  await load()
  return reloads
}
const load = () => client.load({ folder, device: 'webgpu', threads: 1 })
const ask = async (text: string) => (await client.generate({ messages: [turn('user', text)], sampling: greedy })).text

it.each(['crash', 'lose'])(
  'fails the question when a GPU is lost (%s), and loads the model there once more',
  async (how) => {
    const reloads = await open()
    await expect(ask(how)).rejects.toMatchObject({ code: 'device-lost', message: expect.stringContaining('GPU') })
    expect(await ask('still there')).toBe('still there')
    expect(reloads).toHaveLength(1)
    // An answer in between counts: it is no loss after a loss.
    await expect(ask(how)).rejects.toMatchObject({ code: 'device-lost' })
    expect(await ask('again')).toBe('again')
  },
)

it('counts answers given together as answers in between', async () => {
  const reloads = await open()
  const askTogether = (text: string) => client.generateTogether([{ messages: [turn('user', text)], sampling: greedy }])
  for (const how of ['lose', 'crash', 'lose']) {
    await expect(askTogether(how)).rejects.toMatchObject({ code: 'device-lost' })
    expect(await askTogether('there')).toMatchObject([{ result: { text: 'there' } }])
  }
  expect(reloads).toHaveLength(3)
})

it('asks the person where the GPU is lost twice in a row', async () => {
  const reloads = await open()
  await expect(ask('lose')).rejects.toMatchObject({ code: 'device-lost' })
  await expect(ask('crash')).rejects.toMatchObject({ code: 'device-lost' })
  await expect(reloads.at(-1)).rejects.toMatchObject({ code: 'device-unavailable' })
  await expect(ask('and now?')).rejects.toMatchObject({
    code: 'device-unavailable',
    message: expect.stringContaining('twice'),
  })
  await load()
  expect(await ask('after loading it again')).toBe('after loading it again')
})
