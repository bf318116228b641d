import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import { bytesPerValue } from '../checkpoint/number-formats.ts'
import { countValues } from '../checkpoint/stored-weight.ts'
import type { TensorData, TensorPiece } from '../onnx/tensor-data.ts'
import type { QuantizedRows } from './quantize-rows.ts'
import type { QuantizerPool } from './quantizer-pool.ts'
import { type BlockData, isBlockData, type RowRange, rowRanges } from './stored-matrix.ts'
import type { WeightChecks } from './weight-checks.ts'

/** Tasks asked for beyond one a thread, so that none waits while a piece is written. */
const spare = 2

/** Whether other threads can make a tensor's pieces: it is quantised, and all its weights lie in files. */
export function isThreadable(data: TensorData, checkpoint: Checkpoint): data is BlockData {
  return isBlockData(data) && data.source.parts.every(({ weight }) => checkpoint.place?.(weight) !== undefined)
}

/**
 * The pieces of a quantised matrix, made by the threads of a pool and handed out in order. Memory is bounded by the
 * tasks under way.
 * @throws OwlError `checkpoint-damaged`, `cancelled`
 */
export async function* threadedPieces(
  { source, format }: BlockData,
  checkpoint: Checkpoint,
  pool: QuantizerPool,
  checks: WeightChecks,
): AsyncIterable<TensorPiece> {
  const under: Promise<QuantizedRows>[] = []
  const begin = async ({ weight, start, end }: RowRange): Promise<QuantizedRows> => {
    const place = checkpoint.place!(weight)!
    const { shape } = checkpoint.weights.get(weight)!
    const rowBytes = format.columns * bytesPerValue[place.type]
    const offset = place.offset + start * rowBytes
    const rows = await pool.quantize({ ...format, path: place.path, type: place.type, offset, rows: end - start })
    checks.add(weight, countValues(shape) * bytesPerValue[place.type], place, offset, rows)
    return rows
  }
  for (const range of rowRanges(source)) {
    const task = begin(range)
    // It is awaited in its turn; until then its failure is nobody's.
    task.catch(() => {})
    under.push(task)
    if (under.length >= pool.threads + spare) yield* inOrder((await under.shift())!)
  }
  for (const task of under) yield* inOrder(await task)
}

function* inOrder({ tensors }: QuantizedRows): Iterable<TensorPiece> {
  for (const [tensor, bytes] of tensors.entries()) yield { tensor, bytes }
}
