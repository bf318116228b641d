import { expect, test } from 'vitest'
import { hasNonFinite, widen } from '../../../native-models/checkpoint/number-formats.ts'

const every16Bits = Uint16Array.from({ length: 0x10000 }, (_, bits) => bits)
const bytesOf = (array: Uint16Array | Float32Array) => new Uint8Array(array.buffer)

/** By the definition of IEEE 754, with double arithmetic. */
function halfByDefinition(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1
  const exponent = (bits >> 10) & 31
  const fraction = bits & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
}

test('every half float widens to its value', () => {
  const values = new Float32Array(0x10000)
  widen('F16', bytesOf(every16Bits), values)
  const wrong = every16Bits.filter((bits) => !Object.is(values[bits], halfByDefinition(bits)))
  expect([...wrong]).toEqual([])
})

test('every brain float widens to the float32 that it is the upper half of', () => {
  const values = new Float32Array(0x10000)
  widen('BF16', bytesOf(every16Bits), values)
  const expected = new Float32Array(0x10000)
  const view = new DataView(expected.buffer)
  for (const bits of every16Bits) view.setUint16(bits * 4 + 2, bits, true)
  expect(Buffer.from(values.buffer).equals(bytesOf(expected))).toBe(true)
})

test('float32 is passed on, also from an unaligned place', () => {
  const shifted = new Uint8Array(13)
  shifted.set(bytesOf(Float32Array.of(1.5, -0, Number.POSITIVE_INFINITY)), 1)
  const values = new Float32Array(3)
  widen('F32', shifted.subarray(1), values)
  expect(values).toEqual(Float32Array.of(1.5, -0, Number.POSITIVE_INFINITY))
})

test('infinities and NaNs are found in every format, large finite values are not', () => {
  const found = every16Bits.filter((bits) => hasNonFinite('F16', bytesOf(Uint16Array.of(0, bits))))
  expect([...found]).toEqual([...every16Bits.filter((bits) => !Number.isFinite(halfByDefinition(bits)))])
  expect(hasNonFinite('BF16', bytesOf(Uint16Array.of(0x7f7f, 0xff7f)))).toBe(false)
  expect(hasNonFinite('BF16', bytesOf(Uint16Array.of(0, 0xff80)))).toBe(true)
  expect(hasNonFinite('F32', bytesOf(Float32Array.of(3.4e38, -3.4e38)))).toBe(false)
  expect(hasNonFinite('F32', bytesOf(Float32Array.of(0, Number.NaN)))).toBe(true)
})
