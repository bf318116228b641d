import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import {
  type BlockFormat,
  type BlockMatrix,
  bitwiseAnd,
  blockMatmul,
  concat,
  gather,
  gemm,
  multiply,
  reshape,
  shiftRight,
  split,
  subtract,
  toFloat32,
  unsqueeze,
} from '../onnx/operators.ts'
import { bytesOf, type TensorData, type TensorPiece } from '../onnx/tensor-data.ts'
import { toFloat16 } from './float16.ts'
import { quantizeRows } from './quantize-rows.ts'

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

/** Formats in which a matrix can be stored. */
export type MatrixPrecision = 'f32' | 'f16' | 'int8' | 'int4'

/** A matrix as it stands in a graph: plain numbers, or blocks of few bits. */
export type StoredMatrix = { kind: 'dense'; values: Value<'float32'> } | ({ kind: 'blocks' } & BlockMatrix)

/** A matrix in blocks of few bits, told so that other threads can make its pieces. */
export interface BlockData extends TensorData {
  source: MatrixSource
  format: BlockFormat
}

export function isBlockData(data: TensorData): data is BlockData {
  return 'format' in data
}

type Float = Value<'float32'>
type Bytes = Value<'uint8'>

/** Columns from which on a matrix belongs to a large model. */
const wide = 2048

/** Values read at a time; what keeps memory bounded. */
const pieceValues = 1 << 20

/** The rows of a source in order, some at a time. */
export function* rowRanges({ parts, columns }: MatrixSource): Iterable<RowRange> {
  const rowsAtATime = Math.max(1, Math.floor(pieceValues / columns))
  for (const { weight, start, end } of parts)
    for (let row = start; row < end; row += rowsAtATime)
      yield { weight, start: row, end: Math.min(end, row + rowsAtATime) }
}

async function* readRows(checkpoint: Checkpoint, source: MatrixSource): AsyncIterable<Float32Array> {
  for (const { weight, start, end } of rowRanges(source)) yield await checkpoint.read(weight, { start, end })
}

/** Values of a source, under any shape. */
export function denseData(
  checkpoint: Checkpoint,
  source: MatrixSource,
  shape: readonly number[],
  type: 'float32' | 'float16' = 'float32',
): TensorData {
  return {
    tensors: [{ name: source.name, type, shape }],
    sources: source.parts.map(({ weight }) => weight),
    async *pieces(): AsyncIterable<TensorPiece> {
      for await (const values of readRows(checkpoint, source))
        yield { tensor: 0, bytes: bytesOf(type === 'float16' ? toFloat16(values) : values) }
    },
  }
}

/**
 * Puts a matrix into the graph in the precision asked for. Half floats, as values or as scales of blocks, are widened
 * once, when the session is made: they save disk space, not memory.
 */
export function storeMatrix(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  source: MatrixSource,
  precision: MatrixPrecision,
): StoredMatrix {
  if (precision === 'int8' || precision === 'int4') return storeBlocks(graph, checkpoint, source, precision)
  const type = precision === 'f16' ? 'float16' : 'float32'
  const [values] = graph.weight(denseData(checkpoint, source, [source.rows, source.columns], type))
  return { kind: 'dense', values: type === 'float16' ? toFloat32(graph, values!) : (values as Float) }
}

/**
 * Columns that share a scale. MatMulNBits takes any number of columns and fills up the last block. Long blocks are
 * smaller and faster, so matrices take the longest that needs no filling up; 8 bits lose nothing by it, 4 bits a little.
 * A large model loses least, and there the scales weigh most, so small ones keep short blocks in 4 bits: see
 * `tests/bench/install.md`.
 */
export function blockSizeFor(precision: 'int8' | 'int4', columns: number): number {
  if (precision === 'int4' && columns < wide) return 32
  return [128, 64].find((size) => columns % size === 0) ?? 32
}

function storeBlocks(
  graph: GraphBuilder,
  checkpoint: Checkpoint,
  source: MatrixSource,
  precision: 'int8' | 'int4',
): StoredMatrix {
  const { name, rows, columns } = source
  const bits = precision === 'int8' ? 8 : 4
  const blockSize = blockSizeFor(precision, columns)
  const blocks = Math.ceil(columns / blockSize)
  const format: BlockFormat = { bits, blockSize, columns }
  const data: BlockData = {
    tensors: [
      { name: `${name}.packed`, type: 'uint8', shape: [rows, blocks, (blockSize * bits) / 8] },
      { name: `${name}.scales`, type: 'float16', shape: [rows, blocks] },
      ...(bits === 4
        ? [{ name: `${name}.zero_points`, type: 'uint8' as const, shape: [rows, Math.ceil(blocks / 2)] }]
        : []),
    ],
    sources: source.parts.map(({ weight }) => weight),
    source,
    format,
    async *pieces(): AsyncIterable<TensorPiece> {
      for await (const values of readRows(checkpoint, source)) {
        for (const [tensor, bytes] of quantizeRows(values, format).entries()) yield { tensor, bytes }
      }
    },
  }
  const [packed, scales, zeroPoints] = graph.weight(data)
  return {
    kind: 'blocks',
    packed: packed as Bytes,
    scales: toFloat32(graph, scales!),
    zeroPoints: zeroPoints as Bytes | undefined,
    bits,
    blockSize,
    rows,
    columns,
  }
}

/** x W^T + bias; x [n, columns] gives [n, rows]. */
export function multiplyByMatrix(graph: GraphBuilder, x: Float, matrix: StoredMatrix, bias?: Float): Float {
  return matrix.kind === 'dense' ? gemm(graph, x, matrix.values, bias) : blockMatmul(graph, x, matrix, bias)
}

/** Rows of the matrix; indices [n] give [n, columns]. */
export function rowsOfMatrix(graph: GraphBuilder, matrix: StoredMatrix, indices: Value<'int64'>): Float {
  if (matrix.kind === 'dense') return gather(graph, matrix.values, indices)
  const { packed, scales, zeroPoints, blockSize, columns } = matrix
  const blocks = Math.ceil(columns / blockSize)
  const codes = gather(graph, packed, indices)
  const centred = zeroPoints ? centredNibbles() : subtract(graph, toFloat32(graph, codes), graph.float32(128))
  const values = multiply(graph, centred, unsqueeze(graph, gather(graph, scales, indices), [2]))
  return firstOf(graph, reshape(graph, values, [0, blocks * blockSize]), columns, blocks * blockSize)

  function centredNibbles(): Float {
    const even = Math.ceil(blocks / 2) * 2
    const zeros = reshape(graph, nibbles(graph, gather(graph, zeroPoints!, indices)), [0, even, 1])
    return subtract(
      graph,
      toFloat32(graph, reshape(graph, nibbles(graph, codes), [0, blocks, blockSize])),
      toFloat32(graph, firstOf(graph, zeros, blocks, even)),
    )
  }
}

/** The first `count` of the `size` entries along axis 1; what follows is filling. */
function firstOf<V extends Value>(graph: GraphBuilder, x: V, count: number, size: number): V {
  return count === size ? x : split(graph, x, [count, size - count], 1)[0]!
}

/** The two 4-bit codes of each byte as a pair of bytes, the lower half first; [...] gives [..., 2]. */
function nibbles(graph: GraphBuilder, x: Bytes): Bytes {
  const halves = [bitwiseAnd(graph, x, 15), shiftRight(graph, x, 4)]
  return concat(
    graph,
    halves.map((half) => unsqueeze(graph, half, [-1])),
    -1,
  )
}
