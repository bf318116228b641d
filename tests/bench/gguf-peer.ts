import { spawn, spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { writeFullShape } from './full-shape-checkpoint.ts'
import { projectFolder } from './measure.ts'
import { peakMemory } from './peak-memory.ts'

/** Git leaves it out. */
const environment = join(projectFolder, 'tests/bench/.venv')

/**
 * The same work by a peer: the Python package `gguf` writes the decoder of so many layers as GGUF in Q4_0. It is
 * installed on demand; undefined where that cannot be done.
 */
export async function ggufPeer(folder: string, layers: number) {
  const python = join(environment, 'bin/python')
  if (!existsSync(python)) {
    const made =
      spawnSync('python3', ['-m', 'venv', environment]).status === 0 &&
      spawnSync(python, ['-m', 'pip', 'install', '--quiet', 'gguf', 'numpy'], { stdio: 'inherit' }).status === 0
    if (!made) {
      await rm(environment, { recursive: true, force: true })
      console.log('The peer is skipped: the Python package gguf cannot be installed here.')
      return undefined
    }
  }
  const checkpoint = join(folder, 'peer')
  const { bytes } = await writeFullShape(checkpoint, { layers, format: 'safetensors' })
  const start = performance.now()
  const child = spawn(python, [join(import.meta.dirname, 'gguf-peer.py'), checkpoint, join(folder, 'peer.gguf')], {
    stdio: 'inherit',
  })
  const peakBytes = await peakMemory(child)
  if (child.exitCode !== 0) throw new Error(`The peer ended with ${child.exitCode}.`)
  const seconds = (performance.now() - start) / 1000
  return { seconds, peakBytes, secondsPerGigabyte: seconds / (bytes / 1e9) }
}
