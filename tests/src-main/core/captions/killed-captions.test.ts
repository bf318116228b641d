import { fork } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { InferenceClient } from '../../../../src-main/inference/client.ts'
import { ForkHost } from '../../../../src-main/inference/fork-host.ts'
import type { GenerationRequest } from '../../../../src-main/inference/protocol.ts'
import { installReference } from '../../inference/installed-reference.ts'
import { captionsIn, numberedPicture, writeFiles } from './caption-folder.ts'

const pictures = 40

let model: { folder: string; remove: () => Promise<void> }
let client: InferenceClient
let folder: string

beforeAll(async () => {
  model = await installReference('tiny-512')
  client = new InferenceClient({ host: new ForkHost() })
  await client.load({ folder: model.folder, device: 'cpu', threads: 1 })
  folder = await mkdtemp(join(tmpdir(), 'owl-killed-'))
  for (let n = 0; n < pictures; n++) {
    await writeFiles(join(folder, 'pictures'), {
      [`${n % 4}/${n}.png`]: await numberedPicture(n % 30),
      [`${n % 4}/${n}.txt`]: `old caption ${n}\n`,
    })
  }
})
afterAll(async () => {
  await client.close()
  await model.remove()
  await rm(folder, { recursive: true, force: true })
})

/**
 * Works on the folder in a process of its own.
 * @param killAfter kills it so many answers later, and a little; undefined lets it come to its end
 * @returns how often the model was asked, and the counts of a job that is done
 */
async function work(name: string, output: string, killAfter?: { answers: number; ms: number }) {
  const script = join(import.meta.dirname, 'killed-captions.ts')
  const words = [join(folder, `${name}.sqlite`), join(folder, name), output]
  const child = fork(script, words, { execArgv: ['--import', 'tsx'], serialization: 'advanced', stdio: 'inherit' })
  let asked = 0
  let done: unknown
  const kill = () => child.kill('SIGKILL')
  child.on('message', async (message: { id: number; request: GenerationRequest } | { done: unknown }) => {
    if ('done' in message) {
      done = message.done
      return
    }
    asked++
    const result = await client.generate(message.request)
    child.send({ id: message.id, result }, () => {})
    if (killAfter && asked > killAfter.answers) setTimeout(kill, killAfter.ms)
  })
  if (killAfter?.answers === 0) child.once('spawn', () => setTimeout(kill, 300 + killAfter.ms * 30))
  await once(child, 'exit')
  return { asked, done }
}

describe.each([
  ['sidecar', 20],
  ['jsonl', 5],
])('captions as %s', (output, kills) => {
  it(`are the same after ${kills} kills as after an undisturbed run`, { timeout: 300_000 }, async () => {
    const [calm, killed] = [`calm-${output}`, `killed-${output}`]
    await cp(join(folder, 'pictures'), join(folder, calm), { recursive: true })
    await cp(join(folder, 'pictures'), join(folder, killed), { recursive: true })
    const undisturbed = await work(calm, output)
    expect(undisturbed.asked).toBe(30)

    let asked = 0
    let ended: unknown
    for (let n = 0; n < kills && ended === undefined; n++) {
      const run = await work(killed, output, { answers: n % 4, ms: Math.random() * 12 })
      asked += run.asked
      ended = run.done
    }
    const last = ended === undefined ? await work(killed, output) : { asked: 0, done: ended }
    expect(last.done).toEqual(undisturbed.done)
    expect(await captionsIn(join(folder, killed))).toEqual(await captionsIn(join(folder, calm)))
    // What was under way is asked again, and nothing else: sixteen at most each time.
    expect(asked + last.asked).toBeLessThanOrEqual(30 + kills * 16)
  })
})
