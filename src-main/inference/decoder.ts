import { type InferenceSession, Tensor } from 'onnxruntime-node'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import { BatchCache } from './batch-cache.ts'
import { KvCache } from './kv-cache.ts'
import type { Chunk } from './merged-sequence.ts'
import type { RowDecoder } from './row-decoder.ts'

/** Called after each run with everything the graph returned; used to look inside (see the graph's taps). */
export type RunObserver = (
  outputs: InferenceSession.ReturnType,
  run: { positions: BigInt64Array; slots: number },
) => void

/** Rows of a chunk from which on the session for prompts is the faster one. */
const fewestForPrompts = 8

/** The modality-adaptive decoder: runs chunks of rows on top of a cache and appends to it. */
export class Decoder implements RowDecoder {
  readonly #session: InferenceSession
  readonly #queryNames: string[]
  readonly #noVisualRows: Tensor
  // Inputs of a step of one row, written anew each time.
  readonly #stepId = new BigInt64Array(1)
  readonly #stepPosition = new BigInt64Array(1)
  readonly #stepRow: number[] = [0]
  readonly #stepFeeds: Record<string, Tensor>
  readonly #config: OwlConfig['decoder']
  readonly #width: number
  /** The weights are read once for all of them, so more gain little and need memory. */
  readonly mostTogether = 8
  readonly #prompts: InferenceSession | undefined
  observe: RunObserver | undefined

  /** @param prompts the same graph, faster where there are many rows */
  constructor(session: InferenceSession, config: OwlConfig['decoder'], prompts?: InferenceSession) {
    this.#session = session
    this.#prompts = prompts
    this.#config = config
    this.#width = config.width
    this.#queryNames = Array.from({ length: config.layers }, (_, layer) => `query.${layer}`)
    this.#noVisualRows = new Tensor('float32', new Float32Array(0), [0, config.width])
    this.#stepFeeds = {
      text_ids: new Tensor('int64', this.#stepId, [1]),
      visual_rows: this.#noVisualRows,
      positions: new Tensor('int64', this.#stepPosition, [1, 1]),
      logit_rows: new Tensor('int64', new BigInt64Array(1), [1]),
    }
  }

  get hasPromptSession(): boolean {
    return this.#prompts !== undefined
  }

  newCache(): KvCache {
    return new KvCache(this.#config)
  }

  newBatch(places: number): BatchCache {
    return new BatchCache(this.#config, places)
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
    const session = chunk.rows.length < fewestForPrompts ? this.#session : (this.#prompts ?? this.#session)
    const outputs = await this.#run(feeds, 'logits', session)
    this.observe?.(outputs, { positions: chunk.positions, slots: cache.capacity })
    cache.append(chunk.rows, floats(outputs.new_rows), chunk.order)
    return floats(outputs.logits)
  }

  /** Runs one text row at the end of the cache. @returns its logits, [vocabulary] */
  async step(id: number, cache: KvCache): Promise<Float32Array> {
    return floats((await this.#step(id, cache, 'logits')).logits)
  }

  /**
   * Runs text rows at the end of the cache, where only the tokens with the largest logits are asked for: the logits
   * themselves stay where they are.
   * @returns for each row the token that should follow it
   */
  async stepsToBest(ids: readonly number[], cache: KvCache): Promise<number[]> {
    const outputs = ids.length === 1 ? await this.#step(ids[0]!, cache, 'best') : await this.#steps(ids, cache)
    return integers(outputs.best)
  }

  /**
   * Runs one text row at the end of each conversation of a batch.
   * @param ids one for each conversation
   * @returns their logits, [ids.length, vocabulary]
   */
  async stepTogether(ids: readonly number[], batch: BatchCache): Promise<Float32Array> {
    return floats((await this.#stepTogether(ids, batch, 'logits')).logits)
  }

  /** The same, where only the tokens with the largest logits are asked for. */
  async stepTogetherToBest(ids: readonly number[], batch: BatchCache): Promise<number[]> {
    return integers((await this.#stepTogether(ids, batch, 'best')).best)
  }

  /**
   * Queries, after RoPE, of text rows that the cache holds already; the cache stays as it is.
   * @param start position of the first of them
   * @returns a layer each, [heads, ids.length, head width]
   */
  async queries(ids: readonly number[], start: number, cache: KvCache): Promise<Float32Array[]> {
    const feeds = { ...cache.feeds, ...this.#textRows(ids, start), logit_rows: rowNumbers(0) }
    const outputs = await cache.withFirst(start, () => this.#session.run(feeds, this.#queryNames))
    return this.#queryNames.map((name) => outputs[name]!.data as Float32Array)
  }

  async #step(id: number, cache: KvCache, wanted: Wanted): Promise<InferenceSession.ReturnType> {
    this.#stepId[0] = BigInt(id)
    this.#stepPosition[0] = BigInt(cache.length)
    this.#stepRow[0] = id
    // The cache's feeds are its own object, made anew only when it grows: no copying of names at each step.
    const outputs = await this.#run(Object.assign(cache.feeds, this.#stepFeeds), wanted)
    this.observe?.(outputs, { positions: this.#stepPosition, slots: cache.capacity })
    cache.append(this.#stepRow, floats(outputs.new_rows))
    return outputs
  }

  async #steps(ids: readonly number[], cache: KvCache): Promise<InferenceSession.ReturnType> {
    cache.reserve(cache.length + ids.length)
    const feeds = { ...cache.feeds, ...this.#textRows(ids, cache.length), logit_rows: rowNumbers(ids.length) }
    const outputs = await this.#run(feeds, 'best')
    this.observe?.(outputs, { positions: feeds.positions.data as BigInt64Array, slots: cache.capacity })
    cache.append(ids, floats(outputs.new_rows))
    return outputs
  }

  async #stepTogether(ids: readonly number[], batch: BatchCache, wanted: Wanted): Promise<InferenceSession.ReturnType> {
    const count = ids.length
    const feeds = {
      ...batch.feeds,
      text_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [count]),
      visual_rows: this.#noVisualRows,
      positions: new Tensor('int64', BigInt64Array.from(batch.lengths, BigInt), [count, 1]),
      logit_rows: rowNumbers(count),
    }
    const outputs = await this.#run(feeds, wanted)
    batch.append(floats(outputs.new_rows))
    return outputs
  }

  /** Inputs of text rows at consecutive positions from `start` on. */
  #textRows(ids: readonly number[], start: number) {
    const positions = BigInt64Array.from(ids, (_, row) => BigInt(start + row))
    return {
      text_ids: new Tensor('int64', BigInt64Array.from(ids, BigInt), [ids.length]),
      visual_rows: this.#noVisualRows,
      positions: new Tensor('int64', positions, [1, ids.length]),
    }
  }

  /** Each output is copied on its way here, so no more of them is asked for than is needed. */
  #run(feeds: Record<string, Tensor>, wanted: Wanted, session = this.#session): Promise<InferenceSession.ReturnType> {
    return this.observe ? session.run(feeds) : session.run(feeds, [wanted, 'new_rows'])
  }
}

/** Of the last row, or of each row of a batch: all logits, or the token with the largest one. */
type Wanted = 'logits' | 'best'

/** The first `count` rows as `logit_rows`. */
function rowNumbers(count: number): Tensor {
  return new Tensor(
    'int64',
    BigInt64Array.from({ length: count }, (_, row) => BigInt(row)),
    [count],
  )
}

function floats(tensor: Tensor | undefined): Float32Array {
  return tensor!.data as Float32Array
}

function integers(tensor: Tensor | undefined): number[] {
  return Array.from(tensor!.data as BigInt64Array, Number)
}
