/** Entry of a worker thread: reads rows of a checkpoint's weights and sends them back in blocks of few bits. */
import { openSync, readSync } from 'node:fs'
import { parentPort } from 'node:worker_threads'
import { quantizeStoredRows, type StoredRows } from './quantize-rows.ts'

const files = new Map<string, number>()

/** Reading is synchronous: this thread has nothing else to do, and the disk is read while its peers compute. */
function readFrom(path: string): (target: Uint8Array, offset: number) => void {
  const handle = files.get(path) ?? openSync(path, 'r')
  files.set(path, handle)
  return (target, offset) => {
    for (let filled = 0; filled < target.length; ) {
      const count = readSync(handle, target, filled, target.length - filled, offset + filled)
      if (count === 0) throw new Error(`${path} ends at byte ${offset + filled}, before its content does`)
      filled += count
    }
  }
}

parentPort?.on('message', (stored: StoredRows) => {
  try {
    const result = quantizeStoredRows(stored, readFrom(stored.path))
    const buffers = result.tensors.map(({ buffer }) => buffer as ArrayBuffer)
    parentPort?.postMessage({ result }, buffers)
  } catch (error) {
    parentPort?.postMessage({ error: (error as Error).message })
  }
})
