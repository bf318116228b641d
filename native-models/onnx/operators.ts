import type { GraphBuilder, Value } from './graph-builder.ts'

// Typed functions for the operators that the graphs use. Shapes are in the comments: ONNX checks them when a
// session is made. Operators of com.microsoft are onnxruntime's own; their reference is its ContribOperators.md.

type Float = Value<'float32'>
type Index = Value<'int64'>
const microsoft = 'com.microsoft'

export const add = (g: GraphBuilder, a: Float, b: Float): Float => g.node('Add', [a, b], 'float32')
export const multiply = (g: GraphBuilder, a: Float, b: Float): Float => g.node('Mul', [a, b], 'float32')
export const subtract = (g: GraphBuilder, a: Float, b: Float): Float => g.node('Sub', [a, b], 'float32')
export const sine = (g: GraphBuilder, x: Float): Float => g.node('Sin', [x], 'float32')
export const cosine = (g: GraphBuilder, x: Float): Float => g.node('Cos', [x], 'float32')
export const toFloat32 = (g: GraphBuilder, x: Value): Float => g.node('Cast', [x], 'float32', { to: 1 })

export const bitwiseAnd = (g: GraphBuilder, x: Value<'uint8'>, mask: number): Value<'uint8'> =>
  g.node('BitwiseAnd', [x, g.constant('uint8', [], Uint8Array.of(mask))], 'uint8')
export const shiftRight = (g: GraphBuilder, x: Value<'uint8'>, bits: number): Value<'uint8'> =>
  g.node('BitShift', [x, g.constant('uint8', [], Uint8Array.of(bits))], 'uint8', { direction: 'RIGHT' })

export const greater = (g: GraphBuilder, a: Index, b: Index): Value<'bool'> => g.node('Greater', [a, b], 'bool')
export const where = (g: GraphBuilder, condition: Value<'bool'>, yes: Float, no: Float): Float =>
  g.node('Where', [condition, yes, no], 'float32')

/** Shape of x as a vector, or a range of it. */
export const shape = (g: GraphBuilder, x: Value, range: { start?: number; end?: number } = {}): Index =>
  g.node('Shape', [x], 'int64', range)

/** 0 keeps a size, -1 is worked out. */
export const reshape = <V extends Value>(g: GraphBuilder, x: V, sizes: readonly number[] | Index): V =>
  g.node('Reshape', [x, 'name' in sizes ? sizes : g.int64(...sizes)], x.type) as V

export const transpose = <V extends Value>(g: GraphBuilder, x: V, order: readonly number[]): V =>
  g.node('Transpose', [x], x.type, { perm: order }) as V

/** Puts axes of size one where the result has them. */
export const unsqueeze = <V extends Value>(g: GraphBuilder, x: V, axes: readonly number[]): V =>
  g.node('Unsqueeze', [x, g.int64(...axes)], x.type) as V

export const concat = <V extends Value>(g: GraphBuilder, parts: readonly V[], axis: number): V =>
  g.node('Concat', parts, parts[0]!.type, { axis }) as V

/** Cuts x along an axis into parts of these sizes. */
export const split = <V extends Value>(
  g: GraphBuilder,
  x: V,
  sizes: readonly number[] | Index,
  axis: number,
  parts = 'name' in sizes ? 2 : sizes.length,
): V[] =>
  g.nodeWithOutputs(
    'Split',
    [x, 'name' in sizes ? sizes : g.int64(...sizes)],
    Array.from({ length: parts }, () => x.type),
    { axis },
  ) as V[]

/** Rows of data (or entries along another axis) at the indices. */
export const gather = <V extends Value>(g: GraphBuilder, data: V, indices: Index, axis = 0): V =>
  g.node('Gather', [data, indices], data.type, { axis }) as V

export const expand = <V extends Value>(g: GraphBuilder, x: V, sizes: Index): V =>
  g.node('Expand', [x, sizes], x.type) as V

