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

/** Whether any value is infinite or not a number: one whose exponent bits are all set. */
export function hasNonFinite(type: WeightType, source: Uint8Array): boolean {
  const values =
    type === 'F32'
      ? new Uint32Array(source.buffer, source.byteOffset, source.byteLength / 4)
      : new Uint16Array(source.buffer, source.byteOffset, source.byteLength / 2)
  const exponent = { F32: 0x7f800000, F16: 0x7c00, BF16: 0x7f80 }[type]
  for (let i = 0; i < values.length; i++) if ((values[i]! & exponent) === exponent) return true
  return false
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
