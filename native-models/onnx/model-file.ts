import { type FileHandle, open, writeFile } from 'node:fs/promises'
import path from 'node:path'
import onnxProto from 'onnx-proto'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import type { Attribute, Dimension, GraphBuilder, GraphNode, Port } from './graph-builder.ts'
import { byteLength, elementTypes, type TensorData, type TensorLayout } from './tensor-data.ts'

const { onnx } = onnxProto

const irVersion = 10
const opset = 21
/** Weights up to this many bytes stand in the graph file itself; mapping a page each would cost more. */
const inlineBytes = 32 * 1024
/** onnxruntime maps a weight into memory without a copy only when it starts on a page. */
const alignment = 4096

export interface ModelFileOptions {
  folder: string
  /** No weight file grows beyond this, unless a single weight is larger. */
  maxFileBytes: number
}

type InitialiserProto = onnxProto.onnx.ITensorProto

interface Place {
  file: number
  offset: number
}

/**
 * Writes `NAME.onnx` with `NAME.weights.0`, `NAME.weights.1`, ... beside it. Weights are written piece by piece as
 * they are made, so memory stays bounded whatever the size of the model.
 * @returns names of the files written
 * @throws OwlError `disk-full`, `cancelled`, and what reading the weights throws
 */
export async function writeModelFile(
  graph: GraphBuilder,
  { folder, maxFileBytes }: ModelFileOptions,
  { signal, onProgress }: JobOptions = {},
): Promise<string[]> {
  const places = placeWeights(graph.weights, maxFileBytes)
  const weightFile = (index: number) => `${graph.name}.weights.${index}`
  const inline = new Map<string, Uint8Array>()
  const files: FileHandle[] = []
  const total = weightBytes(graph)
  let done = 0
  const written = [`${graph.name}.onnx`]
  try {
    for (const data of graph.weights) {
      const filled = data.tensors.map(() => 0)
      for await (const { tensor: index, bytes } of data.pieces()) {
        if (signal?.aborted) throw new OwlError('cancelled', `Writing ${graph.name} was stopped.`)
        const tensor = data.tensors[index]!
        const start = filled[index]!
        filled[index] = start + bytes.length
        const place = places.get(tensor.name)
        if (place) {
          for (let file = files.length; file <= place.file; file++) {
            files.push(await open(path.join(folder, weightFile(file)), 'w'))
            written.push(weightFile(file))
          }
          await files[place.file]!.write(bytes, 0, bytes.length, place.offset + start)
        } else {
          const whole = inline.get(tensor.name) ?? new Uint8Array(byteLength(tensor))
          whole.set(bytes, start)
          inline.set(tensor.name, whole)
        }
        done += bytes.length
        onProgress?.({ stage: graph.name, done, total, unit: 'bytes' })
      }
      data.tensors.forEach((tensor, index) => {
        if (filled[index] !== byteLength(tensor))
          throw new Error(`${tensor.name} needs ${byteLength(tensor)} bytes and was given ${filled[index]}.`)
      })
    }
    const initialisers = [
      ...graph.constants.map(({ bytes, ...layout }) => ({ ...tensorProto(layout), rawData: bytes })),
      ...graph.weights.flatMap(({ tensors }) =>
        tensors.map((tensor) => {
          const place = places.get(tensor.name)
          if (!place) return { ...tensorProto(tensor), rawData: inline.get(tensor.name) ?? new Uint8Array() }
          return externalTensor(tensor, weightFile(place.file), place.offset)
        }),
      ),
    ]
    await writeFile(path.join(folder, written[0]!), encodeModel(graph, initialisers))
  } catch (error) {
    throw (error as NodeJS.ErrnoException).code === 'ENOSPC'
      ? new OwlError('disk-full', `The disk became full while ${graph.name} was being written.`, { cause: error })
      : error
  } finally {
    await Promise.all(files.map((file) => file.close()))
  }
  return written
}

/** Bytes of all weights of a graph. */
export function weightBytes(graph: GraphBuilder): number {
  return graph.weights.flatMap(({ tensors }) => tensors).reduce((sum, tensor) => sum + byteLength(tensor), 0)
}

/** Gives every large weight its place, one after another; sizes are known before a byte is read. */
function placeWeights(weights: readonly TensorData[], maxFileBytes: number): Map<string, Place> {
  const places = new Map<string, Place>()
  let file = 0
  let end = 0
  for (const tensor of weights.flatMap(({ tensors }) => tensors)) {
    const bytes = byteLength(tensor)
    if (bytes <= inlineBytes) continue
    let offset = Math.ceil(end / alignment) * alignment
    if (offset > 0 && offset + bytes > maxFileBytes) {
      file++
      offset = 0
    }
    places.set(tensor.name, { file, offset })
    end = offset + bytes
  }
  return places
}

function encodeModel(graph: GraphBuilder, initialisers: InitialiserProto[]): Uint8Array {
  return onnx.ModelProto.encode({
    irVersion,
    producerName: 'owl-desktop',
    opsetImport: [
      { domain: '', version: opset },
      { domain: 'com.microsoft', version: 1 },
    ],
    graph: {
      name: graph.name,
      node: graph.nodes.map((node) => nodeProto(node, graph)),
      initializer: initialisers,
      input: graph.inputs.map(portProto),
      output: graph.outputs.map(portProto),
    },
  }).finish()
}

function nodeProto(node: GraphNode, graph: GraphBuilder) {
  return {
    name: node.name,
    opType: node.operator,
    domain: node.domain,
    input: node.inputs.map((name) => graph.writtenName(name)),
    output: node.outputs.map((name) => graph.writtenName(name)),
    attribute: Object.entries(node.attributes).map(([name, value]) => attributeProto(name, value)),
  }
}

function attributeProto(name: string, value: Attribute) {
  const { AttributeType } = onnx.AttributeProto
  if (typeof value === 'number') return { name, type: AttributeType.INT, i: value }
  if (typeof value === 'string') return { name, type: AttributeType.STRING, s: Buffer.from(value) }
  if ('float' in value) return { name, type: AttributeType.FLOAT, f: value.float }
  return { name, type: AttributeType.INTS, ints: [...value] }
}

function portProto({ name, type, shape }: Port) {
  const dim = shape.map((size: Dimension) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }))
  return { name, type: { tensorType: { elemType: elementTypes[type].onnx, shape: { dim } } } }
}

function tensorProto({ name, type, shape }: TensorLayout): InitialiserProto {
  return { name, dataType: elementTypes[type].onnx, dims: [...shape] }
}

function externalTensor(tensor: TensorLayout, location: string, offset: number) {
  return {
    ...tensorProto(tensor),
    dataLocation: onnx.TensorProto.DataLocation.EXTERNAL,
    externalData: [
      { key: 'location', value: location },
      { key: 'offset', value: String(offset) },
      { key: 'length', value: String(byteLength(tensor)) },
    ],
  }
}
