import { readFile, rename, writeFile } from 'node:fs/promises'
import { z } from 'zod'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import type { ProcessHost } from '../inference/process-host.ts'
import type { Reply } from '../inference/protocol.ts'
import type { GpuProvider } from '../inference/providers.ts'

/** The first run compiles for the device, which takes a slow driver on a busy computer half a minute. */
const defaultTimeoutMs = 120_000

export const probeSchema = z.object({
  works: z.boolean(),
  /** How many times as fast as the processor it multiplied matrices; 0 where it does not work. */
  speedup: z.number(),
  /** Whether attention of many rows at once is right there. */
  longAttention: z.boolean(),
  /** Bytes of the largest tensor that was made there; 0 where none was tried. */
  largestTensor: z.number(),
  /** Why it does not work. */
  problem: z.string().optional(),
})
export type Probe = z.infer<typeof probeSchema>

/**
 * Tries a device in a process that is thrown away, as a driver may take its process down, hang it, or leave it in a
 * state of which later runs suffer.
 */
export async function probe(
  host: ProcessHost,
  device: GpuProvider,
  numbers: NumberType,
  timeoutMs = defaultTimeoutMs,
): Promise<Probe> {
  const process = host.start()
  let timer: NodeJS.Timeout | undefined
  try {
    return await Promise.race([
      new Promise<Probe>((resolve) => process.onReply((reply) => resolve(outcome(reply)))),
      process.exited.then((how) => failure(`the process that tried it was lost: ${how}`)),
      new Promise<Probe>((resolve) => {
        timer = setTimeout(() => resolve(failure(`it did not answer within ${timeoutMs / 1000} seconds`)), timeoutMs)
        process.send({ type: 'probe', id: 1, device, numbers })
      }),
    ])
  } finally {
    clearTimeout(timer)
    process.kill()
    await process.exited
  }
}

function outcome(reply: Reply): Probe {
  if (reply.type === 'probed') return { works: true, ...reply.speed }
  const error = reply.type === 'failed' ? OwlError.fromMessage(reply.error) : undefined
  return failure(error ? plainWords(error.message) : `it answered with ${reply.type}`)
}

/** What the runtime says without the place in its source where it says so. */
export function plainWords(message: string): string {
  const [, said] = /^\S*\/onnxruntime\/\S+:\d+ .*? was false\.\s*(\S.*)$/s.exec(message) ?? []
  return (said ?? message).trim()
}

function failure(problem: string): Probe {
  return { works: false, speedup: 0, longAttention: false, largestTensor: 0, problem }
}

const keptSchema = z.object({ key: z.string(), probes: z.record(z.string(), probeSchema) })

/** Outcomes of probes on the disk. They hold as long as the key, in which drivers and versions are, stays the same. */
export class KeptProbes {
  readonly #file: string

  constructor(file: string) {
    this.#file = file
  }

  async read(key: string): Promise<Record<string, Probe> | undefined> {
    try {
      const kept = keptSchema.parse(JSON.parse(await readFile(this.#file, 'utf8')))
      return kept.key === key ? kept.probes : undefined
    } catch {
      // Not there, or of another version: probed again.
      return undefined
    }
  }

  /** A disk that cannot be written to is no reason to fail: the next start probes again. */
  async write(key: string, probes: Record<string, Probe>): Promise<void> {
    const unfinished = `${this.#file}.${process.pid}`
    await writeFile(unfinished, JSON.stringify({ key, probes }, undefined, 2))
      .then(() => rename(unfinished, this.#file))
      .catch(() => {})
  }
}
