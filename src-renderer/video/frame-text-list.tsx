import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import styles from './video-view.module.css'

/** What is written in the frames, on demand; with other frames it is asked for anew. */
export function FrameTextList() {
  const text = useText().video
  const frames = useOwl((state) => state.frames)
  const found = useOwl((state) => state.frameTexts)
  const read = useOwl((state) => state.readFrameTexts)
  const stop = useOwl((state) => state.stopReadingFrames)
  const seek = useOwl((state) => state.seekVideo)
  const isReading = found !== undefined && !found.texts && !found.error
  if (isReading) {
    return (
      <div className={styles.tools}>
        <span className={styles.quiet} role="status">
          {text.readingTexts(found.done, found.frames.length)}
        </span>
        <Button onClick={stop}>{text.stopReading}</Button>
      </div>
    )
  }
  if (found?.frames !== frames || found.error) {
    return (
      <>
        {found?.error && <ErrorNote error={found.error} />}
        <div className={styles.tools}>
          <Button disabled={frames.length === 0} onClick={() => void read()}>
            {text.readTexts}
          </Button>
        </div>
      </>
    )
  }
  const texts = found.texts ?? []
  if (texts.length === 0) {
    return (
      <p className={styles.quiet} role="status">
        {text.noTexts}
      </p>
    )
  }
  return (
    <>
      <div className={styles.tools}>
        <h3 className={styles.quiet}>{text.texts}</h3>
        <CopyButton text={texts.map((one) => one.text).join('\n\n')} label={text.copyTexts} />
      </div>
      <ol className={styles.texts} aria-label={text.texts}>
        {texts.map((one) => (
          <li key={one.time} className={styles.text}>
            <button
              type="button"
              className={styles.moment}
              aria-label={text.jump(one.time)}
              onClick={() => seek(one.time)}
            >
              {text.clock(one.time)}
            </button>
            <span>{one.text}</span>
          </li>
        ))}
      </ol>
    </>
  )
}
