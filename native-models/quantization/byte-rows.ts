import type { BlockFormat } from '../onnx/operators.ts'

/** Rows in blocks of few bits as an installed graph has them: see `block-int4.ts` and `block-int8.ts`. */
export interface StoredBlocks extends BlockFormat {
  /** [rows, blocks, bytes of a block] */
  packed: Uint8Array
  /** [rows, blocks] */
  scales: Float32Array
  /** [rows, ceil(blocks / 2)], of 4 bits only. */
  zeroPoints?: Uint8Array | undefined
}

/** How bytes stand for the values of a row: scale (code - zero), and no code is further from zero than `largest`. */
export interface ByteCodes {
  largest: number
  zero: 0 | 128
}

const largestOfBlock = 127
const middle = 128

/**
 * Rows [start, end) of a matrix in blocks, rounded once more to 8 bits with one scale a row. Every value is off by at
 * most half a step, 1/254 of the largest one that the row's blocks could hold where codes go up to 127.
 * @returns codes [end - start, columns], bytes with a sign where zero is 0 and without one where it is 128, and scales
 *   [end - start]
 */
export function byteRows(
  blocks: StoredBlocks,
  start: number,
  end: number,
  { largest, zero }: ByteCodes,
): { codes: Uint8Array; scales: Float32Array } {
  const { columns, blockSize } = blocks
  const codes = new Uint8Array(columns * (end - start))
  const scales = new Float32Array(end - start)
  const line = new Uint8Array(Math.ceil(columns / blockSize) * blockSize)
  for (let row = start; row < end; row++) {
    const reach = reachOf(blocks, row)
    scales[row - start] = reach / largest
    const perStep = reach > 0 ? largest / reach : 0
    if (blocks.bits === 4) roundNibbles(blocks, row, perStep, zero, line)
    else roundBytes(blocks, row, perStep, zero, line)
    codes.set(line.length === columns ? line : line.subarray(0, columns), (row - start) * columns)
  }
  return { codes, scales }
}

/** The zero of a block, as a code. */
function zeroOf({ bits, zeroPoints, columns, blockSize }: StoredBlocks, row: number, block: number): number {
  if (bits === 8) return middle
  const zeroBytes = Math.ceil(Math.ceil(columns / blockSize) / 2)
  return zeroPoints ? (zeroPoints[row * zeroBytes + (block >> 1)]! >> (4 * (block & 1))) & 15 : 8
}

/** What no value of a row exceeds, told by what its blocks can hold: they reach that far or nearly so. */
function reachOf(blocks: StoredBlocks, row: number): number {
  const { scales, bits, columns, blockSize } = blocks
  const perRow = Math.ceil(columns / blockSize)
  let reach = 0
  for (let block = 0; block < perRow; block++) {
    const zero = zeroOf(blocks, row, block)
    const codes = bits === 8 ? largestOfBlock : Math.max(zero, 15 - zero)
    reach = Math.max(reach, Math.abs(scales[row * perRow + block]!) * codes)
  }
  return reach
}

/** Numbers are positive when they are cut off, so that cutting off rounds. */
const rounding = middle + 0.5

const roundedNibbles = new Uint8Array(16)

/** A row of 4 bits; the sixteen values of a block are rounded once. */
function roundNibbles(blocks: StoredBlocks, row: number, perStep: number, zero: number, line: Uint8Array): void {
  const { packed, scales, columns, blockSize } = blocks
  const perRow = Math.ceil(columns / blockSize)
  for (let block = 0; block < perRow; block++) {
    const step = scales[row * perRow + block]! * perStep
    const blockZero = zeroOf(blocks, row, block)
    for (let code = 0; code < 16; code++)
      roundedNibbles[code] = (((code - blockZero) * step + rounding) | 0) - middle + zero
    const source = ((row * perRow + block) * blockSize) >> 1
    const first = block * blockSize
    for (let i = 0; i < blockSize >> 1; i++) {
      const byte = packed[source + i]!
      line[first + 2 * i] = roundedNibbles[byte & 15]!
      line[first + 2 * i + 1] = roundedNibbles[byte >> 4]!
    }
  }
}

/** A row of 8 bits. */
function roundBytes(
  { packed, scales, columns, blockSize }: StoredBlocks,
  row: number,
  perStep: number,
  zero: number,
  line: Uint8Array,
): void {
  const perRow = Math.ceil(columns / blockSize)
  const back = zero - middle
  for (let block = 0; block < perRow; block++) {
    const step = scales[row * perRow + block]! * perStep
    const source = (row * perRow + block) * blockSize
    const first = block * blockSize
    for (let i = 0; i < blockSize; i++)
      line[first + i] = (((packed[source + i]! - middle) * step + rounding) | 0) + back
  }
}
