import { InferenceSession, Tensor } from 'onnxruntime-node'
import {
  add,
  blockMatmul,
  groupQueryAttention,
  layerNorm,
  matmul,
  multiHeadAttention,
  type NumberType,
  type Real,
  rmsNorm,
  sigmoidGate,
  toType,
} from '../../native-models/onnx/device-operators.ts'
import { GraphBuilder } from '../../native-models/onnx/graph-builder.ts'
import { encodeModel } from '../../native-models/onnx/model-file.ts'
import { expand, gather, reshape } from '../../native-models/onnx/operators.ts'
import { OwlError } from '../../native-models/owl-error.ts'
import { type Device, type Execution, largestTriedTensor, providers, shortAttentionRows } from './providers.ts'
import { onProcessor, sessionOptions } from './session.ts'

/** What a probe found. */
export interface DeviceSpeed {
  /** How many times as fast as the processor the device multiplies two matrices. */
  speedup: number
  /** Whether attention of many rows at once is right; see `Execution`. */
  longAttention: boolean
  /** Bytes of the largest tensor that was made there, of those tried up to 1 GiB; 0 where none was tried. */
  largestTensor: number
}

/** Largest difference from the processor's result, whose entries are about 1, that rounding can explain. */
const tolerance: Record<NumberType, number> = { float32: 1e-3, float16: 3e-2 }

/** Sides of the matrices whose products are timed: a GPU does the first at once, which a software driver cannot. */
const timedSides = [512, 1024]
const atOnceMs = 50

/** Bytes of the tensors that are made there: WebGPU promises the first. */
const tensorSizes = [2 ** 27, 2 ** 28, 2 ** 29, largestTriedTensor]
/** A driver that takes longer to fill one is not tried with the next. */
const filledMs = 3000

/**
 * Creates and runs a small graph of the operators that the model's graphs use, and compares the result with the
 * processor's. That a provider is listed, or that a session can be created, proves nothing: drivers fail at the first
 * run. To be called in a process of its own, which a driver may take down or hang.
 * @throws OwlError `device-unavailable`
 */
export async function probeDevice(device: Device, numbers: NumberType): Promise<DeviceSpeed> {
  const execution: Execution = { device, numbers, longAttention: false, threads: 0 }
  const cpu = onProcessor(0)
  const withDecoder = device === 'cpu' || providers[device].runs === 'everything'
  const run = async (graph: GraphBuilder, on: Execution, inputs: Record<string, Tensor>) => {
    const session = await InferenceSession.create(encodeModel(graph, []), sessionOptions(on))
    return async () => (await session.run(inputs)).y!.data as Float32Array
  }
  try {
    const difference = async (rows: number) => {
      const feeds = { x: new Tensor('float32', wave([rows, width], 0.7), [rows, width]) }
      const actual = await (await run(smallGraph(numbers, rows, withDecoder), execution, feeds))()
      const expected = await (await run(smallGraph('float32', rows, withDecoder), cpu, feeds))()
      return expected.reduce((most, value, i) => Math.max(most, Math.abs(value - actual[i]!)), 0)
    }
    const offBy = await difference(fewRows)
    // Not a number is not near either.
    if (!(offBy < tolerance[numbers])) throw new Error(`what it computed in ${numbers} is off by ${offBy}`)
    const longAttention = (await difference(manyRows)) < tolerance[numbers]
    let speedup = 0
    for (const side of timedSides) {
      const square = { a: new Tensor('float32', wave([side, side], 1.3), [side, side]) }
      const deviceMs = await shortestMs(await run(productGraph(numbers, side), execution, square))
      speedup = (await shortestMs(await run(productGraph('float32', side), cpu, square))) / deviceMs
      if (deviceMs > atOnceMs) break
    }
    // Last, as a driver may be lost in it. What it takes in one kind of numbers it takes in the other.
    const largestTensor = withDecoder && device !== 'cpu' && numbers === 'float32' ? await largestFilled(execution) : 0
    return { speedup, longAttention, largestTensor }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OwlError('device-unavailable', reason, { cause })
  }
}

const fewRows = 4
const manyRows = 2 * shortAttentionRows
const width = 64
const heads = 2
const keyHeads = 1
const headWidth = width / heads
const blockSize = 32

