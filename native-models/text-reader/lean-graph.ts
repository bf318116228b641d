import onnxProto from 'onnx-proto'

const { onnx } = onnxProto

type Node = onnxProto.onnx.INodeProto
type Tensor = onnxProto.onnx.ITensorProto

/**
 * An equivalent graph that onnxruntime's CPU kernels run in about two thirds of the time. PP-OCR's backbones put a
 * learnable scale and shift after every convolution and every activation, and write hard-swish as four operators; the
 * runtime leaves each of them a pass over memory of its own, between conversions of layout. Here scales and shifts go
 * into the weights of a neighbouring convolution, and hard-swish becomes two operators that keep the convolutions'
 * layout. What is not recognised stays as it is; values change by rounding only.
 * @param model an ONNX file's bytes
 */
export function leanGraph(model: Uint8Array): Uint8Array {
  const decoded = onnx.ModelProto.decode(model)
  new LeanGraph(decoded.graph as onnxProto.onnx.GraphProto).rewrite()
  return onnx.ModelProto.encode(decoded).finish()
}

interface Affine {
  scale: number
  shift: number
}

class LeanGraph {
  readonly #graph: onnxProto.onnx.GraphProto
  readonly #constants = new Map<string, Tensor>()
  readonly #makers = new Map<string, Node>()
  readonly #users = new Map<string, Node[]>()
  readonly #outputs: Set<string>
  readonly #removed = new Set<Node>()
  /** Nodes that come right before another. */
  readonly #inserted = new Map<Node, Node[]>()
  readonly #madeConstants: Node[] = []

  constructor(graph: onnxProto.onnx.GraphProto) {
    this.#graph = graph
    this.#outputs = new Set(graph.output.map(({ name }) => name ?? ''))
    for (const tensor of graph.initializer) this.#constants.set(tensor.name ?? '', tensor)
    for (const node of graph.node) {
      for (const output of node.output ?? []) this.#makers.set(output, node)
      for (const input of node.input ?? []) this.#users.set(input, [...(this.#users.get(input) ?? []), node])
      const value = node.opType === 'Constant' ? node.attribute?.find(({ name }) => name === 'value')?.t : undefined
      if (value) this.#constants.set(node.output![0]!, value)
    }
  }

  rewrite(): void {
    const nodes = [...this.#graph.node]
    for (const node of nodes) this.#foldAfterConvolution(node)
    for (const node of nodes) this.#rewriteHardSwish(node)
    for (const node of nodes) this.#foldBeforeConvolutions(node)
    for (const node of nodes) this.#mergeGate(node)
    this.#graph.node = [
      ...this.#madeConstants,
      ...this.#graph.node.flatMap((node) => [
        ...(this.#inserted.get(node) ?? []),
        ...(this.#removed.has(node) ? [] : [node]),
      ]),
    ] as onnxProto.onnx.NodeProto[]
  }

