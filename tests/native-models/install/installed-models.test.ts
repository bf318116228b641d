import { mkdir, readdir, rename, rm, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, test } from 'vitest'
import { installModel } from '../../../native-models/install/install-model.ts'
import {
  findDamage,
  listModels,
  readManifest,
  removeModel,
  verifyModel,
} from '../../../native-models/install/installed-models.ts'
import { type Manifest, manifestSchema } from '../../../native-models/install/manifest.ts'
import type { Progress } from '../../../native-models/progress.ts'
import { temporaryFolder } from '../checkpoint/temporary-folder.ts'

const checkpointFolder = join(import.meta.dirname, '../../fixtures/reference/tiny-512')
const precision = { vision: 'f32', abstractor: 'f32', decoder: 'f32', embedding: 'f32' } as const
let models: string
let manifest: Manifest

beforeEach(async () => {
  models = await temporaryFolder()
  manifest = await installModel({ checkpointFolder, modelsFolder: models, name: 'owl', precision })
})

test('lists whole models only, by name', async () => {
  await installModel({ checkpointFolder, modelsFolder: models, name: 'bird', precision })
  await installModel({ checkpointFolder, modelsFolder: models, name: 'broken', precision })
  await rename(join(models, 'broken'), join(models, 'copy'))
  await mkdir(join(models, 'zebra.partial'))
  await mkdir(join(models, 'empty'))
  await writeFile(join(models, 'note.txt'), 'a file')
  expect((await listModels(models)).map((model) => model.name)).toEqual(['bird', 'owl'])
  expect(await listModels(join(models, 'nowhere'))).toEqual([])
})

test('verifies every byte and reports how far it is', async () => {
  const seen: Progress[] = []
  await verifyModel(join(models, 'owl'), { onProgress: (progress) => seen.push(progress) })
  const total = manifest.files.reduce((sum, file) => sum + file.bytes, 0)
  expect(seen.at(-1)).toEqual({ stage: 'verifying', done: total, total, unit: 'bytes' })
})

test('names every damaged file and what is wrong with it', async () => {
  const folder = join(models, 'owl')
  const [first, second, third] = manifest.files.map((file) => file.path)
  await rm(join(folder, first!))
  await truncate(join(folder, second!), 10)
  await writeFile(join(folder, third!), Buffer.alloc(manifest.files[2]!.bytes))
  expect(await findDamage(folder)).toEqual([
    { path: first, problem: 'missing' },
    { path: second, problem: 'wrong size' },
    { path: third, problem: 'wrong checksum' },
  ])
  await expect(verifyModel(folder)).rejects.toMatchObject({
    code: 'model-damaged',
    message: expect.stringContaining(`${second} (wrong size)`),
  })
})

test('verifying can be stopped', async () => {
  await expect(verifyModel(join(models, 'owl'), { signal: AbortSignal.abort() })).rejects.toMatchObject({
    code: 'cancelled',
  })
})

test('removes a model and what an unfinished installation left', async () => {
  await mkdir(join(models, 'owl.partial'))
  await removeModel(models, 'owl')
  expect(await readdir(models)).toEqual([])
  await expect(removeModel(models, 'owl')).rejects.toMatchObject({ code: 'model-not-found' })
  await expect(removeModel(join(models, 'inside'), '..')).rejects.toMatchObject({ code: 'model-not-found' })
})

test('tells a missing model from a damaged one', async () => {
  await expect(readManifest(join(models, 'none'))).rejects.toMatchObject({ code: 'model-not-found' })
  for (const content of ['', '{"format":1}', JSON.stringify({ ...manifest, format: 2 })]) {
    await writeFile(join(models, 'owl/manifest.json'), content)
    await expect(readManifest(join(models, 'owl'))).rejects.toMatchObject({ code: 'model-damaged' })
  }
})

test.each(['../x', '/etc/passwd', 'a/../../b', 'a\\b', 'C:x', '.', '', 'a//b', 'a/'])(
  'a manifest cannot name the file %j',
  (path) => {
    const [file] = manifest.files
    expect(manifestSchema.safeParse({ ...manifest, files: [{ ...file, path: 'a/b.c' }] }).success).toBe(true)
    expect(manifestSchema.safeParse({ ...manifest, files: [{ ...file, path }] }).success).toBe(false)
  },
)
