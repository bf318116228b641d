import type { SmallFrame } from '../../../native-models/mplug-owl2/video/scenes.ts'

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
  /** The frames shown at these times, each once, in order. @throws OwlError `video-unreadable` */
  frames(times: readonly number[]): Promise<VideoFrame[]>
  /** The same in small, to be compared. @throws OwlError `video-unreadable` */
  smalls(times: readonly number[]): Promise<SmallFrame[]>
  close(): Promise<void>
}

/** Something that decodes videos, where the machine has it. */
export interface VideoDecoder {
  readonly name: string
  isThere(): Promise<boolean>
  /** @throws OwlError `video-*` */
  open(path: string): Promise<VideoFile>
}