  /** conv -> scale -> shift: into the convolution. */
  #foldAfterConvolution(convolution: Node): void {
    if (convolution.opType !== 'Conv') return
    const found = this.#affineAfter(convolution.output![0]!)
    const weights = this.#values(convolution.input![1]!)
    if (!found || !weights) return
    const channels = weights.dims[0]!
    const bias = convolution.input![2] ? this.#values(convolution.input![2])!.data : new Float32Array(channels)
    convolution.input![1] = this.#addConstant(
      weights.data.map((value) => value * found.scale),
      weights.dims,
    )
    convolution.input![2] = this.#addConstant(
      bias.map((value) => value * found.scale + found.shift),
      [channels],
    )
    this.#removed.add(found.nodes[0]).add(found.nodes[1])
    convolution.output = [found.nodes[1].output![0]!]
    this.#makers.set(convolution.output[0]!, convolution)
  }

  /** x -> +3 -> clip to 0..6 -> * x -> / 6: a pointwise convolution with a clip, which the runtime fuses, and * x. */
  #rewriteHardSwish(add: Node): void {
    if (add.opType !== 'Add' || this.#removed.has(add) || this.#scalar(add.input![1]!) !== 3) return
    const x = add.input![0]!
    const channels = this.#channels(x)
    const clip = this.#onlyUser(add, 'Clip')
    const product = clip && this.#onlyUser(clip, 'Mul')
    const division = product && this.#onlyUser(product, 'Div')
    if (!division || !channels || !product.input!.includes(x) || this.#scalar(division.input![1]!) !== 6) return
    const shifted = `${x}.gate`
    const gate = `${x}.gate.clipped`
    const weights = this.#addConstant(new Float32Array(channels).fill(1 / 6), [channels, 1, 1, 1])
    const bias = this.#addConstant(new Float32Array(channels).fill(0.5), [channels])
    // Clip takes its bounds as attributes up to opset 10 and as inputs from 11 on: the same form as the one replaced.
    const bounds =
      clip.input!.length > 1
        ? { input: [shifted, this.#addConstant(Float32Array.of(0), []), this.#addConstant(Float32Array.of(1), [])] }
        : { input: [shifted], attribute: [floatAttribute('min', 0), floatAttribute('max', 1)] }
    this.#inserted.set(division, [
      {
        opType: 'Conv',
        name: shifted,
        input: [x, weights, bias],
        output: [shifted],
        attribute: [intsAttribute('kernel_shape', [1, 1]), intAttribute('group', channels)],
      },
      { opType: 'Clip', name: gate, output: [gate], ...bounds },
      { opType: 'Mul', name: `${x}.gated`, input: [x, gate], output: [division.output![0]!] },
    ])
    for (const node of [add, clip, product, division]) this.#removed.add(node)
    this.#makers.set(division.output![0]!, this.#inserted.get(division)![2]!)
  }

  /**
   * activation -> scale -> shift: into the convolutions that take it. Where one of them pads with zeros, which a shift
   * before it would change at the borders, it becomes a pointwise convolution of its own.
   */
  #foldBeforeConvolutions(scale: Node): void {
    if (scale.opType !== 'Mul' || this.#removed.has(scale)) return
    const x = this.#scalar(scale.input![0]!) === undefined ? scale.input![0]! : scale.input![1]!
    const found = this.#affineAfter(x)
    const channels = this.#channels(x)
    if (!found || found.nodes[0] !== scale || !channels) return
    const [, shift] = found.nodes
    const shifted = shift.output![0]!
    const users = this.#users.get(shifted) ?? []
    const folds =
      users.length > 0 && !this.#outputs.has(shifted) && users.every((user) => user.opType === 'Conv' && !pads(user))
    this.#removed.add(scale).add(shift)
    if (folds) for (const user of users) this.#foldInto(user, x, found)
    else {
      this.#inserted.set(shift, [
        {
          opType: 'Conv',
          name: `${shifted}.affine`,
          input: [
            x,
            this.#addConstant(new Float32Array(channels).fill(found.scale), [channels, 1, 1, 1]),
            this.#addConstant(new Float32Array(channels).fill(found.shift), [channels]),
          ],
          output: [shifted],
          attribute: [intsAttribute('kernel_shape', [1, 1]), intAttribute('group', channels)],
        },
      ])
    }
  }

  #foldInto(convolution: Node, x: string, { scale, shift }: Affine): void {
    const { data, dims } = this.#values(convolution.input![1]!)!
    const [channels] = dims as [number]
    const perChannel = data.length / channels
    const bias = convolution.input![2] ? this.#values(convolution.input![2])!.data.slice() : new Float32Array(channels)
    for (let channel = 0; channel < channels; channel++) {
      let sum = 0
      for (let at = 0; at < perChannel; at++) sum += data[channel * perChannel + at]!
      bias[channel]! += shift * sum
    }
    convolution.input = [
      x,
      this.#addConstant(
        data.map((value) => value * scale),
        dims,
      ),
      this.#addConstant(bias, [channels]),
    ]
  }

  /** x + x * gate, a gate a channel: x * (gate + 1), one pass over x less. */
  #mergeGate(product: Node): void {
    if (product.opType !== 'Mul' || this.#removed.has(product)) return
    const [x, gate] = product.input as [string, string]
    const sum = this.#onlyUser(product, 'Add')
    if (!sum || this.#removed.has(sum) || this.#makers.get(gate)?.opType !== 'HardSigmoid' || !sum.input!.includes(x))
      return
    const raised = `${gate}.raised`
    this.#inserted.set(sum, [
      { opType: 'Add', name: raised, input: [gate, this.#addConstant(Float32Array.of(1), [1])], output: [raised] },
      { opType: 'Mul', name: `${sum.output![0]}.gated`, input: [x, raised], output: [sum.output![0]!] },
    ])
    this.#removed.add(product).add(sum)
  }

  /** `x * scale + shift` with single numbers, where nothing else takes x and what is between. */
  #affineAfter(x: string): (Affine & { nodes: [Node, Node] }) | undefined {
    const users = this.#users.get(x) ?? []
    const [multiply] = users
    if (users.length !== 1 || multiply?.opType !== 'Mul' || this.#outputs.has(x) || this.#removed.has(multiply)) return
    const scale = this.#scalar(multiply.input!.find((input) => input !== x) ?? x)
    const add = this.#onlyUser(multiply, 'Add')
    const shift = add && this.#scalar(add.input!.find((input) => input !== multiply.output![0]) ?? '')
    if (scale === undefined || !add || shift === undefined) return
    return { scale, shift, nodes: [multiply, add] }
  }

  #onlyUser(node: Node, opType: string): Node | undefined {
    const output = node.output![0]!
    const users = this.#users.get(output) ?? []
    return users.length === 1 && users[0]!.opType === opType && !this.#outputs.has(output) ? users[0] : undefined
  }

  /** Channels of a value, from the convolution it comes from; nothing where the way to it is not plain. */
  #channels(name: string): number | undefined {
    const maker = this.#makers.get(name)
    switch (maker?.opType) {
      case 'Conv':
        return this.#values(maker.input![1]!)?.dims[0]
      case 'Mul':
      case 'Add':
      case 'Div':
      case 'BatchNormalization': {
        const from = maker.input!.find((input) => !this.#constants.has(input))
        return from ? this.#channels(from) : undefined
      }
      default:
        return
    }
  }

  #scalar(name: string): number | undefined {
    const values = this.#values(name)
    return values?.data.length === 1 ? values.data[0] : undefined
  }

  #values(name: string): { data: Float32Array; dims: number[] } | undefined {
    const tensor = this.#constants.get(name)
    if (!tensor || tensor.dataType !== onnx.TensorProto.DataType.FLOAT) return
    const dims = (tensor.dims ?? []).map(Number)
    if (tensor.floatData && tensor.floatData.length > 0) return { data: Float32Array.from(tensor.floatData), dims }
    // Its bytes need not begin at a multiple of four.
    return { data: new Float32Array(Uint8Array.from(tensor.rawData ?? []).buffer), dims }
  }

  #addConstant(data: Float32Array, dims: readonly number[]): string {
    const name = `lean.${this.#madeConstants.length}`
    const tensor: Tensor = {
      name,
      dims: [...dims],
      dataType: onnx.TensorProto.DataType.FLOAT,
      rawData: new Uint8Array(data.buffer, data.byteOffset, data.byteLength),
    }
    this.#constants.set(name, tensor)
    this.#madeConstants.push({
      opType: 'Constant',
      name,
      output: [name],
      attribute: [{ name: 'value', type: onnx.AttributeProto.AttributeType.TENSOR, t: tensor }],
    })
    return name
  }
}

function pads(convolution: Node): boolean {
  return convolution.attribute?.find(({ name }) => name === 'pads')?.ints?.some((pad) => Number(pad) > 0) ?? false
}

function floatAttribute(name: string, f: number) {
  return { name, f, type: onnx.AttributeProto.AttributeType.FLOAT }
}

function intAttribute(name: string, i: number) {
  return { name, i, type: onnx.AttributeProto.AttributeType.INT }
}

function intsAttribute(name: string, ints: number[]) {
  return { name, ints, type: onnx.AttributeProto.AttributeType.INTS }
}
