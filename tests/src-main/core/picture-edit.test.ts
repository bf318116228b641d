import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { Pictures, type StoredPicture } from '../../../src-main/core/pictures.ts'
import { AttachmentStore } from '../../../src-main/storage/attachment-store.ts'

const folder = mkdtempSync(join(tmpdir(), 'owl-edit-'))
const store = new AttachmentStore(join(folder, 'attachments'))
const pictures = new Pictures(store)
let picture: StoredPicture
afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** 4 x 2: red, green, blue, white above; black below. */
const rgb = Buffer.from([255, 0, 0, 0, 255, 0, 0, 0, 255, 255, 255, 255, ...Array(12).fill(0)])
const open = () => sharp(rgb, { raw: { width: 4, height: 2, channels: 3 } })

beforeAll(async () => {
  picture = await pictures.add('four.png', await open().png().toBuffer())
})

async function pixels({ hash }: StoredPicture) {
  return [...(await sharp(store.path(hash)).removeAlpha().raw().toBuffer())]
}

it('cuts a part out, and keeps the picture it came from', async () => {
  const part = await pictures.edit(picture, { quarterTurns: 0, crop: { x: 1, y: 0, width: 2, height: 1 } })
  expect(part).toMatchObject({ name: 'four.png', width: 2, height: 1 })
  expect(await pixels(part)).toEqual([0, 255, 0, 0, 0, 255])
  expect(await store.has(picture.hash)).toBe(true)
})

it('turns clockwise before it cuts', async () => {
  const turned = await pictures.edit(picture, { quarterTurns: 1 })
  expect(turned).toMatchObject({ width: 2, height: 4 })
  const corner = await pictures.edit(picture, { quarterTurns: 1, crop: { x: 1, y: 0, width: 1, height: 2 } })
  expect(await pixels(corner)).toEqual([255, 0, 0, 0, 255, 0])
})

it('speaks of what is seen where EXIF turns the picture', async () => {
  const turned = await pictures.add('phone.png', await open().withMetadata({ orientation: 6 }).png().toBuffer())
  expect(turned).toMatchObject({ width: 2, height: 4 })
  const part = await pictures.edit(turned, { quarterTurns: 0, crop: { x: 1, y: 0, width: 1, height: 1 } })
  expect(await pixels(part)).toEqual([255, 0, 0])
})

it('cuts a drawing sharply, by its own units', async () => {
  const svg =
    '<svg xmlns="http://www.w3.org/2000/svg" width="100" height="50"><rect width="50" height="50" fill="red"/></svg>'
  const drawing = await pictures.add('drawing.svg', Buffer.from(svg))
  const part = await pictures.edit(drawing, { quarterTurns: 0, crop: { x: 0, y: 0, width: 50, height: 50 } })
  expect(part.width).toBe(part.height)
  expect(part.width).toBeGreaterThan(50)
  expect((await pixels(part)).slice(-3)).toEqual([255, 0, 0])
})

it('refuses a part outside of the picture, and a picture that is gone', async () => {
  const crop = { x: 3, y: 0, width: 2, height: 1 }
  await expect(pictures.edit(picture, { quarterTurns: 0, crop })).rejects.toMatchObject({ code: 'request-invalid' })
  const gone = { ...picture, hash: '0'.repeat(64) }
  await expect(pictures.edit(gone, { quarterTurns: 1 })).rejects.toMatchObject({ code: 'picture-not-found' })
})

it('keeps a TIFF as PNG, which browsers show, with the same pixels', async () => {
  const tiff = await pictures.add('scan.tiff', await open().tiff({ compression: 'lzw' }).toBuffer())
  expect((await sharp(store.path(tiff.hash)).metadata()).format).toBe('png')
  expect(await pixels(tiff)).toEqual([...rgb])
})
