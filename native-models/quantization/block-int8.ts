import { nearestFloat16 } from './float16.ts'

/** Rows of a matrix as bytes, a scale for each block of columns: value = scale (byte - 128). */
export interface Int8Blocks {
  /** [rows, blocks, block size]; columns beyond the last are zeros. */
  packed: Uint8Array
  /** [rows, blocks]; half floats by value, so that they can be stored as such. */
  scales: Float32Array
  /** Zero is always at 128. */
  zeroPoints?: undefined
}

const zero = 128
const largest = 127
const codes = 256

/**
 * Rounds rows to 8 bits, symmetric about zero, block by block, in the layout of MatMulNBits. Every error is at most
 * half a step, which is 1/254 of the block's largest value; blocks below 1e-5 become coarser, as half floats do.
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
      const scale = nearestFloat16(peak / largest)
      if (scale === 0) continue
      scales[index] = scale
      const target = index * blockSize - start
      for (let i = start; i < end; i++) {
        const code = Math.floor(values[i]! / scale + zero + 0.5)
        packed[target + i] = code < 0 ? 0 : code < codes ? code : codes - 1
      }
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
