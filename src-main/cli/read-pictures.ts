import { addAbortSignal } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import { OwlError } from '../../native-models/owl-error.ts'
import { pictureFromBytes, pictureFromFile } from '../core/pictures.ts'
import type { PictureInput } from '../inference/protocol.ts'

/**
 * Pictures named on a command line; `-` is standard input.
 * @throws OwlError `usage` if `-` is given twice, and what reading a picture throws
 */
export async function readPictures(names: readonly string[], signal: AbortSignal): Promise<PictureInput[]> {
  if (names.filter((name) => name === '-').length > 1) {
    throw new OwlError('usage', 'Standard input holds one picture only, so `-` may be given once.')
  }
  return Promise.all(
    names.map(async (name) =>
      name === '-'
        ? pictureFromBytes('standard input', await buffer(addAbortSignal(signal, process.stdin)))
        : pictureFromFile(name),
    ),
  )
}
