import type { WeightType } from './checkpoint.ts'

export const bytesPerValue: Record<WeightType, number> = { F32: 4, F16: 2, BF16: 2 }

/**
 * Widens stored little-endian values to float32. Exact: every half and brain float is a float32, infinities and
 * NaNs included.
 * @param source whole values of `type`; its offset in its buffer is a multiple of a value's size
 * @param target as many values as `source` holds
 */
export function widen(type: WeightType, source: Uint8Array, target: Float32Array): void {
  if (type === 'F32') {
    new Uint8Array(target.buffer, target.byteOffset, target.byteLength).set(source)
    return
  }
  const halves = new Uint16Array(source.buffer, source.byteOffset, source.byteLength / 2)
  const bits = new Uint32Array(target.buffer, target.byteOffset, target.length)
  if (type === 'BF16') {
    for (let i = 0; i < halves.length; i++) bits[i] = halves[i]! << 16
    return
  }
  halfTable ??= float32BitsOfHalves()
  for (let i = 0; i < halves.length; i++) bits[i] = halfTable[halves[i]!]!
}

/** Bits of the exponent and the lowest one of them, of the two values of four bytes where a value has but two. */
const exponents: Record<WeightType, { all: number; lowest: number }> = {
  F32: { all: 0x7f800000, lowest: 0x00800000 },
  F16: { all: 0x7c007c00, lowest: 0x04000400 },
  BF16: { all: 0x7f807f80, lowest: 0x00800080 },
}

/** Whether any value is infinite or not a number: one whose exponent bits are all set. */
export function hasNonFinite(type: WeightType, source: Uint8Array): boolean {
  const { all, lowest } = exponents[type]
  const aligned = source.byteOffset % 4 === 0 ? source : source.slice()
  const fours = new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.length >> 2)
  // Adding one to a full exponent carries into the place of the sign, and to no other.
  let found = 0
  for (let i = 0; i < fours.length; i++) found |= (fours[i]! & all) + lowest
  if (aligned.length % 4 > 0) found |= (((aligned.at(-1)! << 8) | aligned.at(-2)!) & all & 0xffff) + (lowest & 0xffff)
  return (found & (type === 'F32' ? 0x80000000 : 0x80008000)) !== 0
}

let halfTable: Uint32Array | undefined

/** float32 bit pattern of each of the 65 536 half floats (IEEE 754 binary16). */
function float32BitsOfHalves(): Uint32Array {
  const table = new Uint32Array(0x10000)
  const value = new Float32Array(1)
  const bits = new Uint32Array(value.buffer)
  for (let half = 0; half < 0x10000; half++) {
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0x1f) {
      bits[0] = 0x7f800000 | (fraction << 13)
    } else if (exponent === 0) {
      value[0] = fraction * 2 ** -24
    } else {
      bits[0] = ((exponent + 112) << 23) | (fraction << 13)
    }
    table[half] = bits[0]! | ((half & 0x8000) << 16)
  }
  return table
}
