const polynomial = 0xedb88320

/**
 * CRC-32 of two byte strings one after another, from the CRC-32 of each: appending `length` zero bytes is a linear map
 * over the bits, whose powers of two are found by squaring (Mark Adler's method in zlib's crc32_combine).
 */
export function joinCrc(first: number, second: number, length: number): number {
  // How a zero bit is appended: each column is what becomes of one bit of the register.
  let map = Uint32Array.from({ length: 32 }, (_, bit) => (bit === 0 ? polynomial : 2 ** (bit - 1)))
  let crc = first
  // Three squarings turn bits into bytes.
  for (let i = 0; i < 3; i++) map = square(map)
  for (let rest = length; rest > 0; rest = Math.floor(rest / 2)) {
    if (rest % 2 === 1) crc = apply(map, crc)
    map = square(map)
  }
  return (crc ^ second) >>> 0
}

function apply(map: Uint32Array, bits: number): number {
  let result = 0
  for (let bit = 0, rest = bits >>> 0; rest !== 0; bit++, rest >>>= 1) if (rest & 1) result ^= map[bit]!
  return result >>> 0
}

function square(map: Uint32Array): Uint32Array<ArrayBuffer> {
  return Uint32Array.from(map, (column) => apply(map, column))
}
