import { ALL_FORMATS, CanvasSink, EncodedPacketSink, Input, type InputVideoTrack, type Source } from 'mediabunny'
import { maxFrameEdge } from '../../native-models/mplug-owl2/video/frame-sampling.ts'
import { type SmallFrame, smallHeight, smallWidth } from '../../native-models/mplug-owl2/video/scenes.ts'

export interface VideoInfo {
  /** Seconds, from the first frame to the end of the last. */
  duration: number
  /** In pixels as it is shown: rotation and the shape of its pixels applied. */
  width: number
  height: number
  codec: string
}

export interface VideoFrame {
  /** When it begins to be shown, in seconds from the first frame: the file's own time stamp. */
  time: number
  jpeg: Blob
}

/** What a video cannot be read for; `code` is of the error catalogue. */
export class VideoError extends Error {
  readonly code: string

  constructor(code: string, message: string, cause?: unknown) {
    super(message, { cause })
    this.code = code
  }
}

/** Frames of a video by the browser's own decoders, exact to the frame. Times are seconds from the first frame. */
export class FrameReader {
  readonly info: VideoInfo
  readonly #input: Input
  readonly #track: InputVideoTrack
  readonly #first: number

  private constructor(input: Input, track: InputVideoTrack, first: number, info: VideoInfo) {
    this.#input = input
    this.#track = track
    this.#first = first
    this.info = info
  }

  /**
   * @param name what messages call the video
   * @throws VideoError `video-unreadable`, `video-no-track`, `video-codec-unsupported`
   */
  static async open(source: Source, name: string): Promise<FrameReader> {
    const input = new Input({ source, formats: ALL_FORMATS })
    try {
      const track = await input.getPrimaryVideoTrack()
      if (!track && (await input.getTracks()).length === 0) {
        throw new VideoError('video-unreadable', `${name} holds nothing to be shown; it may be incomplete.`)
      }
      if (!track) throw new VideoError('video-no-track', `${name} holds no video.`)
      const codec = (await track.getCodecParameterString()) ?? (await track.getCodec())
      const named = codec ?? String((await track.getInternalCodecId()) ?? 'unknown')
      if (!(await track.canDecode())) {
        throw new VideoError('video-codec-unsupported', `${name} is coded as ${named}, which cannot be decoded here.`)
      }
      const first = await new EncodedPacketSink(track).getFirstPacket({ metadataOnly: true })
      if (!first) throw new VideoError('video-no-track', `${name} holds a video without any frame.`)
      const duration = (await track.computeDuration()) - first.timestamp
      const [width, height] = [await track.getDisplayWidth(), await track.getDisplayHeight()]
      return new FrameReader(input, track, first.timestamp, { duration, width, height, codec: named })
    } catch (thrown) {
      input.dispose()
      throw videoError(thrown, name)
    }
  }

  /**
   * The frames that are shown at these times, each once, in order. A longer edge than `maxFrameEdge` is scaled down.
   * @throws VideoError `video-unreadable` where no frame can be decoded
   */
  async *frames(times: readonly number[]): AsyncGenerator<VideoFrame> {
    const { width, height } = this.info
    const scale = Math.min(1, maxFrameEdge / Math.max(width, height))
    const size = { width: Math.round(width * scale), height: Math.round(height * scale) }
    const sink = new CanvasSink(this.#track, { ...size, fit: 'fill', poolSize: 1 })
    let last = -1
    for await (const wrapped of this.#at(sink, times)) {
      const time = Math.max(0, wrapped.timestamp - this.#first)
      if (time === last) continue
      last = time
      yield { time, jpeg: await toJpeg(wrapped.canvas) }
    }
  }

  /** The same in small. */
  async *smalls(times: readonly number[]): AsyncGenerator<SmallFrame> {
    const sink = new CanvasSink(this.#track, { width: smallWidth, height: smallHeight, fit: 'fill', poolSize: 1 })
    for await (const { canvas, timestamp } of this.#at(sink, times)) {
      const context = canvas.getContext('2d') as OffscreenCanvasRenderingContext2D
      const { data } = context.getImageData(0, 0, smallWidth, smallHeight)
      const rgb = data.filter((_, index) => index % 4 < 3)
      yield { time: Math.max(0, timestamp - this.#first), rgb: new Uint8Array(rgb) }
    }
  }

  close(): void {
    this.#input.dispose()
  }

  async *#at(sink: CanvasSink, times: readonly number[]) {
    const sorted = times.map((time) => this.#first + Math.max(0, time)).sort((a, b) => a - b)
    let any = false
    try {
      for await (const wrapped of sink.canvasesAtTimestamps(sorted)) {
        if (!wrapped) continue
        any = true
        yield wrapped
      }
    } catch (thrown) {
      // A damaged end leaves what came before it.
      if (!any) throw videoError(thrown, 'The video')
    }
    if (!any && times.length > 0) throw new VideoError('video-unreadable', 'No frame of the video can be decoded.')
  }
}

function videoError(thrown: unknown, name: string): VideoError {
  if (thrown instanceof VideoError) return thrown
  const reason = thrown instanceof Error ? thrown.message : String(thrown)
  return new VideoError('video-unreadable', `${name} cannot be read as a video: ${reason}`, thrown)
}

async function toJpeg(canvas: HTMLCanvasElement | OffscreenCanvas): Promise<Blob> {
  if (canvas instanceof OffscreenCanvas) return canvas.convertToBlob({ type: 'image/jpeg', quality: 0.92 })
  return new Promise((resolve, reject) =>
    canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error('no picture'))), 'image/jpeg', 0.92),
  )
}
