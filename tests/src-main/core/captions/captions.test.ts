import { mkdir, mkdtemp, rm, unlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CaptionSettings, captionSettingsSchema } from '../../../../src-main/core/captions/caption-settings.ts'
import { Captions } from '../../../../src-main/core/captions/captions.ts'
import type { DataFolder } from '../../../../src-main/core/data-folder.ts'
import { ModelLibrary } from '../../../../src-main/core/model-library.ts'
import { Models } from '../../../../src-main/core/models.ts'
import { ForkHost } from '../../../../src-main/inference/fork-host.ts'
import { CaptionStore } from '../../../../src-main/storage/caption-store.ts'
import { Database } from '../../../../src-main/storage/database.ts'
import { tinyDataFolder, tinyModel } from '../../tiny-model.ts'
import { captionsIn, numberedPicture, writeFiles } from './caption-folder.ts'

const never = new AbortController().signal
const all = { states: ['waiting', 'decided', 'written', 'skipped', 'failed'] as const, text: '' }

let data: DataFolder
let models: Models
let asked = 0
/** Told before the model is asked. */
let onAsk = () => {}
let database: Database
let store: CaptionStore
let captions: Captions
let folder: string

beforeAll(async () => {
  data = await tinyDataFolder()
  models = new Models({ library: new ModelLibrary(data.models), host: new ForkHost(), device: () => 'cpu' })
  await models.load(tinyModel)
})
afterAll(async () => {
  await models.close()
  await rm(data.root, { recursive: true, force: true })
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-captions-'))
  database = await Database.open(join(await mkdtemp(join(data.root, 'db-')), 'owl.sqlite'))
  store = new CaptionStore(database)
  asked = 0
  onAsk = () => {}
  captions = open()
})
afterEach(async () => {
  await captions.close()
  database.close()
  await rm(folder, { recursive: true, force: true })
})

/** The real model, counting what it is asked. */
function open(): Captions {
  return new Captions(store, {
    generate(request, options) {
      asked++
      onAsk()
      return models.generate(request, options)
    },
    generateTogether(requests, options) {
      asked += requests.length
      onAsk()
      return models.generateTogether(requests, options)
    },
  })
}

const settings = (change: Partial<CaptionSettings> = {}) => captionSettingsSchema.parse({ maxTokens: 6, ...change })

async function caption(change: Partial<CaptionSettings> = {}, signal = never): Promise<number> {
  const job = captions.add([folder], settings(change))
  await captions.work(job, signal)
  return job
}

const list = (job: number) => captions.items(job, { ...all, states: [...all.states] }, 0, 100).items

async function putPictures(...names: string[]) {
  for (const [n, name] of names.entries()) await writeFiles(folder, { [name]: await numberedPicture(n) })
}

