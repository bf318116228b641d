import { cp, open, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { type InstallRequest, installModel } from '../../../native-models/install/install-model.ts'
import { verifyModel } from '../../../native-models/install/installed-models.ts'
import type { Progress } from '../../../native-models/progress.ts'
import { safetensorsFile, type TensorEntry } from '../checkpoint/safetensors-file.ts'
import { temporaryFolder } from '../checkpoint/temporary-folder.ts'

const reference = join(import.meta.dirname, '../../fixtures/reference')

async function copyOf(checkpoint: string): Promise<string> {
  const folder = join(await temporaryFolder(), checkpoint)
  await cp(join(reference, checkpoint), folder, { recursive: true })
  return folder
}

const request = async (checkpointFolder: string, more: Partial<InstallRequest> = {}): Promise<InstallRequest> => ({
  checkpointFolder,
  modelsFolder: await temporaryFolder(),
  name: 'model',
  ...more,
})

test.each(['tiny-32k', 'tiny-512'])('threads make of %s just what one thread makes of it', async (name) => {
  const checkpoint = join(reference, name)
  const alone = await installModel(await request(checkpoint, { threads: 0 }))
  const together = await installModel(await request(checkpoint, { threads: 2 }))
  expect(together.files).toEqual(alone.files)
})

test('a weight whose checksum or values are wrong is found while it is converted', async () => {
  const folder = await copyOf('tiny-32k')
  const shard = join(folder, 'pytorch_model-00001-of-00003.bin')
  const bytes = await readFile(shard)
  bytes[bytes.length >> 1]! ^= 1
  await writeFile(shard, bytes)
  const wanted = await request(folder, { threads: 2 })
  await expect(installModel(wanted)).rejects.toMatchObject({
    code: 'checkpoint-damaged',
    message: expect.stringContaining('does not have the checksum of'),
  })
  expect(await readdir(wanted.modelsFolder)).toEqual(['model.partial'])
})

test('weight files go as they are used, and a stopped conversion continues without them', async () => {
  const untouched = await installModel(await request(join(reference, 'tiny-512'), { threads: 2 }))
  const folder = await copyOf('tiny-512')
  const wanted = await request(folder, { threads: 2, deleteUsed: true })
  const stop = new AbortController()
  const onProgress = ({ stage }: Progress) => /^writing modality/.test(stage) && stop.abort()
  await expect(installModel(wanted, { signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' })

  await installModel(wanted)
  const model = join(wanted.modelsFolder, 'model')
  await verifyModel(model)
  expect(JSON.parse(await readFile(join(model, 'manifest.json'), 'utf8')).files).toEqual(untouched.files)
  expect((await readdir(folder)).filter((file) => file.endsWith('.safetensors'))).toEqual([])

  await expect(installModel({ ...wanted, name: 'again' })).rejects.toMatchObject({
    code: 'checkpoint-shard-missing',
    message: expect.stringContaining('deleted after it had been converted'),
  })
})

/** tiny-gqa with a vision encoder so wide that the model is worth threads, and with one damaged weight in its decoder. */
async function largeAndDamaged(): Promise<string> {
  const folder = await copyOf('tiny-gqa')
  const feedForward = 100_000
  const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'))
  const before: number = config.visual_config.visual_model.intermediate_size
  config.visual_config.visual_model.intermediate_size = feedForward
  await writeFile(join(folder, 'config.json'), JSON.stringify(config))

  const file = join(folder, 'model.safetensors')
  const bytes = await readFile(file)
  const headerEnd = 8 + Number(bytes.readBigUInt64LE())
  const { __metadata__: _, ...tensors } = JSON.parse(bytes.toString('utf8', 8, headerEnd)) as Record<
    string,
    TensorEntry
  >
  const widened: Record<string, TensorEntry> = {}
  const kept: { offset: number; values: Uint8Array }[] = []
  let end = 0
  for (const [name, { dtype, shape, data_offsets: place }] of Object.entries(tensors)) {
    const isWide = /vision_model\..*mlp\.fc[12]\./.test(name) && shape.includes(before)
    const extents = isWide ? shape.map((extent) => (extent === before ? feedForward : extent)) : shape
    const size = ((place[1] - place[0]) / product(shape)) * product(extents)
    const values = Uint8Array.from(bytes.subarray(headerEnd + place[0], headerEnd + place[1]))
    // Of ones only: not a number, in every format.
    if (name === 'model.layers.2.mlp.down_proj.weight') values.fill(0xff)
    // What is wide is zero, a hole in the file.
    if (!isWide) kept.push({ offset: end, values })
    widened[name] = { dtype, shape: extents, data_offsets: [end, end + size] }
    end += size
  }
  const header = safetensorsFile(widened, new Uint8Array())
  const handle = await open(file, 'w')
  await handle.write(header, 0, header.length, 0)
  for (const { offset, values } of kept) await handle.write(values, 0, values.length, header.length + offset)
  await handle.truncate(header.length + end)
  await handle.close()
  return folder
}

const product = (extents: readonly number[]) => extents.reduce((result, extent) => result * extent, 1)

test('a large model of which little is left is checked as in one go', { timeout: 120_000 }, async () => {
  const precision = { vision: 'f32', abstractor: 'int8', decoder: 'int4', embedding: 'int8' } as const
  const wanted = await request(await largeAndDamaged(), { precision })
  const stop = new AbortController()
  const onProgress = ({ stage }: Progress) => /^checking visual-abstractor/.test(stage) && stop.abort()
  await expect(installModel(wanted, { signal: stop.signal, onProgress })).rejects.toMatchObject({ code: 'cancelled' })
  await expect(installModel(wanted)).rejects.toMatchObject({
    code: 'checkpoint-damaged',
    message: expect.stringContaining('model.layers.2.mlp.down_proj.weight'),
  })
})
