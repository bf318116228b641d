import { cp, open, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { Checkpoint } from '../../../native-models/checkpoint/checkpoint.ts'
import { openCheckpoint } from '../../../native-models/checkpoint/open-checkpoint.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import { float32File } from './safetensors-file.ts'
import { temporaryFolder } from './temporary-folder.ts'

const reference = join(import.meta.dirname, '../../fixtures/reference')
const isWeightFile = (name: string) => /\.(bin|safetensors)$/.test(name)

/** Count of weights, count and sum of all values as PyTorch reads them, in double precision. */
const byPyTorch = {
  'tiny-32k': { weights: 128, type: 'F16', values: 4_388_024, sum: 5443.084708690643 },
  'tiny-512': { weights: 102, type: 'BF16', values: 482_512, sum: 3121.3246399089694 },
  'tiny-gqa': { weights: 127, type: 'BF16', values: 378_440, sum: 3535.168122881092 },
} as const

describe.each(Object.entries(byPyTorch))('%s', (name, { weights, type, values, sum }) => {
  test('has the weights and values that PyTorch finds', async () => {
    const checkpoint = await openCheckpoint(join(reference, name))
    const all = await Promise.all([...checkpoint.weights.keys()].map((weight) => checkpoint.read(weight)))
    expect(checkpoint.weights.size).toBe(weights)
    expect(checkpoint.weights.get('model.norm.weight')!.type).toBe(type)
    expect(all.reduce((count, array) => count + array.length, 0)).toBe(values)
    expect(all.reduce((total, array) => array.reduce((part, value) => part + value, total), 0)).toBeCloseTo(sum, 8)
    await checkpoint.verify([...checkpoint.weights.keys()])
    await checkpoint.close()
  })

  test('gives the same values by rows as whole', async () => {
    const checkpoint = await openCheckpoint(join(reference, name))
    for (const { name: weight, shape } of checkpoint.weights.values()) {
      const whole = await checkpoint.read(weight)
      const rows = shape[0]!
      const cut = Math.ceil(rows / 3)
      const parts = [
        await checkpoint.read(weight, { start: 0, end: cut }),
        await checkpoint.read(weight, { start: cut, end: rows }),
      ]
      expect(Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))).equals(new Uint8Array(whole.buffer))).toBe(
        true,
      )
    }
    await checkpoint.close()
  })

  test('refuses files cut off anywhere', async () => {
    const folder = await temporaryFolder()
    await cp(join(reference, name), folder, { recursive: true })
    const file = (await readdir(folder)).filter(isWeightFile).at(-1)!
    const whole = await readFile(join(folder, file))
    const cuts = [0, 1, 7, 8, 9, 100, 1000, ...[1, 2, 3].map((quarter) => Math.floor((whole.length * quarter) / 4))]
    for (const length of [...cuts, whole.length - 100, whole.length - 22, whole.length - 1]) {
      await writeFile(join(folder, file), whole)
      await truncate(join(folder, file), length)
      await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-damaged' })
    }
  })

  test('either refuses a file with a flipped bit by an error of the catalogue, or reads it', {
    timeout: 300_000,
  }, async () => {
    const folder = await temporaryFolder()
    await cp(join(reference, name), folder, { recursive: true })
    const file = (await readdir(folder)).filter(isWeightFile).at(-1)!
    const whole = await readFile(join(folder, file))
    // The structure is at the start of safetensors, and at both ends of torch archives.
    const places = [...Array(80).keys()].map((i) => (i % 2 === 0 ? i * 14 : whole.length - 1 - i * 14))
    let refused = 0
    for (const [index, place] of places.entries()) {
      await overwrite(join(folder, file), place, whole[place]! ^ (1 << (index % 8)))
      try {
        const checkpoint = await openCheckpoint(folder)
        await readFirstRows(checkpoint)
      } catch (error) {
        expect(error).toBeInstanceOf(OwlError)
        expect((error as OwlError).code).toMatch(/^checkpoint-/)
        refused++
      }
      await overwrite(join(folder, file), place, whole[place]!)
    }
    expect(refused).toBeGreaterThan(10)
  })
})

async function overwrite(path: string, place: number, byte: number): Promise<void> {
  const file = await open(path, 'r+')
  await file.write(Uint8Array.of(byte), 0, 1, place)
  await file.close()
}

async function readFirstRows(checkpoint: Checkpoint): Promise<void> {
  try {
    for (const { name, shape } of checkpoint.weights.values()) {
      await checkpoint.read(name, { start: 0, end: Math.min(shape[0] ?? 1, 1) })
    }
  } finally {
    await checkpoint.close()
  }
}

