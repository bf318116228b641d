import type { CacheShape } from './kv-cache.ts'

/** Keys and values of a conversation's rows, wherever they lie. */
export interface RowCache {
  readonly shape: CacheShape
  /** What each slot holds: a token id, or a negative number for a row of a picture (see merged-sequence.ts). */
  readonly rows: number[]
  readonly length: number
  /** Memory that it takes. */
  readonly bytes: number
  /** Memory that it takes once it holds so many rows. */
  bytesFor(rows: number): number
  /** Tells how many rows are to come in all, so that memory is asked for once; absent where it is anyway. */
  expect?(rows: number): void
  /** Forgets all rows from `length` on. */
  truncate(length: number): void
  /** A cache of its own that holds the first `length` rows of this one; absent where that costs more than to compute. */
  copyPrefix?(length: number): RowCache
  /** Keys of one layer without empty slots, [key heads, length, head width]; values alike. */
  keysOf(layer: number): Float32Array | Promise<Float32Array>
  valuesOf(layer: number): Float32Array | Promise<Float32Array>
  /** Gives its memory back; absent where the garbage collector does. */
  release?(): void
}
