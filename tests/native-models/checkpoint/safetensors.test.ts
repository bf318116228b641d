import { open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { float32File, safetensorsFile } from './safetensors-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

async function folderWith(file: Uint8Array): Promise<string> {
  const folder = await temporaryFolder()
  await writeFile(join(folder, 'model.safetensors'), file)
  return folder
}

const entry = (dtype: string, shape: number[], begin: number, end: number) => ({
  dtype,
  shape,
  data_offsets: [begin, end],
})

test('reads whole weights and ranges of rows', async () => {
  const values = Array.from({ length: 12 }, (_, index) => index)
  const folder = await folderWith(
    float32File({
      matrix: { shape: [4, 3], values },
      scalar: { shape: [], values: [7] },
      empty: { shape: [0, 5], values: [] },
    }),
  )
  const checkpoint = await openCheckpoint(folder)
  expect(checkpoint.weights.get('matrix')).toMatchObject({ type: 'F32', shape: [4, 3] })
  expect(await checkpoint.read('matrix')).toEqual(Float32Array.from(values))
  expect(await checkpoint.read('matrix', { start: 1, end: 3 })).toEqual(Float32Array.of(3, 4, 5, 6, 7, 8))
  expect(await checkpoint.read('matrix', { start: 2, end: 2 })).toEqual(new Float32Array(0))
  expect(await checkpoint.read('scalar')).toEqual(Float32Array.of(7))
  expect(await checkpoint.read('empty')).toEqual(new Float32Array(0))
  await expect(checkpoint.read('matrix', { start: 3, end: 5 })).rejects.toThrow(RangeError)
  await expect(checkpoint.read('other')).rejects.toMatchObject({ code: 'weights-missing' })
  await checkpoint.close()
})

test('reads a weight of several chunks beyond 4 GiB, as half and as brain float', async () => {
  const folder = await temporaryFolder()
  const [rows, width] = [1_300_000, 2048]
  const bytes = rows * width * 2
  const header = {
    big: entry('F16', [rows, width], 0, bytes),
    last: entry('BF16', [3_000_000], bytes, bytes + 6_000_000),
  }
  const start = safetensorsFile(header, new Uint8Array(0))
  // The file is sparse: it takes next to nothing on the disk.
  const file = await open(join(folder, 'model.safetensors'), 'w')
  await file.write(start)
  const write = (value: number, at: number) =>
    file.write(Uint8Array.of(value & 255, value >> 8), 0, 2, start.length + at)
  await write(0x3c00, (rows - 2) * width * 2)
  await write(0xc000, bytes - 2)
  await write(0x3f80, bytes)
  await write(0x4040, bytes + 6_000_000 - 2)
  await file.close()

  const checkpoint = await openCheckpoint(folder)
  const end = await checkpoint.read('big', { start: rows - 2, end: rows })
  expect([end.length, end[0], end[1], end.at(-1)]).toEqual([2 * width, 1, 0, -2])
  const last = await checkpoint.read('last')
  expect([last.length, last[0], last[1], last.at(-2), last.at(-1)]).toEqual([3_000_000, 1, 0, 0, 3])
  await checkpoint.close()
})

test('lists weights of other number formats as missing and says why they cannot be read', async () => {
  const folder = await folderWith(safetensorsFile({ positions: entry('I64', [2], 0, 16) }, new Uint8Array(16)))
  const checkpoint = await openCheckpoint(folder)
  expect(checkpoint.weights.has('positions')).toBe(false)
  await expect(checkpoint.read('positions')).rejects.toMatchObject({
    code: 'checkpoint-unsupported-format',
    message: expect.stringContaining('I64'),
  })
  await checkpoint.close()
})

test('verify finds values that are not finite', async () => {
  const folder = await folderWith(
    float32File({ good: { shape: [2], values: [1, 2] }, bad: { shape: [2], values: [1, Number.NaN] } }),
  )
  const checkpoint = await openCheckpoint(folder)
  await checkpoint.verify(['good'])
  await expect(checkpoint.verify(['good', 'bad'])).rejects.toMatchObject({
    code: 'checkpoint-damaged',
    message: expect.stringContaining('bad'),
  })
  const stopped = checkpoint.verify(['good'], { signal: AbortSignal.abort() })
  await expect(stopped).rejects.toMatchObject({ code: 'cancelled' })
  await checkpoint.close()
})

const four = new Uint8Array(4)
const hostile: [string, Uint8Array, string][] = [
  ['an empty file', new Uint8Array(0), 'has 0 bytes'],
  ['a file of 7 bytes', new Uint8Array(7), 'has 7 bytes'],
  ['a header of 2^63 bytes', Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 128, 123, 125), '9223372036854775808'],
  ['a header longer than the file', Uint8Array.of(200, 0, 0, 0, 0, 0, 0, 0, 123, 125), '200 bytes'],
  ['a header that is not JSON', safetensorsFile('{"a":', four), 'not JSON'],
  ['a header that is a list', safetensorsFile('[]', four), 'not a JSON object'],
  [
    'a name given twice',
    safetensorsFile(
      '{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"\\u0061":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}',
      four,
    ),
    'twice',
  ],
  ['an entry without offsets', safetensorsFile({ a: { dtype: 'F32', shape: [1] } }, four), 'describes a wrongly'],
  ['a negative extent', safetensorsFile({ a: entry('F32', [-1], 0, 4) }, four), 'describes a wrongly'],
  ['a fractional offset', safetensorsFile({ a: entry('F32', [1], 0.5, 4.5) }, four), 'describes a wrongly'],
  ['offsets the wrong way round', safetensorsFile({ a: entry('F32', [1], 4, 0) }, four), 'gives a -4 bytes'],
  ['offsets beyond the end', safetensorsFile({ a: entry('F32', [2], 0, 8) }, four), 'cut off'],
  ['a shape that overflows', safetensorsFile({ a: entry('F32', [2 ** 40, 2 ** 40], 0, 4) }, four), 'gives a 4 bytes'],
  ['a shape of another size', safetensorsFile({ a: entry('F32', [3], 0, 4) }, four), 'takes 12'],
  [
    'weights that overlap',
    safetensorsFile({ a: entry('F32', [2], 0, 8), b: entry('F32', [1], 4, 8) }, new Uint8Array(8)),
    'overlap b',
  ],
  ['a gap', safetensorsFile({ a: entry('F32', [1], 4, 8) }, new Uint8Array(8)), 'gap before a'],
  ['bytes too many', safetensorsFile({ a: entry('F32', [1], 0, 4) }, new Uint8Array(8)), '4 bytes more'],
  ['a Git LFS pointer', Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 5\n'), 'Git LFS'],
]

test.each(hostile)('refuses %s', async (_, file, message) => {
  await expect(openCheckpoint(await folderWith(file))).rejects.toMatchObject({
    name: 'OwlError',
    code: 'checkpoint-damaged',
    message: expect.stringContaining(message),
  })
})

test('refuses a number format that it does not know', async () => {
  const folder = await folderWith(safetensorsFile({ a: entry('X12', [1], 0, 4) }, four))
  await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-unsupported-format' })
})
