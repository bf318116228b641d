import { readFile } from 'node:fs/promises'
import { fileTypeFromBuffer } from 'file-type'
import sharp, { type Sharp } from 'sharp'
import type { Manifest } from '../install/manifest.ts'
import { OwlError } from '../owl-error.ts'
import { type RgbPicture, resizeSquare } from './bicubic.ts'
import { bitmapSize, decodeBitmap } from './bitmap.ts'

export type PictureSource = { path: string } | { bytes: Uint8Array }

export interface PictureInfo {
  /** `png`, `jpeg`, `webp`, `gif`, `avif`, `tiff`, `svg` or `bmp`, by content. */
  format: string
  /** In pixels, as it is shown: EXIF orientation applied. */
  width: number
  height: number
}

/** More is refused: 16 384 pixels a side, or 805 MB as RGB. */
const maxPixels = 2 ** 28
/**
 * A longer edge is shrunk to this by libvips before the model's own bicubic steps, for the sake of time and memory.
 * A screen of 3840 x 2160 then differs from the published way by 0.2 levels of 255 in the mean, by 6 at most.
 */
const maxModelEdge = 2048
/** A drawing without pixels of its own is made at least this large. */
const drawingEdge = 1024
/** Pixels of an SVG's units at sharp's default density. */
const drawingDensity = 72

/**
 * Format and size of a picture, from its header; the pixels may still be damaged.
 * @param name what messages call the picture
 * @throws OwlError `picture-not-found`, `picture-empty`, `picture-unreadable`, `picture-unsupported`, `picture-too-large`
 */
export async function inspectPicture(source: PictureSource, name: string): Promise<PictureInfo> {
  const { info } = await openPicture(source, name)
  return info
}

/**
 * Pixels of a picture: RGB, 8 bit, sRGB; EXIF orientation applied, transparency laid on white, of an animation the
 * first frame.
 * @param name what messages call the picture
 * @param options.maxEdge a longer picture is shrunk to it while it is read
 * @throws OwlError as `inspectPicture`
 */
export async function decodePicture(
  source: PictureSource,
  name: string,
  options: { maxEdge?: number } = {},
): Promise<RgbPicture> {
  const picture = await openPicture(source, name)
  return decode(picture, name, options.maxEdge ? fitInside(picture.info, options.maxEdge) : picture.info)
}

/**
 * A picture as the vision encoder takes it (mPLUG-Owl2, published preprocessing): resized to a square of its longest
 * edge, or padded to it with the mean colour, from there to the model's size, bicubic, and normalised.
 * @param name what messages call the picture
 * @returns pixels [3, size, size]; width and height of the picture as it is shown
 * @throws OwlError as `inspectPicture`
 */
export async function readPicture(
  source: PictureSource,
  name: string,
  settings: Manifest['picture'],
): Promise<{ pixels: Float32Array; width: number; height: number }> {
  const picture = await openPicture(source, name)
  const { width, height } = picture.info
  const size =
    settings.fit === 'pad'
      ? fitInside(picture.info, maxModelEdge)
      : { width: Math.min(width, maxModelEdge), height: Math.min(height, maxModelEdge) }
  const decoded = await decode(picture, name, size)
  const square = settings.fit === 'pad' ? padSquare(decoded, settings.mean) : decoded
  return { pixels: normalise(resizeSquare(square, settings.size), settings), width, height }
}

interface OpenPicture {
  bytes: Uint8Array
  info: PictureInfo
}

interface Size {
  width: number
  height: number
}

async function openPicture(source: PictureSource, name: string): Promise<OpenPicture> {
  const bytes = 'bytes' in source ? source.bytes : await readPictureFile(source.path, name)
  if (bytes.length === 0) throw new OwlError('picture-empty', `${name} is empty.`)
  const info = await readHeader(bytes, name)
  if (info.width * info.height > maxPixels) {
    throw new OwlError(
      'picture-too-large',
      `${name} has ${info.width} x ${info.height} pixels; at most ${maxPixels / 2 ** 20} million are read.`,
    )
  }
  return { bytes, info }
}

async function readPictureFile(path: string, name: string): Promise<Uint8Array> {
  try {
    return await readFile(path)
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
      throw new OwlError('picture-not-found', `${name} is not there: ${path}`, { cause })
    }
    throw unreadablePicture(name, cause)
  }
}

