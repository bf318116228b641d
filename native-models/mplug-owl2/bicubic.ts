/** An RGB picture, 8 bit a channel, rows from the top: [height, width, 3]. */
export interface RgbPicture {
  rgb: Uint8Array
  width: number
  height: number
}

/**
 * Resamples to a square of its longest edge and from there to `size`, both bicubic, as the published preprocessing does
 * with Pillow, to the bit. Row by row: the square itself, enormous for a long strip, is never held.
 * @returns [size, size, 3]
 */
export function resizeSquare({ rgb, width, height }: RgbPicture, size: number): Uint8Array {
  const edge = Math.max(width, height)
  const widen = bicubicTaps(width, edge)
  const heighten = bicubicTaps(height, edge)
  const shrink = bicubicTaps(edge, size)

  // Pillow resamples rows before columns; one of the first two steps has nothing to do.
  const narrow = new Uint8Array(edge * size * 3)
  const row = new Uint8Array(edge * 3)
  for (let y = 0; y < edge; y++) {
    if (width === edge) blendRows(rgb, width, heighten, y, row)
    else resampleRow(rgb.subarray(y * width * 3, (y + 1) * width * 3), widen, row)
    resampleRow(row, shrink, narrow.subarray(y * size * 3, (y + 1) * size * 3))
  }
  const result = new Uint8Array(size * size * 3)
  for (let y = 0; y < size; y++) {
    blendRows(narrow, size, shrink, y, result.subarray(y * size * 3, (y + 1) * size * 3))
  }
  return result
}

/** For each sample of the result: its first source sample, how many it takes, and their weights, which sum to 1. */
interface Taps {
  starts: Int32Array
  counts: Int32Array
  /** [samples, stride], in units of 2^-22 as in Pillow. */
  weights: Int32Array
  stride: number
}

const weightBits = 22
const half = 1 << (weightBits - 1)

/**
 * The cubic convolution kernel with a = -0.5 (Keys, 1981), stretched by the scale where the picture shrinks, so that
 * every source sample has its share (Pillow, `Image.Resampling.BICUBIC`).
 */
function bicubicTaps(from: number, to: number): Taps {
  const scale = from / to
  const stretch = Math.max(scale, 1)
  const support = 2 * stretch
  const stride = Math.ceil(support) * 2 + 1
  const taps: Taps = {
    starts: new Int32Array(to),
    counts: new Int32Array(to),
    weights: new Int32Array(to * stride),
    stride,
  }
  for (let sample = 0; sample < to; sample++) {
    const centre = (sample + 0.5) * scale
    const start = Math.max(0, Math.trunc(centre - support + 0.5))
    const count = Math.min(from, Math.trunc(centre + support + 0.5)) - start
    const exact = Array.from({ length: count }, (_, tap) => cubic((start + tap + 0.5 - centre) / stretch))
    const sum = exact.reduce((total, weight) => total + weight, 0)
    taps.starts[sample] = start
    taps.counts[sample] = count
    exact.forEach((weight, tap) => {
      taps.weights[sample * stride + tap] = roundHalfAway((weight / sum) * 2 ** weightBits)
    })
  }
  return taps
}

function cubic(distance: number): number {
  const x = Math.abs(distance)
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2
  return 0
}

function roundHalfAway(value: number): number {
  return Math.trunc(value < 0 ? value - 0.5 : value + 0.5)
}

/** One row, [samples, 3], to as many samples as the taps have. */
function resampleRow(source: Uint8Array, { starts, counts, weights, stride }: Taps, result: Uint8Array): void {
  for (let sample = 0; sample < starts.length; sample++) {
    let at = starts[sample]! * 3
    let tap = sample * stride
    let red = half
    let green = half
    let blue = half
    for (const end = tap + counts[sample]!; tap < end; tap++, at += 3) {
      const weight = weights[tap]!
      red += Math.imul(weight, source[at]!)
      green += Math.imul(weight, source[at + 1]!)
      blue += Math.imul(weight, source[at + 2]!)
    }
    result[sample * 3] = clamp(red >> weightBits)
    result[sample * 3 + 1] = clamp(green >> weightBits)
    result[sample * 3 + 2] = clamp(blue >> weightBits)
  }
}

/** Row `y` of the result out of the rows of `source`, [rows, width, 3]. */
function blendRows(
  source: Uint8Array,
  width: number,
  { starts, counts, weights, stride }: Taps,
  y: number,
  result: Uint8Array,
): void {
  const length = width * 3
  const sums = new Int32Array(length).fill(half)
  for (let tap = 0; tap < counts[y]!; tap++) {
    const weight = weights[y * stride + tap]!
    if (weight === 0) continue
    const row = (starts[y]! + tap) * length
    for (let at = 0; at < length; at++) sums[at]! += Math.imul(weight, source[row + at]!)
  }
  for (let at = 0; at < length; at++) result[at] = clamp(sums[at]! >> weightBits)
}

function clamp(value: number): number {
  return Math.min(Math.max(value, 0), 255)
}