test('tiny-32k holds what a decoder of its own finds in the archives', async () => {
  const checkpoint = await openCheckpoint(join(reference, 'tiny-32k'))
  const index = JSON.parse(await readFile(join(reference, 'tiny-32k/pytorch_model.bin.index.json'), 'utf8'))
  const fileOf = new Map(Object.entries(index.weight_map as Record<string, string>))
  let compared = 0
  for (const file of new Set(fileOf.values())) {
    const names = [...fileOf.keys()].filter((name) => fileOf.get(name) === file)
    const entries = storedEntries(await readFile(join(reference, 'tiny-32k', file)))
    const structure = entries.get('data.pkl')!
    // PyTorch numbers storages in the order in which the names stand in the pickle.
    const place = (name: string) =>
      structure.indexOf(Buffer.concat([Buffer.of(name.length, 0, 0, 0), Buffer.from(name)]))
    const ordered = names.toSorted((a, b) => place(a) - place(b))
    for (const [number, name] of ordered.entries()) {
      const expected = halfFloats(entries.get(`data/${number}`)!)
      const actual = await checkpoint.read(name)
      expect(Buffer.from(actual.buffer).equals(Buffer.from(expected.buffer)), name).toBe(true)
      compared++
    }
  }
  expect(compared).toBe(128)
  await checkpoint.close()
})

/** Contents of an archive without compression, by the name within its folder. */
function storedEntries(archive: Buffer): Map<string, Buffer> {
  const entries = new Map<string, Buffer>()
  let at = archive.readUInt32LE(archive.lastIndexOf('PK\x05\x06', undefined, 'latin1') + 16)
  while (archive.toString('latin1', at, at + 4) === 'PK\x01\x02') {
    const [size, nameLength, extraLength] = [
      archive.readUInt32LE(at + 24),
      archive.readUInt16LE(at + 28),
      archive.readUInt16LE(at + 30),
    ]
    const local = archive.readUInt32LE(at + 42)
    const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28)
    const name = archive.toString('latin1', at + 46, at + 46 + nameLength)
    entries.set(name.slice(name.indexOf('/') + 1), archive.subarray(start, start + size))
    at += 46 + nameLength + extraLength + archive.readUInt16LE(at + 32)
  }
  return entries
}

/** By the definition of IEEE 754. */
function halfFloats(bytes: Buffer): Float32Array {
  return Float32Array.from({ length: bytes.length / 2 }, (_, index) => {
    const bits = bytes.readUInt16LE(index * 2)
    const [sign, exponent, fraction] = [bits & 0x8000 ? -1 : 1, (bits >> 10) & 31, bits & 1023]
    return exponent === 0 ? sign * fraction * 2 ** -24 : sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}

describe('folders', () => {
  const one = float32File({ a: { shape: [1], values: [1] }, b: { shape: [1], values: [2] } })
  const other = float32File({ b: { shape: [1], values: [3] } })
  const write = async (files: Record<string, string | Uint8Array>) => {
    const folder = await temporaryFolder()
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
    return folder
  }
  const index = (map: Record<string, string>) => JSON.stringify({ weight_map: map })

  test('the index says which of two files counts', async () => {
    const folder = await write({
      'model.safetensors.index.json': index({ a: 'x.safetensors', b: 'y.safetensors' }),
      'x.safetensors': one,
      'y.safetensors': other,
    })
    const checkpoint = await openCheckpoint(folder)
    expect([...checkpoint.weights.keys()]).toEqual(['a', 'b'])
    expect(await checkpoint.read('b')).toEqual(Float32Array.of(3))
    await checkpoint.close()
  })

  test('follows links, as download caches use them', async () => {
    const folder = await temporaryFolder()
    await symlink(join(await write({ blob: one }), 'blob'), join(folder, 'model.safetensors'))
    const checkpoint = await openCheckpoint(folder)
    expect(checkpoint.weights.size).toBe(2)
    await checkpoint.close()
  })

  test.each<[string, Record<string, string | Uint8Array>, string, string]>([
    ['an empty folder', {}, 'checkpoint-not-found', 'no weights'],
    ['another format', { 'model.gguf': one }, 'checkpoint-unsupported-format', 'model.gguf'],
    ['shards without an index', { 'model-00001-of-00002.safetensors': one }, 'checkpoint-shard-missing', 'index'],
    [
      'a shard that is missing',
      { 'model.safetensors.index.json': index({ a: 'x.safetensors', b: 'y.safetensors' }), 'x.safetensors': one },
      'checkpoint-shard-missing',
      'y.safetensors',
    ],
    [
      'a weight that is not where the index says',
      { 'model.safetensors.index.json': index({ c: 'x.safetensors' }), 'x.safetensors': one },
      'checkpoint-damaged',
      'places c in x.safetensors',
    ],
    [
      'an index that leads out of the folder',
      { 'pytorch_model.bin.index.json': index({ a: '../x.bin' }) },
      'checkpoint-unsafe-path',
      '../x.bin',
    ],
  ])('refuses %s', async (_, files, code, message) => {
    await expect(openCheckpoint(await write(files))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(message),
    })
  })

  test('refuses a folder that is not there, and a shard that is a folder', async () => {
    const folder = await write({})
    await rm(folder, { recursive: true })
    await expect(openCheckpoint(folder)).rejects.toMatchObject({ code: 'checkpoint-not-found' })
    await expect(
      openCheckpoint(await write({ 'model.safetensors.index.json': index({ a: 'x.safetensors' }) })),
    ).rejects.toMatchObject({ code: 'checkpoint-shard-missing' })
  })
})
