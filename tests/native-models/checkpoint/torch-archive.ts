import { crc32, deflateRawSync } from 'node:zlib'

export interface ZipEntry {
  name: string
  content: Uint8Array
  compressed?: boolean
  /** In place of the true one. */
  checksum?: number
  /** Where the central directory says the entry is, in place of its true offset. */
  offset?: number
  /** Name in front of the content, in place of the one in the central directory. */
  localName?: string
}

/** A zip archive, by hand so that it can be wrong in every way. */
export function zipArchive(entries: readonly ZipEntry[]): Buffer {
  const parts: Buffer[] = []
  const directory: Buffer[] = []
  let at = 0
  const add = (part: Buffer) => {
    parts.push(part)
    at += part.length
  }
  for (const entry of entries) {
    const name = Buffer.from(entry.name)
    const localName = Buffer.from(entry.localName ?? entry.name)
    const stored = entry.compressed ? deflateRawSync(entry.content) : Buffer.from(entry.content)
    const fields = Buffer.alloc(26)
    fields.writeUInt16LE(20, 0)
    fields.writeUInt16LE(0x800, 2)
    fields.writeUInt16LE(entry.compressed ? 8 : 0, 4)
    fields.writeUInt32LE(entry.checksum ?? crc32(entry.content), 10)
    fields.writeUInt32LE(stored.length, 14)
    fields.writeUInt32LE(entry.content.length, 18)
    fields.writeUInt16LE(name.length, 22)

    const central = Buffer.alloc(14)
    central.writeUInt32LE(entry.offset ?? at, 10)
    directory.push(Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, central, name)

    const local = Buffer.from(fields)
    local.writeUInt16LE(localName.length, 22)
    add(Buffer.concat([Buffer.from('PK\x03\x04'), local, localName]))
    add(stored)
  }
  const directoryBytes = Buffer.concat(directory)
  const end = Buffer.alloc(22)
  end.write('PK\x05\x06', 'latin1')
  end.writeUInt16LE(entries.length, 8)
  end.writeUInt16LE(entries.length, 10)
  end.writeUInt32LE(directoryBytes.length, 12)
  end.writeUInt32LE(at, 16)
  return Buffer.concat([...parts, directoryBytes, end])
}

/** Opcodes of pickle protocol 2, to put hostile pickles together by hand. */
export const op = {
  start: Buffer.from('\x80\x02', 'latin1'),
  stop: Buffer.from('.'),
  mark: Buffer.from('('),
  tuple: Buffer.from('t'),
  emptyTuple: Buffer.from(')'),
  emptyDict: Buffer.from('}'),
  emptyList: Buffer.from(']'),
  setItems: Buffer.from('u'),
  reduce: Buffer.from('R'),
  build: Buffer.from('b'),
  persistent: Buffer.from('Q'),
  none: Buffer.from('N'),
  false: Buffer.from('\x89', 'latin1'),
  global: (module: string, name: string) => Buffer.from(`c${module}\n${name}\n`),
  text(text: string) {
    const bytes = Buffer.from(text)
    const length = Buffer.alloc(4)
    length.writeUInt32LE(bytes.length)
    return Buffer.concat([Buffer.from('X'), length, bytes])
  },
  int(value: number) {
    const bytes = Buffer.alloc(9)
    bytes.writeBigInt64LE(BigInt(value), 1)
    bytes[0] = 8
    return Buffer.concat([Buffer.from('\x8a', 'latin1'), bytes])
  },
}

export const pickle = (...parts: Buffer[]) => Buffer.concat([op.start, ...parts, op.stop])

export interface TorchTensorEntry {
  storage: string
  /** Values in the storage. */
  length: number
  key: string
  offset?: number
  shape: number[]
  strides?: number[]
}

const tuple = (parts: Buffer[]) => Buffer.concat([op.mark, ...parts, op.tuple])
const ints = (values: readonly number[]) => tuple(values.map(op.int))
const orderedDict = Buffer.concat([op.global('collections', 'OrderedDict'), op.emptyTuple, op.reduce])

/** What torch.save writes for a tensor. */
export function tensorPickle({ storage, length, key, offset = 0, shape, strides }: TorchTensorEntry): Buffer {
  const rowMajor = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, extent) => product * extent, 1))
  const place = [op.text('storage'), op.global('torch', storage), op.text(key), op.text('cpu'), op.int(length)]
  return Buffer.concat([
    op.global('torch._utils', '_rebuild_tensor_v2'),
    tuple([tuple(place), op.persistent, op.int(offset), ints(shape), ints(strides ?? rowMajor), op.false, orderedDict]),
    op.reduce,
  ])
}

/** What torch.save writes for `model.state_dict()`, with the version notes that modules leave. */
export function stateDictPickle(tensors: Record<string, TorchTensorEntry>): Buffer {
  const items = Object.entries(tensors).map(([name, tensor]) => Buffer.concat([op.text(name), tensorPickle(tensor)]))
  const notes = Buffer.concat([op.emptyDict, op.mark, op.text('_metadata'), orderedDict, op.setItems, op.build])
  return pickle(orderedDict, op.mark, ...items, op.setItems, notes)
}

/** A file of torch.save. */
export function torchFile(pickleBytes: Buffer, storages: Record<string, Uint8Array>): Buffer {
  return zipArchive([
    { name: 'archive/data.pkl', content: pickleBytes },
    ...Object.entries(storages).map(([key, content]) => ({ name: `archive/data/${key}`, content })),
    { name: 'archive/version', content: Buffer.from('3\n') },
  ])
}