describe('a caption job', () => {
  it('writes a caption for each picture, once for each content, and tells what failed', async () => {
    await putPictures('a.png', 'б/в.png')
    await writeFiles(folder, { 'copy.png': await numberedPicture(0), 'no.png': 'no picture', 'empty.jpg': '' })
    const job = await caption({ prefix: '{name}: ' })
    const found = await captionsIn(folder)
    expect(Object.keys(found)).toEqual(['a.txt', 'copy.txt', 'б/в.txt'])
    expect(found['a.txt']).toMatch(/^a: .+\n$/s)
    expect(found['copy.txt']?.replace('copy: ', 'a: ')).toBe(found['a.txt'])
    expect(asked).toBe(2)
    const { state, counts } = captions.job(job)
    expect({ state, counts }).toEqual({
      state: 'done',
      counts: { waiting: 0, decided: 0, written: 3, skipped: 0, failed: 2 },
    })
    const errors = list(job).flatMap(({ error }) => (error ? [error.code] : []))
    expect(errors.sort()).toEqual(['picture-empty', 'picture-unsupported'])
  })

  it('leaves, replaces or extends captions that are there', async () => {
    await putPictures('a.png', 'b.png')
    await writeFiles(folder, { 'a.txt': 'old caption\n', 'b.txt': ' \n' })
    const job = await caption()
    expect(await captionsIn(folder)).toMatchObject({ 'a.txt': 'old caption\n', 'b.txt': expect.stringMatching(/\S/) })
    expect(captions.job(job).counts).toMatchObject({ written: 1, skipped: 1 })
    await caption({ existing: 'append' })
    expect((await captionsIn(folder))['a.txt']).toMatch(/^old caption .+\n$/s)
    await caption({ existing: 'overwrite', prefix: 'new ' })
    expect((await captionsIn(folder))['a.txt']).toMatch(/^new /)
    await caption({ existing: 'prepend', prefix: 'newest ' })
    expect((await captionsIn(folder))['a.txt']).toMatch(/^newest .*new /s)
  })

  it('writes one table for the folder', async () => {
    await putPictures('a.png', 'in/b.png')
    await caption({ output: 'imagefolder' })
    const { 'metadata.jsonl': table, ...others } = await captionsIn(folder)
    expect(others).toEqual({})
    const rows = table!
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line))
    expect(rows.map(({ file_name }) => file_name)).toEqual(['a.png', 'in/b.png'])
    expect(rows.every(({ text }) => text.length > 0)).toBe(true)
    asked = 0
    const job = await caption({ output: 'imagefolder' })
    expect(asked).toBe(0)
    expect(captions.job(job).counts).toMatchObject({ skipped: 2 })
  })

  it('keeps a caption that cannot be written, and writes it when it can be', async () => {
    await putPictures('a.png')
    await mkdir(join(folder, 'a.txt'))
    const job = await caption()
    expect(list(job)[0]?.error?.code).toBe('caption-not-writable')
    await rm(join(folder, 'a.txt'), { recursive: true })
    captions.retry(job)
    await ended(job)
    expect(Object.keys(await captionsIn(folder))).toEqual(['a.txt'])
  })

  it('gives a caption file to one picture only', async () => {
    await writeFiles(folder, { 'a.jpg': await numberedPicture(1), 'a.png': await numberedPicture(2) })
    const job = await caption()
    expect(list(job).map(({ state, error }) => error?.code ?? state)).toEqual(['written', 'caption-shared'])
  })

  it('stops between two pictures, goes on later, and asks nothing twice', async () => {
    await putPictures(...Array.from({ length: 64 }, (_, n) => `${n}.png`))
    const job = captions.add([folder], settings())
    const stop = new AbortController()
    onAsk = () => {
      if (captions.job(job).counts.written > 0) stop.abort()
    }
    await expect(captions.work(job, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    expect(captions.job(job).state).toBe('paused')
    const written = captions.job(job).counts.written
    expect(written).toBeGreaterThan(0)
    const again = open()
    asked = 0
    onAsk = () => {}
    expect(again.unfinished([folder], settings())).toBe(job)
    await again.work(job, never)
    expect(asked).toBe(64 - written)
    expect(Object.keys(await captionsIn(folder))).toHaveLength(64)
    expect(again.unfinished([folder], settings())).toBeUndefined()
  })

  it('ends with the reason where every picture would fail', async () => {
    await putPictures('a.png')
    const job = captions.add([join(folder, 'gone')], settings())
    await expect(captions.work(job, never)).rejects.toMatchObject({ code: 'not-found' })
    expect(captions.job(job)).toMatchObject({ state: 'paused', error: { code: 'not-found' } })
  })

  it('finds its way among 100 000 files', { timeout: 300_000 }, async () => {
    const items = Array.from({ length: 100_000 }, (_, n) => ({
      root: folder,
      path: join(folder, `${n % 300}`, `${n}.png`),
      kind: 'picture' as const,
      state: 'waiting' as const,
      error: null,
    }))
    const job = captions.add([folder], settings())
    store.addItems(job, items)
    expect(captions.job(job).counts.waiting).toBe(100_000)
    expect(store.itemsIn(job, 'waiting', 1)[0]?.path).toBe(join(folder, '0', '0.png'))
    expect(captions.items(job, { states: ['waiting'], text: '99999' }, 0, 10).total).toBe(1)
    expect(captions.items(job, { states: ['waiting'], text: '' }, 99_990, 60).items).toHaveLength(10)
  })
})

