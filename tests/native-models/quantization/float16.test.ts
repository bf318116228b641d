import { expect, test } from 'vitest'
import { nearestFloat16, toFloat16 } from '../../../native-models/quantization/float16.ts'

/** By the definition of the format. */
function widen(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent ? sign * (1 + fraction / 1024) * 2 ** (exponent - 15) : sign * fraction * 2 ** -24
}

test('every half float survives, all 65 536 of them', () => {
  const halves = Uint16Array.from({ length: 65536 }, (_, i) => i)
  const back = toFloat16(Float32Array.from(halves, widen))
  const changed = halves.filter((half, i) => back[i] !== half && !Number.isNaN(widen(half) + widen(back[i]!)))
  expect([...changed]).toEqual([])
  expect(back.filter((half) => Number.isNaN(widen(half))).length).toBe(2 * 1023)
})

test('what lies between two half floats goes to the nearer, from the middle to the even one', () => {
  const between: [number, number, number][] = []
  for (let half = 0; half < 0x7bff; half++) between.push([half, widen(half), widen(half + 1)])
  const middles = toFloat16(Float32Array.from(between, ([, low, high]) => (low + high) / 2))
  const below = toFloat16(Float32Array.from(between, ([, low, high]) => low + (high - low) * 0.499))
  const above = toFloat16(Float32Array.from(between, ([, low, high]) => low + (high - low) * 0.501))
  const halves = between.map(([half]) => half)
  expect([...middles]).toEqual(halves.map((half) => (half % 2 === 0 ? half : half + 1)))
  expect([...below]).toEqual(halves)
  expect([...above]).toEqual(halves.map((half) => half + 1))
})

test('what is too large becomes infinite, and what is too small zero', () => {
  expect([...toFloat16(Float32Array.of(65519, 65520, -1e30, 2 ** -26, -(2 ** -26)))]).toEqual([
    0x7bff, 0x7c00, 0xfc00, 0, 0x8000,
  ])
})

test('the nearest half float as a number is the one that is stored', () => {
  const values = Float32Array.from({ length: 4000 }, (_, i) => (i % 2 ? 1 : -1) * 1.013 ** i * 1e-9)
  const stored = [...toFloat16(values)].map(widen)
  expect([...values].map(nearestFloat16)).toEqual(stored)
})
