import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { Checkpoint } from '../../../native-models/checkpoint/checkpoint.ts'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { graphFiles, type Manifest, type Precision } from '../../../native-models/install/manifest.ts'
import { type OwlConfig, readConfig } from '../../../native-models/mplug-owl2/config.ts'
import { writeGraphs } from '../../../native-models/mplug-owl2/write-graphs.ts'

export const referenceNames = ['tiny-32k', 'tiny-512', 'tiny-gqa'] as const
const fixtures = path.join(import.meta.dirname, '../../fixtures/reference')

export interface ReferenceCase {
  name: string
  file: string
  images: string[]
  /** -200 marks a picture. */
  input_ids: number[]
  /** Of each merged row: 1 = visual. */
  modality: number[]
  greedy: number[]
}

export type Tensors = Map<string, { shape: number[]; values: Float32Array }>

/** A reference checkpoint written as graphs with every tap, and the outputs expected of it. */
export class ReferenceModel {
  readonly name: string
  readonly folder: string
  readonly config: OwlConfig
  readonly images: string[]
  readonly cases: ReferenceCase[]
  readonly #sessions: InferenceSession[] = []

  private constructor(
    name: string,
    folder: string,
    config: OwlConfig,
    index: { images: object; cases: ReferenceCase[] },
  ) {
    this.name = name
    this.folder = folder
    this.config = config
    this.images = Object.keys(index.images)
    this.cases = index.cases
  }

  /** @param through what the checkpoint's values pass through before they are written */
  static async write(
    name: string,
    precision: Precision = 'f32',
    through: (checkpoint: Checkpoint) => Checkpoint = (checkpoint) => checkpoint,
  ): Promise<ReferenceModel> {
    const config = readConfig(JSON.parse(await readFile(path.join(fixtures, name, 'config.json'), 'utf8')))
    const index = JSON.parse(await readFile(path.join(fixtures, 'expected', name, 'index.json'), 'utf8'))
    const folder = await mkdtemp(path.join(tmpdir(), `owl-${name}-`))
    const checkpoint = await openCheckpoint(path.join(fixtures, name))
    const all: Manifest['precision'] = {
      vision: precision,
      abstractor: precision,
      decoder: precision,
      embedding: precision,
    }
    await writeGraphs(through(checkpoint), config, { folder, precision: all, maxFileBytes: 1 << 20, taps: true })
    await checkpoint.close()
    return new ReferenceModel(name, folder, config, index)
  }

  async session(graph: keyof typeof graphFiles): Promise<InferenceSession> {
    const session = await InferenceSession.create(path.join(this.folder, graphFiles[graph]), {
      intraOpNumThreads: 1,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
    })
    this.#sessions.push(session)
    return session
  }

  async expected(kind: 'image' | 'case', name: string): Promise<Tensors> {
    return readTensors(path.join(fixtures, 'expected', this.name, `${kind}-${name}.safetensors`))
  }

  async remove(): Promise<void> {
    await Promise.all(this.#sessions.map((session) => session.release()))
    await rm(this.folder, { recursive: true, force: true })
  }
}

export interface DecoderRows {
  textIds: number[]
  /** [V, D] */
  visualRows: Float32Array
  /** Of each row, text rows first. */
  positions: number[]
  logitRows: number[]
}

/** Runs the decoder's graph on one conversation, or on several of equal length, with a cache in plain arrays. */
export class DecoderDriver {
  readonly #session: InferenceSession
  readonly #config: OwlConfig['decoder']
  /** [batch][layer][key head]: rows of the past, one after another. */
  past: { keys: number[][][]; values: number[][][]; length: number }[]

  constructor(session: InferenceSession, config: OwlConfig, batch = 1) {
    this.#session = session
    this.#config = config.decoder
    this.past = Array.from({ length: batch }, () => this.emptyPast())
  }

  emptyPast() {
    const { layers, keyHeads } = this.#config
    const rows = () => Array.from({ length: layers }, () => Array.from({ length: keyHeads }, (): number[] => []))
    return { keys: rows(), values: rows(), length: 0 }
  }

