import { existsSync } from 'node:fs'
import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { temporaryFolder } from './temporary-folder.ts'
import { op, pickle, stateDictPickle, tensorPickle, torchFile, zipArchive } from './torch-archive.ts'

async function folderWith(file: Uint8Array): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'pytorch_model.bin'), file)
  return folder
}

const storageOf = (values: number[]) => new Uint8Array(Float32Array.from(values).buffer)
const six = { storage: 'FloatStorage', key: '0', length: 6, shape: [2, 3] }
const sixValues = storageOf([1, 2, 3, 4, 5, 6])

test('reads tensors, parameters and windows of a shared storage', async () => {
  const parameter = Buffer.concat([
    op.global('torch._utils', '_rebuild_parameter'),
    op.mark,
    tensorPickle({ ...six, key: '1', length: 1, shape: [1] }),
    ...[op.false, op.none, op.tuple, op.reduce],
  ])
  const dictionary = [
    ...[op.text('all'), tensorPickle(six)],
    ...[op.text('window'), tensorPickle({ ...six, offset: 2, shape: [1, 4] })],
    ...[op.text('column'), tensorPickle({ ...six, shape: [6, 1], strides: [1, 99] })],
    ...[op.text('parameter'), parameter],
    ...[op.text('positions'), tensorPickle({ ...six, storage: 'LongStorage', key: '2', length: 1, shape: [1] })],
  ]
  const file = torchFile(pickle(op.emptyDict, op.mark, ...dictionary, op.setItems), {
    0: sixValues,
    1: storageOf([8]),
    2: new Uint8Array(8),
  })
  const checkpoint = await openCheckpoint(await folderWith(file))
  expect(await checkpoint.read('all', { start: 1, end: 2 })).toEqual(Float32Array.of(4, 5, 6))
  expect(await checkpoint.read('window')).toEqual(Float32Array.of(3, 4, 5, 6))
  expect(await checkpoint.read('column')).toEqual(Float32Array.of(1, 2, 3, 4, 5, 6))
  expect(await checkpoint.read('parameter')).toEqual(Float32Array.of(8))
  await expect(checkpoint.read('positions')).rejects.toMatchObject({ code: 'checkpoint-unsupported-format' })
  await checkpoint.verify(['all', 'window', 'parameter'])
  await checkpoint.close()
})

test('reads a state dictionary with version notes', async () => {
  const folder = await folderWith(torchFile(stateDictPickle({ weight: six }), { 0: sixValues }))
  const checkpoint = await openCheckpoint(folder)
  expect([...checkpoint.weights.values()]).toMatchObject([{ name: 'weight', type: 'F32', shape: [2, 3] }])
  await checkpoint.close()
})

test('verify finds a changed value by the checksum, whole storage or window', async () => {
  const file = torchFile(stateDictPickle({ weight: six, window: { ...six, shape: [1], offset: 5 } }), { 0: sixValues })
  const at = file.indexOf(sixValues)
  file[at + 1]! ^= 1
  const checkpoint = await openCheckpoint(await folderWith(file))
  for (const name of ['weight', 'window']) {
    await expect(checkpoint.verify([name])).rejects.toMatchObject({
      code: 'checkpoint-damaged',
      message: expect.stringContaining('checksum'),
    })
  }
  await checkpoint.close()
})

