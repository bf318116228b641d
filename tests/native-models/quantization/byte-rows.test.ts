import { describe, expect, test } from 'vitest'
import { dequantizeInt4, quantizeInt4 } from '../../../native-models/quantization/block-int4.ts'
import { dequantizeInt8, quantizeInt8 } from '../../../native-models/quantization/block-int8.ts'
import { type ByteCodes, byteRows } from '../../../native-models/quantization/byte-rows.ts'
import { bellCurve, spread } from './sample-values.ts'

const rows = 10
const formats: ByteCodes[] = [
  { largest: 127, zero: 0 },
  { largest: 64, zero: 0 },
  { largest: 127, zero: 128 },
]

/** Codes as numbers around zero. */
const signed = (codes: Uint8Array, zero: number) => Int8Array.from(codes, (code) => code - zero)

/** A matrix in blocks, and the values that these stand for. */
function stored(bits: 4 | 8, values: Float32Array, columns: number, blockSize: number) {
  if (bits === 8) {
    const blocks = quantizeInt8(values, columns, blockSize)
    return { blocks: { ...blocks, bits, blockSize, columns }, values: dequantizeInt8(blocks, columns, blockSize) }
  }
  const blocks = quantizeInt4(values, columns, blockSize)
  return { blocks: { ...blocks, bits, blockSize, columns }, values: dequantizeInt4(blocks, columns, blockSize) }
}

const cases = ([4, 8] as const).flatMap((bits) => formats.map((format) => ({ bits, format, ...format })))

describe.each(cases)('rows in blocks of $bits bits, codes up to $largest around $zero', ({ bits, format }) => {
  test.each([
    { columns: 64, blockSize: 32 },
    { columns: 48, blockSize: 32 },
    { columns: 5, blockSize: 32 },
    { columns: 256, blockSize: 128 },
  ])('of $columns columns become bytes that are off by half a step at most', ({ columns, blockSize }) => {
    for (const sample of [bellCurve(rows * columns, 1), spread(rows * columns, 2)]) {
      const { blocks, values } = stored(bits, sample, columns, blockSize)
      const { codes, scales } = byteRows(blocks, 0, rows, format)
      const steps = signed(codes, format.zero)
      expect(steps.length).toBe(rows * columns)
      expect(Math.max(...steps.map(Math.abs))).toBeLessThanOrEqual(format.largest)
      for (let row = 0; row < rows; row++) {
        const line = values.subarray(row * columns, (row + 1) * columns)
        const peak = Math.max(...line.map(Math.abs))
        // A block may hold more than it does: what it could hold is not far from its largest value.
        expect(scales[row]! * format.largest).toBeGreaterThanOrEqual(peak * 0.999)
        expect(scales[row]! * format.largest).toBeLessThan(peak * 2)
        for (let column = 0; column < columns; column++) {
          const error = Math.abs(scales[row]! * steps[row * columns + column]! - line[column]!)
          expect(error).toBeLessThanOrEqual(scales[row]! * 0.5001)
        }
      }
    }
  })

  test('some of the rows are the same as when all are asked for', () => {
    const { blocks } = stored(bits, bellCurve(rows * 64, 3), 64, 32)
    const [all, some] = [byteRows(blocks, 0, rows, format), byteRows(blocks, 3, 7, format)]
    expect(some.codes).toEqual(all.codes.slice(3 * 64, 7 * 64))
    expect(some.scales).toEqual(all.scales.slice(3, 7))
  })

  test('zeros stay zeros', () => {
    const { blocks } = stored(bits, new Float32Array(2 * 64), 64, 32)
    const { codes, scales } = byteRows(blocks, 0, 2, format)
    expect(codes.every((code) => code === format.zero)).toBe(true)
    expect(scales.every((scale) => Number.isFinite(scale))).toBe(true)
  })
})
