import { type InferenceSession, Tensor } from 'onnxruntime-node'
import { widen } from '../../native-models/checkpoint/number-formats.ts'
import type { OwlConfig } from '../../native-models/mplug-owl2/config.ts'
import type { RunObserver } from './decoder.ts'
import { DeviceCache } from './device-cache.ts'
import { onDevice } from './device-loss.ts'
import type { DeviceMemory } from './device-memory.ts'
import type { Chunk } from './merged-sequence.ts'
import { shortAttentionRows } from './providers.ts'
import type { Batch, RowDecoder } from './row-decoder.ts'

interface Rows {
  /** What each row holds, in the order of positions. */
  rows: readonly number[]
  textIds: BigInt64Array
  visualRows: Float32Array
}

/** The modality-adaptive decoder on a GPU, whose caches stay there. */
export class DeviceDecoder implements RowDecoder {
  readonly #session: InferenceSession
  readonly #memory: DeviceMemory
  readonly #config: OwlConfig['decoder']
  readonly #taps: readonly string[]
  /** Rows that one run takes. */
  readonly #mostRows: number
  readonly mostTogether = 1
  observe: RunObserver | undefined

  constructor(session: InferenceSession, memory: DeviceMemory, config: OwlConfig['decoder'], longAttention: boolean) {
    this.#session = session
    this.#mostRows = longAttention ? Number.POSITIVE_INFINITY : shortAttentionRows
    this.#memory = memory
    this.#config = config
    this.#taps = session.outputNames.filter((name) => /^(inputs_embeds|decoder\.)/.test(name))
  }

