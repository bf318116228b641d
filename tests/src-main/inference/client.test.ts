import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { graphFiles, manifestFile } from '../../../native-models/install/manifest.ts'
import type { Progress } from '../../../native-models/progress.ts'
import { InferenceClient, type InferenceClientOptions } from '../../../src-main/inference/client.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import type { InferenceProcess, ProcessHost } from '../../../src-main/inference/process-host.ts'
import { greedy, type LoadedModel, type Message, type SamplingOptions } from '../../../src-main/inference/protocol.ts'
import { installReference, pictureAt, referencePicture, turn } from './installed-reference.ts'

/** The real host, whose processes a test can reach to harm them. */
class ReachableHost implements ProcessHost {
  readonly started: InferenceProcess[] = []
  readonly #host = new ForkHost()

  start(): InferenceProcess {
    const process = this.#host.start()
    this.started.push(process)
    return process
  }

  get pid(): number {
    return this.started.at(-1)!.pid!
  }
}

let installed: Awaited<ReturnType<typeof installReference>>
let folder: string
beforeAll(async () => {
  installed = await installReference('tiny-32k')
  folder = await mkdtemp(join(tmpdir(), 'owl-client-'))
})
afterAll(async () => {
  await installed.remove()
  await rm(folder, { recursive: true, force: true })
})

let host: ReachableHost
let client: InferenceClient
/** A client with a process of its own. */
const open = (options: Partial<InferenceClientOptions> = {}) => {
  host = new ReachableHost()
  client = new InferenceClient({ host, ...options })
  return client
}

const options = () => ({ folder: installed.folder, device: 'auto' as const, threads: 1 })
const question = [turn('user', 'How many days are in a week?')]
const longQuestion = [turn('user', 'a long question '.repeat(400))]
const ask = (messages: Message[], sampling: Partial<SamplingOptions> = {}, job = {}) =>
  client.generate({ messages, sampling: { ...greedy, maxTokens: 20, ...sampling } }, job)

