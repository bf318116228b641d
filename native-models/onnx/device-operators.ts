import type { GraphBuilder, Value } from './graph-builder.ts'

// Operators of the graphs for a GPU, in whichever number type the device computes. Those of com.microsoft are
// onnxruntime's own; their reference is its ContribOperators.md. What has no number type of its own (reshape, gather,
// split, ...) is in operators.ts.

export type NumberType = 'float32' | 'float16'
export type Real = Value<NumberType>
type Index = Value<'int64'>
const microsoft = 'com.microsoft'

export const add = (g: GraphBuilder, a: Real, b: Real): Real => g.node('Add', [a, b], a.type)
export const multiply = (g: GraphBuilder, a: Real, b: Real): Real => g.node('Mul', [a, b], a.type)
export const softmax = (g: GraphBuilder, x: Real): Real => g.node('Softmax', [x], x.type, { axis: -1 })
export const matmul = (g: GraphBuilder, a: Real, b: Real): Real => g.node('MatMul', [a, b], a.type)

/** The same numbers in another type; nothing where they have it already. */
export const toType = <T extends NumberType>(g: GraphBuilder, x: Value, type: T): Value<T> =>
  x.type === type ? (x as Value<T>) : g.node('Cast', [x], type, { to: type === 'float16' ? 10 : 1 })

/** x W^T + bias; x [rows, in], W [out, in]. */
export const gemm = (g: GraphBuilder, x: Real, weight: Real, bias?: Real): Real =>
  g.node('Gemm', [x, weight, bias], x.type, { transB: 1 })

/** A matrix in blocks of few bits, as MatMulNBits takes it; scales have the type of what it is multiplied with. */
export interface DeviceBlocks {
  packed: Value<'uint8'>
  scales: Real
  zeroPoints?: Value<'uint8'>
  bits: number
  blockSize: number
  rows: number
  columns: number
}

/** x W^T + bias with W in blocks; x [rows, in]. */
export const blockMatmul = (g: GraphBuilder, x: Real, w: DeviceBlocks, bias?: Real): Real =>
  g.node(
    'MatMulNBits',
    [x, w.packed, w.scales, w.zeroPoints, undefined, bias],
    x.type,
    { K: w.columns, N: w.rows, bits: w.bits, block_size: w.blockSize },
    microsoft,
  )

/**
 * Rows of a matrix in blocks. @param packed its bytes as [rows, bytes of a row]
 * @param zeroPoints as [rows, bytes of a row]; left out where the middle of the range is zero
 */
export const gatherBlocks = (
  g: GraphBuilder,
  { packed, scales, zeroPoints }: Pick<DeviceBlocks, 'packed' | 'scales' | 'zeroPoints'>,
  indices: Index,
  { bits, blockSize }: Pick<DeviceBlocks, 'bits' | 'blockSize'>,
): Real =>
  g.node(
    'GatherBlockQuantized',
    [packed, indices, scales, zeroPoints],
    scales.type,
    { bits, block_size: blockSize, gather_axis: 0, quantize_axis: 1 },
    microsoft,
  )

export const layerNorm = (g: GraphBuilder, x: Real, weight: Real, bias: Real, eps: number): Real =>
  g.node('LayerNormalization', [x, weight, bias], x.type, { axis: -1, epsilon: { float: eps } })

/** Root-mean-square norm over the last axis. */
export const rmsNorm = (g: GraphBuilder, x: Real, weight: Real, eps: number): Real =>
  g.node('SimplifiedLayerNormalization', [x, weight], x.type, { axis: -1, epsilon: { float: eps } })

/** Adds x to the residual stream; gives the norm of the sum, and the sum. */
export const addThenRmsNorm = (
  g: GraphBuilder,
  residual: Real,
  x: Real,
  weight: Real,
  eps: number,
): { normed: Real; sum: Real } => {
  const [normed, , , sum] = g.nodeWithOutputs(
    'SkipSimplifiedLayerNormalization',
    [residual, x, weight],
    [x.type, undefined, undefined, x.type],
    { epsilon: { float: eps } },
    microsoft,
  )
  return { normed: normed!, sum: sum! }
}

/** x sigmoid(alpha x): QuickGELU with 1.702, SiLU with 1. */
export const sigmoidGate = (g: GraphBuilder, x: Real, alpha: number): Real =>
  g.node('QuickGelu', [x], x.type, { alpha: { float: alpha } }, microsoft)

/** Attention without a mask; queries [batch, n, heads W], keys and values [batch, m, heads W]. */
export const multiHeadAttention = (g: GraphBuilder, q: Real, k: Real, v: Real, heads: number): Real =>
  g.node('MultiHeadAttention', [q, k, v], q.type, { num_heads: heads }, microsoft)

export interface GroupQueryInputs {
  /** [batch, n, heads W] */
  query: Real
  /** [batch, n, key heads W], values alike */
  key: Real
  value: Real
  /** [batch, key heads, capacity, W], values alike */
  pastKey: Real
  pastValue: Real
  /** int32 [batch]: rows that are there after this run, less one */
  lastRow: Value<'int32'>
  /** int32 []: the largest number of rows after this run */
  totalRows: Value<'int32'>
  /** [positions, W / 2], sines alike */
  cosines: Real
  sines: Real
}

/**
 * Causal attention of new rows over a cache and themselves, rotated by their positions on the way. New keys and values
 * are written behind the rows of the past, in place where the caller gives the same buffers for both.
 */
export const groupQueryAttention = (
  g: GraphBuilder,
  x: GroupQueryInputs,
  heads: number,
  keyHeads: number,
): { attended: Real; key: Real; value: Real } => {
  const { type } = x.query
  const inputs = [x.query, x.key, x.value, x.pastKey, x.pastValue, x.lastRow, x.totalRows, x.cosines, x.sines]
  const attributes = { num_heads: heads, kv_num_heads: keyHeads, do_rotary: 1 }
  const outputs = g.nodeWithOutputs('GroupQueryAttention', inputs, [type, type, type], attributes, microsoft)
  return { attended: outputs[0]!, key: outputs[1]!, value: outputs[2]! }
}

/** The index of the largest entry of each row, the first among equals; x [rows, columns] gives int64 [rows]. */
export const argmax = (g: GraphBuilder, x: Real): Index => g.node('ArgMax', [x], 'int64', { axis: -1, keepdims: 0 })
