import { expect, test } from 'vitest'
import { dequantizeInt8, quantizeInt8 } from '../../../native-models/quantization/block-int8.ts'
import { compareValues } from '../../../native-models/quantization/error-metrics.ts'
import { nearestFloat16 } from '../../../native-models/quantization/float16.ts'
import { bellCurve, spread } from './sample-values.ts'

test.each([
  { columns: 64, blockSize: 32 },
  { columns: 48, blockSize: 32 },
  { columns: 5, blockSize: 16 },
  { columns: 256, blockSize: 128 },
])('every error is at most half a step: $columns columns in blocks of $blockSize', ({ columns, blockSize }) => {
  for (const values of [bellCurve(columns * 40, 1), spread(columns * 40, 2)]) {
    const blocks = quantizeInt8(values, columns, blockSize)
    const back = dequantizeInt8(blocks, columns, blockSize)
    const perRow = Math.ceil(columns / blockSize)
    expect(blocks.scales.length).toBe(40 * perRow)
    expect(blocks.packed.length).toBe(40 * perRow * blockSize)
    const inSteps = values.map((value, i) => {
      const scale = blocks.scales[Math.floor(i / columns) * perRow + Math.floor((i % columns) / blockSize)]!
      return Math.abs(back[i]! - value) / scale
    })
    expect(Math.max(...inSteps)).toBeLessThanOrEqual(0.5001)
  }
})

test('the largest value of a block is kept as well as half floats keep it, and signs are symmetric', () => {
  const values = Float32Array.of(-3, 1, 0, 0.5, 0, 0, 0, 3)
  const negated = values.map((value) => -value)
  const back = dequantizeInt8(quantizeInt8(values, 8, 8), 8, 8)
  expect(Math.abs(back[0]! + 3)).toBeLessThan(3 / 2048)
  expect(back[7]).toBe(-back[0]!)
  expect(back[2]).toBe(0)
  expect([...dequantizeInt8(quantizeInt8(negated, 8, 8), 8, 8)]).toEqual([...back].map((value) => 0 - value))
})

test('scales are half floats, so that nothing is lost when they are stored as such', () => {
  const { scales } = quantizeInt8(spread(6400, 4), 64, 32)
  expect([...scales.map(nearestFloat16)]).toEqual([...scales])
})

test('a block of zeros stays zero', () => {
  const back = dequantizeInt8(quantizeInt8(new Float32Array(64), 32, 32), 32, 32)
  expect(back.every((value) => value === 0)).toBe(true)
})

test('the error of values on a bell curve is below 5 in 100 000 of their power', () => {
  const values = bellCurve(1 << 15, 3)
  const metrics = compareValues(dequantizeInt8(quantizeInt8(values, 256, 128), 256, 128), values)
  expect(metrics.relativePower).toBeLessThan(5e-5)
  expect(metrics.cosine).toBeGreaterThan(0.99997)
})