export const tile = <V extends Value>(g: GraphBuilder, x: V, repeats: readonly number[]): V =>
  g.node('Tile', [x, g.int64(...repeats)], x.type) as V

/** 0, 1, ..., limit - 1; limit is a scalar. */
export const range = (g: GraphBuilder, limit: Index): Index => {
  const scalar = (value: number) => g.constant('int64', [], BigInt64Array.of(BigInt(value)))
  return g.node('Range', [scalar(0), limit, scalar(1)], 'int64')
}

/** Softmax over the last axis. */
export const softmax = (g: GraphBuilder, x: Float): Float => g.node('Softmax', [x], 'float32', { axis: -1 })

/** alpha a b or, with `transposed`, alpha a b^T; leading axes are a batch. */
export const matmul = (
  g: GraphBuilder,
  a: Float,
  b: Float,
  { transposed = false, alpha = 1 }: { transposed?: boolean; alpha?: number } = {},
): Float =>
  transposed || alpha !== 1
    ? g.node('FusedMatMul', [a, b], 'float32', { transB: transposed ? 1 : 0, alpha: { float: alpha } }, microsoft)
    : g.node('MatMul', [a, b], 'float32')

/** The index of the largest entry along the last axis, the first one among equals; [rows, n] gives [rows]. */
export const argmax = (g: GraphBuilder, x: Float): Index => g.node('ArgMax', [x], 'int64', { axis: -1, keepdims: 0 })

/** x W^T + bias; x [rows, in], W [out, in]. */
export const gemm = (g: GraphBuilder, x: Float, weight: Float, bias?: Float): Float =>
  g.node('Gemm', [x, weight, bias], 'float32', { transB: 1 })

/** How a matrix is stored in blocks of few bits. */
export interface BlockFormat {
  bits: 4 | 8
  /** Columns that share a scale. */
  blockSize: number
  columns: number
}

export interface BlockMatrix extends BlockFormat {
  /** [out, blocks, bytes of a block] */
  packed: Value<'uint8'>
  /** [out, blocks] */
  scales: Float
  /** [out, ceil(blocks / 2)], two to a byte; left out where the middle of the range is zero. */
  zeroPoints?: Value<'uint8'>
  rows: number
}

/** x W^T + bias with W in blocks of 4 or 8 bits; x [rows, in] is rounded to 8 bits on the way (accuracy level 4). */
export const blockMatmul = (g: GraphBuilder, x: Float, w: BlockMatrix, bias?: Float): Float =>
  g.node(
    'MatMulNBits',
    [x, w.packed, w.scales, w.zeroPoints, undefined, bias],
    'float32',
    { K: w.columns, N: w.rows, bits: w.bits, block_size: w.blockSize, accuracy_level: 4 },
    microsoft,
  )

/** A matrix in rows of 8 bits, a scale each: value = scale code, or scale (code - 128) where codes have no sign. */
export interface ByteMatrix {
  /** [in, out] */
  codes: Value<'int8' | 'uint8'>
  /** [out] */
  scales: Float
}

/** Rows rounded to 8 bits: value = scale (byte - 128). */
export interface ByteRows {
  /** [rows, in] */
  bytes: Value<'uint8'>
  /** [rows], and once more as a column */
  scales: Float
  column: Float
  zeros: Value<'uint8'>
}

const zeroByte = 128
const largestCode = 127
/** Scale of a row of zeros: small, and no zero to divide by. */
const leastScale = 1e-20

/** Rounds each row by a scale of its own, so that no row's result depends on the rows beside it; x [rows, in]. */
export const roundRows = (g: GraphBuilder, x: Float): ByteRows => {
  const peak = g.node('ReduceMax', [g.node('Abs', [x], 'float32'), g.int64(1)], 'float32', { keepdims: 1 })
  const step = multiply(g, peak, g.float32(1 / largestCode))
  const column: Float = g.node('Max', [step, g.float32(leastScale)], 'float32')
  const scales = reshape(g, column, [-1])
  const zeros = expand(g, g.constant('uint8', [1], Uint8Array.of(zeroByte)), shape(g, scales))
  return { bytes: quantizeRows(g, x, scales, zeros), scales, column, zeros }
}

