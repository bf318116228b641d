import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { join } from 'node:path'
import type { ModelFile } from './manifest.ts'

interface DigestOptions {
  signal?: AbortSignal
  /** Is told how many bytes were read since the last time. */
  onBytes?: (bytes: number) => void
}

/**
 * Size and SHA-256 of a file.
 * @param path within the folder
 */
export async function digestFile(
  folder: string,
  path: string,
  { signal, onBytes }: DigestOptions = {},
): Promise<ModelFile> {
  const hash = createHash('sha256')
  let bytes = 0
  for await (const chunk of createReadStream(join(folder, path), { signal, highWaterMark: 2 ** 22 })) {
    hash.update(chunk)
    bytes += chunk.length
    onBytes?.(chunk.length)
  }
  return { path, bytes, sha256: hash.digest('hex') }
}
