import { appendFile, readdir, readFile, stat, truncate } from 'node:fs/promises'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { type ErrorMessage, OwlError } from '../../native-models/owl-error.ts'
import type { JobOptions } from '../../native-models/progress.ts'
import { plainText } from '../../native-models/text-reader/reading-order.ts'
import type { PictureText } from '../../native-models/text-reader/text-reader.ts'
import { pictureFromBytes, pictureFromFile } from './pictures.ts'
import type { Reading } from './reading.ts'

/** A picture of a run: what was read, or why it could not be. */
export type ReadPicture = ({ path: string; text: string } & PictureText) | { path: string; error: ErrorMessage }

export interface ReadingRunOptions extends JobOptions {
  onPicture: (picture: ReadPicture, total: number) => void
  /** JSON lines, one appended as soon as a picture is read; those that the file holds already are not read again. */
  out?: string
  /** Also folders inside of folders. Default yes. */
  recursive?: boolean
}

const pictureEndings = /\.(png|apng|jpe?g|webp|gif|avif|tiff?|bmp|svg)$/i

/**
 * Reads pictures and folders of pictures, one after the other. A picture that cannot be read is told and the run goes
 * on; only the signal ends it before.
 * @param paths `-` is standard input
 * @throws OwlError `not-found` for a path that does not exist, `request-invalid` if `out` is no file of such lines,
 * `cancelled`, `reader-missing`
 */
export async function readAll(
  paths: readonly string[],
  reading: Reading,
  { onPicture, onProgress, signal, out, recursive = true }: ReadingRunOptions,
): Promise<{ read: number; skipped: number }> {
  const pictures = (await Promise.all(paths.map((path) => picturesUnder(path, recursive)))).flat()
  const done = out ? await readPaths(out) : new Set<string>()
  const waiting = [...new Set(pictures)].filter((path) => !done.has(path))
  let read = 0
  for (const [at, path] of waiting.entries()) {
    if (waiting.length > 1) onProgress?.({ stage: 'reading', done: at, total: waiting.length, unit: 'items' })
    const picture = await readOne(path, reading, waiting.length > 1 ? { signal } : { signal, onProgress })
    if (out && !('error' in picture)) await appendFile(out, `${JSON.stringify(picture)}\n`)
    if (!('error' in picture)) read++
    onPicture(picture, waiting.length)
  }
  return { read, skipped: pictures.length - waiting.length }
}

async function readOne(path: string, reading: Reading, job: JobOptions): Promise<ReadPicture> {
  try {
    const input =
      path === '-' ? await pictureFromBytes('standard input', await buffer(process.stdin)) : await pictureFromFile(path)
    const found = await reading.read(input, job)
    return { path, text: plainText(found.lines), ...found }
  } catch (thrown) {
    const error = OwlError.from(thrown)
    // These would be the same for every picture.
    if (error.code === 'cancelled' || error.code === 'reader-missing') throw error
    return { path, error: error.toMessage() }
  }
}

/** Files of a folder by name; a file as it is named. */
async function picturesUnder(path: string, recursive: boolean): Promise<string[]> {
  if (path === '-') return [path]
  const found = await stat(path).catch((cause) => {
    throw new OwlError('not-found', `${path} does not exist.`, { hint: 'Check the path.', cause })
  })
  if (!found.isDirectory()) return [path]
  const entries = await readdir(path, { recursive, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile() && pictureEndings.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
}

/** Paths in the file of a run before; a last line that a kill cut off is taken away. */
async function readPaths(out: string): Promise<Set<string>> {
  const content = await readFile(out, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return ''
    throw error
  })
  const paths = new Set<string>()
  const lines = content.split('\n')
  for (const [at, line] of lines.entries()) {
    if (line.trim() === '') continue
    try {
      paths.add(String((JSON.parse(line) as { path: string }).path))
    } catch (cause) {
      if (at === lines.length - 1) {
        await truncate(out, Buffer.byteLength(content) - Buffer.byteLength(line))
        continue
      }
      throw new OwlError('request-invalid', `Line ${at + 1} of ${out} is no object of such a run.`, {
        hint: 'Give another file, or remove this one.',
        cause,
      })
    }
  }
  return paths
}
