import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { crc32, deflateSync } from 'node:zlib'
import sharp, { type Sharp } from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readSafetensors } from '../../../native-models/checkpoint/safetensors.ts'
import { readRows } from '../../../native-models/checkpoint/stored-weight.ts'
import { WeightFile } from '../../../native-models/checkpoint/weight-file.ts'
import type { Manifest } from '../../../native-models/install/manifest.ts'
import { decodePicture, inspectPicture, readPicture } from '../../../native-models/mplug-owl2/picture.ts'

const fixtures = join(import.meta.dirname, '../../fixtures/reference')
const clip: Omit<Manifest['picture'], 'size'> = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
  fit: 'square',
}
const models = [
  { model: 'tiny-32k', size: 56 },
  { model: 'tiny-512', size: 84 },
  { model: 'tiny-gqa', size: 70 },
]
const images = ['landscape', 'portrait', 'small', 'grey', 'palette', 'strip', 'exact']

async function expectedPixels(model: string, image: string): Promise<Float32Array> {
  const file = await WeightFile.open(join(fixtures, 'expected', model, `image-${image}.safetensors`))
  const { weights } = await readSafetensors(file)
  const values = await readRows(weights.find((weight) => weight.name === 'pixel_values')!, { start: 0, end: 3 })
  await file.close()
  return values
}

describe.each(models)('the pixels of $model', ({ model, size }) => {
  it.each(images)('are those of the published preprocessing: %s', async (image) => {
    const source = { path: join(fixtures, 'images', `${image}.png`) }
    const { pixels } = await readPicture(source, image, { ...clip, size })
    const expected = await expectedPixels(model, image)
    expect(pixels.length).toBe(3 * size * size)
    // Not one of the 256 levels differs; what is left is the rounding of float32.
    const worst = pixels.reduce((most, value, at) => Math.max(most, Math.abs(value - expected[at]!)), 0)
    expect(worst).toBeLessThan(1e-5)
  })
})

/** 3 x 2 pixels: red, green, blue above white, black, grey. */
const sample = Uint8Array.of(255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, 0, 0, 0, 128, 128, 128)
const sampleImage = () => sharp(sample, { raw: { width: 3, height: 2, channels: 3 } })
const decode = async (image: Sharp) => decodePicture({ bytes: await image.toBuffer() }, 'sample')
const inspect = async (image: Sharp) => inspectPicture({ bytes: await image.toBuffer() }, 'sample')

