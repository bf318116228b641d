import type { PromptSegment } from '../../native-models/mplug-owl2/prompt.ts'
import type { PictureInput } from './protocol.ts'

/** A conversation as the decoder sees it: text rows, with the rows of each picture where it stands. */
export interface MergedSequence {
  /** One number a row: its token id, or for a row of a picture -1 - the picture's number. Equal prefixes of two
   * conversations are equal prefixes of these. */
  rows: number[]
  /** The pictures in order, and the first row of each. */
  pictures: { picture: PictureInput; start: number }[]
  visualRows: number
}

/** Gives each picture (content hash) a number of its own, the same one each time. */
export class PictureNumbers {
  readonly #numbers = new Map<string, number>()

  of(hash: string): number {
    const known = this.#numbers.get(hash)
    if (known !== undefined) return known
    this.#numbers.set(hash, this.#numbers.size)
    return this.#numbers.size - 1
  }
}

/** @param pictureRows visual rows of one picture: queries + 1 */
export function mergeSegments(
  segments: readonly PromptSegment<PictureInput>[],
  pictureRows: number,
  numbers: PictureNumbers,
): MergedSequence {
  const rows: number[] = []
  const pictures: MergedSequence['pictures'] = []
  for (const segment of segments) {
    if (segment.kind === 'text') {
      for (const id of segment.ids) rows.push(id)
    } else {
      pictures.push({ picture: segment.picture, start: rows.length })
      const mark = -1 - numbers.of(segment.picture.hash)
      for (let row = 0; row < pictureRows; row++) rows.push(mark)
    }
  }
  return { rows, pictures, visualRows: pictures.length * pictureRows }
}

/** How many rows two conversations have in common from the beginning. */
export function commonPrefix(a: readonly number[], b: readonly number[]): number {
  const end = Math.min(a.length, b.length)
  let row = 0
  while (row < end && a[row] === b[row]) row++
  return row
}

/** Rows [start, end) of a merged sequence in the decoder's order: text rows first, then visual rows. */
export interface Chunk {
  rows: readonly number[]
  textIds: BigInt64Array
  /** [visual rows of the chunk, decoder width] */
  visualRows: Float32Array
  /** True position of each row, in the decoder's order. */
  positions: BigInt64Array
  /** For each row in the order of positions, its place in the decoder's order; absent where both are the same. */
  order?: Int32Array
}

/**
 * @param visualRowsOf the encoded rows of the n-th picture of the sequence, [queries + 1, width]; asked only for
 *   pictures with rows in the chunk
 */
export function takeChunk(
  sequence: MergedSequence,
  start: number,
  end: number,
  width: number,
  visualRowsOf: (picture: number) => Float32Array,
): Chunk {
  const rows = sequence.rows.slice(start, end)
  const textCount = rows.reduce((count, row) => count + (row >= 0 ? 1 : 0), 0)
  const textIds = new BigInt64Array(textCount)
  const visualRows = new Float32Array((rows.length - textCount) * width)
  const positions = new BigInt64Array(rows.length)
  const order = new Int32Array(rows.length)

  let text = 0
  let visual = 0
  let picture = sequence.pictures.findLastIndex((candidate) => candidate.start <= start)
  for (let row = 0; row < rows.length; row++) {
    const position = start + row
    const id = rows[row]!
    if (id >= 0) {
      textIds[text] = BigInt(id)
      order[row] = text++
    } else {
      if (sequence.pictures[picture + 1]?.start === position) picture++
      const from = (position - sequence.pictures[picture]!.start) * width
      visualRows.set(visualRowsOf(picture).subarray(from, from + width), visual * width)
      order[row] = textCount + visual++
    }
    positions[order[row]!] = BigInt(position)
  }
  const inOrder = textCount === rows.length || textCount === 0
  return { rows, textIds, visualRows, positions, ...(inOrder ? {} : { order }) }
}
