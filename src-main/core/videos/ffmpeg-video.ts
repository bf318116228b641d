import { execFile } from 'node:child_process'
import { basename } from 'node:path'
import { promisify } from 'node:util'
import { maxFrameEdge } from '../../../native-models/mplug-owl2/video/frame-sampling.ts'
import { type SmallFrame, smallHeight, smallWidth } from '../../../native-models/mplug-owl2/video/scenes.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import { findProgram } from './find-program.ts'
import { stopped, type VideoDecoder, type VideoFile, type VideoFrame, type VideoInfo } from './video-file.ts'

const run = promisify(execFile)
const maxOutput = 256 * 2 ** 20

/** Decodes with the ffmpeg that a person installed: one short run a frame. */
export class FfmpegDecoder implements VideoDecoder {
  readonly name = 'ffmpeg'

  async isThere(): Promise<boolean> {
    return (await findProgram(['ffmpeg'])) !== undefined && (await findProgram(['ffprobe'])) !== undefined
  }

  async open(path: string, signal?: AbortSignal): Promise<VideoFile> {
    const name = basename(path)
    const probe = await probeVideo(path, name, signal)
    const stream = probe.streams?.find(({ disposition }) => disposition?.attached_pic !== 1)
    if (!stream) throw new OwlError('video-no-track', `${name} holds no video.`)
    // Where each frame stands, from the packets: nothing is decoded for it.
    const packets = (probe.packets ?? []).map(({ pts_time }) => Number(pts_time)).filter(Number.isFinite)
    const stamps = packets.sort((a, b) => a - b)
    if (stamps.length === 0) throw new OwlError('video-no-track', `${name} holds a video without any frame.`)
    return new FfmpegVideo(path, stamps, infoOf(stream, stamps), signal)
  }
}

interface Probe {
  streams?: {
    codec_name?: string
    width?: number
    height?: number
    sample_aspect_ratio?: string
    disposition?: { attached_pic?: number }
    side_data_list?: { rotation?: number }[]
  }[]
  packets?: { pts_time?: string }[]
}

class FfmpegVideo implements VideoFile {
  readonly info: VideoInfo
  readonly #path: string
  /** Of every frame, in the file's own time. */
  readonly #stamps: readonly number[]
  readonly #signal: AbortSignal | undefined

  constructor(path: string, stamps: readonly number[], info: VideoInfo, signal?: AbortSignal) {
    this.#path = path
    this.#stamps = stamps
    this.info = info
    this.#signal = signal
  }

  async frames(times: readonly number[]): Promise<VideoFrame[]> {
    const edge = maxFrameEdge
    const scale = `scale='min(${edge},iw*sar)':'min(${edge},ih)':force_original_aspect_ratio=decrease`
    const frames: VideoFrame[] = []
    for (const stamp of this.#stampsAt(times)) {
      const bytes = await this.#decode(stamp, [scale], ['-c:v', 'mjpeg', '-q:v', '2', '-f', 'image2pipe'])
      if (bytes.length > 0) frames.push({ time: stamp - this.#stamps[0]!, bytes })
    }
    if (frames.length === 0 && times.length > 0) {
      throw new OwlError('video-unreadable', `No frame of ${basename(this.#path)} can be decoded.`)
    }
    return frames
  }

  async smalls(times: readonly number[]): Promise<SmallFrame[]> {
    const size = smallWidth * smallHeight * 3
    const stamps = this.#stampsAt(times)
    const first = this.#stamps[0]!
    const step = times.length > 1 ? times[1]! - times[0]! : 1
    const filter = [
      `fps=${1 / step}:start_time=${first}:round=down`,
      `scale=${smallWidth}:${smallHeight}`,
      'format=rgb24',
    ]
    const all = await this.#decode(first + (times[0] ?? 0), filter, ['-f', 'rawvideo'], stamps.length)
    return stamps.slice(0, Math.floor(all.length / size)).map((stamp, n) => ({
      time: stamp - first,
      rgb: all.subarray(n * size, (n + 1) * size),
    }))
  }

  async close(): Promise<void> {}

  /** Of each time, the stamp of the frame that is shown then. */
  #stampsAt(times: readonly number[]): number[] {
    const shown = times.map((time) => this.#stamps.findLast((stamp) => stamp <= this.#stamps[0]! + time + 1e-6))
    return [...new Set(shown.map((stamp) => stamp ?? this.#stamps[0]!))].sort((a, b) => a - b)
  }

  async #decode(from: number, filters: string[], format: string[], frames = 1): Promise<Uint8Array> {
    // A little early, as the seek takes the first frame that does not lie before it.
    const seek = Math.max(0, from - 0.0005).toFixed(6)
    const words = ['-v', 'error', '-nostdin', '-copyts', '-ss', seek, '-i', `file:${this.#path}`, '-map', '0:V:0']
    try {
      const { stdout } = await run(
        (await findProgram(['ffmpeg']))!,
        [...words, '-vf', filters.join(','), '-frames:v', String(frames), ...format, '-'],
        { encoding: 'buffer', maxBuffer: maxOutput, signal: this.#signal },
      )
      return new Uint8Array(stdout)
    } catch (cause) {
      if (this.#signal?.aborted) throw stopped(basename(this.#path))
      throw new OwlError('video-unreadable', `${basename(this.#path)} cannot be decoded: ${lastLine(cause)}.`, {
        cause,
      })
    }
  }
}

async function probeVideo(path: string, name: string, signal?: AbortSignal): Promise<Probe> {
  const entries =
    'stream=codec_name,width,height,sample_aspect_ratio:stream_disposition=attached_pic:stream_side_data=rotation:packet=pts_time'
  try {
    const { stdout } = await run(
      (await findProgram(['ffprobe']))!,
      ['-v', 'error', '-select_streams', 'V', '-show_entries', entries, '-of', 'json', `file:${path}`],
      { maxBuffer: maxOutput, signal },
    )
    return JSON.parse(stdout) as Probe
  } catch (cause) {
    if (signal?.aborted) throw stopped(name)
    throw new OwlError('video-unreadable', `${name} cannot be read as a video: ${lastLine(cause)}.`, { cause })
  }
}

function infoOf(stream: NonNullable<Probe['streams']>[number], stamps: readonly number[]): VideoInfo {
  const { width = 0, height = 0, codec_name: codec = 'unknown' } = stream
  const [across = 1, down = 1] = (stream.sample_aspect_ratio ?? '1:1').split(':').map(Number)
  const shown = across > 0 && down > 0 ? Math.round((width * across) / down) : width
  const turned = Math.abs(stream.side_data_list?.find(({ rotation }) => rotation)?.rotation ?? 0) % 180 === 90
  const span = stamps.at(-1)! - stamps[0]!
  // The last frame is shown about as long as the others.
  const duration = span + span / Math.max(1, stamps.length - 1)
  return { duration, width: turned ? height : shown, height: turned ? shown : height, codec }
}

function lastLine(cause: unknown): string {
  const { stderr = '', message = '' } = cause as { stderr?: string | Buffer; message?: string }
  return (String(stderr).trim() || message).split('\n').at(-1)!.trim()
}
