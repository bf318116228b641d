import { createHash } from 'node:crypto'
import { OwlError } from '../owl-error.ts'
import type { ModelFile } from './manifest.ts'

/**
 * The content of a file of a model as it goes by; its end is reached only where it was all of what the manifest says.
 * @param onBytes is told how many bytes each piece has
 * @throws OwlError `model-damaged`
 */
export async function* checkedContent(
  content: AsyncIterable<Uint8Array>,
  { path, bytes, sha256 }: ModelFile,
  onBytes: (bytes: number) => void,
): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256')
  let left = bytes
  for await (const piece of content) {
    left -= piece.length
    if (left < 0) break
    hash.update(piece)
    onBytes(piece.length)
    yield piece
  }
  if (left !== 0 || hash.digest('hex') !== sha256) {
    throw new OwlError('model-damaged', `${path} is not what the manifest of the model says.`)
  }
}
