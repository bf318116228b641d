import { useOwl, useText } from '../app/store.ts'
import fields from '../components/field.module.css'
import { IconButton } from '../components/icon-button.tsx'
import { NumberField } from '../components/number-field.tsx'
import { Thumbnail } from '../components/thumbnail.tsx'
import type { FrameChoice } from './frame-choice.ts'
import { FrameTextList } from './frame-text-list.tsx'
import { frameLimit } from './video-slice.ts'
import styles from './video-view.module.css'

/** The frames that the model is shown, with their times, and how they are chosen. */
export function FrameStrip() {
  const text = useText().video
  const frames = useOwl((state) => state.frames)
  const state = useOwl((state) => state.videoState)
  const limit = useOwl(frameLimit)
  const seek = useOwl((state) => state.seekVideo)
  const remove = useOwl((state) => state.removeFrame)
  return (
    <section aria-label={text.framesLabel}>
      <ChoiceFields />
      <p className={styles.quiet} role="status">
        {state === 'sampling' ? text.reading : text.frames(frames.length, limit)}
      </p>
      <ol className={styles.strip} aria-label={text.framesLabel}>
        {frames.map(({ time, picture }) => (
          <li key={time} className={styles.frame}>
            <button type="button" className={styles.jump} aria-label={text.jump(time)} onClick={() => seek(time)}>
              <Thumbnail picture={picture} />
            </button>
            <span className={styles.time}>{text.clock(time)}</span>
            <span className={styles.remove}>
              <IconButton icon="close" label={text.removeFrame(time)} onClick={() => remove(time)} />
            </span>
          </li>
        ))}
      </ol>
      <FrameTextList />
    </section>
  )
}

function ChoiceFields() {
  const text = useText().video
  const choice = useOwl((state) => state.frameChoice)
  const limit = useOwl(frameLimit)
  const choose = useOwl((state) => state.chooseFrames)
  return (
    <div className={styles.tools}>
      <select
        className={fields.field}
        aria-label={text.choose}
        value={choice.kind}
        onChange={(event) => void choose({ kind: event.target.value as FrameChoice['kind'] })}
      >
        {Object.entries(text.choices).map(([kind, label]) => (
          <option key={kind} value={kind}>
            {label}
          </option>
        ))}
      </select>
      {choice.kind === 'uniform' && (
        <NumberField
          aria-label={text.count}
          min={1}
          max={limit}
          value={Math.min(choice.count, limit)}
          onNumber={(count) => void choose({ count })}
        />
      )}
      {choice.kind === 'rate' && (
        <NumberField
          aria-label={text.perSecond}
          min={0.1}
          max={30}
          step={0.1}
          value={choice.perSecond}
          onNumber={(perSecond) => void choose({ perSecond })}
        />
      )}
    </div>
  )
}
