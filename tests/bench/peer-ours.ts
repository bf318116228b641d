/** A process that runs our decoder as the inference process does, on demand. Argument: a folder of `decoder-shapes.ts`. */
import { join } from 'node:path'
import { graphFiles } from '../../native-models/install/manifest.ts'
import { chunkRowsOf } from '../../src-main/inference/chunk-rows.ts'
import { Decoder } from '../../src-main/inference/decoder.ts'
import { KvCache } from '../../src-main/inference/kv-cache.ts'
import { takeChunk } from '../../src-main/inference/merged-sequence.ts'
import { openSession } from '../../src-main/inference/session.ts'
import { answerTasks } from './decoder-peer.ts'
import { type DecoderTask, shapeOf } from './decoder-shapes.ts'

const [shape, folder, threads] = process.argv.slice(2)
const config = shapeOf(shape!)
const chunkRows = chunkRowsOf(config)
const session = await openSession(join(folder!, graphFiles.decoder), {
  device: 'cpu',
  numbers: 'float32',
  longAttention: true,
  threads: Number(threads),
})
const decoder = new Decoder(session, config)
const picture = { hash: '', name: '', source: { path: '' } }
const visualRow = new Float32Array(config.width).fill(0.01)
let filled = new KvCache(config)

/** @returns milliseconds until the first token is known */
async function read(rows: number, visual: number): Promise<number> {
  const cache = new KvCache(config)
  const all = Array.from({ length: rows }, (_, row) => (row < visual ? -1 : 300 + row))
  const visualRows = new Float32Array(visual * config.width)
  for (let row = 0; row < visual; row++) visualRows.set(visualRow, row * config.width)
  const sequence = { rows: all, pictures: visual ? [{ picture, start: 0 }] : [], visualRows: visual }
  const start = performance.now()
  for (let row = 0; row < rows; row += chunkRows) {
    const chunk = takeChunk(sequence, row, Math.min(row + chunkRows, rows), config.width, () => visualRows)
    const last = chunk.rows.length - 1
    await decoder.runChunk(chunk, cache, row + chunkRows >= rows ? [chunk.order?.[last] ?? last] : [])
  }
  const ms = performance.now() - start
  filled = cache
  return ms
}

answerTasks(async (task: DecoderTask) => {
  if (task.type === 'read') return read(task.rows, task.visual)
  if (filled.length !== task.past) await read(task.past, 0)
  let token = 300
  await decoder.stepsToBest([token], filled)
  const start = performance.now()
  for (let step = 0; step < task.steps; step++) [token] = (await decoder.stepsToBest([token], filled)) as [number]
  const ms = (performance.now() - start) / task.steps
  filled.truncate(task.past)
  return ms
})
