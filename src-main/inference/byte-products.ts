import { freemem } from 'node:os'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { ByteSums } from '../../native-models/mplug-owl2/byte-weights.ts'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import { GraphBuilder } from '../../native-models/onnx/graph-builder.ts'
import { encodeModel } from '../../native-models/onnx/model-file.ts'
import { byteMatmul } from '../../native-models/onnx/operators.ts'
import { matrixWeights } from './chunk-rows.ts'

const side = 64
const largest = { byte: 255, code: 127, zero: 128 }

/** A copy of the decoder's matrices in bytes may take this much memory. */
const mostBytes = 512 * 2 ** 20
/** Copies that are there at once while a session is made; one stays. */
const copiesWhileOpening = 4

/**
 * Whether the decoder of this shape is small enough for a second copy of its matrices, a byte a weight.
 * @param free bytes of memory that nobody uses
 */
export function hasRoomForBytes(config: OwlConfig['decoder'], free: number = freemem()): boolean {
  const bytes = matrixWeights(config)
  return bytes <= mostBytes && copiesWhileOpening * bytes <= free
}

/**
 * How the processor adds up products of bytes. With instructions for sums of four of them (AVX-512 VNNI, AVX-VNNI, AMX)
 * the product of the largest bytes is right; without, onnxruntime adds pairs in 16 bits, which they overflow. So a product
 * of those tells, whatever the processor is called.
 * @returns nothing on other architectures than x64: nobody has measured there whether they are worth having
 */
export async function byteSums(architecture: string = process.arch): Promise<ByteSums | undefined> {
  if (architecture !== 'x64') return undefined
  const g = new GraphBuilder('largest-bytes')
  const codes = g.constant('int8', [side, side], new Int8Array(side * side).fill(largest.code))
  const scales = g.constant('float32', [side], new Float32Array(side).fill(1))
  const product = byteMatmul(g, g.input('bytes', 'uint8', ['rows', side]), { codes, scales })
  g.output('product', product, ['rows', side])
  const session = await InferenceSession.create(encodeModel(g, []), { logSeverityLevel: 3, intraOpNumThreads: 1 })
  try {
    const bytes = new Tensor('uint8', new Uint8Array(side * side).fill(largest.byte), [side, side])
    const values = (await session.run({ bytes })).product!.data as Float32Array
    const isRight = values.every((value) => value === side * (largest.byte - largest.zero) * largest.code)
    return isRight ? 'fours' : 'pairs'
  } finally {
    await session.release()
  }
}
