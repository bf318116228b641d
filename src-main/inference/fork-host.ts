import { fork } from 'node:child_process'
import { createRequire } from 'node:module'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { InferenceProcess, ProcessHost } from './process-host.ts'
import type { Reply } from './protocol.ts'

/** How much of what the process wrote to its error output is kept for messages. */
const keptErrorOutput = 4096

/**
 * glibc's own bound from which on memory is taken from the system and given back to it, kept from growing with what is
 * freed: what was needed to open a decoder for prompts would stay with the process otherwise (230 MiB with Owl Mini).
 */
const memorySettings = { MALLOC_MMAP_THRESHOLD_: String(2 ** 17) }

/** Runs the inference process as a forked Node process; a TypeScript entry goes through tsx. */
export class ForkHost implements ProcessHost {
  readonly #entry: string

  /** @param entry path of the inference process's entry, source or built; the source beside this file if left out */
  constructor(entry = fileURLToPath(new URL('./inference-process.ts', import.meta.url))) {
    this.#entry = entry
  }

  start(): InferenceProcess {
    const tsx = () => pathToFileURL(createRequire(import.meta.url).resolve('tsx')).href
    const child = fork(this.#entry, [], {
      // Pictures cross as bytes, not as JSON.
      serialization: 'advanced',
      env: { ...process.env, ...memorySettings },
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      execArgv: ['--expose-gc', ...(this.#entry.endsWith('.ts') ? ['--import', tsx()] : [])],
    })
    let errorOutput = ''
    child.stderr?.on('data', (data: Buffer) => {
      errorOutput = (errorOutput + data.toString()).slice(-keptErrorOutput)
    })
    return {
      pid: child.pid,
      send: (command) => {
        // A process that is gone is reported by its exit; an error of the channel says nothing more.
        if (child.connected) child.send(command, () => {})
      },
      onReply: (listener) => child.on('message', (reply) => listener(reply as Reply)),
      exited: new Promise((resolve) => {
        child.once('error', (error) => resolve(`it could not be run: ${error.message}`))
        // 'close' comes after 'exit', when the error output has been read to its end.
        child.once('close', (code, signal) => {
          const lastLine = errorOutput.trim().split('\n').at(-1)
          const how = signal ? `it was killed (${signal})` : `it ended with code ${code}`
          resolve(signal === null && lastLine ? `${how}: ${lastLine}` : how)
        })
      }),
      kill: () => {
        child.kill('SIGKILL')
      },
    }
  }
}
