import type { Checkpoint } from '../checkpoint/checkpoint.ts'
import type { Precision } from '../install/manifest.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import { concat, multiply, sigmoidGate, split } from '../onnx/operators.ts'
import {
  denseData,
  type MatrixPrecision,
  multiplyByMatrix,
  type RowRange,
  type StoredMatrix,
  storeMatrix,
} from '../quantization/stored-matrix.ts'
import { modalities } from './checkpoint-keys.ts'
import type { GraphWeights, ModalityMatrices, Role } from './graph-weights.ts'

type Float = Value<'float32'>

/** Brings the weights of one module from the checkpoint into its graph: matrices in the module's precision, all else
 * as float32. */
export class ModuleWeights implements GraphWeights {
  readonly graph: GraphBuilder
  readonly #checkpoint: Checkpoint
  readonly #precision: Precision
  readonly #vocabularyPrecision: Precision

  /** @param vocabularyPrecision of the token embedding and of the output layer */
  constructor(graph: GraphBuilder, checkpoint: Checkpoint, precision: Precision, vocabularyPrecision = precision) {
    this.graph = graph
    this.#checkpoint = checkpoint
    this.#precision = precision
    this.#vocabularyPrecision = vocabularyPrecision
  }

  has(key: string): boolean {
    return this.#checkpoint.weights.has(key)
  }

  tensor(key: string, shape: readonly number[] = this.#shapeOf(key)): Float {
    return this.rows(key, [this.#whole(key)], shape)
  }

  rows(name: string, parts: readonly RowRange[], shape: readonly number[]): Float {
    const rows = countRows(parts)
    const columns = shape.reduce((product, size) => product * size, 1) / rows
    return this.graph.weight(denseData(this.#checkpoint, { name, parts, rows, columns }, shape))[0] as Float
  }

  vocabulary(key: string): StoredMatrix {
    return this.#matrix(key, [key], 'sensitive', this.#vocabularyPrecision)
  }

  project(x: Float, name: string, sources: readonly (string | RowRange)[], role: Role, bias?: Float): Float {
    return multiplyByMatrix(this.graph, x, this.#matrix(name, sources, role), bias)
  }

  /** One product for both, cut afterwards. */
  projectGated(x: Float, name: string, sources: readonly [string, string], role: Role): Float {
    const sizes = sources.map((source) => this.#shapeOf(source)[0]!)
    const [gate, up] = split(this.graph, this.project(x, name, sources, role), sizes, 1)
    return multiply(this.graph, sigmoidGate(this.graph, gate!, 1), up!)
  }

  projectByModality(x: Float, sizes: Value<'int64'>, matrices: ModalityMatrices, role: Role): Float {
    const rows = split(this.graph, x, sizes, 0)
    const products = modalities.map((modality, index) => {
      const { name, sources } = matrices[modality]
      const part = this.graph.shaped(rows[index]!, [modality, this.#shapeOf(sources[0]!)[1]!])
      return this.project(part, name, sources, role)
    })
    return concat(this.graph, products, 0)
  }

  linear(x: Float, keys: { weight: string; bias: string }, role: Role): Float {
    return this.project(x, keys.weight, [keys.weight], role, this.tensor(keys.bias))
  }

  #matrix(
    name: string,
    sources: readonly (string | RowRange)[],
    role: Role,
    precision = this.#precision,
  ): StoredMatrix {
    const parts = sources.map((source) => (typeof source === 'string' ? this.#whole(source) : source))
    const columns = this.#shapeOf(parts[0]!.weight)[1]!
    const source = { name, parts, rows: countRows(parts), columns }
    return storeMatrix(this.graph, this.#checkpoint, source, matrixPrecision(precision, role))
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
