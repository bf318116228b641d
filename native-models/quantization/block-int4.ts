import { nearestFloat16 } from './float16.ts'

/** Rows of a matrix in 4 bits, a scale and a zero point for each block of columns: value = scale (code - zero). */
export interface Int4Blocks {
  /** [rows, blocks, block size / 2], the earlier column in the lower half; columns beyond the last are zeros. */
  packed: Uint8Array
  /** [rows, blocks]; half floats by value, so that they can be stored as such. */
  scales: Float32Array
  /** [rows, ceil(blocks / 2)], the earlier block in the lower half. */
  zeroPoints: Uint8Array
}

const largestCode = 15

/**
 * How the step of a block is chosen. `min-max` spans all values: every error is at most one step, and the step is 1/15
 * of the range (widened to hold zero). `least-squares` tries that step, a wider and a narrower one (which
 * clips), each followed by the scale that suits its codes best, and keeps whichever has the smallest squared error.
 */
export type Int4Method = 'min-max' | 'least-squares'

/** Steps tried, as shares of the one that spans all values. Thirty of them make the error 1 % smaller, not more. */
const shares = [1, 1.05, 0.95]

/**
 * Rounds rows to 4 bits, block by block, in the layout of MatMulNBits.
 * @param values [rows, columns], row-major
 */
export function quantizeInt4(
  values: Float32Array,
  columns: number,
  blockSize: number,
  method: Int4Method = 'least-squares',
): Int4Blocks {
  const rows = values.length / columns
  const blocks = Math.ceil(columns / blockSize)
  const zeroBytes = Math.ceil(blocks / 2)
  const packed = new Uint8Array((rows * blocks * blockSize) / 2)
  const scales = new Float32Array(rows * blocks)
  const zeroPoints = new Uint8Array(rows * zeroBytes)
  const inBlock = new Float64Array(blockSize)
  for (let row = 0; row < rows; row++)
    for (let block = 0; block < blocks; block++) {
      const count = Math.min(blockSize, columns - block * blockSize)
      const index = row * blocks + block
      const target = (index * blockSize) / 2
      scales[index] = roundBlock(values, row * columns + block * blockSize, count, method, inBlock, packed, target)
      zeroPoints[row * zeroBytes + (block >> 1)]! |= chosen.zero << (4 * (block & 1))
    }
  return { packed, scales, zeroPoints }
}

/** What the block under way needs beside its values; here, so that no block makes an object. */
const chosen = { low: 0, high: 0, zero: 0 }
const sums = new Float64Array(2)

/** Writes the codes of a block. @returns its scale; `chosen` has its zero point */
function roundBlock(
  values: Float32Array,
  start: number,
  count: number,
  method: Int4Method,
  inBlock: Float64Array,
  packed: Uint8Array,
  target: number,
): number {
  takeBlock(values, start, count, inBlock)
  const span = (chosen.high - chosen.low) / largestCode
  const zero = span > 0 ? Math.min(largestCode, Math.round(-chosen.low / span)) : 0
  let step = span
  let scale = span
  let bestGain = 0
  for (let i = 0; method === 'least-squares' && i < shares.length; i++) {
    sumCodes(inBlock, count, span * shares[i]!, zero)
    const products = sums[0]!
    const squares = sums[1]!
    // The squared error is that of zeros less this gain, at the scale that makes it largest.
    const gain = (products * products) / squares
    if (gain > bestGain) {
      bestGain = gain
      step = span * shares[i]!
      scale = products / squares
    }
  }
  pack(inBlock, step, zero, packed, target)
  chosen.zero = zero
  return nearestFloat16(scale)
}

/** Copies the values of a block, zeros behind them where it is not full, and notes how far they reach either way. */
function takeBlock(values: Float32Array, start: number, count: number, inBlock: Float64Array): void {
  let low = 0
  let high = 0
  for (let i = 0; i < count; i++) {
    const value = values[start + i]!
    inBlock[i] = value
    if (value < low) low = value
    else if (value > high) high = value
  }
  for (let i = count; i < inBlock.length; i++) inBlock[i] = 0
  chosen.low = low
  chosen.high = high
}

/** Codes of a block, two a byte; all are that of zero where the step is none. */
function pack(values: Float64Array, step: number, zero: number, packed: Uint8Array, target: number): void {
  const perStep = step > 0 ? 1 / step : 0
  const shift = zero + 0.5
  for (let i = 0; i < values.length; i += 2) {
    let low = (values[i]! * perStep + shift) | 0
    if (low < 0) low = 0
    else if (low > largestCode) low = largestCode
    let high = (values[i + 1]! * perStep + shift) | 0
    if (high < 0) high = 0
    else if (high > largestCode) high = largestCode
    packed[target + (i >> 1)] = low | (high << 4)
  }
}

/**
 * Sums of value times code and of code squared, codes counted from zero. Apart, and written plainly, because most of
 * the time goes here: calls of Math.min and Math.max would take twice as long, and so would single precision.
 */
function sumCodes(values: Float64Array, count: number, step: number, zero: number): void {
  const perStep = 1 / step
  const shift = zero + 0.5
  let products = 0
  let squares = 0
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    let code = (value * perStep + shift) | 0
    if (code < 0) code = 0
    else if (code > largestCode) code = largestCode
    code = (code - zero) | 0
    products += value * code
    squares = (squares + Math.imul(code, code)) | 0
  }
  sums[0] = products
  sums[1] = squares
}

/** The values that the blocks stand for, [rows, columns]. */
export function dequantizeInt4(
  { packed, scales, zeroPoints }: Int4Blocks,
  columns: number,
  blockSize: number,
): Float32Array {
  const blocks = Math.ceil(columns / blockSize)
  const rows = scales.length / blocks
  const half = (bytes: Uint8Array, index: number) => (bytes[index >> 1]! >> (4 * (index & 1))) & 15
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns)
    const column = i % columns
    const block = Math.floor(column / blockSize)
    const code = half(packed, (row * blocks + block) * blockSize + (column % blockSize))
    const zero = half(zeroPoints, row * Math.ceil(blocks / 2) * 2 + block)
    return scales[row * blocks + block]! * (code - zero)
  })
}
