import type { StateCreator } from 'zustand/vanilla'
import { defaultFrames, mostFrames, type VideoRange } from '../../native-models/mplug-owl2/video/frame-sampling.ts'
import { askedRange, clockTime } from '../../native-models/mplug-owl2/video/spoken-times.ts'
import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage, windowError } from '../app/error.ts'
import type { Shell } from '../app/shell.ts'
import type { OwlState } from '../app/store.ts'
import { chosenTimes, type FrameChoice } from './frame-choice.ts'
import type { FrameReader, VideoInfo } from './frame-reader.ts'
import { askedTurns, isAnswering, picturesOf, type StripFrame, type VideoTurn } from './video-turns.ts'

export interface OpenVideo {
  name: string
  /** Of the player. */
  address: string
  info: VideoInfo
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
  videoState: 'none' | 'sampling' | 'ready'
  /** While the next video is looked at; the one that is shown stays until it is known to be one. */
  isOpeningVideo: boolean
  /** What would take the place of a video with answers, until the person has said so. */
  videoOffer: File | undefined
  videoError: OwlErrorMessage | undefined
  frameChoice: FrameChoice
  /** The marked stretch; all of the video without one. */
  videoRange: VideoRange | undefined
  frames: StripFrame[]
  frameTexts: FrameTexts | undefined
  videoTurns: VideoTurn[]
  /** The question that is being written. */
  videoDraft: string
  /** Where the player is to go; a new object each time. */
  videoSeek: { time: number } | undefined
  /** @param replacing although there are answers about the video that is shown */
  openVideo(file: File, replacing?: boolean): Promise<void>
  leaveVideoOffer(): void
  chooseFrames(change: Partial<FrameChoice>): Promise<void>
  markRange(range: VideoRange | undefined): Promise<void>
  addFrame(time: number): Promise<void>
  removeFrame(time: number): void
  readFrameTexts(): Promise<void>
  stopReadingFrames(): void
  seekVideo(time: number): void
  writeVideoDraft(text: string): void
  askVideo(question: string): Promise<void>
  stopVideo(): void
}

/** Frames that the model in use can be shown. */
export function frameLimit({ model }: OwlState): number {
  return model.state === 'ready' ? mostFrames(model.contextRows, model.pictureRows) : defaultFrames
}

/** A video, the frames of it that are looked at, and the questions about them. The video itself stays in the window. */
export function createVideoSlice({ api }: Shell): StateCreator<OwlState, [], [], VideoSlice> {
  return (set, get) => {
    let reader: FrameReader | undefined
    /** One reading after the other, as they share a decoder. */
    let last: Promise<unknown> = Promise.resolve()
    /** Count openings and choices of frames, so that a slow one does not come over a newer one. */
    let opening = 0
    let choosing = 0

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

    /** Frames may be chosen anew while they are being read. */
    async function allRead() {
      let awaited: Promise<unknown> | undefined
      while (awaited !== last) {
        awaited = last
        await awaited
      }
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

    /** The model looks at frames while the person thinks of a question. */
    function setFrames(frames: StripFrame[]) {
      set({ frames })
      if (frames.length === 0 || isAnswering(get().videoTurns.at(-1))) return
      api.call('videos.prepare', { frames: picturesOf(frames) }).catch(() => {})
    }

    function sample() {
      const mine = ++choosing
      return inTurn(async (used) => {
        if (mine !== choosing) return
        const { frameChoice, videoRange } = get()
        const range = videoRange ?? { start: 0, end: used.info.duration }
        try {
          const frames = await read(used, await chosenTimes(used, frameChoice, range, frameLimit(get())))
          if (used === reader) setFrames(frames)
        } catch (thrown) {
          // Those of another choice would pass for those of this one.
          if (used === reader) setFrames([])
          throw thrown
        }
      })
    }

    function leaveVideo() {
      const { video } = get()
      get().stopVideo()
      get().stopReadingFrames()
      if (video) URL.revokeObjectURL(video.address)
      reader?.close()
    }

    /** What belongs to one video. */
    const nothing = () => ({
      videoError: undefined,
      videoRange: undefined,
      frames: [],
      frameTexts: undefined,
      videoTurns: [],
      videoSeek: undefined,
    })

    return {
      ...nothing(),
      video: undefined,
      videoState: 'none',
      isOpeningVideo: false,
      videoOffer: undefined,
      videoDraft: '',
      frameChoice: { kind: 'uniform', count: defaultFrames, perSecond: 1 },

      async openVideo(file, replacing = false) {
        const mine = ++opening
        set({ isOpeningVideo: true, videoError: undefined, videoOffer: undefined })
        try {
          // The decoders' code comes with the first video.
          const [{ FrameReader }, { BlobSource }] = await Promise.all([
            import('./frame-reader.ts'),
            import('mediabunny'),
          ])
          const opened = await FrameReader.open(new BlobSource(file), file.name)
          const isOvertaken = mine !== opening
          if (isOvertaken || (!replacing && get().videoTurns.length > 0)) {
            opened.close()
            if (!isOvertaken) set({ isOpeningVideo: false, videoOffer: file })
            return
          }
          leaveVideo()
          reader = opened
          const video = { name: file.name, address: URL.createObjectURL(file), info: opened.info }
          set({ ...nothing(), video, videoState: 'ready', isOpeningVideo: false })
        } catch (thrown) {
          if (mine === opening) set({ isOpeningVideo: false, videoError: toErrorMessage(thrown) })
          return
        }
        await sample()
      },

      leaveVideoOffer: () => set({ videoOffer: undefined }),

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

      writeVideoDraft: (videoDraft) => set({ videoDraft }),

      async askVideo(question) {
        const { video, videoTurns: before } = get()
        if (!video || isAnswering(before.at(-1))) return
        const id = crypto.randomUUID()
        set({ videoTurns: [...before, { id, question, times: [], answer: '', phase: 'seeing' }], videoDraft: '' })
        const named = askedRange(question, video.info.duration)
        if (named) void get().markRange(named)
        await allRead()
        const { frames, videoError } = get()
        if (frames.length === 0) {
          return changeTurn(id, () => ({ phase: 'failed', error: videoError ?? windowError('video-without-frames') }))
        }
        changeTurn(id, () => ({ times: frames.map(({ time }) => time) }))
        // It may have been stopped, or have gone with its video.
        const turns = get().videoTurns
        if (turns.at(-1)?.id !== id || !isAnswering(turns.at(-1))) return
        try {
          await api.call('videos.ask', { requestId: id, turns: askedTurns(turns, frames) })
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
