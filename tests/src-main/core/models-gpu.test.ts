import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import { Devices } from '../../../src-main/core/devices.ts'
import { userMessage } from '../../../src-main/core/messages.ts'
import { ModelLibrary } from '../../../src-main/core/model-library.ts'
import { largestMatrix } from '../../../src-main/core/model-memory.ts'
import { Models } from '../../../src-main/core/models.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { greedy } from '../../../src-main/inference/protocol.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'

/** A process with a GPU that passes its probe, and is lost at the question "lose". */
const losing = `
  const speed = { speedup: 8, longAttention: true, largestTensor: Number(process.env.OWL_LARGEST_TENSOR ?? 0) }
  const error = { code: 'device-lost', message: 'The card fell off its bus.', hint: '' }
  let device
  process.on('message', ({ type, id, options, request }) => {
    if (type === 'probe') process.send({ type: 'probed', id, speed })
    if (type === 'ping') process.send({ type: 'pong', id, residentBytes: 1 })
    if (type === 'load') process.send({ type: 'loaded', id, model: { name: '${tinyModel}', device: (device = options.device) } })
    if (type !== 'generate') return
    const { text } = request.messages[0].parts[0]
    if (device !== 'cpu' && text === 'lose') process.send({ type: 'failed', id, error })
    else process.send({ type: 'generated', id, result: { text } })
  })`

let data: DataFolder
let entry: string
beforeAll(async () => {
  data = await tinyDataFolder()
  entry = join(data.root, 'losing.mjs')
  await writeFile(entry, losing)
})
afterAll(() => rm(data.root, { recursive: true, force: true }))

let models: Models
let mayFallBack: boolean
beforeEach(() => {
  mayFallBack = false
  const host = new ForkHost(entry)
  models = new Models({
    library: new ModelLibrary(data.models, join(data.root, 'no-embedded-model')),
    host,
    devices: new Devices({
      host,
      file: data.devices,
      adapters: async () => [{ name: 'A card', memoryBytes: 2 ** 33, driver: '1.0' }],
    }),
    mayFallBack: () => mayFallBack,
  })
})
afterEach(() => models.close())

const ask = (text: string) => models.generate({ messages: [userMessage([], text)], sampling: greedy })
/** The state that a reload ends with. */
const settled = () =>
  new Promise((resolve) => {
    const end = models.onChange((state) => {
      if (state.state === 'loading') return
      end()
      resolve(state)
    })
  })

async function loseTwice() {
  expect(await models.load(tinyModel)).toMatchObject({ device: 'webgpu' })
  const back = settled()
  await expect(ask('lose')).rejects.toMatchObject({ code: 'device-lost' })
  expect(await back).toMatchObject({ state: 'ready', device: 'webgpu' })
  const after = settled()
  await expect(ask('lose')).rejects.toMatchObject({ code: 'device-lost' })
  return after
}

it('waits for the word of the person where the GPU was lost twice, and uses the processor this time', async () => {
  expect(await loseTwice()).toMatchObject({ state: 'failed', error: { code: 'device-unavailable' } })
  await expect(ask('lose')).rejects.toMatchObject({ code: 'device-unavailable' })
  expect(await models.load(tinyModel, { onProcessor: true })).toMatchObject({
    device: 'cpu',
    insteadOfGpu: expect.stringContaining('lost twice'),
  })
  expect((await ask('lose')).text).toBe('lose')
  // The next time the GPU is tried again.
  expect(await models.load(tinyModel)).toMatchObject({ device: 'webgpu' })
})

it('goes on with the processor by itself where the person has agreed once', async () => {
  mayFallBack = true
  expect(await loseTwice()).toMatchObject({
    state: 'ready',
    device: 'cpu',
    insteadOfGpu: expect.stringContaining('lost twice'),
  })
  expect((await ask('lose')).text).toBe('lose')
})

it('asks before it loads a model whose largest matrix is more than the GPU was seen to hold', async () => {
  const { config, precision } = await new ModelLibrary(data.models, join(data.root, 'no-embedded-model')).manifest(
    tinyModel,
  )
  const bytes = largestMatrix({ config, precision })
  const loadHolding = async (largestTensor: number, anyway = false) => {
    process.env.OWL_LARGEST_TENSOR = String(largestTensor)
    await rm(data.devices, { force: true })
    const host = new ForkHost(entry)
    const asked = new Models({
      library: new ModelLibrary(data.models, join(data.root, 'no-embedded-model')),
      host,
      devices: new Devices({
        host,
        file: data.devices,
        adapters: async () => [{ name: 'A card', memoryBytes: 2 ** 33, driver: '1.0' }],
      }),
    })
    try {
      return await asked.load(tinyModel, { anyway })
    } finally {
      await asked.close()
      delete process.env.OWL_LARGEST_TENSOR
    }
  }
  await expect(loadHolding(bytes - 1)).rejects.toMatchObject({ code: 'model-too-large', message: /largest|matrix/ })
  expect(await loadHolding(bytes - 1, true)).toMatchObject({ device: 'webgpu' })
  expect(await loadHolding(bytes)).toMatchObject({ device: 'webgpu' })
})
