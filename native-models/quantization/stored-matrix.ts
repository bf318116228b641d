import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Precision } from '../install/manifest.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import { type BlockMatrix, gather, gemm } from '../onnx/operators.ts'
import { bytesOf, type TensorData, type TensorPiece } from '../onnx/tensor-data.ts'

/** Rows of a weight of the checkpoint, half open. */
export interface RowRange {
  weight: string
  start: number
  end: number
}

/** A matrix [rows, columns], put together from rows of one or several weights of a checkpoint. */
export interface MatrixSource {
  name: string
  parts: readonly RowRange[]
  rows: number
  columns: number
}

/** A matrix as it stands in a graph. */
export type StoredMatrix = { kind: 'dense'; values: Value<'float32'> } | { kind: 'blocks'; blocks: BlockMatrix }

/** Values read at a time. */
const pieceValues = 1 << 20

/** The rows of a source in order, some at a time. */
export async function* readRows(checkpoint: Checkpoint, source: MatrixSource): AsyncIterable<Float32Array> {
  const rowsAtATime = Math.max(1, Math.floor(pieceValues / source.columns))
  for (const { weight, start, end } of source.parts)
    for (let row = start; row < end; row += rowsAtATime)
      yield await checkpoint.read(weight, { start: row, end: Math.min(end, row + rowsAtATime) })
}

/** Puts a matrix into the graph in the precision asked for. */
export function storeMatrix(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  source: MatrixSource,
  precision: Precision,
): StoredMatrix {
  if (precision !== 'f32') throw new Error(`not yet: ${precision}`)
  const [values] = graph.weight(denseData(checkpoint, source, [source.rows, source.columns]))
  return { kind: 'dense', values: values as Value<'float32'> }
}

/** Float32 values of a source, under any shape. */
export function denseData(checkpoint: Checkpoint, source: MatrixSource, shape: readonly number[]): TensorData {
  return {
    tensors: [{ name: source.name, type: 'float32', shape }],
    async *pieces(): AsyncIterable<TensorPiece> {
      for await (const values of readRows(checkpoint, source)) yield { tensor: 0, bytes: bytesOf(values) }
    },
  }
}

/** x W^T + bias; x [n, columns] gives [n, rows]. */
export function multiplyByMatrix(
  graph: GraphBuilder,
  x: Value<'float32'>,
  matrix: StoredMatrix,
  bias?: Value<'float32'>,
): Value<'float32'> {
  if (matrix.kind === 'dense') return gemm(graph, x, matrix.values, bias)
  throw new Error('not yet')
}

/** Rows of the matrix; indices [n] give [n, columns]. */
export function rowsOfMatrix(graph: GraphBuilder, matrix: StoredMatrix, indices: Value<'int64'>): Value<'float32'> {
  if (matrix.kind === 'dense') return gather(graph, matrix.values, indices)
  throw new Error('not yet')
}
