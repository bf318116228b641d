import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { Worker } from 'node:worker_threads'
import { OwlError } from '../owl-error.ts'
import type { QuantizedRows, StoredRows } from './quantize-rows.ts'

type Reply = { result: QuantizedRows } | { error: string }

interface Task {
  stored: StoredRows
  resolve: (rows: QuantizedRows) => void
  reject: (error: unknown) => void
}

/** Worker threads that quantise rows of weights, each one task at a time, in the order in which they were asked. */
export class QuantizerPool {
  readonly threads: number
  readonly #idle: Worker[] = []
  readonly #busy = new Map<Worker, Task>()
  readonly #waiting: Task[] = []
  #isClosed = false

  constructor(threads: number) {
    this.threads = threads
    for (let thread = 0; thread < threads; thread++) this.#idle.push(this.#start())
  }

  /** @throws OwlError `checkpoint-damaged` where the values cannot be read */
  quantize(stored: StoredRows): Promise<QuantizedRows> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ stored, resolve, reject })
      this.#assign()
    })
  }

  /** Ends the threads; what was asked for and is not done is rejected. */
  async close(): Promise<void> {
    this.#isClosed = true
    const workers = [...this.#idle, ...this.#busy.keys()]
    const tasks = [...this.#waiting.splice(0), ...this.#busy.values()]
    this.#busy.clear()
    for (const { reject } of tasks) reject(new OwlError('cancelled', 'Converting was stopped.'))
    await Promise.all(workers.map((worker) => worker.terminate()))
  }

  #start(): Worker {
    const worker = startWorker()
    // An installation that is given up without closing the pool does not keep the process alive.
    worker.unref()
    worker.on('message', (reply: Reply) => {
      const task = this.#busy.get(worker)
      this.#busy.delete(worker)
      this.#idle.push(worker)
      if ('result' in reply) task?.resolve(reply.result)
      else task?.reject(new OwlError('checkpoint-damaged', `The weights cannot be read: ${reply.error}.`))
      this.#assign()
    })
    worker.on('error', (error) => this.#fail(worker, error))
    return worker
  }

  #assign(): void {
    while (this.#idle.length > 0 && this.#waiting.length > 0) {
      const worker = this.#idle.pop()!
      const task = this.#waiting.shift()!
      this.#busy.set(worker, task)
      worker.ref()
      worker.postMessage(task.stored)
    }
    if (this.#waiting.length === 0) for (const worker of this.#idle) worker.unref()
  }

  /** A thread that died, such as for want of memory, fails its task; without it the others go on. */
  #fail(worker: Worker, error: Error): void {
    const task = this.#busy.get(worker)
    this.#busy.delete(worker)
    task?.reject(error)
    if (!this.#isClosed) this.#idle.push(this.#start())
    this.#assign()
  }
}

/** The worker's entry is beside this file in the sources; in a built tree beside the main entry, above the chunks. */
function startWorker(): Worker {
  const here = dirname(fileURLToPath(import.meta.url))
  if (import.meta.url.endsWith('.ts')) {
    // A thread does not take a loader of TypeScript from its options.
    const entry = JSON.stringify(pathToFileURL(join(here, 'quantizer-worker.ts')).href)
    const api = createRequire(import.meta.url)
      .resolve('tsx/esm/api')
      .replace(/cjs$/, 'mjs')
    const tsx = JSON.stringify(pathToFileURL(api).href)
    return new Worker(`import(${tsx}).then(({ tsImport }) => tsImport(${entry}, ${entry}))`, {
      eval: true,
      execArgv: [],
    })
  }
  const built = [here, dirname(here)].map((folder) => join(folder, 'quantizer-worker.js')).find(existsSync)
  if (!built) throw new Error('The program lacks quantizer-worker.js.')
  return new Worker(built, { execArgv: [] })
}
