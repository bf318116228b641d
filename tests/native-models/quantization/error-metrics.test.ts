import { expect, test } from 'vitest'
import { compareValues } from '../../../native-models/quantization/error-metrics.ts'

test('equal values have no error, zeros too', () => {
  const none = { largest: 0, rms: 0, relativePower: 0, cosine: 1 }
  expect(compareValues([1, -2, 3], [1, -2, 3])).toEqual(none)
  expect(compareValues([0, 0], [0, 0])).toEqual(none)
})

test('errors are measured as their names say', () => {
  const { largest, rms, relativePower, cosine } = compareValues([3, 0], [0, 4])
  expect(largest).toBe(4)
  expect(rms).toBeCloseTo(Math.sqrt(12.5), 12)
  expect(relativePower).toBeCloseTo(25 / 16, 12)
  expect(cosine).toBe(0)
})

test('what is not a number is never near, and lengths must agree', () => {
  expect(compareValues([Number.NaN, 1], [0, 1]).largest).toBeNaN()
  expect(() => compareValues([1], [1, 2])).toThrow(RangeError)
})