describe('decodePicture', () => {
  it.each([
    ['png', () => sampleImage().png()],
    ['webp', () => sampleImage().webp({ lossless: true })],
    ['tiff', () => sampleImage().tiff({ compression: 'lzw' })],
    ['gif', () => sampleImage().gif()],
  ])('reads %s', async (format, image) => {
    expect(await inspect(image())).toEqual({ format, width: 3, height: 2 })
    const { rgb, width, height } = await decode(image())
    expect({ width, height }).toEqual({ width: 3, height: 2 })
    expect([...rgb]).toEqual([...sample])
  })

  it.each([
    ['jpeg', 2, () => flat('#204080').jpeg({ quality: 100 })],
    ['avif', 2, () => flat('#204080').avif({ quality: 100 })],
    ['jpeg', 24, () => flat('#204080').toColourspace('cmyk').jpeg({ quality: 100 })],
  ])('reads %s within %i levels', async (format, levels, image) => {
    expect(await inspect(image())).toEqual({ format, width: 16, height: 8 })
    const { rgb } = await decode(image())
    expect(rgb.length).toBe(16 * 8 * 3)
    rgb.forEach((value, at) => {
      expect(Math.abs(value - [0x20, 0x40, 0x80][at % 3]!)).toBeLessThanOrEqual(levels)
    })
  })

  it('turns a picture as EXIF says, in all eight ways', async () => {
    // Where the red pixel, the first one of the file, is to be seen.
    const places = [0, 2, 5, 3, 0, 1, 5, 4]
    for (const [at, place] of places.entries()) {
      const image = () =>
        sampleImage()
          .withMetadata({ orientation: at + 1 })
          .png()
      const { rgb, width, height } = await decode(image())
      const size = at < 4 ? { width: 3, height: 2 } : { width: 2, height: 3 }
      expect({ width, height }).toEqual(size)
      expect(await inspect(image())).toEqual({ format: 'png', ...size })
      expect([...rgb.subarray(place * 3, place * 3 + 3)]).toEqual([255, 0, 0])
    }
  })

  it('lays transparency on white', async () => {
    const rgba = Uint8Array.of(255, 0, 0, 255, 255, 0, 0, 0, 0, 0, 0, 128)
    const { rgb } = await decode(sharp(rgba, { raw: { width: 3, height: 1, channels: 4 } }).png())
    expect([...rgb.subarray(0, 6)]).toEqual([255, 0, 0, 255, 255, 255])
    for (const value of rgb.subarray(6)) expect(Math.abs(value - 127)).toBeLessThanOrEqual(1)
  })

  it('makes colour of grey, of grey with transparency and of 16 bits', async () => {
    const grey = sharp(Uint8Array.of(0, 77, 255), { raw: { width: 3, height: 1, channels: 1 } })
    expect([...(await decode(grey.toColourspace('b-w').png())).rgb]).toEqual([0, 0, 0, 77, 77, 77, 255, 255, 255])
    const veiled = sharp(Uint8Array.of(9, 0, 9, 255), { raw: { width: 2, height: 1, channels: 2 } })
    expect([...(await decode(veiled.toColourspace('b-w').png())).rgb]).toEqual([255, 255, 255, 9, 9, 9])
    const deep = sampleImage().toColourspace('rgb16').png()
    expect((await sharp(await deep.toBuffer()).metadata()).depth).toBe('ushort')
    expect([...(await decode(deep)).rgb]).toEqual([...sample])
  })

  it('takes the first frame of an animation', async () => {
    const frames = Uint8Array.of(255, 0, 0, 255, 0, 0, 0, 0, 255, 0, 0, 255)
    const animation = () => sharp(frames, { raw: { width: 2, height: 2, channels: 3, pageHeight: 1 } })
    for (const image of [animation().gif(), animation().webp({ lossless: true })]) {
      const bytes = await image.toBuffer()
      expect((await sharp(bytes).metadata()).pages).toBe(2)
      const { rgb, width, height } = await decodePicture({ bytes }, 'animation')
      expect({ width, height }).toEqual({ width: 2, height: 1 })
      expect([...rgb]).toEqual([255, 0, 0, 255, 0, 0])
      expect(await inspectPicture({ bytes }, 'animation')).toMatchObject({ width: 2, height: 1 })
    }
  })

  it('draws an SVG large enough to be seen', async () => {
    const drawing =
      '<svg xmlns="http://www.w3.org/2000/svg" width="24" height="12"><rect width="12" height="12" fill="red"/></svg>'
    const source = { bytes: Buffer.from(drawing) }
    expect(await inspectPicture(source, 'icon.svg')).toEqual({ format: 'svg', width: 24, height: 12 })
    const { rgb, width, height } = await decodePicture(source, 'icon.svg')
    expect({ width, height }).toEqual({ width: 1024, height: 512 })
    expect([...rgb.subarray(0, 3)]).toEqual([255, 0, 0])
    expect([...rgb.subarray(-3)]).toEqual([255, 255, 255])
  })

  it('reads a bitmap', async () => {
    const header = Buffer.alloc(54)
    header.write('BM')
    header.writeUInt32LE(54 + 4, 2)
    header.writeUInt32LE(54, 10)
    header.writeUInt32LE(40, 14)
    header.writeInt32LE(1, 18)
    header.writeInt32LE(1, 22)
    header.writeUInt16LE(1, 26)
    header.writeUInt16LE(24, 28)
    const source = { bytes: Buffer.concat([header, Buffer.from([3, 2, 1, 0])]) }
    expect(await inspectPicture(source, 'a.bmp')).toEqual({ format: 'bmp', width: 1, height: 1 })
    expect([...(await decodePicture(source, 'a.bmp')).rgb]).toEqual([1, 2, 3])
  })

  it('shrinks to an edge where asked to, and only then', async () => {
    const bytes = await flat('#ffffff', 400, 100).png().toBuffer()
    expect(await decodePicture({ bytes }, 'a')).toMatchObject({ width: 400, height: 100 })
    expect(await decodePicture({ bytes }, 'a', { maxEdge: 200 })).toMatchObject({ width: 200, height: 50 })
    expect(await decodePicture({ bytes }, 'a', { maxEdge: 800 })).toMatchObject({ width: 400, height: 100 })
  })
})

function flat(colour: string, width = 16, height = 8): Sharp {
  return sharp({ create: { width, height, channels: 3, background: colour } })
}

/** The colour of the model's pixel at a place, 0 to 255 (without negative zero). */
function colourAt(pixels: Float32Array, size: number, x: number, y: number): number[] {
  return [0, 1, 2].map((channel) => {
    const value = pixels[channel * size * size + y * size + x]!
    return Math.round((value * clip.std[channel]! + clip.mean[channel]!) * 255) + 0
  })
}

