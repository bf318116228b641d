import { bytesOf, type ElementType, type TensorData, type TensorLayout } from './tensor-data.ts'

/** A tensor that flows through the graph: known by name, typed by its elements. */
export interface Value<T extends ElementType = ElementType> {
  readonly name: string
  readonly type: T
}

/** A size known when the graph is written, or the name of one that is known when it runs. */
export type Dimension = number | string

export type Attribute = number | string | readonly number[] | { float: number }

export interface GraphNode {
  name: string
  operator: string
  domain: string
  inputs: readonly string[]
  outputs: readonly string[]
  attributes: Readonly<Record<string, Attribute>>
}

export interface Port {
  name: string
  type: ElementType
  shape: readonly Dimension[]
}

export interface Constant extends TensorLayout {
  bytes: Uint8Array
}

/**
 * Collects nodes, inputs, outputs and initialisers of one ONNX graph, in the order in which they are added;
 * a value can only be used after the node that makes it, so the order is a valid one.
 */
export class GraphBuilder {
  readonly name: string
  readonly nodes: GraphNode[] = []
  readonly inputs: Port[] = []
  readonly outputs: Port[] = []
  readonly constants: Constant[] = []
  readonly weights: TensorData[] = []
  /** Shapes of values inside the graph that cannot be worked out from the operators. */
  readonly shapes: Port[] = []
  readonly #names = new Set<string>()
  readonly #constantsByContent = new Map<string, Value>()
  readonly #outputNames = new Map<string, string>()
  #scope = ''

  constructor(name: string) {
    this.name = name
  }

  /** Puts `scope/` before the names of everything that `build` adds, so that profiles can be read. */
  within<R>(scope: string, build: () => R): R {
    const outer = this.#scope
    this.#scope = `${outer}${scope}/`
    try {
      return build()
    } finally {
      this.#scope = outer
    }
  }

  input<T extends ElementType>(name: string, type: T, shape: readonly Dimension[]): Value<T> {
    this.inputs.push({ name: this.#claim(name), type, shape })
    return { name, type }
  }

  /**
   * Makes a value an output of the graph: it is written under this name wherever it is used, so that no node
   * copies it. A value can be one output only.
   */
  output(name: string, value: Value, shape: readonly Dimension[]): void {
    if (this.#outputNames.has(value.name)) throw new Error(`${value.name} is an output already; ${name} cannot be.`)
    this.#outputNames.set(value.name, this.#claim(name))
    this.outputs.push({ name, type: value.type, shape })
  }

  /**
   * States the shape of a value inside the graph. onnxruntime plans memory by shapes, and buffers are used again only
   * where two are known to be the same: without that, making a session takes twice as long.
   */
  shaped<V extends Value>(value: V, shape: readonly Dimension[]): V {
    this.shapes.push({ name: value.name, type: value.type, shape })
    return value
  }

  /** The name under which a value is written. */
  writtenName(name: string): string {
    return this.#outputNames.get(name) ?? name
  }

  /** Adds a node with one output. An input left out is `undefined`. */
  node<T extends ElementType>(
    operator: string,
    inputs: readonly (Value | undefined)[],
    type: T,
    attributes: Record<string, Attribute | undefined> = {},
    domain = '',
  ): Value<T> {
    return this.nodeWithOutputs(operator, inputs, [type], attributes, domain)[0]!
  }

  /** Adds a node with several outputs, all of one type; an output that nobody wants is `undefined`. */
  nodeWithOutputs<T extends ElementType>(
    operator: string,
    inputs: readonly (Value | undefined)[],
    types: readonly (T | undefined)[],
    attributes: Record<string, Attribute | undefined> = {},
    domain = '',
  ): (Value<T> | undefined)[] {
    const values = types.map((type, index) =>
      type === undefined ? undefined : { name: this.#fresh(`${operator}.${index}`), type },
    )
    const names = inputs.map((input) => input?.name ?? '')
    const outputs = values.map((value) => value?.name ?? '')
    this.nodes.push(this.#node(operator, names, outputs, attributes, domain))
    return values
  }

  /** A small tensor inside the graph itself. Equal constants are stored once. */
  constant<T extends ElementType>(type: T, shape: readonly number[], values: ArrayBufferView): Value<T> {
    const bytes = bytesOf(values)
    const content = `${type} ${shape.join('x')} ${Buffer.from(bytes).toString('base64')}`
    const known = this.#constantsByContent.get(content)
    if (known) return known as Value<T>
    const name = this.#claim(`constant.${this.constants.length}`)
    this.constants.push({ name, type, shape, bytes })
    const value = { name, type }
    this.#constantsByContent.set(content, value)
    return value
  }

  int64(...values: number[]): Value<'int64'> {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  float32(value: number): Value<'float32'> {
    return this.constant('float32', [], Float32Array.of(value))
  }

  /** Initialisers whose bytes are made when the model file is written. */
  weight(data: TensorData): Value[] {
    for (const tensor of data.tensors) this.#claim(tensor.name)
    this.weights.push(data)
    return data.tensors.map(({ name, type }) => ({ name, type }))
  }

  #node(
    operator: string,
    inputs: readonly string[],
    outputs: readonly string[],
    attributes: Record<string, Attribute | undefined>,
    domain: string,
  ): GraphNode {
    const given = Object.entries(attributes).filter((entry): entry is [string, Attribute] => entry[1] !== undefined)
    return { name: this.#fresh(operator), operator, domain, inputs, outputs, attributes: Object.fromEntries(given) }
  }

  #claim(name: string): string {
    if (this.#names.has(name)) throw new Error(`The graph ${this.name} has two tensors named ${name}.`)
    this.#names.add(name)
    return name
  }

  /** A name that nothing has yet, inside the scope. */
  #fresh(base: string): string {
    let name = this.#scope + base
    for (let count = 1; this.#names.has(name); count++) name = `${this.#scope}${base}.${count}`
    this.#names.add(name)
    return name
  }
}
