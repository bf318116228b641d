import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import sharp from 'sharp'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rendererFolder } from '../../../src-main/core/program-folder.ts'
import { pageOpener } from '../../../src-main/core/videos/browser-page.ts'
import { BrowserDecoder } from '../../../src-main/core/videos/browser-video.ts'
import { FfmpegDecoder } from '../../../src-main/core/videos/ffmpeg-video.ts'
import { findBrowser } from '../../../src-main/core/videos/find-program.ts'
import type { VideoDecoder } from '../../../src-main/core/videos/video-file.ts'
import { findScenes, sampleFrames, Videos } from '../../../src-main/core/videos/videos.ts'

const clip = (name: string) => `tests/fixtures/videos/${name}`
const colours = { red: [255, 0, 0], green: [0, 128, 0], blue: [0, 0, 255], white: [255, 255, 255] }

const browser = await findBrowser()
const decoders: VideoDecoder[] = [
  new BrowserDecoder(rendererFolder, async () => (browser ? pageOpener(browser) : undefined)),
  new FfmpegDecoder(),
]
const there = await Promise.all(decoders.map((decoder) => decoder.isThere()))

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'owl-videos-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

/** The colour in the middle of a picture. */
async function colourOf(bytes: Uint8Array): Promise<string | undefined> {
  const { data, info } = await sharp(bytes).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  const at = (Math.floor(info.height / 2) * info.width + Math.floor(info.width / 2)) * 3
  const isNear = (rgb: number[]) => rgb.every((value, channel) => Math.abs(value - data[at + channel]!) < 30)
  return Object.entries(colours).find(([, rgb]) => isNear(rgb))?.[0]
}

describe.each(decoders.map((decoder, n) => [decoder.name, decoder, there[n]] as const))(
  'by %s',
  (name, decoder, isThere) => {
    if (!isThere) {
      const why = name === 'browser' && !existsSync(rendererFolder) ? 'the window is not built' : 'it is not installed'
      it.skip(`videos are not read: ${why}`, () => {})
      return
    }
    const videos = new Videos(undefined, [decoder])

    it.each(['h264.mp4', 'vp8.webm', 'vp9.webm', 'av1.mkv'])('reads %s exactly', async (file) => {
      const video = await videos.open(clip(file))
      try {
        expect(video.info).toMatchObject({ width: 160, height: 120 })
        expect(video.info.duration).toBeCloseTo(4, 1)
        const frames = await video.frames([0, 0.99, 1, 2.55, 3.999])
        expect(frames.map(({ time }) => Number(time.toFixed(3)))).toEqual([0, 0.9, 1, 2.5, 3.9])
        expect(await Promise.all(frames.map(({ bytes }) => colourOf(bytes)))).toEqual([
          'red',
          'red',
          'green',
          'blue',
          'white',
        ])
      } finally {
        await video.close()
      }
    })

    it('turns what is to be turned', async () => {
      const video = await videos.open(clip('rotated.mov'))
      try {
        expect(video.info).toMatchObject({ width: 120, height: 160 })
        const [frame] = await video.frames([0])
        expect(await sharp(frame!.bytes).metadata()).toMatchObject({ width: 120, height: 160 })
      } finally {
        await video.close()
      }
    })

    it('keeps to the time stamps where the rate varies, and finds scenes', async () => {
      const video = await videos.open(clip('variable.mp4'))
      try {
        const frames = await video.frames([0.65, 0.8, 1.3, 2.3, 3.5])
        expect(frames.map(({ time }) => Number(time.toFixed(2)))).toEqual([0.4, 0.7, 1.3, 2.2])
      } finally {
        await video.close()
      }
    })

    it('parts a video into its scenes', async () => {
      const video = await videos.open(clip('h264.mp4'))
      try {
        const scenes = await findScenes(video, { start: 0, end: 4 })
        expect(scenes.map(({ start }) => start)).toEqual([0, 1, 2, 3])
        const frames = await sampleFrames(video, { kind: 'scenes', most: 3 }, { start: 0, end: 4 })
        expect(frames).toHaveLength(3)
        const spread = await sampleFrames(video, { kind: 'uniform', count: 4 }, { start: 0, end: 4 })
        expect(spread.map(({ time }) => time)).toEqual([0.5, 1.5, 2.5, 3.5])
      } finally {
        await video.close()
      }
    })

    it('stops what is being decoded', async () => {
      const stop = new AbortController()
      const video = await videos.open(clip('h264.mp4'), stop.signal)
      try {
        const frames = expect(video.frames([0, 1, 2, 3])).rejects.toMatchObject({ code: 'cancelled' })
        stop.abort()
        await frames
        await expect(video.smalls([0, 1])).rejects.toMatchObject({ code: 'cancelled' })
      } finally {
        await video.close()
      }
      await expect(videos.open(clip('h264.mp4'), stop.signal)).rejects.toMatchObject({ code: 'cancelled' })
    })

    it('tells what is wrong with a file', async () => {
      const whole = await readFile(clip('h264.mp4'))
      await writeFile(join(folder, 'cut.mp4'), whole.subarray(0, 900))
      await writeFile(join(folder, 'empty.mp4'), '')
      await writeFile(join(folder, 'text.mp4'), 'no video at all')
      const codeOf = (path: string) =>
        videos.open(path).then(
          () => 'opened',
          (error) => error.code,
        )
      expect(await codeOf(join(folder, 'cut.mp4'))).toBe('video-unreadable')
      expect(await codeOf(join(folder, 'empty.mp4'))).toBe('video-unreadable')
      expect(await codeOf(join(folder, 'text.mp4'))).toBe('video-unreadable')
      expect(await codeOf(join(folder, 'gone.mp4'))).toBe('video-not-found')
      expect(await codeOf(clip('sound.m4a'))).toBe('video-no-track')
      expect(await codeOf('tests/fixtures/reference/images/small.png')).toBe('video-no-track')
      expect(await codeOf(clip('no-frame.mp4'))).toBe('video-no-track')
      if (name === 'browser') {
        await expect(videos.open(clip('mpeg4.mp4'))).rejects.toMatchObject({
          code: 'video-codec-unsupported',
          message: expect.stringContaining('mp4v'),
        })
      }
    })
  },
)

it('tells what to install where there is no decoder', async () => {
  await expect(new Videos(undefined, []).open(clip('h264.mp4'))).rejects.toMatchObject({
    code: 'video-decoder-missing',
    hint: expect.stringMatching(/Chromium.*ffmpeg/),
  })
})
