import type { GraphBuilder, Value } from '../onnx/graph-builder.ts'
import type { InstalledGraph } from '../onnx/installed-graph.ts'
import type { InitialiserProto } from '../onnx/model-file.ts'
import { noPieces } from '../onnx/tensor-data.ts'

/** Puts weights of an installed graph, where they lie, into another graph: the same files serve both. */
export class InstalledWeights {
  readonly #graph: GraphBuilder
  readonly #installed: InstalledGraph
  readonly #values = new Map<string, Value>()
  /** What the graph's weights are in its file. */
  readonly initialisers: InitialiserProto[] = []

  constructor(graph: GraphBuilder, installed: InstalledGraph) {
    this.#graph = graph
    this.#installed = installed
  }

  /**
   * A weight under its own shape or another one of as many values.
   * @throws OwlError `model-damaged` where the installed graph has no such weight
   */
  value(name: string, shape?: readonly number[]): Value {
    const layout = this.#installed.layout(name)
    const own = shape === undefined || shape.join() === layout.shape.join()
    const key = own ? name : `${name} ${shape.join('x')}`
    const known = this.#values.get(key)
    if (known) return known
    const tensor = { name: key, type: layout.type, shape: own ? layout.shape : shape }
    const [value] = this.#graph.weight({ tensors: [tensor], pieces: noPieces })
    this.initialisers.push({ ...this.#installed.initialiser(name), name: key, dims: [...tensor.shape] })
    this.#values.set(key, value!)
    return value!
  }
}