  /** @param capacity slots of the cache; those beyond the past hold rubbish and are masked */
  async run({ textIds, visualRows, positions, logitRows }: DecoderRows, capacity = this.longest()) {
    const { layers, keyHeads, headWidth, width } = this.#config
    const batch = this.past.length
    const fresh = positions.length / batch
    const mask = new Float32Array(batch * capacity).fill(-1e9)
    this.past.forEach(({ length }, b) => {
      mask.fill(0, b * capacity, b * capacity + length)
    })
    const feeds: Record<string, Tensor> = {
      text_ids: indices(textIds),
      visual_rows: new Tensor('float32', visualRows, [visualRows.length / width, width]),
      positions: indices(positions, [batch, fresh]),
      past_mask: new Tensor('float32', mask, [batch, capacity]),
      logit_rows: indices(logitRows),
    }
    const cacheTensor = (of: 'keys' | 'values', layer: number) => {
      const values = new Float32Array(batch * keyHeads * capacity * headWidth).fill(7)
      this.past.forEach((past, b) => {
        past[of][layer]!.forEach((rows, head) => {
          values.set(rows, (b * keyHeads + head) * capacity * headWidth)
        })
      })
      return new Tensor('float32', values, [batch, keyHeads, capacity, headWidth])
    }
    for (let layer = 0; layer < layers; layer++) {
      feeds[`past_key.${layer}`] = cacheTensor('keys', layer)
      feeds[`past_value.${layer}`] = cacheTensor('values', layer)
    }
    const outputs = await this.#session.run(feeds)
    for (let layer = 0; layer < layers; layer++) {
      this.#append('keys', layer, outputs[`key.${layer}`]!, fresh)
      this.#append('values', layer, outputs[`value.${layer}`]!, fresh)
    }
    for (const past of this.past) past.length += fresh
    return new Map(
      Object.entries(outputs).map(([name, { data, dims }]) => [name, { values: data as Float32Array, dims }]),
    )
  }

  longest(): number {
    return Math.max(...this.past.map(({ length }) => length))
  }

  #append(of: 'keys' | 'values', layer: number, rows: Tensor, fresh: number): void {
    const { keyHeads, headWidth } = this.#config
    const values = rows.data as Float32Array
    this.past.forEach((past, b) => {
      past[of][layer]!.forEach((cache, head) => {
        const start = (b * keyHeads + head) * fresh * headWidth
        cache.push(...values.subarray(start, start + fresh * headWidth))
      })
    })
  }
}

export function indices(values: readonly number[], shape: number[] = [values.length]): Tensor {
  return new Tensor('int64', BigInt64Array.from(values, BigInt), shape)
}

/** Merged rows of a case in the order of the graph: text rows first, then visual. */
export function rowOrder(modality: readonly number[]): { text: number[]; visual: number[]; all: number[] } {
  const of = (wanted: number) => modality.flatMap((found, row) => (found === wanted ? [row] : []))
  const [text, visual] = [of(0), of(1)]
  return { text, visual, all: [...text, ...visual] }
}

export function largestDifference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  if (actual.length !== expected.length) throw new Error(`${actual.length} values, expected ${expected.length}`)
  let largest = 0
  for (let i = 0; i < actual.length; i++) largest = Math.max(largest, Math.abs(actual[i]! - expected[i]!))
  return largest
}

/** Rows of a matrix in the given order. */
export function pickRows(values: Float32Array, width: number, rows: readonly number[]): Float32Array {
  const picked = new Float32Array(rows.length * width)
  rows.forEach((row, index) => {
    picked.set(values.subarray(row * width, (row + 1) * width), index * width)
  })
  return picked
}

/** A reader of float32 safetensors of its own, so that expected values do not pass through the code under test. */
async function readTensors(file: string): Promise<Tensors> {
  const bytes = await readFile(file)
  const headerLength = Number(bytes.readBigUInt64LE(0))
  const header = JSON.parse(bytes.toString('utf8', 8, 8 + headerLength)) as Record<
    string,
    { dtype: string; shape: number[]; data_offsets: [number, number] }
  >
  const tensors: Tensors = new Map()
  for (const [name, { dtype, shape, data_offsets }] of Object.entries(header)) {
    if (name === '__metadata__') continue
    if (dtype !== 'F32') throw new Error(`${name} is ${dtype}`)
    const start = 8 + headerLength
    const own = bytes.subarray(start + data_offsets[0], start + data_offsets[1])
    tensors.set(name, { shape, values: new Float32Array(Uint8Array.from(own).buffer) })
  }
  return tensors
}
