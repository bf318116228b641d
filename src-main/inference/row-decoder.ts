import type { RunObserver } from './decoder.ts'
import type { Chunk } from './merged-sequence.ts'
import type { RowCache } from './row-cache.ts'

/** Conversations that are decoded together. */
export interface Batch {
  /** Rows of the conversation in each place in use. */
  readonly lengths: readonly number[]
  /**
   * Takes a conversation into the first free place. Where there is more than one place its rows are copied, so that the
   * cache can be used for the next one; a single place may work on the cache itself.
   */
  add(cache: RowCache): void
  /** Frees a place; the conversation in the last place in use moves there. */
  remove(place: number): void
}

/** The modality-adaptive decoder with caches of its own kind, on the processor or on a GPU. */
export interface RowDecoder {
  observe: RunObserver | undefined
  /** Conversations decoded at once that are worth it. */
  readonly mostTogether: number
  newCache(): RowCache
  /** @param places how many conversations there may be at once */
  newBatch(places: number): Batch
  /**
   * Runs a chunk and appends its rows to the cache.
   * @param logitRows rows (in the decoder's order) whose logits are wanted
   * @returns logits [logitRows.length, vocabulary]
   */
  runChunk(chunk: Chunk, cache: RowCache, logitRows: readonly number[]): Promise<Float32Array>
  /** Runs one text row at the end of the cache. @returns its logits, [vocabulary] */
  step(id: number, cache: RowCache): Promise<Float32Array>
  /**
   * Runs text rows at the end of the cache, where only the tokens with the largest logits are asked for: the logits
   * stay where they are.
   * @returns for each row the token that should follow it
   */
  stepsToBest(ids: readonly number[], cache: RowCache): Promise<number[]>
  /** Runs one text row at the end of each conversation. @returns their logits, [ids.length, vocabulary] */
  stepTogether(ids: readonly number[], batch: Batch): Promise<Float32Array>
  /** The same, where only the tokens with the largest logits are asked for. */
  stepTogetherToBest(ids: readonly number[], batch: Batch): Promise<number[]>
  /**
   * Queries, after RoPE, of text rows that the cache holds already; the cache stays as it is.
   * @param start position of the first of them
   * @returns a layer each, [heads, ids.length, head width]
   */
  queries(ids: readonly number[], start: number, cache: RowCache): Promise<Float32Array[]>
}
