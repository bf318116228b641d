import type { RgbPicture } from './bicubic.ts'

/** Layout of a Windows bitmap, from its two headers. */
interface BitmapLayout {
  width: number
  height: number
  /** Rows run from the bottom to the top unless the height is negative. */
  bottomUp: boolean
  bitsPerPixel: number
  /** Byte offset of the first row, and bytes of a row: whole 32-bit words. */
  pixels: number
  rowBytes: number
  /** Byte offset of the palette, its number of colours, and bytes of one. */
  palette: number
  colours: number
  colourBytes: number
  masks: { red: number; green: number; blue: number; alpha: number }
}

/** Byte layouts of `compression`; run-length codes and whole JPEG or PNG files inside of a bitmap are not read. */
const uncompressed = 0
const bitFields = 3
const alphaBitFields = 6

/** Width and height in pixels. @throws Error saying what is wrong with the file */
export function bitmapSize(bytes: Uint8Array): { width: number; height: number } {
  const { width, height } = readLayout(bytes)
  return { width, height }
}

/**
 * Decodes a Windows bitmap (BMP), which libvips does not: 1, 4, 8, 16, 24 or 32 bits a pixel, with palette or colour
 * masks. What is transparent is laid on white.
 * @throws Error saying what is wrong with the file
 */
export function decodeBitmap(bytes: Uint8Array): RgbPicture {
  const layout = readLayout(bytes)
  const { width, height, rowBytes } = layout
  if (layout.pixels + rowBytes * height > bytes.length) throw new Error('the file ends before its last row')
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const pixel = pixelReader(view, layout)
  const rgb = new Uint8Array(width * height * 3)
  for (let y = 0; y < height; y++) {
    const row = layout.pixels + rowBytes * (layout.bottomUp ? height - 1 - y : y)
    for (let x = 0; x < width; x++) pixel(row, x, rgb, (y * width + x) * 3)
  }
  return { rgb, width, height }
}

function readLayout(bytes: Uint8Array): BitmapLayout {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (bytes.length < 26) throw new Error('the file ends within its header')
  const headerBytes = view.getUint32(14, true)
  const old = headerBytes === 12
  if ((!old && headerBytes < 40) || 14 + headerBytes > bytes.length) throw new Error('its header is damaged')

  const width = old ? view.getUint16(18, true) : view.getInt32(18, true)
  const rows = old ? view.getInt16(20, true) : view.getInt32(22, true)
  const bitsPerPixel = view.getUint16(old ? 24 : 28, true)
  const compression = old ? uncompressed : view.getUint32(30, true)
  if (width <= 0 || rows === 0 || ![1, 4, 8, 16, 24, 32].includes(bitsPerPixel))
    throw new Error('its header is damaged')
  if (![uncompressed, bitFields, alphaBitFields].includes(compression)) {
    throw new Error(`its compression (code ${compression}) is not supported`)
  }

  const masked = compression !== uncompressed
  // Masks follow a header of 40 bytes, or are part of a longer one.
  const maskBytes = headerBytes === 40 && masked ? (compression === alphaBitFields ? 16 : 12) : 0
  const palette = 14 + headerBytes + maskBytes
  const colourBytes = old ? 3 : 4
  const listed = old ? 0 : view.getUint32(46, true)
  const colours = bitsPerPixel > 8 ? 0 : listed > 0 && listed < 2 ** bitsPerPixel ? listed : 2 ** bitsPerPixel
  if (palette + colours * colourBytes > bytes.length) throw new Error('the file ends within its header')
  const mask = (at: number) => (14 + headerBytes + maskBytes >= at + 4 ? view.getUint32(at, true) : 0)
  return {
    width,
    height: Math.abs(rows),
    bottomUp: rows > 0,
    bitsPerPixel,
    pixels: view.getUint32(10, true),
    rowBytes: Math.ceil((width * bitsPerPixel) / 32) * 4,
    palette,
    colours,
    colourBytes,
    masks: masked ? { red: mask(54), green: mask(58), blue: mask(62), alpha: mask(66) } : defaultMasks(bitsPerPixel),
  }
}

function defaultMasks(bitsPerPixel: number): BitmapLayout['masks'] {
  return bitsPerPixel === 16
    ? { red: 0x7c00, green: 0x3e0, blue: 0x1f, alpha: 0 }
    : { red: 0xff0000, green: 0xff00, blue: 0xff, alpha: 0 }
}

/** A function that puts the colour of pixel `x` of the row at a byte offset into three bytes of `rgb`. */
function pixelReader(view: DataView, layout: BitmapLayout) {
  const { bitsPerPixel, palette, colours, colourBytes, masks } = layout
  if (bitsPerPixel === 24) {
    return (row: number, x: number, rgb: Uint8Array, put: number) => {
      for (let channel = 0; channel < 3; channel++) rgb[put + channel] = view.getUint8(row + x * 3 + 2 - channel)
    }
  }
  if (bitsPerPixel <= 8) {
    const perByte = 8 / bitsPerPixel
    const last = 2 ** bitsPerPixel - 1
    return (row: number, x: number, rgb: Uint8Array, put: number) => {
      const shift = 8 - bitsPerPixel * ((x % perByte) + 1)
      const colour = (view.getUint8(row + Math.floor(x / perByte)) >> shift) & last
      if (colour >= colours) return
      for (let channel = 0; channel < 3; channel++) {
        rgb[put + channel] = view.getUint8(palette + colour * colourBytes + 2 - channel)
      }
    }
  }
  const channels = [masks.red, masks.green, masks.blue].map(channelReader)
  const alphaOf = masks.alpha === 0 ? () => 255 : channelReader(masks.alpha)
  return (row: number, x: number, rgb: Uint8Array, put: number) => {
    const value = bitsPerPixel === 16 ? view.getUint16(row + x * 2, true) : view.getUint32(row + x * 4, true)
    const alpha = alphaOf(value) / 255
    for (let channel = 0; channel < 3; channel++) {
      rgb[put + channel] = Math.round(channels[channel]!(value) * alpha + 255 * (1 - alpha))
    }
  }
}

/** The bits under a mask as a value from 0 to 255. */
function channelReader(mask: number): (value: number) => number {
  if (mask === 0) return () => 0
  const shift = 31 - Math.clz32(mask & -mask)
  const highest = mask >>> shift
  return (value) => (((value & mask) >>> shift) * 255) / highest
}