  newCache(): DeviceCache {
    return new DeviceCache(this.#config, this.#memory, this.#config.context)
  }

  /** Buffers of several conversations are no array of one shape: they take turns. */
  newBatch(): DeviceBatch {
    return new DeviceBatch()
  }

  async runChunk(chunk: Chunk, cache: DeviceCache, logitRows: readonly number[]): Promise<Float32Array> {
    const { vocabulary, width } = this.#config
    const logits = new Float32Array(logitRows.length * vocabulary)
    const places = logitRows.map((row) => (chunk.order ? chunk.order.indexOf(row) : row))
    for (const { first, ...part } of parts(chunk, this.#mostRows, width)) {
      const wanted = [...places.keys()].filter((at) => places[at]! >= first && places[at]! < first + part.rows.length)
      const rows = wanted.map((at) => places[at]! - first)
      const outputs = await this.#run(part, cache, rows, [...(rows.length > 0 ? ['logits'] : []), ...this.#taps])
      for (const [row, at] of wanted.entries()) {
        const found = (outputs.logits!.data as Float32Array).subarray(row * vocabulary, (row + 1) * vocabulary)
        logits.set(found, at * vocabulary)
      }
    }
    return logits
  }

  async step(id: number, cache: DeviceCache): Promise<Float32Array> {
    const outputs = await this.#run(textRows([id]), cache, [0], ['logits', ...this.#taps])
    return outputs.logits!.data as Float32Array
  }

  async stepsToBest(ids: readonly number[], cache: DeviceCache): Promise<number[]> {
    const { best } = await this.#run(textRows(ids), cache, [...ids.keys()], ['best'])
    return Array.from(best!.data as BigInt64Array, Number)
  }

  async stepTogether(ids: readonly number[], batch: DeviceBatch): Promise<Float32Array> {
    const { vocabulary } = this.#config
    const logits = new Float32Array(ids.length * vocabulary)
    for (const [place, id] of ids.entries()) logits.set(await this.step(id, batch.caches[place]!), place * vocabulary)
    return logits
  }

  async stepTogetherToBest(ids: readonly number[], batch: DeviceBatch): Promise<number[]> {
    const best: number[] = []
    for (const [place, id] of ids.entries()) best.push(...(await this.stepsToBest([id], batch.caches[place]!)))
    return best
  }

  async queries(ids: readonly number[], start: number, cache: DeviceCache): Promise<Float32Array[]> {
    const { layers, heads, headWidth } = this.#config
    const names = Array.from({ length: layers }, (_, layer) => `query.${layer}`)
    const queries = names.map(() => new Float32Array(heads * ids.length * headWidth))
    // Running rows once more writes the same keys and values into the same slots.
    const kept = cache.rows.slice(start)
    cache.truncate(start)
    try {
      for (let first = 0; first < ids.length; first += this.#mostRows) {
        const part = textRows(ids.slice(first, first + this.#mostRows))
        const outputs = await this.#run(part, cache, [0], names)
        for (const [layer, name] of names.entries()) this.#rotate(outputs[name]!, start, first, queries[layer]!)
      }
      return queries
    } finally {
      cache.truncate(start)
      cache.rows.push(...kept)
    }
  }

  async #run(
    { rows, textIds, visualRows }: Rows,
    cache: DeviceCache,
    logitRows: readonly number[],
    wanted: readonly string[],
  ): Promise<InferenceSession.ReturnType> {
    const { width } = this.#config
    const count = rows.length
    const start = cache.length
    const isText = rows.map((row) => row >= 0)
    const placesOf = (text: boolean) => isText.flatMap((is, place) => (is === text ? [place] : []))
    const order = new Int32Array(count)
    for (const [at, place] of [...placesOf(true), ...placesOf(false)].entries()) order[place] = at
    const int32 = (value: number, dims: number[]) => new Tensor('int32', Int32Array.of(value), dims)
    await onDevice(() => cache.reserve(start + count))
    const feeds = {
      ...cache.feeds,
      text_ids: new Tensor('int64', textIds, [textIds.length]),
      visual_rows: new Tensor('float32', visualRows, [visualRows.length / width, width]),
      text_places: indices(placesOf(true)),
      visual_places: indices(placesOf(false)),
      modality: indices(isText.map((is) => (is ? 0 : 1))),
      order: indices(order),
      last_row: int32(start + count - 1, [1]),
      total_rows: int32(start + count, []),
      // A graph without any wanted row would have nothing to do at its end; one more costs nothing.
      logit_rows: indices(logitRows.length > 0 ? logitRows : [count - 1]),
    }
    const fetches = { ...cache.fetches, ...Object.fromEntries(wanted.map((name) => [name, null])) }
    const outputs = await onDevice(() => this.#session.run(feeds, fetches))
    for (const row of rows) cache.rows.push(row)
    const positions = BigInt64Array.from(rows, (_, row) => BigInt(start + row))
    this.observe?.(Object.fromEntries(this.#taps.map((name) => [name, outputs[name]!])), { positions, slots: 0 })
    return outputs
  }

  /**
   * Queries come before RoPE, [rows, heads W], of rows at consecutive positions.
   * @param first which of all rows the first one is
   * @param all the queries of all rows after it, [heads, all rows, W], the first of them at position `start`
   */
  #rotate({ data, dims }: Tensor, start: number, first: number, all: Float32Array): void {
    const { heads, headWidth, ropeTheta } = this.#config
    const values = float32Of(data)
    const count = dims[0]!
    const half = headWidth / 2
    const allCount = all.length / heads / headWidth
    for (let row = 0; row < count; row++) {
      for (let i = 0; i < half; i++) {
        const angle = (start + first + row) * Math.fround(ropeTheta ** (-i / half))
        const [cosine, sine] = [Math.cos(angle), Math.sin(angle)]
        for (let head = 0; head < heads; head++) {
          const from = (row * heads + head) * headWidth + i
          const to = (head * allCount + first + row) * headWidth + i
          const [x, y] = [values[from]!, values[from + half]!]
          all[to] = x * cosine - y * sine
          all[to + half] = y * cosine + x * sine
        }
      }
    }
  }
}

/** Conversations that take turns on the device. */
class DeviceBatch implements Batch {
  readonly caches: DeviceCache[] = []

  get lengths(): readonly number[] {
    return this.caches.map(({ length }) => length)
  }

  add(cache: DeviceCache): void {
    this.caches.push(cache)
  }

  remove(place: number): void {
    const last = this.caches.pop()!
    if (place < this.caches.length) this.caches[place] = last
  }
}

function float32Of(data: Tensor['data']): Float32Array {
  if (data instanceof Float32Array) return data
  const halves = data as Uint16Array
  const values = new Float32Array(halves.length)
  widen('F16', new Uint8Array(halves.buffer, halves.byteOffset, halves.byteLength), values)
  return values
}

/** A chunk in parts of so many rows; `first` is the place of a part's first row in the chunk. */
function* parts(chunk: Chunk, mostRows: number, width: number): Iterable<Rows & { first: number }> {
  let text = 0
  let visual = 0
  for (let first = 0; first < chunk.rows.length; first += mostRows) {
    const rows = chunk.rows.slice(first, first + mostRows)
    const textEnd = text + rows.filter((row) => row >= 0).length
    const visualEnd = visual + rows.length - (textEnd - text)
    const visualRows = chunk.visualRows.subarray(visual * width, visualEnd * width)
    yield { first, rows, textIds: chunk.textIds.subarray(text, textEnd), visualRows }
    text = textEnd
    visual = visualEnd
  }
}

function textRows(ids: readonly number[]): Rows {
  return { rows: ids, textIds: BigInt64Array.from(ids, BigInt), visualRows: new Float32Array(0) }
}

function indices(values: ArrayLike<number>): Tensor {
  return new Tensor('int64', BigInt64Array.from(Array.from(values), BigInt), [values.length])
}
