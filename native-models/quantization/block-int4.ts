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
 * of the range (widened to hold zero). `least-squares` tries that step and steps a little wider and narrower (which
 * clip), each followed by the scale that suits its codes best, and keeps whichever has the smallest squared error.
 */
export type Int4Method = 'min-max' | 'least-squares'

/** Steps tried, as shares of the one that spans all values. More of them gain less than 1 % of the squared error. */
const shares: Record<Int4Method, readonly number[]> = {
  'min-max': [1],
  'least-squares': [1, 1.06, 1.03, 0.97, 0.94, 0.91, 0.88, 0.85],
}

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
  const tried = shares[method]
  const sums = new Float64Array(2)
  const inBlock = new Float64Array(blockSize)
  for (let row = 0; row < rows; row++)
    for (let block = 0; block < blocks; block++) {
      const start = row * columns + block * blockSize
      const end = Math.min(start + blockSize, (row + 1) * columns)
      let low = 0
      let high = 0
      for (let i = start; i < end; i++) {
        const value = values[i]!
        inBlock[i - start] = value
        if (value < low) low = value
        else if (value > high) high = value
      }
      const span = (high - low) / largestCode
      const zero = span > 0 ? Math.min(largestCode, Math.round(-low / span)) : 0
      let bestGain = Number.NEGATIVE_INFINITY
      let bestStep = 0
      let bestScale = 0
      for (let i = 0; i < tried.length; i++) {
        const step = span * tried[i]!
        sumCodes(inBlock, end - start, step, zero, sums)
        // The squared error is that of zeros less this gain, which is largest at products / squares.
        const [products, squares] = [sums[0]!, sums[1]!]
        const scale = method === 'min-max' ? step : products / squares
        const gain = scale * (2 * products - scale * squares)
        if (gain > bestGain) {
          bestGain = gain
          bestStep = step
          bestScale = scale
        }
      }
      const index = row * blocks + block
      scales[index] = nearestFloat16(bestScale)
      zeroPoints[row * zeroBytes + (block >> 1)]! |= zero << (4 * (block & 1))
      inBlock.fill(0, end - start)
      pack(inBlock, bestStep, zero, packed, (index * blockSize) / 2)
    }
  return { packed, scales, zeroPoints }
}

/** Codes of a block, two a byte; all are that of zero where the step is none. */
function pack(values: Float64Array, step: number, zero: number, packed: Uint8Array, target: number): void {
  const perStep = step > 0 ? 1 / step : 0
  for (let i = 0; i < values.length; i += 2) {
    packed[target + (i >> 1)] = codeOf(values[i]!, perStep, zero) | (codeOf(values[i + 1]!, perStep, zero) << 4)
  }
}

function codeOf(value: number, perStep: number, zero: number): number {
  const code = (value * perStep + zero + 0.5) | 0
  if (code < 0) return 0
  if (code > largestCode) return largestCode
  return code
}

/**
 * Sums of value times code and of code squared, codes counted from zero. Apart, and written plainly, because most of
 * the time goes here: calls of Math.min and Math.max would take twice as long, and so would single precision.
 */
function sumCodes(values: Float64Array, count: number, step: number, zero: number, sums: Float64Array): void {
  const perStep = 1 / step
  const shift = zero + 0.5
  let products = 0
  let squares = 0
  for (let i = 0; i < count; i++) {
    const value = values[i]!
    let code = (value * perStep + shift) | 0
    if (code < 0) code = 0
    else if (code > largestCode) code = largestCode
    code -= zero
    products += value * code
    squares += code * code
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
