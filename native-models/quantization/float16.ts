const bits = new Uint32Array(1)
const float = new Float32Array(bits.buffer)
/** Bits of the smallest half float of full precision, and of the smallest value that none holds, as float32. */
const smallestNormal = 0x38800000
const infinite = 0x477ff000

/** Rounds to IEEE half precision, ties to even; what is too large becomes infinite. */
export function toFloat16(values: Float32Array): Uint16Array {
  const halves = new Uint16Array(values.length)
  for (let i = 0; i < values.length; i++) halves[i] = halfBits(values[i]!)
  return halves
}

/** The half float nearest to a value, as a number. */
export function nearestFloat16(value: number): number {
  float[0] = value
  const magnitude = bits[0]! & 0x7fffffff
  if (magnitude >= smallestNormal && magnitude < infinite) {
    bits[0] = (bits[0]! + 0xfff + ((magnitude >>> 13) & 1)) & ~0x1fff
    return float[0]!
  }
  const half = halfBits(value)
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 31
  const fraction = half & 1023
  if (exponent === 31) return fraction ? Number.NaN : sign * Number.POSITIVE_INFINITY
  return sign * (exponent ? (1024 + fraction) * 2 ** (exponent - 25) : fraction * 2 ** -24)
}

function halfBits(value: number): number {
  float[0] = value
  const sign = (bits[0]! >>> 16) & 0x8000
  const magnitude = bits[0]! & 0x7fffffff
  if (magnitude > 0x7f800000) return sign | 0x7e00
  if (magnitude >= infinite) return sign | 0x7c00
  if (magnitude < smallestNormal) {
    // Below the smallest normal half: a multiple of 2^-24, which doubles hold exactly.
    const scaled = Math.abs(value) * 2 ** 24
    const whole = Math.floor(scaled)
    const rest = scaled - whole
    return sign | (whole + (rest > 0.5 || (rest === 0.5 && whole % 2 === 1) ? 1 : 0))
  }
  return sign | ((magnitude - 0x38000000 + 0xfff + ((magnitude >>> 13) & 1)) >>> 13)
}
