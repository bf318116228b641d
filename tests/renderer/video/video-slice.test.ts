import { describe, expect, it, vi } from 'vitest'
import { createOwlStore } from '../../../src-renderer/app/store.ts'
import { aMoment, memoryShell } from '../memory-shell.ts'

/** Videos by name: when they open, and whether frames of them can be read. */
const videos = new Map<string, { opens: Promise<void>; frames?: Promise<void> }>()
const closed: string[] = []

vi.mock('../../../src-renderer/video/frame-reader.ts', () => ({
  FrameReader: {
    async open(_source: unknown, name: string) {
      await videos.get(name)!.opens
      return {
        info: { duration: 8, width: 2, height: 2, codec: 'avc1' },
        async *frames(times: number[]) {
          await videos.get(name)!.frames
          for (const time of times) yield { time, jpeg: new Blob() }
        },
        close: () => closed.push(name),
      }
    },
  },
}))

function gate() {
  let open = () => {}
  const opens = new Promise<void>((resolve) => {
    open = resolve
  })
  return { opens, open }
}

function video(name: string, opens: Promise<void> = Promise.resolve(), frames?: Promise<void>): File {
  videos.set(name, { opens, frames })
  return new File([name], name)
}

function openStore() {
  closed.length = 0
  const main = memoryShell({ 'pictures.add': ({ name }) => ({ hash: name, name }) })
  const store = createOwlStore(main.shell)
  return { main, store, now: store.getState }
}

const noVideo = { code: 'video-no-track', message: 'x.png holds no video.', hint: '' }

describe('opening a video', () => {
  it('leaves the one that is shown where the next is none', async () => {
    const { now } = openStore()
    await now().openVideo(video('a.mp4'))
    await now().askVideo('What happens?')
    await now().openVideo(video('x.png', Promise.reject(noVideo)))
    expect(now()).toMatchObject({ video: { name: 'a.mp4' }, videoError: noVideo, isOpeningVideo: false })
    expect(now().videoTurns).toHaveLength(1)
    expect(closed).toEqual([])
  })

  it('shows the one that was asked for last, and closes the slower one', async () => {
    const { now } = openStore()
    const slow = gate()
    const first = now().openVideo(video('slow.mp4', slow.opens))
    // Two imports of the stand-in at once would bring the original.
    await aMoment()
    await now().openVideo(video('fast.mp4'))
    slow.open()
    await first
    expect(now().video?.name).toBe('fast.mp4')
    expect(closed).toEqual(['slow.mp4'])
  })

  it('asks before answers go with their video', async () => {
    const { now } = openStore()
    await now().openVideo(video('a.mp4'))
    await now().askVideo('What happens?')
    const next = video('b.mp4')
    await now().openVideo(next)
    expect(now()).toMatchObject({ video: { name: 'a.mp4' }, videoOffer: next })
    await now().openVideo(next, true)
    expect(now()).toMatchObject({ video: { name: 'b.mp4' }, videoOffer: undefined, videoTurns: [] })
    expect(closed).toEqual(['b.mp4', 'a.mp4'])
  })
})

describe('asking about a video', () => {
  it('shows the question while its frames are read, takes no second one, and can be stopped', async () => {
    const { main, now } = openStore()
    await now().openVideo(video('a.mp4'))
    const frames = gate()
    videos.get('a.mp4')!.frames = frames.opens
    now().writeVideoDraft('What happens at 0:02?')
    const asked = now().askVideo('What happens at 0:02?')
    expect(now().videoTurns).toMatchObject([{ question: 'What happens at 0:02?', phase: 'seeing' }])
    expect(now().videoDraft).toBe('')
    await now().askVideo('And then?')
    expect(now().videoTurns).toHaveLength(1)
    now().stopVideo()
    frames.open()
    await asked
    expect(main.callsOf('videos.ask')).toEqual([])
    expect(now().videoTurns).toMatchObject([{ phase: 'finished' }])
  })

  it('fails with its question on the screen where no frames can be read', async () => {
    const { main, now } = openStore()
    await now().openVideo(video('a.mp4'))
    const damaged = { code: 'video-unreadable', message: 'No frame of the video can be decoded.', hint: '' }
    videos.get('a.mp4')!.frames = Promise.reject(damaged)
    await now().askVideo('What happens at 0:02?')
    expect(now().videoTurns).toMatchObject([{ question: 'What happens at 0:02?', phase: 'failed', error: damaged }])
    expect(main.callsOf('videos.ask')).toEqual([])
  })

  it('waits for the frames that were chosen meanwhile, and reads only the newest choice', async () => {
    const { main, now } = openStore()
    await now().openVideo(video('a.mp4'))
    const frames = gate()
    videos.get('a.mp4')!.frames = frames.opens
    const read = main.callsOf('pictures.add').length
    void now().chooseFrames({ count: 3 })
    const asked = now().askVideo('What happens?')
    await aMoment()
    void now().chooseFrames({ count: 4 })
    void now().chooseFrames({ count: 2 })
    frames.open()
    await asked
    expect(main.callsOf('videos.ask')[0]?.turns[0]?.frames).toHaveLength(2)
    expect(main.callsOf('pictures.add')).toHaveLength(read + 3 + 2)
  })
})
