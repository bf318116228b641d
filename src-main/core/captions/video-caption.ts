import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { pipeline } from 'node:stream/promises'
import { defaultFrames, type VideoRange } from '../../../native-models/mplug-owl2/video/frame-sampling.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { PictureInput } from '../../inference/protocol.ts'
import { Turns } from '../turns.ts'
import { findScenes, sampleFrames, type Videos } from '../videos/videos.ts'

/** Frames of one scene: fewer than of a whole video, as there are many scenes. */
const framesOfScene = 4

/** What of a video is to get a caption: all of it, or each of its scenes. */
export interface VideoPart extends VideoRange {
  frames: PictureInput[]
}

export interface VideoParts {
  /** sha-256 of the file. */
  hash: string
  width: number
  height: number
  parts: VideoPart[]
}

/** Reads the frames of videos that are to be captioned, one video at a time: each takes a browser, or much of a processor. */
export class VideoCaptionSource {
  readonly #videos: Videos
  readonly #frameLimit: () => number
  readonly #turns = new Turns()

  /** @param frameLimit frames that the model can hold */
  constructor(videos: Videos, frameLimit: () => number) {
    this.#videos = videos
    this.#frameLimit = frameLimit
  }

  /** @throws OwlError `video-*`, `cancelled` */
  read(path: string, byScenes: boolean, signal: AbortSignal): Promise<VideoParts> {
    return this.#turns.take(() => this.#read(path, byScenes, signal))
  }

  async #read(path: string, byScenes: boolean, signal: AbortSignal): Promise<VideoParts> {
    if (signal.aborted) throw new OwlError('cancelled', 'Captioning was stopped.')
    const video = await this.#videos.open(path, signal)
    try {
      const { duration, width, height } = video.info
      const whole = { start: 0, end: duration }
      const ranges = byScenes ? await findScenes(video, whole) : [whole]
      const count = Math.min(byScenes ? framesOfScene : defaultFrames, this.#frameLimit())
      const parts: VideoPart[] = []
      for (const range of ranges) {
        const frames = await sampleFrames(video, { kind: 'uniform', count }, range)
        parts.push({ ...range, frames: frames.map(({ picture }) => picture) })
      }
      return { hash: await fileHash(path), width, height, parts }
    } finally {
      await video.close()
    }
  }
}

async function fileHash(path: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(path), hash)
  return hash.digest('hex')
}
