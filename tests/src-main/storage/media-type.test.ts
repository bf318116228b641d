import sharp from 'sharp'
import { describe, expect, it } from 'vitest'
import { pictureMediaType } from '../../../src-main/storage/media-type.ts'

const picture = sharp({ create: { width: 4, height: 3, channels: 3, background: 'teal' } })
const text = (content: string) => new TextEncoder().encode(content)

describe('pictureMediaType', () => {
  it.each(['png', 'jpeg', 'webp', 'gif', 'avif', 'tiff'] as const)('knows %s by its bytes', async (format) => {
    expect(await pictureMediaType(await picture.clone().toFormat(format).toBuffer())).toBe(`image/${format}`)
  })

  it.each([
    '<svg xmlns="http://www.w3.org/2000/svg"/>',
    '\ufeff<?xml version="1.0"?>\n<!-- drawn by hand -->\n<svg width="1">',
    '<?xml version="1.0"?><!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "x"><svg>',
  ])('knows SVG: %j', async (svg) => {
    expect(await pictureMediaType(text(svg))).toBe('image/svg+xml')
  })

  it.each([
    '<!doctype html><script>alert(1)</script><svg>',
    '<?xml version="1.0"?><html xmlns="http://www.w3.org/1999/xhtml"/>',
    '%PDF-1.7 <svg>',
    'plain text',
    '',
  ])('calls %j no picture', async (content) => {
    expect(await pictureMediaType(text(content))).toBe('application/octet-stream')
  })
})
