import { join } from 'node:path'
import sharp from 'sharp'
import { describe, expect, test } from 'vitest'
import { readReaderFiles } from '../../../native-models/text-reader/reader-files.ts'
import { sharedArea } from '../../../native-models/text-reader/text-line.ts'
import { TextReader } from '../../../native-models/text-reader/text-reader.ts'

const pictures = join(import.meta.dirname, '../../../native-models/owl-mini/evaluation/held-out/pictures')
const dialog = join(pictures, '0001.png')
const dialogWords = ['Oblige', 'Upload failed.', 'Endorse', 'Back', 'Apply']

const reader = await TextReader.load()

async function read(bytes: Uint8Array) {
  return reader.read({ bytes }, 'the picture')
}

const texts = (lines: { text: string }[]) => lines.map(({ text }) => text)

describe('a dialog', () => {
  test('is read line by line, with boxes and confidence', async () => {
    const { lines, width, height } = await reader.read({ path: dialog }, 'dialog')
    expect(texts(lines)).toEqual(dialogWords)
    for (const { box, confidence, rotation } of lines) {
      expect(confidence).toBeGreaterThan(0.8)
      expect(rotation).toBe(0)
      expect(box.left).toBeGreaterThanOrEqual(0)
      expect(box.left + box.width).toBeLessThanOrEqual(width)
      expect(box.top + box.height).toBeLessThanOrEqual(height)
    }
  })

  test('is read the same with its colours inverted', async () => {
    const { lines } = await read(await sharp(dialog).negate({ alpha: false }).png().toBuffer())
    expect(texts(lines).sort()).toEqual([...dialogWords].sort())
  })

  test('is read the same with a tint', async () => {
    const { lines } = await read(await sharp(dialog).tint('#e0b070').png().toBuffer())
    expect(texts(lines).sort()).toEqual([...dialogWords].sort())
  })

  test.each([90, 270] as const)('is read turned by %i degrees', async (degrees) => {
    const { lines } = await read(await sharp(dialog).rotate(degrees).png().toBuffer())
    const long = lines.filter(({ text }) => text.length > 3)
    expect(texts(long).sort()).toEqual([...dialogWords].sort())
    expect(long.every(({ rotation }) => rotation === degrees)).toBe(true)
  })
})

test('a scroll of 30 000 pixels is read in tiles, no line twice', async () => {
  const { data } = await sharp(dialog).toBuffer({ resolveWithObject: true })
  const { width, height } = await sharp(dialog).metadata()
  // One across each border of the tiles there can be, and blank between.
  const tops = Array.from({ length: 12 }, (_, at) => 200 + at * 2437)
  const bytes = await sharp({ create: { width, height: 30_000, channels: 3, background: '#ffffff' } })
    .composite(tops.map((top) => ({ input: data, left: 0, top })))
    .png()
    .toBuffer()
  const { lines } = await read(bytes)
  const expected = tops.flatMap((top) => dialogWords.map((text) => ({ text, top, low: top + height })))
  expect(texts(lines)).toEqual(texts(expected))
  lines.forEach(({ box }, at) => {
    expect(box.top).toBeGreaterThanOrEqual(expected[at]!.top)
    expect(box.top + box.height).toBeLessThanOrEqual(expected[at]!.low)
  })
  for (const [at, line] of lines.entries()) {
    for (const other of lines.slice(at + 1)) expect(sharedArea(line.box, other.box)).toBe(0)
  }
})

test('a picture without text is empty, and nothing is looked at', async () => {
  const stages: string[] = []
  const flat = await sharp({ create: { width: 3840, height: 2160, channels: 3, background: '#345' } })
    .png()
    .toBuffer()
  const { lines } = await reader.read({ bytes: flat }, 'flat', { onProgress: ({ stage }) => stages.push(stage) })
  expect(lines).toEqual([])
  expect(stages).toEqual([])
})

test('a damaged picture is told', async () => {
  const bytes = (await sharp(dialog).png().toBuffer()).subarray(0, 500)
  await expect(read(bytes)).rejects.toMatchObject({ code: 'picture-unreadable' })
})

test('reading is stopped between two lines', async () => {
  const stop = new AbortController()
  const reading = reader.read({ path: dialog }, 'dialog', { signal: stop.signal, onProgress: () => stop.abort() })
  await expect(reading).rejects.toMatchObject({ code: 'cancelled' })
})

test('missing and damaged files of the reader are told', async () => {
  await expect(readReaderFiles('/nowhere')).rejects.toMatchObject({ code: 'reader-missing' })
  const files = { ...(await readReaderFiles()), detection: new Uint8Array(100) }
  await expect(TextReader.load({ files })).rejects.toMatchObject({ code: 'reader-missing' })
})