async function readHeader(bytes: Uint8Array, name: string): Promise<PictureInfo> {
  // Content decides; the ending of the file's name does not.
  const type = await fileTypeFromBuffer(bytes)
  if (type?.mime.startsWith('image/heic')) throw unsupportedPicture(name, 'HEIC')
  try {
    if (type?.ext === 'bmp') return { format: 'bmp', ...bitmapSize(bytes) }
    const { format, compression, autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata()
    // HEIC and AVIF share a container, whose first bytes need not say which of them it holds.
    if (format === 'heif' && compression !== 'av1') throw unsupportedPicture(name, 'HEIC')
    return { format: format === 'heif' ? 'avif' : format, ...autoOrient }
  } catch (cause) {
    if (/unsupported image format/i.test(String(cause))) throw unsupportedPicture(name, type?.ext.toUpperCase(), cause)
    throw unreadablePicture(name, cause)
  }
}

function unsupportedPicture(name: string, format?: string, cause?: unknown): OwlError {
  const message = format
    ? `${name} is ${format}, which cannot be read here.`
    : `${name} is not a picture of a known kind.`
  return new OwlError('picture-unsupported', message, { cause })
}

function unreadablePicture(name: string, cause: unknown): OwlError {
  if (cause instanceof OwlError) return cause
  const reason = cause instanceof Error ? cause.message : String(cause)
  return new OwlError('picture-unreadable', `${name} is damaged or incomplete: ${reason}`, { cause })
}

function fitInside({ width, height }: Size, edge: number): Size {
  const scale = Math.min(1, edge / Math.max(width, height))
  return { width: Math.max(1, Math.round(width * scale)), height: Math.max(1, Math.round(height * scale)) }
}

/** Decodes, shrunk to `size` where that is smaller than the picture. A drawing may come out larger than its own size. */
async function decode({ bytes, info }: OpenPicture, name: string, size: Size): Promise<RgbPicture> {
  try {
    const smaller = size.width < info.width || size.height < info.height
    const pipeline = info.format === 'bmp' ? openBitmap(bytes) : openImage(bytes, info)
    if (smaller) pipeline.resize({ ...size, fit: 'fill', kernel: 'cubic' })
    const { data, info: read } = await pipeline
      .flatten({ background: '#ffffff' })
      .toColourspace('srgb')
      .raw({ depth: 'uchar' })
      .toBuffer({ resolveWithObject: true })
    return { rgb: data, width: read.width, height: read.height }
  } catch (cause) {
    throw unreadablePicture(name, cause)
  }
}

function openImage(bytes: Uint8Array, { format, width, height }: PictureInfo): Sharp {
  const enlarge = format === 'svg' ? Math.max(1, drawingEdge / Math.max(width, height)) : 1
  const density = drawingDensity * enlarge
  return sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, density }).autoOrient()
}

function openBitmap(bytes: Uint8Array): Sharp {
  const { rgb, width, height } = decodeBitmap(bytes)
  return sharp(rgb, { raw: { width, height, channels: 3 } })
}

/** The picture in the middle of a square of the mean colour. */
function padSquare({ rgb, width, height }: RgbPicture, mean: Manifest['picture']['mean']): RgbPicture {
  const edge = Math.max(width, height)
  const padded = new Uint8Array(edge * edge * 3)
  const background = mean.map((value) => Math.trunc(value * 255))
  for (let at = 0; at < padded.length; at += 3) padded.set(background, at)
  const left = Math.floor((edge - width) / 2)
  const top = Math.floor((edge - height) / 2)
  for (let y = 0; y < height; y++) {
    padded.set(rgb.subarray(y * width * 3, (y + 1) * width * 3), ((top + y) * edge + left) * 3)
  }
  return { rgb: padded, width: edge, height: edge }
}

/** [size, size, 3] bytes to [3, size, size] floats: (value / 255 - mean) / std. */
function normalise(rgb: Uint8Array, { mean, std }: Manifest['picture']): Float32Array {
  const plane = rgb.length / 3
  const pixels = new Float32Array(rgb.length)
  for (let channel = 0; channel < 3; channel++) {
    for (let at = 0; at < plane; at++) {
      pixels[channel * plane + at] = (rgb[at * 3 + channel]! / 255 - mean[channel]!) / std[channel]!
    }
  }
  return pixels
}
