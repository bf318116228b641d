import { OwlError } from '../owl-error.ts'
import { type PickleGlobal, type PickleMap, type PickleValue, readPickle } from './pickle.ts'

/** A block of values of a torch archive, which tensors are windows of. */
export class TorchStorage {
  /** Class name without "torch.": "HalfStorage". */
  readonly type: string
  /** Its values are the archive's entry `data/KEY`. */
  readonly key: string
  /** In values. */
  readonly length: number

  constructor(type: string, key: string, length: number) {
    this.type = type
    this.key = key
    this.length = length
  }
}

/** A tensor as `torch._utils._rebuild_tensor_v2` is told of it. */
export class TorchTensor {
  readonly storage: TorchStorage
  /** Of the first value in the storage, in values. */
  readonly offset: number
  readonly shape: readonly number[]
  readonly strides: readonly number[]

  constructor(storage: TorchStorage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage
    this.offset = offset
    this.shape = shape
    this.strides = strides
  }
}

const storageTypes = ['Double', 'Float', 'Half', 'BFloat16', 'Long', 'Int', 'Short', 'Char', 'Byte', 'Bool']

/**
 * Reads `data.pkl` of a torch archive that holds a state dictionary.
 * @param source the archive's name, for errors
 * @throws OwlError `checkpoint-forbidden-pickle`, `checkpoint-unsupported-format`, `checkpoint-damaged`
 */
export function readStateDictionary(bytes: Buffer, source: string): Map<string, TorchTensor> {
  const damaged = (what: string) => new OwlError('checkpoint-damaged', `The pickle of ${source} ${what}.`)

  const rebuildTensor = ([storage, offset, shape, strides]: PickleValue[]): TorchTensor => {
    if (!(storage instanceof TorchStorage && isSize(offset) && isSizes(shape) && isSizes(strides))) {
      throw damaged('describes a tensor wrongly')
    }
    if (shape.length !== strides.length || shape.length > 16) throw damaged('describes a tensor wrongly')
    return new TorchTensor(storage, offset, shape, strides)
  }
  const rebuildParameter = ([tensor]: PickleValue[]): TorchTensor => {
    if (!(tensor instanceof TorchTensor)) throw damaged('has a parameter that is not a tensor')
    return tensor
  }
  const orderedDictionary = (args: PickleValue[]): PickleMap => {
    if (args.length > 0) throw damaged('fills an ordered dictionary in an unknown way')
    return new Map()
  }
  const globals: PickleGlobal[] = [
    { name: 'collections.OrderedDict', call: orderedDictionary },
    { name: 'torch._utils._rebuild_tensor_v2', call: rebuildTensor },
    { name: 'torch._utils._rebuild_parameter', call: rebuildParameter },
    ...storageTypes.map((type) => ({ name: `torch.${type}Storage` })),
  ]
  const storageGlobals = new Set<PickleValue>(globals.filter((global) => !global.call))

  /** `('storage', storage class, key, device, length in values)` */
  const persistent = (id: PickleValue): TorchStorage => {
    const [kind, type, key, , length] = Array.isArray(id) ? id : []
    if (kind !== 'storage' || !storageGlobals.has(type!) || typeof key !== 'string' || !isSize(length)) {
      throw damaged('refers to something outside itself that is not a storage')
    }
    return new TorchStorage((type as PickleGlobal).name.slice('torch.'.length), key, length)
  }

  const content = readPickle(bytes, source, {
    globals: new Map(globals.map((global) => [global.name, global])),
    persistent,
  })
  if (!(content instanceof Map)) throw notStateDictionary(source, 'is not a dictionary')
  const tensors = new Map<string, TorchTensor>()
  for (const [name, tensor] of content) {
    if (typeof name !== 'string' || !(tensor instanceof TorchTensor)) {
      throw notStateDictionary(source, `has the entry ${JSON.stringify(name)}, which is not a weight`)
    }
    tensors.set(name, tensor)
  }
  return tensors
}

function notStateDictionary(source: string, what: string): OwlError {
  return new OwlError('checkpoint-unsupported-format', `The pickle of ${source} ${what}.`, {
    hint: 'Use the file that torch.save wrote of model.state_dict(), not a training state or a whole model.',
  })
}

function isSize(value: PickleValue | undefined): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0
}

function isSizes(value: PickleValue | undefined): value is number[] {
  return Array.isArray(value) && value.every(isSize)
}
