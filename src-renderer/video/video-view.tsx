import { useEffect, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { Question } from '../components/question.tsx'
import { FrameStrip } from './frame-strip.tsx'
import { VideoConversation } from './video-conversation.tsx'
import styles from './video-view.module.css'

/** A video: its player, the frames that are looked at, and questions about them. */
export default function VideoView() {
  const video = useOwl((state) => state.video)
  const error = useOwl((state) => state.videoError)
  const openVideo = useOwl((state) => state.openVideo)
  useVideoDrop(openVideo)
  return (
    <div className={styles.view}>
      {error && (
        <div className={styles.error}>
          <ErrorNote error={error} />
        </div>
      )}
      {video ? (
        <div className={styles.columns}>
          <div className={styles.seen}>
            <Player />
            <FrameStrip />
          </div>
          <VideoConversation />
        </div>
      ) : (
        <Invitation />
      )}
      <VideoOffer />
    </div>
  )
}

function Invitation() {
  const text = useText().video
  return (
    <div className={styles.invitation}>
      <h2 className={styles.heading}>{text.heading}</h2>
      <p className={styles.quiet}>{text.invitation}</p>
      <VideoPicker kind="primary" label={text.pick} />
      <p className={styles.quiet}>{text.forms}</p>
    </div>
  )
}

/** Asks before the answers about a video go with it. */
function VideoOffer() {
  const text = useText().video
  const offer = useOwl((state) => state.videoOffer)
  const openVideo = useOwl((state) => state.openVideo)
  const leave = useOwl((state) => state.leaveVideoOffer)
  if (!offer) return null
  return (
    <Question
      words={text.replaceQuestion(offer.name)}
      yes={text.open}
      onYes={() => void openVideo(offer, true)}
      onClose={leave}
    />
  )
}

function VideoPicker({ kind, label }: { kind?: 'primary'; label: string }) {
  const text = useText().video
  const openVideo = useOwl((state) => state.openVideo)
  const opening = useOwl((state) => state.isOpeningVideo)
  const input = useRef<HTMLInputElement>(null)
  return (
    <>
      <input
        ref={input}
        type="file"
        accept="video/*,.mkv,.mov"
        hidden
        onChange={(event) => {
          const [file] = event.target.files ?? []
          if (file) void openVideo(file)
          event.target.value = ''
        }}
      />
      <Button kind={kind} onClick={() => input.current?.click()}>
        {opening ? text.opening : label}
      </Button>
    </>
  )
}

function Player() {
  const text = useText().video
  const video = useOwl((state) => state.video)!
  const seek = useOwl((state) => state.videoSeek)
  const range = useOwl((state) => state.videoRange)
  const markRange = useOwl((state) => state.markRange)
  const addFrame = useOwl((state) => state.addFrame)
  const player = useRef<HTMLVideoElement>(null)
  const [playable, setPlayable] = useState(true)
  useEffect(() => {
    if (seek && player.current) player.current.currentTime = seek.time
  }, [seek])
  const now = () => player.current?.currentTime ?? 0
  const { duration, width, height, codec } = video.info
  return (
    <section aria-label={video.name}>
      <div className={styles.title}>
        <h2 className={styles.name} title={video.name}>
          <bdi>{video.name}</bdi>
        </h2>
        <span className={styles.quiet}>
          {text.clock(duration)} · {width} × {height} · {codec}
        </span>
        <VideoPicker label={text.another} />
      </div>
      {playable ? (
        // biome-ignore lint/a11y/useMediaCaption: a person's own file; what it shows is what is asked about
        <video
          ref={player}
          className={styles.player}
          src={video.address}
          controls
          preload="auto"
          aria-label={text.player}
          onError={() => setPlayable(false)}
        />
      ) : (
        <p className={styles.quiet}>{text.notPlayable}</p>
      )}
      <div className={styles.tools}>
        <Button onClick={() => void markRange({ start: now(), end: after(now(), range?.end, duration) })}>
          {text.startHere}
        </Button>
        <Button
          onClick={() => {
            const start = range && range.start < now() ? range.start : 0
            if (now() > start) void markRange({ start, end: now() })
          }}
        >
          {text.endHere}
        </Button>
        {range && (
          <>
            <span className={styles.quiet}>{text.marked(range.start, range.end)}</span>
            <Button onClick={() => void markRange(undefined)}>{text.wholeVideo}</Button>
          </>
        )}
        <Button onClick={() => void addFrame(now())}>{text.addFrame}</Button>
      </div>
    </section>
  )
}

/** The end that goes with a new start: the old one, where it still lies behind. */
function after(start: number, end: number | undefined, duration: number): number {
  return end !== undefined && end > start ? end : duration
}

function useVideoDrop(openVideo: (file: File) => Promise<void>): void {
  useEffect(() => {
    const carriesFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') ?? false
    const onDragOver = (event: DragEvent) => {
      if (!carriesFiles(event)) return
      event.preventDefault()
      event.dataTransfer!.dropEffect = 'copy'
    }
    const onDrop = (event: DragEvent) => {
      const [file] = event.dataTransfer?.files ?? []
      if (!file) return
      event.preventDefault()
      void openVideo(file)
    }
    addEventListener('dragover', onDragOver)
    addEventListener('drop', onDrop)
    return () => {
      removeEventListener('dragover', onDragOver)
      removeEventListener('drop', onDrop)
    }
  }, [openVideo])
}
