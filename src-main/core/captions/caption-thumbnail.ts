import { basename } from 'node:path'

/** A picture as a small WebP. @param edge longest edge in pixels @throws OwlError `picture-*` */
export async function captionThumbnail(path: string, edge: number): Promise<Uint8Array<ArrayBuffer>> {
  const { decodePicture } = await import('../../../native-models/mplug-owl2/picture.ts')
  const { default: sharp } = await import('sharp')
  const { rgb, width, height } = await decodePicture({ path }, basename(path), { maxEdge: edge })
  const webp = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .webp({ quality: 80 })
    .toBuffer()
  return new Uint8Array(webp)
}
