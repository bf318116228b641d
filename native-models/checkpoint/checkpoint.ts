import type { JobOptions } from '../progress.ts'

/** Number formats of stored weights. Half and brain floats are widened to float32 when read. */
export type WeightType = 'F32' | 'F16' | 'BF16'

/** A weight of a checkpoint, before it is read. */
export interface WeightInfo {
  name: string
  type: WeightType
  shape: readonly number[]
}

/** Where the values of a weight lie: in one piece of a file, row-major, little-endian. */
export interface WeightPlace {
  path: string
  type: WeightType
  /** Of the first value, in bytes. */
  offset: number
  /** CRC-32 of all values, where the file names one for just them. */
  crc?: number
}

/** A checkpoint folder, open for reading. Weights are read one by one, or by rows; never a whole file. */
export interface Checkpoint {
  readonly folder: string
  readonly weights: ReadonlyMap<string, WeightInfo>
  /**
   * Values of a weight as float32, row-major.
   * @param rows half-open range of the first dimension; all rows when left out
   * @throws OwlError `weights-missing`, `checkpoint-damaged`, and `checkpoint-unsupported-format` for a weight that is
   *   there in another number format, and so not among `weights`
   */
  read(name: string, rows?: { start: number; end: number }): Promise<Float32Array>
  /** Where a weight's values lie, for readers in other threads. Absent where they are not in files as they are. */
  place?(name: string): WeightPlace | undefined
  /**
   * Reads these weights once, for damage that sizes do not show: a wrong checksum, where the format has them, and
   * values that are infinite or not a number.
   * @throws OwlError `weights-missing`, `checkpoint-damaged`, `cancelled`
   */
  verify(names: readonly string[], job?: JobOptions): Promise<void>
  close(): Promise<void>
}