describe('readPicture', () => {
  it('stretches a picture to the square, or pads it with the mean colour', async () => {
    const bytes = await flat('#ff0000', 40, 20).png().toBuffer()
    const square = await readPicture({ bytes }, 'red', { ...clip, size: 40 })
    expect([square.width, square.height]).toEqual([40, 20])
    expect(colourAt(square.pixels, 40, 0, 0)).toEqual([255, 0, 0])
    expect(colourAt(square.pixels, 40, 39, 39)).toEqual([255, 0, 0])
    const { pixels } = await readPicture({ bytes }, 'red', { ...clip, size: 40, fit: 'pad' })
    expect(colourAt(pixels, 40, 20, 9)).toEqual([122, 116, 104])
    expect(colourAt(pixels, 40, 20, 10)).toEqual([255, 0, 0])
    expect(colourAt(pixels, 40, 20, 29)).toEqual([255, 0, 0])
    expect(colourAt(pixels, 40, 20, 30)).toEqual([122, 116, 104])
  })

  it('keeps a long strip within bounds, with each end in its place', async () => {
    const strip = flat('#0000ff', 20_000, 30).composite([
      { input: { create: { width: 10_000, height: 30, channels: 3, background: '#ff0000' } }, left: 0, top: 0 },
    ])
    const bytes = await strip.png().toBuffer()
    for (const fit of ['square', 'pad'] as const) {
      const { pixels, width, height } = await readPicture({ bytes }, 'strip', { ...clip, size: 56, fit })
      expect([width, height]).toEqual([20_000, 30])
      expect(pixels.every(Number.isFinite)).toBe(true)
      if (fit === 'square') {
        expect(colourAt(pixels, 56, 2, 28)).toEqual([255, 0, 0])
        expect(colourAt(pixels, 56, 53, 28)).toEqual([0, 0, 255])
      }
    }
  })
})

/** A PNG's signature and header, without pixels. */
function pngHeader(width: number, height: number): Buffer {
  const chunk = (type: string, data: Buffer) => {
    const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
    const frame = Buffer.alloc(8)
    frame.writeUInt32BE(data.length, 0)
    frame.writeUInt32BE(crc32(body), 4)
    return Buffer.concat([frame.subarray(0, 4), body, frame.subarray(4)])
  }
  const header = Buffer.from([0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0])
  header.writeUInt32BE(width, 0)
  header.writeUInt32BE(height, 4)
  return Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.alloc(64))),
    chunk('IEND', Buffer.alloc(0)),
  ])
}

/** The first box of a file in the container of HEIC and AVIF. */
function containerHead(brand: string): Buffer {
  const box = Buffer.alloc(24)
  box.writeUInt32BE(24, 0)
  box.write(`ftyp${brand}`, 4, 'latin1')
  box.write(`mif1${brand}`, 16, 'latin1')
  return Buffer.concat([box, Buffer.alloc(200)])
}

describe('a file that is no picture', () => {
  const noise = Buffer.from(Array.from({ length: 999 }, (_, at) => (at * 7919) % 251))
  it.each([
    ['empty', async () => Buffer.alloc(0), 'picture-empty', /photo\.png is empty/],
    ['text', async () => Buffer.from('Not a picture.'), 'picture-unsupported', /photo\.png is not a picture/],
    ['noise', async () => noise, 'picture-unsupported', /photo\.png is not a picture/],
    ['HEIC', async () => containerHead('heic'), 'picture-unsupported', /photo\.png is HEIC/],
    ['PDF', async () => Buffer.from('%PDF-1.7\n%....\n'), 'picture-unsupported', /photo\.png is PDF/],
    ['30 000 pixels a side', async () => pngHeader(30_000, 30_000), 'picture-too-large', /30000 x 30000/],
    ['a PNG without rows', async () => pngHeader(300, 300), 'picture-unreadable', /photo\.png is damaged/],
    ['half a PNG', async () => half(await readFile(join(fixtures, 'images/portrait.png'))), 'picture-unreadable', /./],
    ['half a JPEG', async () => half(await flat('#123456', 300, 300).jpeg().toBuffer()), 'picture-unreadable', /./],
    ['half a WebP', async () => half(await flat('#123456', 300, 300).webp().toBuffer()), 'picture-unreadable', /./],
    ['half a bitmap', async () => Buffer.from('BM shows what is in the picture'), 'picture-unreadable', /damaged/],
    [
      'a broken SVG',
      async () => Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><rect'),
      'picture-unreadable',
      /./,
    ],
  ])('is refused by name: %s', async (_, bytes, code, message) => {
    const reading = readPicture({ bytes: await bytes() }, 'photo.png', { ...clip, size: 56 })
    await expect(reading).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
  })

  const half = (bytes: Buffer) => bytes.subarray(0, Math.floor(bytes.length / 2))
})

describe('a file on disk', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'owl-picture-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read by its content, whatever its name ends in', async () => {
    const path = join(folder, 'wrong.jpg')
    await writeFile(path, await sampleImage().png().toBuffer())
    expect(await inspectPicture({ path }, 'wrong.jpg')).toEqual({ format: 'png', width: 3, height: 2 })
    expect([...(await decodePicture({ path }, 'wrong.jpg')).rgb]).toEqual([...sample])
  })

  it('that is not there is named', async () => {
    const missing = inspectPicture({ path: join(folder, 'gone.png') }, 'gone.png')
    await expect(missing).rejects.toMatchObject({
      code: 'picture-not-found',
      message: expect.stringContaining('gone.png'),
    })
  })

  it('that is a folder is refused', async () => {
    await expect(inspectPicture({ path: folder }, 'folder')).rejects.toMatchObject({ code: 'picture-unreadable' })
  })
})
