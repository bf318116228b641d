/**
 * A process that runs our decoder as the inference process does, on demand. Arguments: a shape of `decoder-shapes.ts`,
 * its folder, threads, and for a GPU the numbers that it computes with.
 */
import { join } from 'node:path'
import { graphFiles } from '../../native-models/install/manifest.ts'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import { chunkRowsOf } from '../../src-main/inference/chunk-rows.ts'
import { Decoder } from '../../src-main/inference/decoder.ts'
import { DeviceDecoder } from '../../src-main/inference/device-decoder.ts'
import { DeviceMemory } from '../../src-main/inference/device-memory.ts'
import { probeDevice } from '../../src-main/inference/device-probe.ts'
import { takeChunk } from '../../src-main/inference/merged-sequence.ts'
import type { RowDecoder } from '../../src-main/inference/row-decoder.ts'
import { onProcessor, openDeviceSession, openPromptSession, openSession } from '../../src-main/inference/session.ts'
import { answerTasks } from './decoder-peer.ts'
import { type DecoderTask, shapeOf, shapes } from './decoder-shapes.ts'

const [shape, folder, threads, numbers] = process.argv.slice(2)
const config = shapeOf(shape!)
const chunkRows = chunkRowsOf(config)
const decoder = numbers ? await onGpu(numbers as NumberType) : await onCpu()

async function onCpu(): Promise<RowDecoder> {
  const execution = onProcessor(Number(threads))
  const session = await openSession(join(folder!, graphFiles.decoder), execution)
  return new Decoder(session, config, await openPromptSession(folder!, execution, shapes[shape!]!.config))
}

async function onGpu(numbers: NumberType): Promise<RowDecoder> {
  const { longAttention } = await probeDevice('webgpu', numbers)
  const execution = { device: 'webgpu' as const, numbers, longAttention, threads: 0 }
  const session = await openDeviceSession(folder!, 'decoder', execution, shapes[shape!]!.config)
  return new DeviceDecoder(session, await DeviceMemory.open(config, execution), config, longAttention)
}

const picture = { hash: '', name: '', source: { path: '' } }
const visualRow = new Float32Array(config.width).fill(0.01)
let filled = decoder.newCache()

/** @returns milliseconds until the first token is known */
async function read(rows: number, visual: number): Promise<number> {
  const cache = decoder.newCache()
  const all = Array.from({ length: rows }, (_, row) => (row < visual ? -1 : 300 + row))
  const visualRows = new Float32Array(visual * config.width)
  for (let row = 0; row < visual; row++) visualRows.set(visualRow, row * config.width)
  const sequence = { rows: all, pictures: visual ? [{ picture, start: 0 }] : [], visualRows: visual }
  const start = performance.now()
  cache.expect?.(rows)
  for (let row = 0; row < rows; row += chunkRows) {
    const chunk = takeChunk(sequence, row, Math.min(row + chunkRows, rows), config.width, () => visualRows)
    const last = chunk.rows.length - 1
    await decoder.runChunk(chunk, cache, row + chunkRows >= rows ? [chunk.order?.[last] ?? last] : [])
  }
  const ms = performance.now() - start
  filled.release?.()
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
