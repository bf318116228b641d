import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import type { RowRange, StoredMatrix } from '../quantization/stored-matrix.ts'
import type { Modality } from './checkpoint-keys.ts'

type Float = Value<'float32'>

/**
 * What rounding a matrix does to the model: keys, values and the way out of feed-forward layers are sensitive, more
 * so for their size than any choice of layers; all others are robust.
 */
export type Role = 'robust' | 'sensitive'

/** A matrix for text rows and one for visual rows: its name, and the weights whose outputs it stacks. */
export type ModalityMatrices = Record<Modality, { name: string; sources: readonly string[] }>

/**
 * The weights of one module as its graph meets them: a graph is written once, and serves a checkpoint that is being
 * installed (`ModuleWeights`) as well as an installed model whose matrices become bytes (`ByteWeights`). A name is that of
 * the first, under which the weight stands in the installed graph.
 */
export interface GraphWeights {
  readonly graph: GraphBuilder
  has(key: string): boolean
  /** A whole weight as float32, under its own shape or another one. */
  tensor(key: string, shape?: readonly number[]): Float
  /** Rows of weights, one range after another, as one float32 tensor. */
  rows(name: string, parts: readonly RowRange[], shape: readonly number[]): Float
  /** The token embedding or the output layer, [vocabulary, width]. */
  vocabulary(key: string, width: number): StoredMatrix
  /** x [rows, in] through weights [out, in] stacked along their outputs. */
  project(x: Float, name: string, sources: readonly (string | RowRange)[], role: Role, bias?: Float): Float
  /**
   * The same, gated: SiLU of the product with the first of the sources, times the product with the second. What comes of
   * it goes through `project` and nowhere else.
   */
  projectGated(x: Float, name: string, sources: readonly [string, string], role: Role): Float
  /**
   * x [rows, in], text rows first, each row through the matrix of its modality.
   * @param sizes int64 [2]: text rows, visual rows
   */
  projectByModality(x: Float, sizes: Value<'int64'>, matrices: ModalityMatrices, role: Role): Float
  /** x [rows, in] through a linear layer with bias. */
  linear(x: Float, keys: { weight: string; bias: string }, role: Role): Float
}
