import { describe, expect, test } from 'vitest'
import { dequantizeInt4, quantizeInt4 } from '../../../native-models/quantization/block-int4.ts'
import { compareValues } from '../../../native-models/quantization/error-metrics.ts'
import { nearestFloat16 } from '../../../native-models/quantization/float16.ts'
import { bellCurve, spread } from './sample-values.ts'

const shapes = [
  { columns: 64, blockSize: 32 },
  { columns: 48, blockSize: 32 },
  { columns: 5, blockSize: 16 },
  { columns: 288, blockSize: 32 },
]

describe.each(shapes)('$columns columns in blocks of $blockSize', ({ columns, blockSize }) => {
  const perRow = Math.ceil(columns / blockSize)
  const rows = 40

  test('min-max: every error is at most one step', () => {
    for (const values of [bellCurve(columns * rows, 1), spread(columns * rows, 2)]) {
      const blocks = quantizeInt4(values, columns, blockSize, 'min-max')
      const back = dequantizeInt4(blocks, columns, blockSize)
      const inSteps = values.map((value, i) => {
        const scale = blocks.scales[Math.floor(i / columns) * perRow + Math.floor((i % columns) / blockSize)]!
        return Math.abs(back[i]! - value) / scale
      })
      expect(Math.max(...inSteps)).toBeLessThanOrEqual(1.0001)
      expect(blocks.packed.length).toBe((rows * perRow * blockSize) / 2)
      expect(blocks.zeroPoints.length).toBe(rows * Math.ceil(perRow / 2))
    }
  })

  test('least-squares: no block has a larger squared error than with min-max', () => {
    for (const values of [bellCurve(columns * rows, 3), spread(columns * rows, 4)]) {
      const errors = (['min-max', 'least-squares'] as const).map((method) => {
        const back = dequantizeInt4(quantizeInt4(values, columns, blockSize, method), columns, blockSize)
        const sums = new Float64Array(rows * perRow)
        values.forEach((value, i) => {
          sums[Math.floor(i / columns) * perRow + Math.floor((i % columns) / blockSize)]! += (back[i]! - value) ** 2
        })
        return sums
      })
      errors[1]!.forEach((error, block) => {
        expect(error).toBeLessThanOrEqual(errors[0]![block]! * 1.0001 + 1e-12)
      })
    }
  })

  test('zeros stay exactly zero', () => {
    const values = bellCurve(columns * rows, 5).map((value, i) => (i % 3 === 0 ? 0 : value))
    const back = dequantizeInt4(quantizeInt4(values, columns, blockSize), columns, blockSize)
    expect(back.filter((_, i) => values[i] === 0).every((value) => value === 0)).toBe(true)
  })
})

test('the error of values on a bell curve: 0.7 % of their power with min-max, a tenth less with least squares', () => {
  const values = bellCurve(1 << 15, 6)
  const power = (method: 'min-max' | 'least-squares') =>
    compareValues(dequantizeInt4(quantizeInt4(values, 256, 32, method), 256, 32), values).relativePower
  expect(power('min-max')).toBeLessThan(0.007)
  expect(power('least-squares')).toBeLessThan(power('min-max') * 0.92)
})

test('scales are half floats, so that nothing is lost when they are stored as such', () => {
  const { scales } = quantizeInt4(spread(6400, 7), 64, 32)
  expect([...scales.map(nearestFloat16)]).toEqual([...scales])
})

test('blocks of one sign, one value, and zeros are finite and near', () => {
  for (const values of [
    new Float32Array(32),
    new Float32Array(32).fill(0.25),
    new Float32Array(32).fill(-4),
    Float32Array.from({ length: 32 }, (_, i) => 1 + i / 100),
    new Float32Array(32).fill(1e-30),
  ]) {
    const back = dequantizeInt4(quantizeInt4(values, 32, 32), 32, 32)
    const largest = Math.max(...values.map(Math.abs))
    back.forEach((value, i) => {
      expect(Math.abs(value - values[i]!)).toBeLessThanOrEqual(largest / 15 + 2 ** -20)
    })
  }
})
