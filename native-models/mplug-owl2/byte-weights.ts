import { widen } from '../checkpoint/number-formats.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import type { InstalledGraph } from '../onnx/installed-graph.ts'
import { type InitialiserProto, tensorProto } from '../onnx/model-file.ts'
import {
  add,
  type ByteMatrix,
  type ByteRows,
  byteMatmul,
  concat,
  multiply,
  restStep,
  roundRest,
  roundRows,
  sigmoidGate,
  split,
  toFloat32,
  transpose,
} from '../onnx/operators.ts'
import { bytesOf, noPieces, type TensorLayout } from '../onnx/tensor-data.ts'
import { OwlError } from '../owl-error.ts'
import { type ByteCodes, byteRows, type StoredBlocks } from '../quantization/byte-rows.ts'
import type { RowRange, StoredMatrix } from '../quantization/stored-matrix.ts'
import { modalities } from './checkpoint-keys.ts'
import type { GraphWeights, ModalityMatrices, Role } from './graph-weights.ts'
import { InstalledWeights } from './installed-weights.ts'

type Float = Value<'float32'>

/**
 * How a processor adds up products of bytes: four at once in 32 bits, or by pairs in 16 bits, which a product of a byte
 * and a code overflows where codes with a sign exceed 64. Codes without a sign are exact there too, but slower.
 */
export type ByteSums = 'fours' | 'pairs'

const codesOf: Record<ByteSums, Record<Role, ByteCodes>> = {
  fours: { robust: { largest: 127, zero: 0 }, sensitive: { largest: 127, zero: 0 } },
  pairs: { robust: { largest: 64, zero: 0 }, sensitive: { largest: 127, zero: 128 } },
}

/** Rows of a stored matrix that become bytes. */
interface Conversion {
  name: string
  columns: number
  start: number
  end: number
  format: ByteCodes
  codes: TensorLayout
  scales: TensorLayout
}

/** A part of a value: step (bytes - 128). */
interface ByteTerm {
  bytes: Value<'uint8'>
  step: number
}

/**
 * The weights of an installed graph for many rows at once: matrices in blocks of few bits become rows of 8 bits with one
 * scale each, and so do the rows that they are multiplied with, so that products are of bytes from end to end. Processors
 * have instructions for these which products in blocks cannot use well. Where the matrix is sensitive, rows keep
 * 16 bits, in two terms: that moves the next token's distribution by 0.02 nats in place of 0.05 (Owl Mini; products in
 * blocks, which round rows too: 0.01), whichever way products are added up.
 */
export class ByteWeights implements GraphWeights {
  readonly graph: GraphBuilder
  readonly #installed: InstalledGraph
  readonly #sums: ByteSums
  readonly #stored: InstalledWeights
  readonly #rounded = new Map<string, ByteRows>()
  readonly #rests = new Map<string, Value<'uint8'>>()
  /** [rows, 1]: what rows of a value have yet to be multiplied by. */
  readonly #factors = new Map<string, Float>()
  readonly #conversions: Conversion[] = []

  constructor(graph: GraphBuilder, installed: InstalledGraph, sums: ByteSums) {
    this.graph = graph
    this.#installed = installed
    this.#sums = sums
    this.#stored = new InstalledWeights(graph, installed)
  }

  has(key: string): boolean {
    return this.#installed.has(key)
  }

  tensor(key: string, shape?: readonly number[]): Float {
    return this.#stored.value(key, shape) as Float
  }

  rows(name: string, _parts: readonly RowRange[], shape: readonly number[]): Float {
    return this.tensor(name, shape)
  }

