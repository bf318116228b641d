import { InferenceSession, Tensor } from 'onnxruntime-node'
import type { NumberType } from '../../native-models/onnx/device-operators.ts'
import { toType } from '../../native-models/onnx/device-operators.ts'
import { GraphBuilder } from '../../native-models/onnx/graph-builder.ts'
import { encodeModel } from '../../native-models/onnx/model-file.ts'
import { concat, expand } from '../../native-models/onnx/operators.ts'
import type { CacheShape } from './kv-cache.ts'
import type { Execution } from './providers.ts'
import { sessionOptions } from './session.ts'

/**
 * Buffers of the cache on the device. The runtime gives memory there only to outputs of graphs, so a small graph makes
 * and enlarges buffers; and it reads back only what a graph returns to the processor, which another one does.
 */
export class DeviceMemory {
  readonly numbers: NumberType
  readonly #shape: CacheShape
  readonly #growing: InferenceSession
  readonly #reading: InferenceSession

  private constructor(shape: CacheShape, numbers: NumberType, growing: InferenceSession, reading: InferenceSession) {
    this.#shape = shape
    this.numbers = numbers
    this.#growing = growing
    this.#reading = reading
  }

  static async open(shape: CacheShape, execution: Execution): Promise<DeviceMemory> {
    const { numbers } = execution
    const options = sessionOptions(execution)
    const growing = await InferenceSession.create(encodeModel(growingGraph(shape, numbers), []), {
      ...options,
      preferredOutputLocation: 'gpu-buffer',
    })
    const reading = await InferenceSession.create(encodeModel(readingGraph(shape, numbers), []), options)
    return new DeviceMemory(shape, numbers, growing, reading)
  }

  /** A buffer [1, key heads, capacity, head width] that begins with what is in another one, which it replaces. */
  async grow(capacity: number, from?: Tensor): Promise<Tensor> {
    const { keyHeads, headWidth } = this.#shape
    const old = from ?? this.#empty()
    const added = [1, keyHeads, capacity - old.dims[2]!, headWidth]
    const size = new Tensor('int64', BigInt64Array.from(added, BigInt), [4])
    const { grown } = await this.#growing.run({ old, size })
    from?.dispose()
    return grown!
  }

  /** What is in a buffer, as float32, [key heads, capacity, head width]. */
  async read(buffer: Tensor): Promise<Float32Array> {
    const { copy } = await this.#reading.run({ buffer })
    return copy!.data as Float32Array
  }

  #empty(): Tensor {
    const dims = [1, this.#shape.keyHeads, 0, this.#shape.headWidth]
    return this.numbers === 'float16'
      ? new Tensor('float16', new Uint16Array(0), dims)
      : new Tensor('float32', new Float32Array(0), dims)
  }
}

function growingGraph({ keyHeads, headWidth }: CacheShape, numbers: NumberType): GraphBuilder {
  const g = new GraphBuilder('growing')
  const old = g.input('old', numbers, [1, keyHeads, 'capacity', headWidth])
  const empty = expand(g, toType(g, g.float32(0), numbers), g.input('size', 'int64', [4]))
  g.output('grown', concat(g, [old, empty], 2), [1, keyHeads, 'larger', headWidth])
  return g
}

function readingGraph({ keyHeads, headWidth }: CacheShape, numbers: NumberType): GraphBuilder {
  const g = new GraphBuilder('reading')
  const buffer = g.input('buffer', numbers, [1, keyHeads, 'capacity', headWidth])
  const copy = numbers === 'float32' ? g.node('Identity', [buffer], 'float32') : toType(g, buffer, 'float32')
  g.output('copy', copy, [1, keyHeads, 'capacity', headWidth])
  return g
}
