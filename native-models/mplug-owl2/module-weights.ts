import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Precision } from '../install/manifest.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import {
  denseData,
  type MatrixPrecision,
  multiplyByMatrix,
  type RowRange,
  type StoredMatrix,
  storeMatrix,
} from '../quantization/stored-matrix.ts'

type Float = Value<'float32'>

export interface ModuleOptions {
  precision: Precision
  /** Adds inner states as outputs, for parity tests and analysis. */
  taps?: boolean
}

/**
 * What rounding a matrix does to the model: keys, values and the way out of feed-forward layers are sensitive, more
 * so for their size than any choice of layers; all others are robust.
 */
export type Role = 'robust' | 'sensitive'

/** Brings the weights of one module from the checkpoint into its graph: matrices in the module's precision, all else
 * as float32. */
export class ModuleWeights {
  readonly #graph: GraphBuilder
  readonly #checkpoint: Checkpoint
  readonly #precision: Precision

  constructor(graph: GraphBuilder, checkpoint: Checkpoint, precision: Precision) {
    this.#graph = graph
    this.#checkpoint = checkpoint
    this.#precision = precision
  }

  has(key: string): boolean {
    return this.#checkpoint.weights.has(key)
  }

  /** A whole weight as float32, under its own shape or another one. */
  tensor(key: string, shape: readonly number[] = this.#shapeOf(key)): Float {
    return this.rows(key, [this.#whole(key)], shape)
  }

  /** Rows of weights, one range after another, as one float32 tensor. */
  rows(name: string, parts: readonly RowRange[], shape: readonly number[]): Float {
    const rows = countRows(parts)
    const columns = shape.reduce((product, size) => product * size, 1) / rows
    return this.#graph.weight(denseData(this.#checkpoint, { name, parts, rows, columns }, shape))[0] as Float
  }

  /** A matrix from the rows of several weights or ranges, one after another. */
  matrix(name: string, sources: readonly (string | RowRange)[], role: Role, precision = this.#precision): StoredMatrix {
    const parts = sources.map((source) => (typeof source === 'string' ? this.#whole(source) : source))
    const columns = this.#shapeOf(parts[0]!.weight)[1]!
    const source = { name, parts, rows: countRows(parts), columns }
    return storeMatrix(this.#graph, this.#checkpoint, source, matrixPrecision(precision, role))
  }

  /** x [rows, in] through weights [out, in] stacked along their outputs, without bias. */
  project(x: Float, name: string, sources: readonly string[], role: Role): Float {
    return multiplyByMatrix(this.#graph, x, this.matrix(name, sources, role))
  }

  /** x [rows, in] through a linear layer with bias. */
  linear(x: Float, keys: { weight: string; bias: string }, role: Role): Float {
    return multiplyByMatrix(this.#graph, x, this.matrix(keys.weight, [keys.weight], role), this.tensor(keys.bias))
  }

  #whole(key: string): RowRange {
    return { weight: key, start: 0, end: this.#shapeOf(key)[0]! }
  }

  #shapeOf(key: string): readonly number[] {
    const info = this.#checkpoint.weights.get(key)
    if (!info) throw new Error(`The checkpoint has no ${key}; checkWeights tells before a graph is built.`)
    return info.shape
  }
}

function matrixPrecision(precision: Precision, role: Role): MatrixPrecision {
  if (precision !== 'mixed') return precision
  return role === 'sensitive' ? 'int8' : 'int4'
}

function countRows(parts: readonly RowRange[]): number {
  return parts.reduce((sum, { start, end }) => sum + end - start, 0)
}
