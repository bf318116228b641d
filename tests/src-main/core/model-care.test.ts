import { appendFile, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DataFolder } from '../../../src-main/core/data-folder.ts'
import type { DeviceChoice } from '../../../src-main/core/device-choice.ts'
import { ModelCare } from '../../../src-main/core/model-care.ts'
import { ModelLibrary } from '../../../src-main/core/model-library.ts'
import { Models } from '../../../src-main/core/models.ts'
import { ForkHost } from '../../../src-main/inference/fork-host.ts'
import { tinyDataFolder, tinyModel } from '../tiny-model.ts'

let folder: DataFolder
let elsewhere: string
let library: ModelLibrary
let care: ModelCare
beforeAll(async () => {
  folder = await tinyDataFolder()
  elsewhere = await mkdtemp(join(tmpdir(), 'owl-exported-'))
  library = new ModelLibrary(folder.models, '/nowhere')
  care = new ModelCare({ folder: folder.models, library, host: new ForkHost() })
})
afterAll(async () => {
  await rm(folder.root, { recursive: true, force: true })
  await rm(elsewhere, { recursive: true, force: true })
})

test('keeps an answer, finds it again, and tells when it is another', async () => {
  expect(await care.verify(tinyModel)).toEqual({ damage: [], answer: 'kept' })
  expect(await care.verify(tinyModel)).toEqual({ damage: [], answer: 'same' })
  const path = join(folder.models, tinyModel, 'manifest.json')
  const manifest = JSON.parse(await readFile(path, 'utf8'))
  await writeFile(path, JSON.stringify({ ...manifest, knownAnswer: 'something else' }))
  expect(await care.verify(tinyModel)).toEqual({ damage: [], answer: 'different' })
  await writeFile(path, JSON.stringify(manifest))
})

test('exports a model, and imports it again', async () => {
  const written = await care.export(tinyModel, elsewhere)
  await expect(care.export(tinyModel, elsewhere)).rejects.toMatchObject({ code: 'model-exists' })
  await expect(care.import(written)).rejects.toMatchObject({ code: 'model-exists' })
  await care.remove(tinyModel)
  expect(await library.list()).toEqual([])
  expect(await care.import(written)).toMatchObject({ name: tinyModel, damaged: false })
  expect(await care.verify(tinyModel)).toMatchObject({ damage: [] })
})

test('takes in nothing that is damaged or leads elsewhere', async () => {
  const written = join(elsewhere, tinyModel)
  await care.remove(tinyModel)
  const tokenizer = join(written, 'tokenizer.json')
  const whole = await readFile(tokenizer)
  await appendFile(tokenizer, ' ')
  await expect(care.import(written)).rejects.toMatchObject({ code: 'model-damaged' })
  await rm(tokenizer)
  await symlink('/etc/hostname', tokenizer)
  await expect(care.import(written)).rejects.toMatchObject({
    code: 'model-damaged',
    message: expect.stringContaining('link'),
  })
  expect(await library.list()).toEqual([])
  await rm(tokenizer)
  await writeFile(tokenizer, whole)
  await care.import(written)
})

test('asks before it loads what will not fit', async () => {
  const models = new Models({ library, host: new ForkHost(), memoryAvailable: () => 1e6 })
  try {
    await expect(models.load(tinyModel)).rejects.toMatchObject({
      code: 'model-too-large',
      message: expect.stringMatching(/needs about 0\.\d GB/),
    })
    expect(await models.load(tinyModel, { anyway: true })).toMatchObject({ state: 'ready' })
  } finally {
    await models.close()
  }
})

test('loads a model where the person said that this one runs, before what is said for all', async () => {
  const options = { library, host: new ForkHost(), device: (own?: DeviceChoice) => own ?? ('cuda' as const) }
  const models = new Models(options)
  try {
    await expect(models.load(tinyModel)).rejects.toMatchObject({ code: 'device-unavailable' })
    await care.setDevice(tinyModel, 'cpu')
    expect(await library.list()).toMatchObject([{ name: tinyModel, device: 'cpu' }])
    expect(await models.load(tinyModel)).toMatchObject({ state: 'ready', device: 'cpu' })
    await care.setDevice(tinyModel, undefined)
    expect((await library.manifest(tinyModel)).device).toBeUndefined()
  } finally {
    await models.close()
  }
})
