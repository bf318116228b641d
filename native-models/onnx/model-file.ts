import { type FileHandle, open, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import onnxProto from 'onnx-proto'
import { OwlError } from '../owl-error.ts'
import type { JobOptions } from '../progress.ts'
import { writeAt } from '../write-at.ts'
import type { Attribute, Dimension, GraphBuilder, GraphNode, Port } from './graph-builder.ts'
import { InlineWeights, inlineFile } from './inline-weights.ts'
import { byteLength, elementTypes, type TensorData, type TensorLayout, type TensorPiece } from './tensor-data.ts'

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
  /** Makes the pieces of a weight, where not its own function does. */
  pieces?: (data: TensorData) => AsyncIterable<TensorPiece>
  /** Lets a graph be written in several goes. */
  continuation?: Continuation
}

/** How far the weights of a graph were written in a go before, and where to note how far they are. */
export interface Continuation {
  /** Weights (entries of `graph.weights`) that are on the disk already, in the same folder. */
  finished: number
  /** Is told that so many are on the disk for good; a later go can continue from there. */
  save(finished: number): Promise<void>
  /** Bytes after which that is done; 64 MiB when left out. */
  everyBytes?: number
}

export type InitialiserProto = onnxProto.onnx.ITensorProto

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
  { folder, maxFileBytes, pieces = (data) => data.pieces(), continuation }: ModelFileOptions,
  { signal, onProgress }: JobOptions = {},
): Promise<string[]> {
  const places = placeWeights(graph.weights, maxFileBytes)
  const weightFile = (index: number) => `${graph.name}.weights.${index}`
  const files: FileHandle[] = []
  const total = weightBytes(graph)
  const first = continuation?.finished ?? 0
  let done = bytesOfAll(graph.weights.slice(0, first))
  let saved = done
  const written = [`${graph.name}.onnx`]
  const openFiles = async (last: number) => {
    for (let file = files.length; file <= last; file++) {
      // What an earlier go left is continued; what it left beyond its last note is written over.
      const isThere = first > 0 && (await exists(path.join(folder, weightFile(file))))
      files.push(await open(path.join(folder, weightFile(file)), isThere ? 'r+' : 'w'))
      written.push(weightFile(file))
    }
  }
  const inline = new InlineWeights(path.join(folder, inlineFile(graph.name)), continuation !== undefined)
  const isInline = ({ name }: TensorLayout) => !places.has(name)
  try {
    await inline.open(graph.weights.slice(0, first).flatMap(({ tensors }) => tensors.filter(isInline)))
    for (const { tensors } of graph.weights.slice(0, first))
      for (const tensor of tensors) await openFiles(places.get(tensor.name)?.file ?? -1)
    for (const [number, data] of graph.weights.entries()) {
      if (number < first) continue
      const filled = data.tensors.map(() => 0)
      for await (const { tensor: index, bytes } of pieces(data)) {
        if (signal?.aborted) throw new OwlError('cancelled', `Writing ${graph.name} was stopped.`)
        const tensor = data.tensors[index]!
        const start = filled[index]!
        filled[index] = start + bytes.length
        const place = places.get(tensor.name)
        if (place) {
          await openFiles(place.file)
          await writeAt(files[place.file]!, bytes, place.offset + start)
        } else {
          inline.fill(tensor, bytes, start)
        }
        done += bytes.length
        onProgress?.({ stage: graph.name, done, total, unit: 'bytes' })
      }
      data.tensors.forEach((tensor, index) => {
        if (filled[index] !== byteLength(tensor))
          throw new Error(`${tensor.name} needs ${byteLength(tensor)} bytes and was given ${filled[index]}.`)
      })
      await inline.keep(data.tensors.filter(isInline))
      if (
        continuation &&
        (done - saved >= (continuation.everyBytes ?? 2 ** 26) || number === graph.weights.length - 1)
      ) {
        await inline.sync()
        for (const file of files) await file.datasync()
        await continuation.save(number + 1)
        saved = done
      }
    }
    const initialisers = [
      ...graph.weights.flatMap(({ tensors }) =>
        tensors.map((tensor) => {
          const place = places.get(tensor.name)
          if (!place) return { ...tensorProto(tensor), rawData: inline.bytes(tensor) }
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
    await Promise.all([...files.map((file) => file.close()), inline.close()])
  }
  return written
}

async function exists(file: string): Promise<boolean> {
  return stat(file).then(
    () => true,
    () => false,
  )
}

/** Bytes of all weights of a graph. */
export function weightBytes(graph: GraphBuilder): number {
  return bytesOfAll(graph.weights)
}

function bytesOfAll(weights: readonly TensorData[]): number {
  return weights.flatMap(({ tensors }) => tensors).reduce((sum, tensor) => sum + byteLength(tensor), 0)
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

/** The bytes of a graph whose weights are given as they stand in a file; constants are added. */
export function encodeModel(graph: GraphBuilder, initialisers: readonly InitialiserProto[]): Uint8Array {
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
      initializer: [
        ...graph.constants.map(({ bytes, ...layout }) => ({ ...tensorProto(layout), rawData: bytes })),
        ...initialisers,
      ],
      input: graph.inputs.map(portProto),
      output: graph.outputs.map(portProto),
      valueInfo: graph.shapes.filter(({ name }) => graph.writtenName(name) === name).map(portProto),
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

export function tensorProto({ name, type, shape }: TensorLayout): InitialiserProto {
  return { name, dataType: elementTypes[type].onnx, dims: [...shape] }
}

function externalTensor(tensor: TensorLayout, location: string, offset: number): InitialiserProto {
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
