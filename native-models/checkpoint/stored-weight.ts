import type { WeightInfo } from './checkpoint.ts'
import { bytesPerValue, widen } from './number-formats.ts'
import type { Span, WeightFile } from './weight-file.ts'

/** A weight and where its values lie: in one piece, row-major, little-endian. */
export interface StoredWeight extends WeightInfo {
  file: WeightFile
  /** Of the first value in the file, in bytes. */
  offset: number
  /** The block of values that it is all or a part of, where the format gives it a checksum. */
  block?: Span
}

/** A tensor of a number format that the model has no use for, such as integer position numbers. */
export interface UnreadableWeight {
  name: string
  /** As the file names it: "I64", "LongStorage". */
  type: string
}

/** What one weight file holds. */
export interface WeightFileContent {
  weights: StoredWeight[]
  unreadable: UnreadableWeight[]
}

/** Bytes asked for at once: large enough for sequential speed, small enough to stay in the cache while widened. */
export const chunkBytes = 2 ** 20

/**
 * Reads rows of a weight as float32, row-major. While one chunk is widened the next one is being read.
 * @param rows half-open range of the first dimension
 */
export async function readRows(weight: StoredWeight, rows: { start: number; end: number }): Promise<Float32Array> {
  const width = countValues(weight.shape.slice(1))
  const valueBytes = bytesPerValue[weight.type]
  const values = new Float32Array(unfilled((rows.end - rows.start) * width * 4).buffer)
  const start = weight.offset + rows.start * width * valueBytes
  const bytes = values.length * valueBytes

  if (weight.type === 'F32') {
    const target = new Uint8Array(values.buffer)
    for (let done = 0; done < bytes; done += chunkBytes) {
      await weight.file.fill(target.subarray(done, done + chunkBytes), start + done)
    }
    return values
  }

  const buffers = [0, chunkBytes].map((from) => unfilled(Math.max(0, Math.min(chunkBytes, bytes - from))))
  const fetch = async (done: number): Promise<Uint8Array> => {
    const chunk = buffers[(done / chunkBytes) % 2]!.subarray(0, bytes - done)
    await weight.file.fill(chunk, start + done)
    return chunk
  }
  let coming = fetch(0)
  for (let done = 0; done < bytes; done += chunkBytes) {
    const chunk = await coming
    if (done + chunkBytes < bytes) coming = fetch(done + chunkBytes)
    widen(weight.type, chunk, values.subarray(done / valueBytes, (done + chunk.length) / valueBytes))
  }
  return values
}

/** Memory that is about to be written over, so that it need not be cleared first. */
export function unfilled(bytes: number): Uint8Array<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(bytes)
}

/** Values of a tensor; 1 for a scalar. */
export function countValues(shape: readonly number[]): number {
  return shape.reduce((product, extent) => product * extent, 1)
}