test('runs nothing that a pickle asks for', async () => {
  const folder = await temporaryFolder()
  const canary = join(folder, 'canary')
  const calls: [string, string, string][] = [
    ['posix', 'system', `touch ${canary}`],
    ['os', 'system', `touch ${canary}`],
    ['builtins', 'exec', `open(${JSON.stringify(canary)}, 'w')`],
    ['builtins', 'eval', `open(${JSON.stringify(canary)}, 'w')`],
    ['torch', 'load', canary],
    ['torch.serialization', 'load', canary],
    ['collections', 'OrderedDict.fromkeys', canary],
    ['node:child_process', 'execSync', `touch ${canary}`],
    ['constructor', 'constructor', `touch ${canary}`],
  ]
  for (const [module, name, argument] of calls) {
    const call = [op.global(module, name), op.mark, op.text(argument), op.tuple, op.reduce]
    for (const hostile of [
      pickle(...call),
      pickle(op.emptyDict, op.mark, op.text('weight'), tensorPickle(six), op.text('also'), ...call, op.setItems),
      // without any global where a call is expected
      pickle(op.text(argument), op.emptyTuple, op.reduce),
    ]) {
      await writeFile(join(folder, 'pytorch_model.bin'), torchFile(hostile, { 0: sixValues }))
      await expect(openCheckpoint(folder)).rejects.toMatchObject({
        code: 'checkpoint-forbidden-pickle',
        message: expect.stringMatching(hostile.includes(module) ? `${module}.${name}` : 'not a known function'),
      })
    }
  }
  expect(existsSync(canary)).toBe(false)
})

const legacyMagic = Buffer.from('80028a0a6cfc9c46f9206aa8501900', 'hex')
const entry = { name: 'archive/data.pkl', content: stateDictPickle({ weight: six }) }
const storage = { name: 'archive/data/0', content: sixValues }
const changed = (tensor: object) => torchFile(stateDictPickle({ weight: { ...six, ...tensor } }), { 0: sixValues })

const refused: [string, Uint8Array, string, string][] = [
  ['an empty file', new Uint8Array(0), 'checkpoint-damaged', 'zip archive'],
  ['a file of PyTorch before 1.6', legacyMagic, 'checkpoint-unsupported-format', 'before 1.6'],
  [
    'a tar archive',
    Buffer.concat([Buffer.alloc(257, 'a'), Buffer.from('ustar\0'), Buffer.alloc(249)]),
    'checkpoint-unsupported-format',
    'tar',
  ],
  ['a web page', Buffer.from('<!doctype html><title>404</title>'), 'checkpoint-damaged', 'zip archive'],
  ['an archive of something else', zipArchive([storage]), 'checkpoint-unsupported-format', 'lacks data.pkl'],
  [
    'a TorchScript program',
    zipArchive([entry, storage, { name: 'archive/constants.pkl', content: Buffer.from('x') }]),
    'checkpoint-unsupported-format',
    'TorchScript',
  ],
  [
    'big-endian values',
    zipArchive([entry, storage, { name: 'archive/byteorder', content: Buffer.from('big') }]),
    'checkpoint-unsupported-format',
    'byte order',
  ],
  [
    'a compressed entry (a zip bomb)',
    zipArchive([entry, { ...storage, content: Buffer.alloc(50_000_000), compressed: true }]),
    'checkpoint-unsupported-format',
    'compressed',
  ],
  ['entries that overlap', zipArchive([entry, storage, { ...storage, offset: 0 }]), 'checkpoint-damaged', 'twice'],
  [
    'an entry on top of another',
    zipArchive([entry, storage, { ...storage, name: 'archive/data/1', offset: 60, localName: 'archive/data/1' }]),
    'checkpoint-damaged',
    'zip archive',
  ],
  [
    'an entry with two names',
    zipArchive([entry, { ...storage, localName: 'archive/data/9' }]),
    'checkpoint-damaged',
    'two ways',
  ],
  ['a path out of the archive', zipArchive([entry, { ...storage, name: '../0' }]), 'checkpoint-damaged', 'zip archive'],
  ['a wrong checksum', zipArchive([{ ...entry, checksum: 1 }, storage]), 'checkpoint-damaged', 'checksum'],
  ['a storage that is missing', zipArchive([entry]), 'checkpoint-damaged', 'lacks the values of weight'],
  ['a storage of another size', changed({ length: 7 }), 'checkpoint-damaged', 'pickle says 28'],
  ['a tensor larger than its storage', changed({ shape: [3, 3] }), 'checkpoint-damaged', 'of 6 values'],
  ['a tensor beyond its storage', changed({ offset: 1 }), 'checkpoint-damaged', 'of 6 values'],
  ['a negative offset', changed({ offset: -1 }), 'checkpoint-damaged', 'describes a tensor wrongly'],
  ['a shape that overflows', changed({ shape: [2 ** 52, 2 ** 52] }), 'checkpoint-damaged', 'weight'],
  ['strides of a transposed tensor', changed({ strides: [1, 2] }), 'checkpoint-unsupported-format', 'not row by row'],
  ['strides of 0', changed({ strides: [0, 0] }), 'checkpoint-unsupported-format', 'not row by row'],
]

