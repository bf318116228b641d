import type { StateCreator } from 'zustand/vanilla'
import {
  defaultFrames,
  mostFrames,
  rateTimes,
  uniformTimes,
  type VideoRange,
} from '../../native-models/mplug-owl2/video/frame-sampling.ts'
import { sceneProbeTimes, scenesOf } from '../../native-models/mplug-owl2/video/scenes.ts'
import { askedRange, clockTime } from '../../native-models/mplug-owl2/video/spoken-times.ts'
import type { AnswerStats, OwlErrorMessage, Picture } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import type { FrameReader, VideoInfo } from './frame-reader.ts'

export interface OpenVideo {
  name: string
  /** Of the player. */
  address: string
  info: VideoInfo
}

export interface StripFrame {
  time: number
  picture: Picture
}

export interface FrameChoice {
  kind: 'uniform' | 'rate' | 'scenes'
  count: number
  perSecond: number
}

export interface VideoTurn {
  id: string
  question: string
  /** Of the frames that the model was shown. */
  times: number[]
  answer: string
  phase: 'seeing' | 'writing' | 'finished' | 'failed'
  seen?: { done: number; total: number }
  stats?: AnswerStats
  error?: OwlErrorMessage
}

/** What is written in frames. */
export interface FrameTexts {
  /** Those that were read. */
  frames: readonly StripFrame[]
  /** Undefined while they are being read. */
  texts?: { time: number; text: string }[]
  done: number
  error?: OwlErrorMessage
}

export interface VideoSlice {
  video: OpenVideo | undefined
  videoState: 'none' | 'opening' | 'sampling' | 'ready'
  videoError: OwlErrorMessage | undefined
  frameChoice: FrameChoice
  /** The marked stretch; all of the video without one. */
  videoRange: VideoRange | undefined
  frames: StripFrame[]
  frameTexts: FrameTexts | undefined
  videoTurns: VideoTurn[]
  /** Where the player is to go; a new object each time. */
  videoSeek: { time: number } | undefined
  openVideo(file: File): Promise<void>
  closeVideo(): void
  chooseFrames(change: Partial<FrameChoice>): Promise<void>
  markRange(range: VideoRange | undefined): Promise<void>
  addFrame(time: number): Promise<void>
  removeFrame(time: number): void
  readFrameTexts(): Promise<void>
  stopReadingFrames(): void
  seekVideo(time: number): void
  askVideo(question: string): Promise<void>
  stopVideo(): void
}

/** Frames that the model in use can be shown. */
export function frameLimit({ model }: OwlState): number {
  return model.state === 'ready' ? mostFrames(model.contextRows, model.pictureRows) : defaultFrames
}

export const isAnswering = (turn: VideoTurn | undefined) => turn?.phase === 'seeing' || turn?.phase === 'writing'

