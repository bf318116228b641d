import { rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import { userMessage } from '../../../src-main/core/messages.ts'
import { ModelLibrary } from '../../../src-main/core/model-library.ts'
import { type ModelState, Models } from '../../../src-main/core/models.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import type { InferenceProcess, ProcessHost } from '../../../src-main/inference/process-host.ts'
import { greedy } from '../../../src-main/inference/protocol.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'

/** A real host that lets a test get at its last process. */
class WatchedHost implements ProcessHost {
  readonly #host = new ForkHost()
  last: InferenceProcess | undefined
  start(): InferenceProcess {
    this.last = this.#host.start()
    return this.last
  }
}

let data: DataFolder
let library: ModelLibrary
let host: WatchedHost
let models: Models
let states: ModelState['state'][]

beforeAll(async () => {
  data = await tinyDataFolder()
  library = new ModelLibrary(data.models, join(data.root, 'no-embedded-model'))
})
afterAll(() => rm(data.root, { recursive: true, force: true }))

beforeEach(() => {
  host = new WatchedHost()
  models = new Models({ library, host })
  states = []
  models.onChange(({ state }) => states.push(state))
})
afterEach(() => models.close())

const question = { messages: [userMessage([], 'What?')], sampling: { ...greedy, maxTokens: 3 } }

describe('ModelLibrary', () => {
  it('lists what is installed, with its size', async () => {
    const [model] = await library.list()
    expect(model).toMatchObject({ name: tinyModel, embedded: false })
    expect(model?.bytes).toBeGreaterThan(100_000)
    expect(await library.folder(tinyModel)).toBe(join(data.models, tinyModel))
  })

  it('puts the model that comes with the program first, and takes it by default', async () => {
    const embedded = new ModelLibrary(join(data.root, 'nothing-installed'), join(data.models, tinyModel))
    expect(await embedded.list()).toMatchObject([{ name: tinyModel, embedded: true }])
    expect(await embedded.defaultName()).toBe(tinyModel)
  })

  it('says what to do where there is none', async () => {
    const empty = new ModelLibrary(join(data.root, 'nothing'), join(data.root, 'nothing'))
    expect(await empty.list()).toEqual([])
    await expect(empty.defaultName()).rejects.toMatchObject({ code: 'model-not-found', hint: /models add/ })
  })
})

describe('Models', () => {
  it('has no model at first, loads the default one, and answers', async () => {
    expect(models.state).toEqual({ state: 'none' })
    await expect(models.generate(question)).rejects.toMatchObject({ code: 'model-not-loaded' })
    expect(await models.load()).toMatchObject({ state: 'ready', name: tinyModel, device: 'cpu' })
    expect(states).toEqual(['loading', 'ready'])
    expect((await models.generate(question)).stats.tokens).toBeGreaterThan(0)
  })

  it('lets a question wait for a model that is being loaded', async () => {
    const loading = models.load(tinyModel)
    const answer = models.generate(question)
    await loading
    expect((await answer).stats.tokens).toBeGreaterThan(0)
  })

  it('loads once when asked twice', async () => {
    const [first, second] = await Promise.all([models.load(tinyModel), models.load(tinyModel)])
    expect(second).toEqual(first)
    expect(states).toEqual(['loading', 'ready'])
  })

  it('tells why a model cannot be loaded, and loads another afterwards', async () => {
    await expect(models.load('nobody')).rejects.toMatchObject({ code: 'model-not-found' })
    expect(models.state).toMatchObject({ state: 'failed', name: 'nobody', error: { code: 'model-not-found' } })
    await models.load(tinyModel)
    expect(states).toEqual(['loading', 'failed', 'loading', 'ready'])
  })

  it('keeps the model it has when another cannot be found', async () => {
    const ready = await models.load(tinyModel)
    await expect(models.load('nobody')).rejects.toMatchObject({ code: 'model-not-found' })
    expect(models.state).toEqual(ready)
    expect((await models.generate(question)).stats.tokens).toBeGreaterThan(0)
  })

  it('goes on with the model on its way when another, asked for meanwhile, cannot be found', async () => {
    const loading = models.load(tinyModel)
    await expect(models.load('nobody')).rejects.toMatchObject({ code: 'model-not-found' })
    expect(models.state).toEqual({ state: 'loading', name: tinyModel })
    await loading
    expect(models.state).toMatchObject({ state: 'ready', name: tinyModel })
    expect(states).toEqual(['loading', 'loading', 'loading', 'ready'])
  })

  it('has the model that came meanwhile, when another is found to be missing only then', async () => {
    let missing = () => {}
    const slow = new ModelLibrary(data.models, join(data.root, 'no-embedded-model'))
    const { folder } = slow
    slow.folder = async (name) => {
      if (name !== tinyModel) await new Promise<void>((resolve) => (missing = resolve))
      return folder.call(slow, name)
    }
    const others = new Models({ library: slow, host })
    try {
      const loading = others.load(tinyModel)
      const failing = expect(others.load('nobody')).rejects.toMatchObject({ code: 'model-not-found' })
      await loading
      expect(others.state).toEqual({ state: 'loading', name: 'nobody' })
      missing()
      await failing
      expect(others.state).toMatchObject({ state: 'ready', name: tinyModel })
      expect((await others.generate(question)).stats.tokens).toBeGreaterThan(0)
    } finally {
      await others.close()
    }
  })

  it('refuses a model with a damaged graph', async () => {
    const damaged = await tinyDataFolder()
    try {
      await writeFile(join(damaged.models, tinyModel, 'vision-encoder.onnx'), 'no graph')
      const others = new Models({ library: new ModelLibrary(damaged.models, damaged.root), host })
      await expect(others.load(tinyModel)).rejects.toMatchObject({ code: /^model-(damaged|load-failed)$/ })
      await others.close()
    } finally {
      await rm(damaged.root, { recursive: true, force: true })
    }
  })

  it('is ready again after its process was killed in the middle of an answer', async () => {
    await models.load(tinyModel)
    const isBack = new Promise<void>((resolve) => {
      models.onChange(({ state }) => state === 'ready' && resolve())
    })
    const long = { ...question, sampling: { ...greedy, maxTokens: 100_000 } }
    const answer = models.generate(long, { onText: () => host.last?.kill() })
    await expect(answer).rejects.toMatchObject({ code: 'inference-crashed' })
    await isBack
    expect(states).toEqual(['loading', 'ready', 'loading', 'ready'])
    expect((await models.generate(question)).stats.tokens).toBeGreaterThan(0)
  })

  it('answers also after its process was killed while it had nothing to do', async () => {
    await models.load(tinyModel)
    host.last?.kill()
    await host.last?.exited
    expect((await models.generate(question)).stats.tokens).toBeGreaterThan(0)
  })

  it('starts no process when it is closed while a model is looked for', async () => {
    const first = host.last
    const isRefused = expect(models.load(tinyModel)).rejects.toMatchObject({ code: 'cancelled' })
    await models.close()
    await isRefused
    expect(host.last).toBe(first)
  })
})