  /** As it is stored: one row at a time is looked up, and one multiplied by it. */
  vocabulary(key: string, columns: number): StoredMatrix {
    if (this.has(key)) return { kind: 'dense', values: this.tensor(key) }
    const { rows, bits, blockSize } = this.#format(key)
    const zeroPoints = bits === 4 ? (this.#stored.value(`${key}.zero_points`) as Value<'uint8'>) : undefined
    const packed = this.#stored.value(`${key}.packed`) as Value<'uint8'>
    const scales = toFloat32(this.graph, this.#stored.value(`${key}.scales`))
    return { kind: 'blocks', packed, scales, zeroPoints, bits, blockSize, rows, columns }
  }

  project(x: Float, name: string, _sources: readonly (string | RowRange)[], role: Role, bias?: Float): Float {
    const { product, factor } = this.#multiply(x, this.#byteMatrix(name, role), role)
    const scaled = multiply(this.graph, product, factor)
    return bias ? add(this.graph, scaled, bias) : scaled
  }

  /**
   * Two products, so that nothing has to be cut. A factor of a whole row changes nothing about its rounding, so that of
   * the second product waits until the next one.
   */
  projectGated(x: Float, name: string, _sources: readonly [string, string], role: Role): Float {
    const g = this.graph
    const { rows } = this.#format(name)
    const gate = this.#multiply(x, this.#byteMatrix(name, role, 0, rows / 2), role)
    const up = this.#multiply(x, this.#byteMatrix(name, role, rows / 2, rows), role)
    const gated = multiply(g, sigmoidGate(g, multiply(g, gate.product, gate.factor), 1), up.product)
    this.#factors.set(gated.name, up.factor)
    return gated
  }

  projectByModality(x: Float, sizes: Value<'int64'>, matrices: ModalityMatrices, role: Role): Float {
    const g = this.graph
    const { terms, factor } = this.#terms(x, role)
    const parts = terms.map(({ bytes }) => split(g, bytes, sizes, 0))
    const products = modalities.map((modality, index) => {
      const matrix = this.#byteMatrix(matrices[modality].name, role)
      return this.#sum(
        terms.map(({ step }, term) => ({ bytes: parts[term]![index]!, step })),
        matrix,
      )
    })
    return multiply(g, concat(g, products, 0), factor)
  }

  linear(x: Float, keys: { weight: string; bias: string }, role: Role): Float {
    return this.project(x, keys.weight, [keys.weight], role, this.tensor(keys.bias))
  }

  /**
   * What the graph's weights are: those of the installed model where they lie, and the rows of 8 bits, with a pause after
   * each matrix for whatever else is to be done.
   * @throws OwlError `model-damaged`
   */
  async initialisers(): Promise<InitialiserProto[]> {
    const initialisers = [...this.#stored.initialisers]
    for (const { name, columns, start, end, format, codes, scales } of this.#conversions) {
      const blocks = await this.#read(name, columns)
      const rows = byteRows(blocks, start, end, format)
      initialisers.push(
        { ...tensorProto(codes), rawData: bytesOf(rows.codes) },
        { ...tensorProto(scales), rawData: bytesOf(rows.scales) },
      )
      await new Promise((resolve) => setImmediate(resolve))
    }
    return initialisers
  }

  /** x W^T, each row still to be multiplied by its factor [rows, 1]. */
  #multiply(x: Float, matrix: ByteMatrix, role: Role): { product: Float; factor: Float } {
    const { terms, factor } = this.#terms(x, role)
    return { product: this.#sum(terms, matrix), factor }
  }

  /** What x is a sum of, each row still to be multiplied by its factor; the same x is rounded once. */
  #terms(x: Float, role: Role): { terms: ByteTerm[]; factor: Float } {
    const g = this.graph
    const rounded = remembered(this.#rounded, x.name, () => roundRows(g, x))
    const pending = this.#factors.get(x.name)
    const factor = pending ? multiply(g, rounded.column, pending) : rounded.column
    const coarse = { bytes: rounded.bytes, step: 1 }
    if (role === 'robust') return { terms: [coarse], factor }
    const rest = remembered(this.#rests, x.name, () => roundRest(g, x, rounded))
    return { terms: [coarse, { bytes: rest, step: restStep }], factor }
  }

  #sum(terms: readonly ByteTerm[], matrix: ByteMatrix): Float {
    const products = terms.map(({ bytes, step }) => byteMatmul(this.graph, bytes, matrix, step))
    return products.reduce((sum, product) => add(this.graph, sum, product))
  }

  /** Rows [start, end) of a stored matrix. */
  #byteMatrix(name: string, role: Role, start = 0, end = this.#format(name).rows): ByteMatrix {
    const { columns } = this.#format(name)
    const rows = end - start
    const format = codesOf[this.#sums][role]
    const type = format.zero ? ('uint8' as const) : ('int8' as const)
    const codes = { name: `${name}.${start}.bytes`, type, shape: [rows, columns] }
    const scales = { name: `${name}.${start}.byte_scales`, type: 'float32', shape: [rows] } as const
    this.#conversions.push({ name, columns, start, end, format, codes, scales })
    const [codeValues, scaleValues] = this.graph.weight({ tensors: [codes, scales], pieces: noPieces })
    // Turned once, when the session is made: much faster there than here.
    return { codes: transpose(this.graph, codeValues as ByteMatrix['codes'], [1, 0]), scales: scaleValues as Float }
  }

  /** @throws OwlError `model-damaged` where the matrix is not stored in blocks */
  #format(name: string) {
    const blocks = this.#installed.blocks(name)
    if (!blocks) throw new OwlError('model-damaged', `The installed graph has no matrix in blocks named ${name}.`)
    return blocks
  }

  async #read(name: string, columns: number): Promise<StoredBlocks> {
    const { bits, blockSize } = this.#format(name)
    const halves = await this.#installed.read(`${name}.scales`)
    const scales = new Float32Array(halves.length / 2)
    widen('F16', halves, scales)
    const packed = await this.#installed.read(`${name}.packed`)
    const zeroPoints = bits === 4 ? await this.#installed.read(`${name}.zero_points`) : undefined
    return { bits, blockSize, columns, packed, scales, zeroPoints }
  }
}

function remembered<V>(known: Map<string, V>, key: string, make: () => V): V {
  const value = known.get(key) ?? make()
  known.set(key, value)
  return value
}
