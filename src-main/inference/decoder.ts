import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import type { BatchCache } from './batch-cache.ts'
import type { KvCache } from './kv-cache.ts'
import type { Chunk } from './merged-sequence.ts'

/** Called after each run with everything the graph returned; used to look inside (see the graph's taps). */
export type RunObserver = (
  outputs: InferenceSession.ReturnType,
  run: { positions: BigInt64Array; slots: number },
) => void

/** The modality-adaptive decoder: runs chunks of rows on top of a cache and appends to it. */
export class Decoder {
  readonly #session: InferenceSession
  readonly #keyNames: string[]
  readonly #valueNames: string[]
  readonly #queryNames: string[]
  /** The outputs needed here; a graph may return more. */
  readonly #fetches: string[]
  readonly #noVisualRows: Tensor
  readonly #keys: Float32Array[]
  readonly #values: Float32Array[]
  // Inputs of a step of one row, written anew each time.
  readonly #stepId = new BigInt64Array(1)
  readonly #stepPosition = new BigInt64Array(1)
  readonly #stepRow: number[] = [0]
  readonly #stepFeeds: Record<string, Tensor>
  readonly #width: number
  observe: RunObserver | undefined

  constructor(session: InferenceSession, config: OwlConfig['decoder']) {
    this.#session = session
    this.#width = config.width
    const layers = Array.from({ length: config.layers }, (_, layer) => layer)
    this.#keyNames = layers.map((layer) => `key.${layer}`)
    this.#valueNames = layers.map((layer) => `value.${layer}`)
    this.#queryNames = layers.map((layer) => `query.${layer}`)
    this.#fetches = ['logits', ...this.#keyNames, ...this.#valueNames]
    this.#keys = new Array(config.layers)
    this.#values = new Array(config.layers)
    this.#noVisualRows = new Tensor('float32', new Float32Array(0), [0, config.width])
    this.#stepFeeds = {
      text_ids: new Tensor('int64', this.#stepId, [1]),
      visual_rows: this.#noVisualRows,
      positions: new Tensor('int64', this.#stepPosition, [1, 1]),
      logit_rows: new Tensor('int64', new BigInt64Array(1), [1]),
    }
  }

  /**
   * Runs a chunk and appends its rows to the cache.
   * @param logitRows rows (in the decoder's order) whose logits are wanted
   * @returns logits [logitRows.length, vocabulary]
   */
  async runChunk(chunk: Chunk, cache: KvCache, logitRows: readonly number[]): Promise<Float32Array> {
    const visual = chunk.visualRows.length / this.#width
    const feeds = {
      ...cache.feeds,
      text_ids: new Tensor('int64', chunk.textIds, [chunk.textIds.length]),
      visual_rows: visual > 0 ? new Tensor('float32', chunk.visualRows, [visual, this.#width]) : this.#noVisualRows,
      positions: new Tensor('int64', chunk.positions, [1, chunk.positions.length]),
      logit_rows: new Tensor('int64', BigInt64Array.from(logitRows, BigInt), [logitRows.length]),
    }
    return this.#run(feeds, cache, chunk.rows, chunk.positions, chunk.order)
  }

  /** Runs one text row at the end of the cache. @returns its logits, [vocabulary] */
  async step(id: number, cache: KvCache): Promise<Float32Array> {
    this.#stepId[0] = BigInt(id)
    this.#stepPosition[0] = BigInt(cache.length)
    this.#stepRow[0] = id
    // The cache's feeds are its own object, made anew only when it grows: no copying of names at each step.
    const feeds = Object.assign(cache.feeds, this.#stepFeeds)
    return this.#run(feeds, cache, this.#stepRow, this.#stepPosition, undefined)
  }

  /**
   * Runs one text row at the end of each conversation of a batch.
   * @param ids one for each conversation
   * @returns their logits, [ids.length, vocabulary]
   */
  async stepTogether(ids: readonly number[], batch: BatchCache): Promise<Float32Array> {
    const count = ids.length
    const rows = BigInt64Array.from(ids, (_, row) => BigInt(row))
    const outputs = await this.#session.run(
      {
        ...batch.feeds,
        text_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [count]),
        visual_rows: this.#noVisualRows,
        positions: new Tensor('int64', BigInt64Array.from(batch.lengths, BigInt), [count, 1]),
        logit_rows: new Tensor('int64', rows, [count]),
      },
      this.#fetches,
    )
    this.#takeRows(outputs)
    batch.append(this.#keys, this.#values)
    return outputs.logits!.data as Float32Array
  }

  /**
   * Queries, after RoPE, of text rows that the cache holds already; the cache stays as it is.
   * @param start position of the first of them
   * @returns a layer each, [heads, ids.length, head width]
   */
  async queries(ids: readonly number[], start: number, cache: KvCache): Promise<Float32Array[]> {
    const feeds = {
      ...cache.feeds,
      text_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length]),
      visual_rows: this.#noVisualRows,
      positions: new Tensor(
        'int64',
        BigInt64Array.from(ids, (_, row) => BigInt(start + row)),
        [1, ids.length],
      ),
      logit_rows: new Tensor('int64', new BigInt64Array(0), [0]),
    }
    const outputs = await cache.withFirst(start, () => this.#session.run(feeds, this.#queryNames))
    return this.#queryNames.map((name) => outputs[name]!.data as Float32Array)
  }

  async #run(
    feeds: Record<string, Tensor>,
    cache: KvCache,
    rows: readonly number[],
    positions: BigInt64Array,
    order: Int32Array | undefined,
  ): Promise<Float32Array> {
    const outputs = this.observe ? await this.#session.run(feeds) : await this.#session.run(feeds, this.#fetches)
    this.observe?.(outputs, { positions, slots: cache.capacity })
    this.#takeRows(outputs)
    cache.append(rows, this.#keys, this.#values, order)
    return outputs.logits!.data as Float32Array
  }

  /** Keeps the new keys and values at hand, a layer each. */
  #takeRows(outputs: InferenceSession.ReturnType): void {
    for (let layer = 0; layer < this.#keys.length; layer++) {
      this.#keys[layer] = outputs[this.#keyNames[layer]!]!.data as Float32Array
      this.#values[layer] = outputs[this.#valueNames[layer]!]!.data as Float32Array
    }
  }
}
