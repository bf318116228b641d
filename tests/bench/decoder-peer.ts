import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { DecoderTask } from './decoder-shapes.ts'

/** Inside a peer's process: answers each task with its milliseconds. */
export function answerTasks(run: (task: DecoderTask) => Promise<number>): void {
  process.on('message', async (task: DecoderTask) => process.send?.(await run(task)))
  process.on('disconnect', () => process.exit())
  process.send?.('ready')
}

/** A program that is measured, in a process of its own; it rests while another has its turn. */
export class DecoderPeer {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  /** @param program a file beside this one */
  static async start(program: string, words: readonly string[]): Promise<DecoderPeer> {
    const child = fork(join(import.meta.dirname, program), words, { execArgv: ['--import', 'tsx'] })
    await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`${program} ended before it was ready.`))),
    ])
    return new DecoderPeer(child)
  }

  /** @returns milliseconds */
  async measure(task: DecoderTask): Promise<number> {
    const answer = once(this.#process, 'message')
    this.#process.send(task)
    return (await answer)[0] as number
  }

  async stop(): Promise<void> {
    const exit = once(this.#process, 'exit')
    this.#process.kill()
    await exit
  }
}