/** A video, the frames of it that are looked at, and the questions about them. The video itself stays in the window. */
export function createVideoSlice({ api }: Shell): StateCreator<OwlState, [], [], VideoSlice> {
  return (set, get) => {
    let reader: FrameReader | undefined
    /** One reading after the other, as they share a decoder. */
    let last: Promise<unknown> = Promise.resolve()

    function changeTurn(id: string, change: (turn: VideoTurn) => Partial<VideoTurn>) {
      set(({ videoTurns }) => ({
        videoTurns: videoTurns.map((turn) =>
          turn.id === id && isAnswering(turn) ? { ...turn, ...change(turn) } : turn,
        ),
      }))
    }

    /** The request that reads frames, while it does. */
    let readingFrames: string | undefined

    api.on('video.seeing', ({ requestId, done, total }) => {
      const { frameTexts } = get()
      if (requestId !== readingFrames) changeTurn(requestId, () => ({ seen: { done, total } }))
      else if (frameTexts) set({ frameTexts: { ...frameTexts, done } })
    })
    api.on('video.text', ({ requestId, text }) =>
      changeTurn(requestId, ({ answer }) => ({ answer: answer + text, phase: 'writing', seen: undefined })),
    )
    api.on('video.finished', ({ requestId, stats }) => changeTurn(requestId, () => ({ phase: 'finished', stats })))
    api.on('video.failed', ({ requestId, error }) => changeTurn(requestId, () => ({ phase: 'failed', error })))

    function inTurn(work: (reader: FrameReader) => Promise<void>): Promise<void> {
      const used = reader
      const result = last.then(async () => {
        if (!used || used !== reader) return
        try {
          set({ videoState: 'sampling', videoError: undefined })
          await work(used)
        } catch (thrown) {
          if (used === reader) set({ videoError: toErrorMessage(thrown) })
        } finally {
          if (used === reader) set({ videoState: 'ready' })
        }
      })
      last = result
      return result
    }

    async function read(from: FrameReader, times: readonly number[]): Promise<StripFrame[]> {
      const found: StripFrame[] = []
      for await (const { time, jpeg } of from.frames(times)) {
        const name = `${clockTime(time)}.jpg`
        const picture = await api.call('pictures.add', { name, bytes: new Uint8Array(await jpeg.arrayBuffer()) })
        found.push({ time, picture })
      }
      return found
    }

    async function timesOf(from: FrameReader): Promise<number[]> {
      const { frameChoice: choice, videoRange } = get()
      const range = videoRange ?? { start: 0, end: from.info.duration }
      const most = frameLimit(get())
      if (choice.kind === 'rate') return rateTimes(range, choice.perSecond, most)
      if (choice.kind === 'uniform') return uniformTimes(range, Math.min(choice.count, most))
      const probes = []
      for await (const probe of from.smalls(sceneProbeTimes(range))) probes.push(probe)
      const middles = scenesOf(probes, range).map(({ start, end }) => (start + end) / 2)
      if (middles.length <= most) return middles
      return uniformTimes({ start: 0, end: middles.length }, most).map((at) => middles[Math.floor(at)]!)
    }

    /** The model looks at frames while the person thinks of a question. */
    function setFrames(frames: StripFrame[]) {
      set({ frames })
      if (frames.length === 0 || isAnswering(get().videoTurns.at(-1))) return
      api.call('videos.prepare', { frames: picturesOf(frames) }).catch(() => {})
    }

    const sample = () =>
      inTurn(async (used) => {
        const frames = await read(used, await timesOf(used))
        if (used === reader) setFrames(frames)
      })

    const nothing = {
      video: undefined,
      videoState: 'none',
      videoError: undefined,
      videoRange: undefined,
      frames: [],
      frameTexts: undefined,
      videoTurns: [],
      videoSeek: undefined,
    } as const

    return {
      ...nothing,
      frames: [],
      videoTurns: [],
      frameChoice: { kind: 'uniform', count: defaultFrames, perSecond: 1 },

      async openVideo(file) {
        get().closeVideo()
        set({ videoState: 'opening' })
        try {
          // The decoders' code comes with the first video.
          const [{ FrameReader }, { BlobSource }] = await Promise.all([
            import('./frame-reader.ts'),
            import('mediabunny'),
          ])
          reader = await FrameReader.open(new BlobSource(file), file.name)
          const video = { name: file.name, address: URL.createObjectURL(file), info: reader.info }
          set({ video, videoState: 'ready' })
          await sample()
        } catch (thrown) {
          set({ videoState: 'none', videoError: toErrorMessage(thrown) })
        }
      },

      closeVideo() {
        const { video } = get()
        get().stopVideo()
        get().stopReadingFrames()
        if (video) URL.revokeObjectURL(video.address)
        reader?.close()
        reader = undefined
        set({ ...nothing, frames: [], videoTurns: [] })
      },

      chooseFrames(change) {
        set(({ frameChoice }) => ({ frameChoice: { ...frameChoice, ...change } }))
        return sample()
      },

      markRange(videoRange) {
        set({ videoRange })
        return sample()
      },

      addFrame: (time) =>
        inTurn(async (used) => {
          const found = await read(used, [time])
          const { frames } = get()
          const added = found.filter((frame) => !frames.some((other) => other.time === frame.time))
          if (used === reader) setFrames([...frames, ...added].sort((a, b) => a.time - b.time))
        }),

      removeFrame: (time) => setFrames(get().frames.filter((frame) => frame.time !== time)),

      async readFrameTexts() {
        const { frames } = get()
        if (readingFrames || frames.length === 0) return
        const requestId = crypto.randomUUID()
        readingFrames = requestId
        set({ frameTexts: { frames, done: 0 } })
        const outcome = await api.call('videos.read', { requestId, frames: picturesOf(frames) }).then(
          ({ texts }) => ({ texts: texts.map(({ frame, text }) => ({ time: frames[frame]!.time, text })) }),
          (thrown) => ({ error: toErrorMessage(thrown) }),
        )
        if (readingFrames !== requestId) return
        readingFrames = undefined
        set({ frameTexts: { frames, done: frames.length, ...outcome } })
      },

      stopReadingFrames() {
        if (!readingFrames) return
        api.call('videos.stop', { requestId: readingFrames }).catch(() => {})
        readingFrames = undefined
        set({ frameTexts: undefined })
      },

      seekVideo: (time) => set({ videoSeek: { time } }),

      async askVideo(question) {
        const { video } = get()
        if (!video || isAnswering(get().videoTurns.at(-1))) return
        const named = askedRange(question, video.info.duration)
        if (named) await get().markRange(named)
        else await last
        const { frames, videoTurns: before } = get()
        if (frames.length === 0) return
        const id = crypto.randomUUID()
        const times = frames.map(({ time }) => time)
        const turn: VideoTurn = { id, question, times, answer: '', phase: 'seeing' }
        set({ videoTurns: [...before, turn] })
        try {
          await api.call('videos.ask', { requestId: id, turns: toTurns([...before, turn], frames) })
        } catch (thrown) {
          changeTurn(id, () => ({ phase: 'failed', error: toErrorMessage(thrown) }))
        }
      },

      stopVideo() {
        const turn = get().videoTurns.at(-1)
        if (!turn || !isAnswering(turn)) return
        changeTurn(turn.id, () => ({ phase: 'finished' }))
        api.call('videos.stop', { requestId: turn.id }).catch(() => {})
      },
    }
  }
}

/** Questions about the same frames go on from each other, so that the model sees the frames once. */
function toTurns(turns: readonly VideoTurn[], frames: readonly StripFrame[]) {
  const current = JSON.stringify(turns.at(-1)!.times)
  const first = turns.findLastIndex(({ times, phase }) => JSON.stringify(times) !== current || phase === 'failed') + 1
  return turns.slice(first).flatMap(({ question, answer }, index, all) => {
    const pictures = index === 0 ? picturesOf(frames) : []
    const asked = { role: 'user' as const, text: question, frames: pictures }
    return index === all.length - 1 ? [asked] : [asked, { role: 'assistant' as const, text: answer, frames: [] }]
  })
}

function picturesOf(frames: readonly StripFrame[]): { hash: string; name: string }[] {
  return frames.map(({ picture: { hash, name } }) => ({ hash, name }))
}
