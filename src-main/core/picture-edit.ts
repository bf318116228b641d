import { decodePicture, type PictureSource } from '../../native-models/mplug-owl2/picture.ts'
import { OwlError } from '../../native-models/owl-error.ts'

/** Quarter turns clockwise, then the part that is kept, in pixels of the turned picture; all of it when left out. */
export interface PictureEdit {
  quarterTurns: number
  crop?: { x: number; y: number; width: number; height: number }
}

/**
 * Turns and cuts a picture.
 * @param shown its size as the person saw it; a drawing may be read larger than that
 * @returns PNG
 * @throws OwlError `request-invalid` for a part outside of the picture, and what reading a picture throws
 */
export async function editPicture(
  source: PictureSource,
  shown: { name: string; width: number; height: number },
  { quarterTurns, crop }: PictureEdit,
): Promise<Uint8Array> {
  const { rgb, width, height } = await decodePicture(source, shown.name)
  const { default: sharp } = await import('sharp')
  const turned = await sharp(rgb, { raw: { width, height, channels: 3 } })
    .rotate(quarterTurns * 90)
    .raw()
    .toBuffer({ resolveWithObject: true })
  const { info } = turned
  const whole = sharp(turned.data, { raw: { width: info.width, height: info.height, channels: 3 } })
  if (!crop) return whole.png().toBuffer()
  const scale = info.width / (quarterTurns % 2 === 0 ? shown.width : shown.height)
  const left = Math.round(crop.x * scale)
  const top = Math.round(crop.y * scale)
  const part = { left, top, width: Math.round(crop.width * scale), height: Math.round(crop.height * scale) }
  if (part.width < 1 || part.height < 1 || left + part.width > info.width || top + part.height > info.height) {
    throw new OwlError('request-invalid', `The part lies outside of ${shown.name}.`)
  }
  return whole.extract(part).png().toBuffer()
}