describe('a client with a model', () => {
  const stages: Progress[] = []
  beforeAll(async () => {
    await open().load(options(), { onProgress: (progress) => stages.push(progress) })
  })
  afterAll(() => client.close())

  it('tells what it loaded', async () => {
    expect(client.model).toMatchObject({ name: 'tiny-32k', device: 'cpu', contextRows: 2048, pictureRows: 7 })
    expect(stages.at(-1)).toMatchObject({ done: stages.at(-1)!.total })
    expect(await client.residentBytes()).toBeGreaterThan(2 ** 20)
  })

  it('answers several requests together, each as alone', async () => {
    const requests = ['How many days are in a week?', 'Name three rivers.'].map((text) => ({
      messages: [turn('user', text)],
      sampling: { ...greedy, maxTokens: 20 },
    }))
    const shown = ['', '']
    const outcomes = await client.generateTogether(requests, {
      onText: (request, text) => {
        shown[request] += text
      },
    })
    const alone = [await client.generate(requests[0]!), await client.generate(requests[1]!)]
    expect(outcomes.map(({ result }) => result?.text)).toEqual(alone.map(({ text }) => text))
    expect(shown).toEqual(alone.map(({ text }) => text))
  })

  it('streams an answer', async () => {
    let shown = ''
    const stages = new Set<string>()
    const result = await ask(
      [turn('user', 'What is it?', await referencePicture('grey'))],
      { maxTokens: 200 },
      { onText: (text: string) => (shown += text), onProgress: ({ stage }: Progress) => stages.add(stage) },
    )
    expect(shown).toBe(result.text)
    expect(result.stats.tokens).toBe(200)
    expect([...stages]).toEqual(['seeing', 'reading'])
  })

  it('stops in the middle of an answer, and the next one is whole', async () => {
    const whole = await ask(question)
    const stop = new AbortController()
    const stopped = await ask(question, { maxTokens: 1900 }, { onText: () => stop.abort(), signal: stop.signal })
    expect(stopped.finish).toBe('cancelled')
    expect(stopped.stats.tokens).toBeLessThan(1900)
    expect((await ask(question)).text).toBe(whole.text)
  })

  it('stops while it reads the prompt', async () => {
    const stop = new AbortController()
    const onProgress = ({ stage }: Progress) => {
      if (stage === 'reading') stop.abort()
    }
    const stopped = await ask(longQuestion, { maxTokens: 700 }, { onProgress, signal: stop.signal })
    expect(stopped.finish).toBe('cancelled')
    expect(stopped.stats.tokens).toBeLessThan(700)
  })

  it('takes back a request that waits behind another', async () => {
    const first = ask(question, { maxTokens: 300 })
    const stop = new AbortController()
    const second = ask(question, {}, { signal: stop.signal })
    stop.abort()
    await expect(second).rejects.toMatchObject({ code: 'cancelled' })
    expect((await first).stats.tokens).toBe(300)
    await expect(ask(question, {}, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('passes on what is wrong with a picture and goes on', async () => {
    const file = async (name: string, bytes: Uint8Array | string) => {
      await writeFile(join(folder, name), bytes)
      return pictureAt(join(folder, name))
    }
    const { source } = await referencePicture('landscape')
    const whole = await readFile((source as { path: string }).path)
    const about = (picture: Awaited<ReturnType<typeof pictureAt>>) => ask([turn('user', 'What is it?', picture)])
    await expect(about(await file('empty.png', ''))).rejects.toMatchObject({ code: 'picture-empty' })
    await expect(about(await file('text.png', 'no picture'))).rejects.toMatchObject({
      code: expect.stringMatching(/^picture-un/),
    })
    await expect(about(await file('cut.png', whole.subarray(0, 300)))).rejects.toMatchObject({
      code: 'picture-unreadable',
    })
    const missing = { hash: '0'.repeat(64), name: 'gone.png', source: { path: join(folder, 'gone.png') } }
    await expect(about(missing)).rejects.toMatchObject({ code: 'picture-not-found' })
    const inMemory = { hash: '1'.repeat(64), name: 'pasted.png', source: { bytes: new Uint8Array(whole) } }
    expect((await about(inMemory)).stats.tokens).toBe(20)
  })
})

describe('a client whose process is lost or replaced', () => {
  afterEach(() => client.close())

  it('says so when no model is loaded', async () => {
    open()
    await expect(ask(question)).rejects.toMatchObject({ code: 'model-not-loaded' })
  })

  it.each([
    ['reads the prompt', longQuestion, 'reading'],
    ['answers', question, 'answering'],
  ])('survives a kill while it %s', async (_, messages, stage) => {
    const reloads: Promise<LoadedModel>[] = []
    await open({ onReload: (loading) => reloads.push(loading) }).load(options())
    const whole = await ask(question)
    const kill = () => process.kill(host.pid, 'SIGKILL')
    const job = {
      onProgress: (progress: Progress) => {
        if (progress.stage === stage) kill()
      },
      onText: () => {
        if (stage === 'answering') kill()
      },
    }
    const failing = ask(messages, { maxTokens: 700 }, job)
    const behind = ask(question)
    await expect(failing).rejects.toMatchObject({
      code: 'inference-crashed',
      message: expect.stringMatching(/SIGKILL/),
    })
    expect((await behind).text).toBe(whole.text)
    expect((await ask(question)).text).toBe(whole.text)
    expect(host.started).toHaveLength(2)
    expect(reloads).toHaveLength(1)
    expect(await reloads[0]).toEqual(client.model)
  })

  it('loads the model again for a next question after the idle process was killed', async () => {
    await open().load(options())
    const whole = await ask(question)
    process.kill(host.pid, 'SIGKILL')
    await host.started[0]!.exited
    expect(client.model).toBeUndefined()
    expect((await ask(question)).text).toBe(whole.text)
  })

  it('notices a process that hangs, and replaces it', async () => {
    await open({ unresponsiveAfterMs: 1500 }).load(options())
    const whole = await ask(question)
    const hanging = ask(question, { maxTokens: 1900 }, { onText: () => process.kill(host.pid, 'SIGSTOP') })
    await expect(hanging).rejects.toMatchObject({ code: 'inference-unresponsive' })
    expect((await ask(question)).text).toBe(whole.text)
    await host.started[0]!.exited
  })

  it('can stop a request that waits for the model to come back', async () => {
    await open().load(options())
    const failing = ask(question, { maxTokens: 1900 }, { onText: () => process.kill(host.pid, 'SIGKILL') })
    const stop = new AbortController()
    const behind = ask(question, {}, { signal: stop.signal })
    await expect(failing).rejects.toMatchObject({ code: 'inference-crashed' })
    stop.abort()
    await expect(behind).rejects.toMatchObject({ code: 'cancelled' })
    expect((await ask(question)).stats.tokens).toBe(20)
  })

  it('explains why a model cannot be loaded, and can load another after that', async () => {
    open()
    const nothing = client.load({ ...options(), folder: join(folder, 'nothing') })
    await expect(nothing).rejects.toMatchObject({ code: 'model-not-found' })
    const broken = join(folder, 'broken')
    await cp(installed.folder, broken, { recursive: true })
    await truncate(join(broken, graphFiles.decoder), 1000)
    await expect(client.load({ ...options(), folder: broken })).rejects.toMatchObject({ code: 'model-load-failed' })
    await writeFile(join(broken, manifestFile), '{"format": 1}')
    await expect(client.load({ ...options(), folder: broken })).rejects.toMatchObject({ code: 'model-damaged' })
    // What a failed load had opened is gone with its process.
    expect(await client.residentBytes()).toBe(0)
    expect((await client.load(options())).name).toBe('tiny-32k')
    expect(host.started).toHaveLength(4)
    expect((await ask(question)).stats.tokens).toBe(20)
  })

  it('gives another model another process and cancels what was asked of the first', async () => {
    await open().load(options())
    const first = ask(question, { maxTokens: 1900 })
    const cancelled = expect(first).rejects.toMatchObject({ code: 'cancelled' })
    await client.load(options())
    await cancelled
    expect(host.started).toHaveLength(2)
    expect((await ask(question)).stats.tokens).toBe(20)
  })

  it('stops loading when told to', async () => {
    const stop = new AbortController()
    open()
    const loading = client.load(options(), { onProgress: () => stop.abort(), signal: stop.signal })
    await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
    expect((await client.load(options())).name).toBe('tiny-32k')
  })

  it('leaves no process behind', async () => {
    await open().load(options())
    const { pid } = host
    const open1 = ask(question, { maxTokens: 1900 })
    const cancelled = expect(open1).rejects.toMatchObject({ code: 'cancelled' })
    await client.close()
    await cancelled
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
    await expect(ask(question)).rejects.toMatchObject({ code: 'model-not-loaded' })
  })

  it('ends with its parent', async () => {
    open()
    const script = `
      import { ForkHost } from ${JSON.stringify(join(import.meta.dirname, '../../../src-main/inference/fork-host.ts'))}
      const started = new ForkHost().start()
      started.onReply(() => console.log(started.pid))
      started.send({ type: 'ping', id: 1 })
      setInterval(() => {}, 1000)`
    const parent = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const [output] = await once(parent.stdout, 'data')
    const pid = Number(String(output))
    expect(() => process.kill(pid, 0)).not.toThrow()
    parent.kill('SIGKILL')
    await expect.poll(() => isRunning(pid), { timeout: 10_000 }).toBe(false)
  })
})

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
