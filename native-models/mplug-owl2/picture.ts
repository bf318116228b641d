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
/** For the model, a longer picture is shrunk while it is read, so that memory stays small. */
const maxModelEdge = 4096
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
  const { bytes, info } = await openPicture(source, name)
  try {
    if (info.format === 'bmp') return await shrunkBitmap(decodeBitmap(bytes), options.maxEdge)
    const edge = Math.max(info.width, info.height)
    const density = info.format === 'svg' && edge < drawingEdge ? (drawingDensity * drawingEdge) / edge : drawingDensity
    const pipeline = sharp(bytes, { failOn: 'error', limitInputPixels: maxPixels, density }).autoOrient()
    if (options.maxEdge) shrinkTo(pipeline, options.maxEdge)
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
  const { width, height } = await inspectPicture(source, name)
  const decoded = await decodePicture(source, name, { maxEdge: maxModelEdge })
  const square = settings.fit === 'pad' ? padSquare(decoded, settings.mean) : decoded
  return { pixels: normalise(resizeSquare(square, settings.size), settings), width, height }
}

async function openPicture(source: PictureSource, name: string): Promise<{ bytes: Uint8Array; info: PictureInfo }> {
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
  try {
    if (type?.ext === 'bmp') return { format: 'bmp', ...bitmapSize(bytes) }
    const { format, compression, autoOrient } = await sharp(bytes, { limitInputPixels: false }).metadata()
    // libvips reads the header of HEIC, which is in the same container as AVIF, but has no decoder for it.
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

function shrinkTo(pipeline: Sharp, edge: number): Sharp {
  return pipeline.resize(edge, edge, { fit: 'inside', withoutEnlargement: true, kernel: 'cubic' })
}

async function shrunkBitmap(picture: RgbPicture, maxEdge = Number.POSITIVE_INFINITY): Promise<RgbPicture> {
  const { rgb, width, height } = picture
  if (Math.max(width, height) <= maxEdge) return picture
  const pipeline = shrinkTo(sharp(rgb, { raw: { width, height, channels: 3 } }), maxEdge)
  const { data, info } = await pipeline.raw().toBuffer({ resolveWithObject: true })
  return { rgb: data, width: info.width, height: info.height }
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