test.each(refused)('refuses %s', async (_, file, code, message) => {
  await expect(openCheckpoint(await folderWith(file))).rejects.toMatchObject({
    name: 'OwlError',
    code,
    message: expect.stringContaining(message),
  })
})

test.each([
  ['zip64 locator', -42, (end: Buffer) => end.writeBigUInt64LE(2n ** 62n, 8)],
  ['directory', -22, (end: Buffer) => end.writeUInt32LE(0xfffffff0, 16)],
])('refuses a %s that leads far beyond the file', async (_, from, change) => {
  const locator = Buffer.alloc(20)
  locator.write('PK\x06\x07', 'latin1')
  const archive = zipArchive([entry, storage])
  const file = Buffer.concat([archive.subarray(0, -22), ...(from === -42 ? [locator] : []), archive.subarray(-22)])
  change(file.subarray(file.length + from))
  await expect(openCheckpoint(await folderWith(file))).rejects.toMatchObject({ code: 'checkpoint-damaged' })
})

test('reads an archive beyond 4 GiB (zip64)', async () => {
  const folder = await temporaryFolder()
  const count = 2 ** 31 + 8
  const content = stateDictPickle({ weight: { ...six, storage: 'HalfStorage', length: count, shape: [count / 8, 8] } })
  const small = zipArchive([
    { name: 'archive/data.pkl', content },
    { name: 'archive/data/0', content: new Uint8Array(0) },
  ])
  // Its directory is rewritten with the size of the values in a zip64 field, and moved behind a hole of that size.
  const directoryStart = small.readUInt32LE(small.length - 6)
  const directory = small.subarray(directoryStart, small.length - 22)
  const second = directory.indexOf('PK\x01\x02', 4, 'latin1')
  const values = Buffer.from(directory.subarray(second))
  const zip64 = Buffer.alloc(20)
  zip64.writeUInt16LE(1, 0)
  zip64.writeUInt16LE(16, 2)
  zip64.writeBigUInt64LE(BigInt(count * 2), 4)
  zip64.writeBigUInt64LE(BigInt(count * 2), 12)
  values.writeUInt32LE(0xffffffff, 20)
  values.writeUInt32LE(0xffffffff, 24)
  values.writeUInt16LE(zip64.length, 30)
  const newDirectory = Buffer.concat([directory.subarray(0, second), values, zip64])
  const newStart = directoryStart + count * 2

  const record = Buffer.alloc(56)
  record.write('PK\x06\x06', 'latin1')
  record.writeBigUInt64LE(44n, 4)
  record.writeBigUInt64LE(2n, 24)
  record.writeBigUInt64LE(2n, 32)
  record.writeBigUInt64LE(BigInt(newDirectory.length), 40)
  record.writeBigUInt64LE(BigInt(newStart), 48)
  const locator = Buffer.alloc(20)
  locator.write('PK\x06\x07', 'latin1')
  locator.writeBigUInt64LE(BigInt(newStart + newDirectory.length), 8)
  locator.writeUInt32LE(1, 16)
  const end = Buffer.from(small.subarray(-22))
  end.writeUInt32LE(0xffffffff, 16)

  const file = await open(join(folder, 'pytorch_model.bin'), 'w')
  await file.write(small.subarray(0, directoryStart))
  await file.write(Uint8Array.of(0, 0x3c), 0, 2, newStart - 2)
  await file.write(Buffer.concat([newDirectory, record, locator, end]), 0, undefined, newStart)
  await file.close()

  const checkpoint = await openCheckpoint(folder)
  const rows = { start: count / 8 - 1, end: count / 8 }
  expect(await checkpoint.read('weight', rows)).toEqual(Float32Array.of(0, 0, 0, 0, 0, 0, 0, 1))
  await checkpoint.close()
})
