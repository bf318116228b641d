import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { fileTypeFromFile } from 'file-type'
import type { VideoRange } from '../../../native-models/mplug-owl2/video/frame-sampling.ts'
import { rateTimes, uniformTimes } from '../../../native-models/mplug-owl2/video/frame-sampling.ts'
import { sceneProbeTimes, scenesOf } from '../../../native-models/mplug-owl2/video/scenes.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { PictureInput } from '../../inference/protocol.ts'
import { rendererFolder } from '../program-folder.ts'
import { type OpenPage, pageOpener } from './browser-page.ts'
import { BrowserDecoder } from './browser-video.ts'
import { FfmpegDecoder } from './ffmpeg-video.ts'
import { findBrowser } from './find-program.ts'
import type { VideoDecoder, VideoFile } from './video-file.ts'

/** Which frames are looked at. */
export type FrameChoice =
  | { kind: 'uniform'; count: number }
  | { kind: 'rate'; perSecond: number; most: number }
  | { kind: 'scenes'; most: number }
  | { kind: 'times'; times: number[] }

export interface SampledFrame {
  time: number
  picture: PictureInput
}

/** Videos on this machine, decoded by the best that is there: a browser's decoders, else ffmpeg. */
export class Videos {
  readonly #decoders: readonly VideoDecoder[]

  /** @param openPage opens a page that nobody sees, where the program has a browser of its own */
  constructor(openPage?: OpenPage, decoders?: readonly VideoDecoder[]) {
    const findPage = async () => {
      const browser = openPage ? undefined : await findBrowser()
      return openPage ?? (browser === undefined ? undefined : pageOpener(browser))
    }
    this.#decoders = decoders ?? [new BrowserDecoder(rendererFolder, findPage), new FfmpegDecoder()]
  }

  /** Whether anything on this machine decodes videos. */
  async canOpen(): Promise<boolean> {
    for (const decoder of this.#decoders) if (await decoder.isThere()) return true
    return false
  }

  /**
   * Opens a video. What one decoder cannot decode is tried with the next.
   * @param signal stops whatever is being decoded, as long as the video is open
   * @throws OwlError `video-not-found`, `video-unreadable`, `video-no-track`, `video-codec-unsupported`,
   * `video-decoder-missing`, `cancelled`
   */
  async open(path: string, signal?: AbortSignal): Promise<VideoFile> {
    const found = await stat(path).catch(() => undefined)
    const name = basename(path)
    if (!found?.isFile()) {
      throw new OwlError('video-not-found', `${path} ${found ? 'is no file' : 'does not exist'}.`)
    }
    if (found.size === 0) throw new OwlError('video-unreadable', `${name} is empty.`)
    // A decoder would take it for a video of one frame.
    const { mime = '' } = (await fileTypeFromFile(path)) ?? {}
    if (mime.startsWith('image/')) {
      throw new OwlError('video-no-track', `${name} is a picture, not a video.`, { hint: 'Ask about it as a picture.' })
    }
    let error = new OwlError('video-decoder-missing', 'There is nothing on this machine that decodes videos.')
    for (const decoder of this.#decoders) {
      if (!(await decoder.isThere())) continue
      try {
        return await decoder.open(path, signal)
      } catch (thrown) {
        error = OwlError.from(thrown)
        // Of a file that holds no video, every decoder says the same.
        if (error.code === 'video-no-track' || error.code === 'cancelled') break
      }
    }
    throw error
  }
}

/** The frames of a choice, in order of time. @throws OwlError `video-unreadable` */
export async function sampleFrames(video: VideoFile, choice: FrameChoice, range: VideoRange): Promise<SampledFrame[]> {
  const times = await timesOf(video, choice, range)
  const frames = await video.frames(times)
  return frames.map(({ time, bytes }) => ({
    time,
    picture: {
      hash: createHash('sha256').update(bytes).digest('hex'),
      name: `frame at ${time.toFixed(2)} s`,
      source: { bytes },
    },
  }))
}

/** The scenes of a stretch. @throws OwlError `video-unreadable` */
export async function findScenes(video: VideoFile, range: VideoRange): Promise<VideoRange[]> {
  return scenesOf(await video.smalls(sceneProbeTimes(range)), range)
}

async function timesOf(video: VideoFile, choice: FrameChoice, range: VideoRange): Promise<number[]> {
  switch (choice.kind) {
    case 'uniform':
      return uniformTimes(range, choice.count)
    case 'rate':
      return rateTimes(range, choice.perSecond, choice.most)
    case 'times':
      return choice.times.toSorted((a, b) => a - b)
    case 'scenes': {
      const middles = (await findScenes(video, range)).map(({ start, end }) => (start + end) / 2)
      if (middles.length <= choice.most) return middles
      // More scenes than fit: evenly spread ones of them.
      return uniformTimes({ start: 0, end: middles.length }, choice.most).map((at) => middles[Math.floor(at)]!)
    }
  }
}
