import { fileTypeFromBuffer } from 'file-type'

const pictureTypes = new Set([
  'image/png',
  'image/apng',
  'image/jpeg',
  'image/webp',
  'image/gif',
  'image/avif',
  'image/heic',
  'image/tiff',
  'image/bmp',
])

/**
 * Media type of a picture, told by its bytes and never by its name.
 * Whatever is no known picture is `application/octet-stream`, which no window renders.
 */
export async function pictureMediaType(bytes: Uint8Array): Promise<string> {
  const found = await fileTypeFromBuffer(bytes)
  if (found && pictureTypes.has(found.mime)) return found.mime
  if (found && found.mime !== 'application/xml') return 'application/octet-stream'
  // SVG is text: its root element follows an optional prologue, comments and a doctype.
  const head = new TextDecoder('utf-8').decode(bytes.subarray(0, 4096))
  return /^\s*(<\?xml[^>]*>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE[^>]*>\s*)*<svg[\s>]/i.test(head)
    ? 'image/svg+xml'
    : 'application/octet-stream'
}
