/** Rows of a matrix as bytes, a scale for each block of columns: value = scale (byte - 128). */
export interface Int8Blocks {
  /** [rows, blocks, block size]; columns beyond the last are zeros. */
  packed: Uint8Array
  /** [rows, blocks] */
  scales: Float32Array
  /** Zero is always at 128. */
  zeroPoints?: undefined
}

const zero = 128
const largest = 127

/**
 * Rounds rows to 8 bits, symmetric about zero, block by block, in the layout of MatMulNBits. The largest value of a
 * block is kept exactly; every error is at most half a step, that is 1/254 of the block's largest value.
 * @param values [rows, columns], row-major
 */
export function quantizeInt8(values: Float32Array, columns: number, blockSize: number): Int8Blocks {
  const rows = values.length / columns
  const blocks = Math.ceil(columns / blockSize)
  const packed = new Uint8Array(rows * blocks * blockSize).fill(zero)
  const scales = new Float32Array(rows * blocks)
  for (let row = 0; row < rows; row++)
    for (let block = 0; block < blocks; block++) {
      const start = row * columns + block * blockSize
      const end = Math.min(start + blockSize, (row + 1) * columns)
      let peak = 0
      for (let i = start; i < end; i++) peak = Math.max(peak, Math.abs(values[i]!))
      if (peak === 0) continue
      const index = row * blocks + block
      scales[index] = peak / largest
      const perStep = 1 / scales[index]!
      const target = index * blockSize - start
      for (let i = start; i < end; i++) packed[target + i] = (values[i]! * perStep + zero + 0.5) | 0
    }
  return { packed, scales }
}

/** The values that the blocks stand for, [rows, columns]. */
export function dequantizeInt8({ packed, scales }: Int8Blocks, columns: number, blockSize: number): Float32Array {
  const blocks = Math.ceil(columns / blockSize)
  const rows = scales.length / blocks
  return Float32Array.from({ length: rows * columns }, (_, i) => {
    const row = Math.floor(i / columns)
    const column = i % columns
    const block = row * blocks + Math.floor(column / blockSize)
    return scales[block]! * (packed[block * blockSize + (column % blockSize)]! - zero)
  })
}
