import type { Checkpoint } from '../../native-models/checkpoint/checkpoint.ts'
import { expectedWeights } from '../../native-models/mplug-owl2/checkpoint-keys.ts'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import type { GraphBuilder } from '../../native-models/onnx/graph-builder.ts'
import { writeModelFile } from '../../native-models/onnx/model-file.ts'
import { byteLength, bytesOf, type TensorLayout } from '../../native-models/onnx/tensor-data.ts'
import { toFloat16 } from '../../native-models/quantization/float16.ts'
import { seededRandom } from '../../src-main/inference/sampling.ts'

/** What a matrix's values are spread by: as in trained models, so that nothing overflows. */
const spread = 0.02
/** The standard deviation of evenly spread 4-bit codes; 8-bit ones have 16 times as much. */
const codeSpread = 4.6

/** A checkpoint that knows its weights' shapes only: enough to build graphs of any size from. */
export function shapesOnly(config: OwlConfig): Checkpoint {
  const weights = new Map(
    [...expectedWeights(config)].map(([name, { shape }]) => [name, { name, type: 'F16' as const, shape }]),
  )
  const refuse = () => Promise.reject(new Error('This checkpoint holds shapes, not values.'))
  return { folder: '', weights, read: refuse, verify: refuse, close: async () => {} }
}

/** Writes a graph with random weights, which run as fast as trained ones. */
export async function writeRandomGraph(graph: GraphBuilder, folder: string): Promise<void> {
  for (const data of graph.weights) {
    data.pieces = async function* () {
      for (const [tensor, layout] of data.tensors.entries()) yield { tensor, bytes: randomBytes(layout, data.tensors) }
    }
  }
  await writeModelFile(graph, { folder, maxFileBytes: 2 ** 31 - 2 ** 20 })
}

function randomBytes(layout: TensorLayout, siblings: readonly TensorLayout[]): Uint8Array {
  const bytes = byteLength(layout)
  if (layout.name.endsWith('.scales')) {
    const packed = siblings.find(({ name }) => name.endsWith('.packed'))!
    const isByte = !siblings.some(({ name }) => name.endsWith('.zero_points')) && packed.shape[2]! >= 32
    return bytesOf(toFloat16(new Float32Array(bytes / 2).fill(spread / (codeSpread * (isByte ? 16 : 1)))))
  }
  // The middle of the range.
  if (layout.name.endsWith('.zero_points')) return new Uint8Array(bytes).fill(0x88)
  if (layout.name.endsWith('.packed')) return noise(bytes)
  const count = bytes / 4
  const isNorm = layout.shape.length === 1
  const random = seededRandom(count)
  const values = Float32Array.from({ length: count }, () => (isNorm ? 1 : (random() - 0.5) * 2 * spread))
  return bytesOf(values)
}

/** Random bytes, made once and repeated with a shift, as gigabytes of them are asked for. */
export function noise(count: number): Uint8Array {
  const bytes = new Uint8Array(count)
  for (let start = 0; start < count; start += table.length - 1) bytes.set(table.subarray(0, count - start), start)
  return bytes
}

const table = (() => {
  const random = seededRandom(1)
  return Uint8Array.from({ length: 1 << 20 }, () => random() * 256)
})()
