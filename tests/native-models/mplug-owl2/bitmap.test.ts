import { describe, expect, it } from 'vitest'
import { bitmapSize, decodeBitmap } from '../../../native-models/mplug-owl2/bitmap.ts'

interface BitmapOptions {
  width: number
  /** Negative where rows run from the top. */
  height: number
  bitsPerPixel: number
  compression?: number
  headerBytes?: number
  /** Bytes after the header: masks or colours. */
  table?: number[]
  /** Bytes of each row as stored, without padding. */
  rows: number[][]
}

function bitmap({ width, height, bitsPerPixel, compression = 0, headerBytes = 40, table = [], rows }: BitmapOptions) {
  const rowBytes = Math.ceil((width * bitsPerPixel) / 32) * 4
  const tableAt = 14 + headerBytes
  const pixels = Math.max(tableAt, 54) + table.length + 2 // a gap, as some programs leave
  const bytes = new Uint8Array(pixels + rowBytes * rows.length)
  const view = new DataView(bytes.buffer)
  bytes.set([0x42, 0x4d])
  view.setUint32(2, bytes.length, true)
  view.setUint32(10, pixels, true)
  view.setUint32(14, headerBytes, true)
  if (headerBytes === 12) {
    view.setUint16(18, width, true)
    view.setInt16(20, height, true)
    view.setUint16(22, 1, true)
    view.setUint16(24, bitsPerPixel, true)
    bytes.set(table, 26)
  } else {
    view.setInt32(18, width, true)
    view.setInt32(22, height, true)
    view.setUint16(26, 1, true)
    view.setUint16(28, bitsPerPixel, true)
    view.setUint32(30, compression, true)
    bytes.set(table, headerBytes > 40 ? 54 : tableAt)
  }
  rows.forEach((row, y) => {
    bytes.set(row, pixels + y * rowBytes)
  })
  return bytes
}

const words = (...values: number[]) => [...new Uint8Array(Uint32Array.from(values).buffer)]
const halves = (...values: number[]) => [...new Uint8Array(Uint16Array.from(values).buffer)]
const red = [255, 0, 0]
const green = [0, 255, 0]
const blue = [0, 0, 255]
const white = [255, 255, 255]
const black = [0, 0, 0]
/** Colours of a palette are stored as blue, green, red, 0. */
const palette = [0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0, 0, 255, 255, 255, 0]

const cases: [string, BitmapOptions, number[][][]][] = [
  [
    '24 bits, rows from the bottom, padded',
    {
      width: 3,
      height: 2,
      bitsPerPixel: 24,
      rows: [
        [0, 0, 255, 0, 255, 0, 255, 0, 0],
        [...white, ...black, ...white],
      ],
    },
    [
      [white, black, white],
      [red, green, blue],
    ],
  ],
  [
    '24 bits, rows from the top',
    {
      width: 1,
      height: -2,
      bitsPerPixel: 24,
      rows: [
        [0, 0, 255],
        [0, 255, 0],
      ],
    },
    [[red], [green]],
  ],
  [
    '32 bits, the fourth byte without meaning',
    { width: 2, height: 1, bitsPerPixel: 32, rows: [[0, 0, 255, 0, 255, 0, 0, 0]] },
    [[red, blue]],
  ],
  [
    '32 bits with masks in another order',
    {
      width: 2,
      height: 1,
      bitsPerPixel: 32,
      compression: 3,
      table: words(0xff, 0xff00, 0xff0000),
      rows: [words(0x0000ff, 0xff0000)],
    },
    [[red, blue]],
  ],
  [
    '32 bits with alpha in a header of version 4, laid on white',
    {
      width: 3,
      height: 1,
      bitsPerPixel: 32,
      compression: 3,
      headerBytes: 108,
      table: words(0xff0000, 0xff00, 0xff, 0xff000000),
      rows: [words(0xffff0000, 0x00ff0000, 0x80000000)],
    },
    [[red, white, [127, 127, 127]]],
  ],
  [
    '16 bits, five a colour',
    { width: 3, height: 1, bitsPerPixel: 16, rows: [halves(0x7c00, 0x03e0, 0x7fff)] },
    [[red, green, white]],
  ],
  [
    '16 bits with masks of 5, 6 and 5',
    {
      width: 2,
      height: 1,
      bitsPerPixel: 16,
      compression: 3,
      table: words(0xf800, 0x7e0, 0x1f),
      rows: [halves(0x07e0, 0x001f)],
    },
    [[green, blue]],
  ],
  [
    '8 bits with a palette; what it does not list is black',
    { width: 2, height: 1, bitsPerPixel: 8, table: [...palette, ...new Array(252 * 4).fill(0)], rows: [[2, 9]] },
    [[blue, black]],
  ],
  [
    '4 bits, an odd width',
    {
      width: 3,
      height: 2,
      bitsPerPixel: 4,
      table: [...palette, ...new Array(12 * 4).fill(0)],
      rows: [
        [0x01, 0x20],
        [0x33, 0x00],
      ],
    },
    [
      [white, white, red],
      [red, green, blue],
    ],
  ],
  [
    '1 bit',
    { width: 9, height: 1, bitsPerPixel: 1, table: [0, 0, 0, 0, ...white, 0], rows: [[0b10100000, 0b10000000]] },
    [[white, black, white, black, black, black, black, black, white]],
  ],
  [
    'the old header of OS/2, colours of three bytes',
    { width: 2, height: 1, bitsPerPixel: 1, headerBytes: 12, table: [0, 0, 255, 255, 0, 0], rows: [[0b01000000]] },
    [[red, blue]],
  ],
]

describe('decodeBitmap', () => {
  it.each(cases)('reads %s', (_, options, expected) => {
    const bytes = bitmap(options)
    const { rgb, width, height } = decodeBitmap(bytes)
    expect({ width, height }).toEqual({ width: expected[0]!.length, height: expected.length })
    expect(bitmapSize(bytes)).toEqual({ width, height })
    expect([...rgb]).toEqual(expected.flat(2))
  })

  const whole = bitmap(cases[0]![1])
  const changed = (at: number, value: number) => {
    const bytes = whole.slice()
    bytes[at] = value
    return bytes
  }

  it.each([
    ['that ends early', whole.subarray(0, whole.length - 1), /ends before its last row/],
    ['that ends in its header', whole.subarray(0, 20), /ends within its header/],
    ['of no width', changed(18, 0), /header is damaged/],
    ['of 7 bits', changed(28, 7), /header is damaged/],
    ['with a header of 13 bytes', changed(14, 13), /header is damaged/],
    ['with run lengths', changed(30, 1), /compression \(code 1\) is not supported/],
  ])('refuses a file %s', (_, bytes, message) => {
    expect(() => decodeBitmap(bytes)).toThrow(message)
  })

  it('reads bytes that begin in the middle of a buffer', () => {
    const shifted = new Uint8Array(whole.length + 7)
    shifted.set(whole, 7)
    expect(decodeBitmap(shifted.subarray(7))).toEqual(decodeBitmap(whole))
  })
})