describe('captions that were made', () => {
  it('are edited, replaced with a preview, and edits are undone', async () => {
    await putPictures('a.png', 'b.png')
    const job = await caption()
    const before = await captionsIn(folder)
    const [a, b] = list(job)
    await captions.edit(
      job,
      new Map([
        [a!.id, 'A red cat'],
        [b!.id, 'a blue Cat'],
      ]),
    )
    expect(await captionsIn(folder)).toEqual({ 'a.txt': 'A red cat\n', 'b.txt': 'a blue Cat\n' })
    const replacement = { find: 'cat', replace: 'dog', matchCase: false, wholeWords: true, isPattern: false }
    const written = { states: ['written' as const], text: 'blue' }
    expect(captions.previewReplace(job, written, replacement)).toMatchObject({
      count: 1,
      changes: [{ before: 'a blue Cat', after: 'a blue dog' }],
    })
    expect(await captions.replace(job, { ...written, text: '' }, replacement)).toBe(2)
    expect(await captionsIn(folder)).toEqual({ 'a.txt': 'A red dog\n', 'b.txt': 'a blue dog\n' })
    await captions.undo(job)
    expect((await captionsIn(folder))['a.txt']).toBe('A red cat\n')
    await captions.undo(job)
    expect(await captionsIn(folder)).toEqual(before)
    expect(captions.job(job).canUndo).toBe(false)
  })

  it('can be written by hand where the model could not, and that can be undone', async () => {
    await writeFiles(folder, { 'no.png': 'no picture' })
    const job = await caption()
    await captions.edit(job, new Map([[list(job)[0]!.id, 'By hand']]))
    expect(await captionsIn(folder)).toEqual({ 'no.txt': 'By hand\n' })
    await captions.undo(job)
    expect(await captionsIn(folder)).toEqual({})
    expect(list(job)[0]).toMatchObject({ state: 'failed', error: { code: 'picture-unsupported' } })
  })

  it('are made anew for a selection, also those that were there before', async () => {
    await putPictures('a.png', 'b.png')
    await writeFiles(folder, { 'a.txt': 'old\n' })
    const job = await caption()
    const before = await captionsIn(folder)
    captions.again(job, [list(job)[0]!.id], { prefix: 'again ' })
    await ended(job)
    expect(await captionsIn(folder)).toEqual({ ...before, 'a.txt': expect.stringMatching(/^again /) })
    await captions.undo(job)
    expect(await captionsIn(folder)).toEqual(before)
  })

  it('belong to the process that works on them', async () => {
    await putPictures('a.png')
    const job = await caption()
    store.claim(job, process.ppid, () => false)
    await expect(captions.edit(job, new Map([[list(job)[0]!.id, 'x']]))).rejects.toMatchObject({
      code: 'captions-elsewhere',
    })
    await expect(captions.work(job, never)).rejects.toMatchObject({ code: 'captions-elsewhere' })
  })

  it('stay where they are when the job is removed', async () => {
    await putPictures('a.png')
    const job = await caption()
    await unlink(join(folder, 'a.png'))
    await captions.remove(job)
    expect(captions.list()).toEqual([])
    expect(Object.keys(await captionsIn(folder))).toEqual(['a.txt'])
    await writeFile(join(folder, 'b.png'), '')
  })
})

/** A job that works on its own has come to its end. */
async function ended(job: number): Promise<void> {
  const isOver = () => ['done', 'paused'].includes(captions.job(job).state)
  if (isOver()) return
  await new Promise<void>((resolve) => {
    const end = captions.onChange(() => {
      if (!isOver()) return
      end()
      resolve()
    })
  })
}