/** One layer of each module in small: norms, products with 4-bit and 8-bit matrices, gates, both kinds of attention. */
function smallGraph(numbers: NumberType, rows: number, withDecoder: boolean): GraphBuilder {
  const g = new GraphBuilder('probe')
  const real = (shape: readonly number[], values: Float32Array): Real =>
    toType(g, g.constant('float32', shape, values), numbers)
  const ones = real([width], new Float32Array(width).fill(1))
  const zeros = real([width], new Float32Array(width))
  const product = (x: Real, outputs: number, bits: 4 | 8): Real => {
    const blocks = width / blockSize
    const bytes = Uint8Array.from({ length: outputs * blocks * ((blockSize * bits) / 8) }, (_, i) => (i * 37) % 251)
    const packed = g.constant('uint8', [outputs, blocks, (blockSize * bits) / 8], bytes)
    const scales = real([outputs, blocks], new Float32Array(outputs * blocks).fill(bits === 4 ? 0.02 : 0.0015))
    return blockMatmul(g, x, { packed, scales, bits, blockSize, rows: outputs, columns: width })
  }

  let x: Real = toType(g, g.input('x', 'float32', [rows, width]), numbers)
  const seen = layerNorm(g, x, ones, zeros, 1e-5)
  const inBatch = (y: Real, columns = width) => reshape(g, y, [1, rows, columns])
  const parts = [0, 1, 2].map(() => inBatch(product(seen, width, 8)))
  x = add(g, x, reshape(g, multiHeadAttention(g, parts[0]!, parts[1]!, parts[2]!, heads), [rows, width]))
  x = add(g, x, sigmoidGate(g, product(x, width, 8), 1.702))
  if (withDecoder) {
    const normed = rmsNorm(g, x, ones, 1e-5)
    const past = real([1, keyHeads, 2 * rows, headWidth], new Float32Array(keyHeads * 2 * rows * headWidth))
    const angles = (wave: (angle: number) => number) =>
      real(
        [2 * rows, headWidth / 2],
        Float32Array.from({ length: rows * headWidth }, (_, i) => wave(i / 7)),
      )
    const { attended } = groupQueryAttention(
      g,
      {
        query: inBatch(product(normed, width, 4)),
        key: inBatch(product(normed, keyHeads * headWidth, 4), keyHeads * headWidth),
        value: inBatch(product(normed, keyHeads * headWidth, 8), keyHeads * headWidth),
        pastKey: past,
        pastValue: past,
        lastRow: g.constant('int32', [1], Int32Array.of(rows - 1)),
        totalRows: g.constant('int32', [], Int32Array.of(rows)),
        cosines: angles(Math.cos),
        sines: angles(Math.sin),
      },
      heads,
      keyHeads,
    )
    x = add(g, x, reshape(g, attended, [rows, width]))
  }
  g.output('y', toType(g, rmsNorm(g, x, ones, 1e-5), 'float32'), [rows, width])
  return g
}

function productGraph(numbers: NumberType, side: number): GraphBuilder {
  const g = new GraphBuilder('product')
  const a = toType(g, g.input('a', 'float32', [side, side]), numbers)
  g.output('y', toType(g, matmul(g, a, a), 'float32'), [side, side])
  return g
}

/** Fills larger and larger tensors and reads their last entries, until one fails. @returns bytes of the last that did not */
async function largestFilled(execution: Execution): Promise<number> {
  const g = new GraphBuilder('tensor')
  const filled = expand(g, g.float32(1), g.input('shape', 'int64', [1]))
  g.output('y', gather(g, filled, g.input('last', 'int64', [1])), [1])
  let largest = 0
  try {
    const session = await InferenceSession.create(encodeModel(g, []), sessionOptions(execution))
    for (const bytes of tensorSizes) {
      const entries = BigInt(bytes / Float32Array.BYTES_PER_ELEMENT)
      const int64 = (value: bigint) => new Tensor('int64', BigInt64Array.of(value), [1])
      const start = performance.now()
      const { y } = await session.run({ shape: int64(entries), last: int64(entries - 1n) })
      if (y!.data[0] !== 1) break
      largest = bytes
      if (performance.now() - start > filledMs) break
    }
  } catch {
    // That is what was to be found out.
  }
  return largest
}

/** Of three runs, after one that may compile. */
async function shortestMs(run: () => Promise<unknown>): Promise<number> {
  let shortest = Number.POSITIVE_INFINITY
  for (let turn = 0; turn < 4; turn++) {
    const start = performance.now()
    await run()
    if (turn > 0) shortest = Math.min(shortest, performance.now() - start)
  }
  return shortest
}

function wave(shape: readonly number[], step: number): Float32Array {
  return Float32Array.from({ length: shape.reduce((a, b) => a * b) }, (_, i) => Math.sin(i * step))
}
