import { createHash } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { InferenceClient } from '../../src-main/inference/client.ts'
import { ForkHost } from '../../src-main/inference/fork-host.ts'
import type { Message, PictureInput } from '../../src-main/inference/protocol.ts'

export const projectFolder = join(import.meta.dirname, '../..')

export interface BenchContext {
  /** Folder of an installed model. */
  modelFolder: string
  /** Threads within an operator; 0 leaves it to the runtime. */
  threads: number
}

export interface Figure {
  name: string
  value: number
  unit: string
}

/** One file, one measure. */
export interface Measure {
  /** As in `npm run bench -- NAME`. */
  name: string
  run(context: BenchContext): Promise<Figure[]>
}

/** The inference process as people run it: built, where `npm run build` was done, else from source. */
export const processEntry = (() => {
  const built = join(projectFolder, 'out/main/inference-process.js')
  return existsSync(built) ? built : join(projectFolder, 'src-main/inference/inference-process.ts')
})()

export function newClient(unresponsiveAfterMs?: number): InferenceClient {
  return new InferenceClient({ host: new ForkHost(processEntry), unresponsiveAfterMs })
}

/** Loads the model, for many questions, into a process of its own, which is gone when `use` is done. */
export async function withModel<R>(
  { modelFolder, threads }: BenchContext,
  use: (client: InferenceClient) => Promise<R>,
): Promise<R> {
  const client = newClient()
  try {
    await client.load({ folder: modelFolder, device: 'cpu', threads, manyQuestions: true })
    return await use(client)
  } finally {
    await client.close()
  }
}

/** A picture of the reference set by name. */
export function benchPicture(name: string): PictureInput {
  const path = join(projectFolder, 'tests/fixtures/reference/images', `${name}.png`)
  return { hash: createHash('sha256').update(readFileSync(path)).digest('hex'), name, source: { path } }
}

export function userTurn(text: string, ...pictures: PictureInput[]): Message {
  return {
    role: 'user',
    parts: [...pictures.map((picture) => ({ type: 'picture' as const, picture })), { type: 'text', text }],
  }
}

/** Runs in turns, so that what else the machine does meets all of them. @returns the median of each, in ms */
export async function alternate<K extends string>(
  alternations: number,
  runs: Record<K, () => Promise<number>>,
): Promise<Record<K, number>> {
  const names = Object.keys(runs) as K[]
  const times = Object.fromEntries(names.map((name) => [name, [] as number[]])) as Record<K, number[]>
  for (let turn = 0; turn <= alternations; turn++) {
    for (const name of names) {
      const ms = await runs[name]()
      // The first turn warms up, and compiles on a GPU.
      if (turn > 0) times[name].push(ms)
    }
  }
  return Object.fromEntries(names.map((name) => [name, median(times[name])])) as Record<K, number>
}

export function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!
}
