import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type CaptionSettings, captionSettingsSchema } from '../../../../src-main/core/captions/caption-settings.ts'
import { Captions } from '../../../../src-main/core/captions/captions.ts'
import { stopped, type VideoDecoder } from '../../../../src-main/core/videos/video-file.ts'
import { Videos } from '../../../../src-main/core/videos/videos.ts'
import { InferenceClient } from '../../../../src-main/inference/client.ts'
import { ForkHost } from '../../../../src-main/inference/fork-host.ts'
import { CaptionStore } from '../../../../src-main/storage/caption-store.ts'
import { Database } from '../../../../src-main/storage/database.ts'
import { installReference } from '../../inference/installed-reference.ts'
import { captionsIn } from './caption-folder.ts'

const isThere = await new Videos().canOpen()

let model: { folder: string; remove: () => Promise<void> }
let client: InferenceClient
let folder: string
let database: Database

beforeAll(async () => {
  model = await installReference('tiny-512')
  client = new InferenceClient({ host: new ForkHost() })
  await client.load({ folder: model.folder, device: 'cpu', threads: 1 })
  folder = await mkdtemp(join(tmpdir(), 'owl-clips-'))
  database = await Database.open(join(folder, 'owl.sqlite'))
})
afterAll(async () => {
  database.close()
  await client.close()
  await model.remove()
  await rm(folder, { recursive: true, force: true })
})

async function caption(place: string, change: Partial<CaptionSettings>) {
  const captions = new Captions(new CaptionStore(database), client)
  const job = captions.add([place], captionSettingsSchema.parse({ maxTokens: 6, ...change }))
  await captions.work(job, new AbortController().signal)
  const { items } = captions.items(job, { states: ['written', 'skipped', 'failed'], text: '' }, 0, 10)
  return items.map(({ state, error }) => error?.code ?? state)
}

it.skipIf(!isThere)(
  'captions videos whole, or by scenes with subtitles that are not written over',
  async () => {
    const whole = join(folder, 'whole')
    await cp('tests/fixtures/videos/vp9.webm', join(whole, 'clip.webm'))
    expect(await caption(whole, { videos: 'leave-out' })).toEqual([])
    expect(await caption(whole, { videos: 'whole' })).toEqual(['written'])
    expect(Object.keys(await captionsIn(whole))).toEqual(['clip.txt', 'clip.webm'])

    const scenes = join(folder, 'scenes')
    await cp('tests/fixtures/videos/h264.mp4', join(scenes, 'clip.mp4'))
    await cp('tests/fixtures/videos/sound.m4a', join(scenes, 'sound.mp4'))
    expect(await caption(scenes, { videos: 'scenes' })).toEqual(['written', 'video-no-track'])
    const srt = await readFile(join(scenes, 'clip.srt'), 'utf8')
    expect(srt).toMatch(/^1\n00:00:00,000 --> 00:00:01,000\n.+\n\n2\n00:00:01,000 --> 00:00:02,000\n/)
    expect(srt.match(/-->/g)).toHaveLength(4)
    expect(await readFile(join(scenes, 'clip.vtt'), 'utf8')).toMatch(/^WEBVTT\n\n00:00:00\.000 --> 00:00:01\.000\n/)

    await rm(join(scenes, 'clip.txt'))
    await writeFile(join(scenes, 'clip.srt'), 'mine')
    expect(await caption(scenes, { videos: 'scenes' })).toEqual(['caption-shared', 'video-no-track'])
    expect(await readFile(join(scenes, 'clip.srt'), 'utf8')).toBe('mine')
  },
  200_000,
)

it('pauses at once, however many videos wait for their turn', async () => {
  const place = join(folder, 'many')
  for (let n = 0; n < 12; n++) await cp('tests/fixtures/videos/vp9.webm', join(place, `${n}.webm`))
  let opened = 0
  const stop = new AbortController()
  // Takes as long as a film: until it is stopped.
  const slow: VideoDecoder = {
    name: 'slow',
    isThere: async () => true,
    open: (path, signal) => {
      opened++
      setTimeout(() => stop.abort())
      return new Promise((_, reject) => signal?.addEventListener('abort', () => reject(stopped(path))))
    },
  }
  const captions = new Captions(new CaptionStore(database), client, { videos: new Videos(undefined, [slow]) })
  const job = captions.add([place], captionSettingsSchema.parse({ videos: 'whole' }))
  await expect(captions.work(job, stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
  expect(opened).toBe(1)
  expect(captions.job(job).counts).toMatchObject({ waiting: 12, failed: 0 })
})