/** What the rounding left, in steps of 1/254 of the first ones: both terms together keep 16 bits. */
export const roundRest = (g: GraphBuilder, x: Float, { bytes, scales, zeros }: ByteRows): Value<'uint8'> => {
  const rounded: Float = g.node('DequantizeLinear', [bytes, scales, zeros], 'float32', { axis: 0 })
  return quantizeRows(g, subtract(g, x, rounded), multiply(g, scales, g.float32(restStep)), zeros)
}

/** A step of `roundRest` in steps of `roundRows`. */
export const restStep = 1 / (2 * largestCode)

const quantizeRows = (g: GraphBuilder, x: Float, scales: Float, zeros: Value<'uint8'>): Value<'uint8'> =>
  g.node('QuantizeLinear', [x, scales, zeros], 'uint8', { axis: 0 })

/** step (bytes - 128) W^T; bytes [rows, in]. */
export const byteMatmul = (g: GraphBuilder, bytes: Value<'uint8'>, w: ByteMatrix, step = 1): Float => {
  const zero = g.constant('uint8', [], Uint8Array.of(zeroByte))
  const inputs = [bytes, w.codes, g.float32(step), w.scales, zero, w.codes.type === 'uint8' ? zero : undefined]
  return g.node('MatMulIntegerToFloat', inputs, 'float32', {}, microsoft)
}

/** Layer norm over the last axis. */
export const layerNorm = (g: GraphBuilder, x: Float, weight: Float, bias: Float, eps: number): Float =>
  g.node('LayerNormalization', [x, weight, bias], 'float32', { axis: -1, epsilon: { float: eps } })

/** Root-mean-square norm over the last axis. */
export const rmsNorm = (g: GraphBuilder, x: Float, weight: Float, eps: number): Float =>
  g.node('SimplifiedLayerNormalization', [x, weight], 'float32', { axis: -1, epsilon: { float: eps } })

/** Adds x to the residual stream; gives the norm of the sum, and the sum. Both [rows, width]. */
export const addThenRmsNorm = (
  g: GraphBuilder,
  residual: Float,
  x: Float,
  weight: Float,
  eps: number,
): { normed: Float; sum: Float } => {
  const [normed, , , sum] = g.nodeWithOutputs(
    'SkipSimplifiedLayerNormalization',
    [residual, x, weight],
    ['float32', undefined, undefined, 'float32'],
    { epsilon: { float: eps } },
    microsoft,
  )
  return { normed: normed!, sum: sum! }
}

/** x sigmoid(alpha x): QuickGELU with 1.702, SiLU with 1. */
export const sigmoidGate = (g: GraphBuilder, x: Float, alpha: number): Float =>
  g.node('QuickGelu', [x], 'float32', { alpha: { float: alpha } }, microsoft)

/**
 * Rotates the halves of every head by the angle of its position.
 * @param x [batch, heads, rows, head width]
 * @param positions [batch, rows], rows of the tables
 * @param cosines [positions, head width / 2], sines alike
 */
export const rotaryEmbedding = (g: GraphBuilder, x: Float, positions: Index, cosines: Float, sines: Float): Float =>
  g.node('RotaryEmbedding', [x, positions, cosines, sines], 'float32', {}, microsoft)

/** Patches of a picture by a convolution whose stride is its size; pictures [n, channels, size, size]. */
export const patchConvolution = (g: GraphBuilder, pictures: Float, weight: Float, patch: number): Float =>
  g.node('Conv', [pictures, weight], 'float32', { kernel_shape: [patch, patch], strides: [patch, patch] })
