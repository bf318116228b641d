import type { SmallFrame } from '../../../native-models/mplug-owl2/video/scenes.ts'
import { OwlError } from '../../../native-models/owl-error.ts'

export interface VideoInfo {
  /** Seconds, from the first frame to the end of the last. */
  duration: number
  /** In pixels as it is shown. */
  width: number
  height: number
  /** Its name, such as `avc1.64001f`. */
  codec: string
}

export interface VideoFrame {
  /** When it begins to be shown, in seconds from the first frame. */
  time: number
  /** JPEG. */
  bytes: Uint8Array
}

/** A video that is open, whatever decodes it. Times are seconds from its first frame. */
export interface VideoFile {
  readonly info: VideoInfo
  /** The frames shown at these times, each once, in order. @throws OwlError `video-unreadable`, `cancelled` */
  frames(times: readonly number[]): Promise<VideoFrame[]>
  /** The same in small, to be compared. @throws OwlError `video-unreadable`, `cancelled` */
  smalls(times: readonly number[]): Promise<SmallFrame[]>
  close(): Promise<void>
}

/** Something that decodes videos, where the machine has it. */
export interface VideoDecoder {
  readonly name: string
  isThere(): Promise<boolean>
  /**
   * @param signal stops whatever is being decoded, as long as the video is open
   * @throws OwlError `video-*`, `cancelled`
   */
  open(path: string, signal?: AbortSignal): Promise<VideoFile>
}

/** What a decoder that was stopped says of a video. */
export function stopped(name: string): OwlError {
  return new OwlError('cancelled', `Reading ${name} was stopped.`)
}
