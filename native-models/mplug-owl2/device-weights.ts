import {
  blockMatmul,
  type DeviceBlocks,
  gatherBlocks,
  gemm,
  type NumberType,
  type Real,
  toType,
} from '../onnx/device-operators.ts'
import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import type { InstalledGraph } from '../onnx/installed-graph.ts'
import type { InitialiserProto } from '../onnx/model-file.ts'
import { gather, split } from '../onnx/operators.ts'
import { InstalledWeights } from './installed-weights.ts'

/** A matrix as a graph for a GPU has it. */
export type DeviceMatrix =
  | { kind: 'dense'; name: string; values: Real }
  | ({ kind: 'blocks'; name: string } & DeviceBlocks)

/**
 * Puts weights of an installed graph, where they lie, into a graph for a GPU: the same files serve both, and names and
 * roles are those that `ModuleWeights` gave. Numbers become the device's once, when the session is made.
 */
export class DeviceWeights {
  readonly #graph: GraphBuilder
  readonly #installed: InstalledGraph
  readonly #numbers: NumberType
  readonly #stored: InstalledWeights

  constructor(graph: GraphBuilder, installed: InstalledGraph, numbers: NumberType) {
    this.#graph = graph
    this.#installed = installed
    this.#numbers = numbers
    this.#stored = new InstalledWeights(graph, installed)
  }

  /** What the graph's weights are in its file. */
  get initialisers(): readonly InitialiserProto[] {
    return this.#stored.initialisers
  }

  has(name: string): boolean {
    return this.#installed.has(name)
  }

  /** A weight of real numbers, under its own shape or another one. */
  tensor(name: string, shape?: readonly number[]): Real {
    return toType(this.#graph, this.#stored.value(name, shape), this.#numbers)
  }

  /** @param columns of the matrix, as blocks may be longer than what is in them */
  matrix(name: string, columns: number): DeviceMatrix {
    const blocks = this.#installed.blocks(name)
    if (!blocks) return { kind: 'dense', name, values: this.tensor(name) }
    const zeroPoints = `${name}.zero_points`
    return {
      kind: 'blocks',
      name,
      packed: this.#stored.value(`${name}.packed`) as Value<'uint8'>,
      scales: this.tensor(`${name}.scales`),
      ...(this.has(zeroPoints) ? { zeroPoints: this.#stored.value(zeroPoints) as Value<'uint8'> } : {}),
      ...blocks,
      columns,
    }
  }

  /** x W^T + bias; x [n, columns]. */
  multiply(x: Real, matrix: DeviceMatrix, bias?: Real): Real {
    return matrix.kind === 'dense'
      ? gemm(this.#graph, x, matrix.values, bias)
      : blockMatmul(this.#graph, x, matrix, bias)
  }

  project(x: Real, name: string, columns: number): Real {
    return this.multiply(x, this.matrix(name, columns))
  }

  /** x [n, columns] through a linear layer with bias. */
  linear(x: Real, keys: { weight: string; bias: string }, columns: number): Real {
    return this.multiply(x, this.matrix(keys.weight, columns), this.tensor(keys.bias))
  }

  /** Rows of a matrix; indices [n] give [n, columns]. */
  rowsOf(matrix: DeviceMatrix, indices: Value<'int64'>): Real {
    if (matrix.kind === 'dense') return gather(this.#graph, matrix.values, indices)
    const { name, scales, zeroPoints, bits, blockSize, columns } = matrix
    const [rows, blocks, bytes] = this.#installed.layout(`${name}.packed`).shape as [number, number, number]
    // The same bytes under another shape.
    const packed = this.#stored.value(`${name}.packed`, [rows, blocks * bytes]) as Value<'uint8'>
    const filled = gatherBlocks(this.#graph, { packed, scales, zeroPoints }, indices, { bits, blockSize })
    const filling = blocks * blockSize - columns
    return filling === 0 ? filled : split(this.#graph, filled, [columns, filling], 1)[0]!
  }
}
