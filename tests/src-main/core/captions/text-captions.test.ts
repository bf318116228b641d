import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import type { CaptionModel } from '../../../../src-main/core/captions/caption-maker.ts'
import { type CaptionSettings, captionSettingsSchema } from '../../../../src-main/core/captions/caption-settings.ts'
import { Captions } from '../../../../src-main/core/captions/captions.ts'
import { pictureFromFile } from '../../../../src-main/core/pictures.ts'
import { Reading } from '../../../../src-main/core/reading.ts'
import { InferenceClient } from '../../../../src-main/inference/client.ts'
import { ForkHost } from '../../../../src-main/inference/fork-host.ts'
import type { GenerationRequest, GenerationResult, PictureInput } from '../../../../src-main/inference/protocol.ts'
import { CaptionStore } from '../../../../src-main/storage/caption-store.ts'
import { Database } from '../../../../src-main/storage/database.ts'
import { PictureTexts } from '../../../../src-main/storage/picture-texts.ts'
import { installReference } from '../../inference/installed-reference.ts'
import { captionsIn, numberedPicture, writeFiles } from './caption-folder.ts'

const pictures = 'native-models/owl-mini/evaluation/held-out/pictures'
const text = 'Oblige\nUpload failed.\nEndorse  Back  Apply'
const never = new AbortController().signal

let model: { folder: string; remove: () => Promise<void> }
let client: InferenceClient
let reading: Reading
let place: string
let folder: string
let database: Database
/** What the model was asked, and what the reader was to read. */
let prompts: string[] = []
let read: string[] = []
/** Told before each reading. */
let onRead = () => {}

beforeAll(async () => {
  model = await installReference('tiny-512')
  client = new InferenceClient({ host: new ForkHost() })
  await client.load({ folder: model.folder, device: 'cpu', threads: 1 })
  place = await mkdtemp(join(tmpdir(), 'owl-text-captions-'))
  database = await Database.open(join(place, 'owl.sqlite'))
  reading = new Reading({ host: new ForkHost(), database: async () => database })
})
afterAll(async () => {
  database.close()
  await Promise.all([client.close(), reading.close()])
  await model.remove()
  await rm(place, { recursive: true, force: true })
})
beforeEach(async () => {
  folder = await mkdtemp(join(place, 'pictures-'))
  await cp(join(pictures, '0001.png'), join(folder, 'a.png'))
  await writeFiles(folder, { 'plain.png': await numberedPicture(1) })
  prompts = []
  read = []
  onRead = () => {}
})

/** The real model and the real reader, with a note of what they are asked. */
function open() {
  const noted = (request: GenerationRequest) =>
    prompts.push(...request.messages.flatMap(({ parts }) => parts.flatMap((part) => ('text' in part ? part.text : []))))
  const answering = {
    generate(request: GenerationRequest, options: object) {
      noted(request)
      return client.generate(request, options)
    },
  }
  const reader = {
    readFrames<Frame extends { picture: PictureInput }>(frames: readonly Frame[], job: object) {
      read.push(...frames.map(({ picture }) => picture.name))
      onRead()
      return reading.readFrames(frames, job)
    },
  }
  return new Captions(new CaptionStore(database), answering, { reading: reader })
}

async function caption(change: Partial<CaptionSettings>) {
  const captions = open()
  const job = captions.add([folder], captionSettingsSchema.parse({ maxTokens: 4, ...change }))
  await captions.work(job, never)
  return captions.job(job).counts
}

it('is only the text, without asking the model, and empty where there is none', { timeout: 60_000 }, async () => {
  expect(await caption({ style: 'text' })).toMatchObject({ written: 2, failed: 0 })
  expect(await captionsIn(folder)).toEqual({ 'a.txt': `${text}\n`, 'plain.txt': '\n' })
  expect(prompts).toEqual([])
  // A folder of pictures that are no part of any chat does not go into its search.
  expect(new PictureTexts(database).get((await pictureFromFile(join(folder, 'a.png'))).hash)).toBeUndefined()
  await caption({ style: 'text', output: 'csv' })
  expect((await captionsIn(folder))['captions.csv']).toContain(`a.png,"${text}"`)
})

it('goes into prompts and ends where they ask for it, and is read only then', { timeout: 60_000 }, async () => {
  await caption({ prompt: 'It says {text}. What is it?', suffix: '\n[{text}]', existing: 'overwrite' })
  expect(prompts.sort()).toEqual(['It says . What is it?', `It says ${text}. What is it?`].sort())
  expect((await captionsIn(folder))['a.txt']).toMatch(/\n\[Oblige\nUpload failed\.\nEndorse {2}Back {2}Apply\]\n$/)
  expect(read.sort()).toEqual(['a.png', 'plain.png'])
  read = []
  await caption({ existing: 'overwrite', withText: false })
  expect(read).toEqual([])
})

it('goes with the question unless that is not wanted, in the form of the model', { timeout: 60_000 }, async () => {
  await caption({ prompt: 'What is it?' })
  const given = 'What is it?\nReference OCR token: Oblige, Upload failed., Endorse  Back  Apply'
  expect(prompts.sort()).toEqual(['What is it?', given])
})

it('goes on after a stop, and reads nothing twice', { timeout: 60_000 }, async () => {
  for (let n = 2; n < 40; n++) await writeFiles(folder, { [`${n}.png`]: await numberedPicture(n) })
  const captions = open()
  const job = captions.add([folder], captionSettingsSchema.parse({ style: 'text' }))
  const stop = new AbortController()
  onRead = () => {
    if (captions.job(job).counts.written > 0) stop.abort()
  }
  await expect(captions.work(job, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  const { written } = captions.job(job).counts
  expect(written).toBeGreaterThan(0)
  read = []
  onRead = () => {}
  const again = open()
  await again.work(job, never)
  expect(read).toHaveLength(40 - written)
  expect(Object.keys(await captionsIn(folder))).toHaveLength(40)
})

it('waits for the model, as it decides what is asked and how text is given', { timeout: 60_000 }, async () => {
  const asked: string[] = []
  let loaded: CaptionModel['loaded']
  const model: CaptionModel = {
    get loaded() {
      return loaded
    },
    async settled() {
      await new Promise((resolve) => setTimeout(resolve, 50))
      loaded = { name: 'owl-mini', contextRows: 2048, pictureRows: 65 }
    },
    generate(request) {
      asked.push(...request.messages.flatMap(({ parts }) => parts.flatMap((part) => ('text' in part ? part.text : []))))
      return Promise.resolve({ text: 'A caption.', finish: 'stop' } as GenerationResult)
    },
  }
  const captions = new Captions(new CaptionStore(database), model, { reading })
  await captions.work(captions.add([folder], captionSettingsSchema.parse({})), never)
  const question = 'Summarise the picture in a sentence.'
  expect(asked.sort()).toEqual([question, `Text in the picture:\n${text}\n${question}`])
})
