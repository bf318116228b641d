import type { ReactNode } from 'react'
import { namedMoments } from '../../native-models/mplug-owl2/video/spoken-times.ts'
import { useOwl, useText } from '../app/store.ts'
import { SpokenAnswer } from '../chat/spoken-answer.tsx'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import { isAnswering, type VideoTurn } from './video-turns.ts'
import styles from './video-view.module.css'

/** Questions about the video and their answers. */
export function VideoConversation() {
  const text = useText().video
  const turns = useOwl((state) => state.videoTurns)
  const draft = useOwl((state) => state.videoDraft)
  const write = useOwl((state) => state.writeVideoDraft)
  const ask = useOwl((state) => state.askVideo)
  const stop = useOwl((state) => state.stopVideo)
  const canAsk = useOwl((state) => state.model.state === 'ready' && state.frames.length > 0)
  const last = turns.at(-1)
  const answering = isAnswering(last)
  return (
    <section className={styles.conversation} aria-label={text.conversation}>
      <SpokenAnswer
        id={last?.id}
        answer={last?.answer ?? ''}
        growing={answering}
        writing={text.writing}
        testId="video-aloud"
      />
      <ol className={styles.turns}>
        {turns.map((turn) => (
          <li key={turn.id} className={styles.turn}>
            <p className={styles.question}>{turn.question}</p>
            <Answer turn={turn} />
          </li>
        ))}
      </ol>
      <form
        className={styles.ask}
        onSubmit={(event) => {
          event.preventDefault()
          if (!canAsk || answering) return
          void ask(draft.trim() || text.describe)
        }}
      >
        <input
          className={`${fields.field} ${styles.grow}`}
          aria-label={text.question}
          placeholder={text.placeholder}
          value={draft}
          onChange={(event) => write(event.target.value)}
        />
        {answering ? (
          <Button onClick={stop}>{text.stop}</Button>
        ) : (
          <Button kind="primary" type="submit" disabled={!canAsk}>
            {text.ask}
          </Button>
        )}
      </form>
    </section>
  )
}

function Answer({ turn }: { turn: VideoTurn }) {
  const text = useText().video
  if (turn.error) return <ErrorNote error={turn.error} />
  return (
    <article className={styles.answer} aria-label={text.answer} aria-busy={isAnswering(turn)}>
      {turn.phase === 'seeing' ? (
        <p className={styles.quiet}>{turn.seen ? text.seeing(turn.seen.done, turn.seen.total) : text.thinking}</p>
      ) : (
        <p>{turn.answer ? <WithMoments turn={turn} /> : text.silent}</p>
      )}
      {turn.stats && (
        <p className={styles.quiet}>
          {text.lookedAt(turn.times.length)} · {text.firstToken(turn.stats.firstTokenMs)}
        </p>
      )}
    </article>
  )
}

/** An answer in which times and frames are links to where they are in the video. */
function WithMoments({ turn }: { turn: VideoTurn }) {
  const text = useText().video
  const duration = useOwl((state) => state.video?.info.duration ?? 0)
  const seek = useOwl((state) => state.seekVideo)
  const parts: ReactNode[] = []
  let at = 0
  for (const { from, to, seconds } of namedMoments(turn.answer, turn.times, duration)) {
    if (from < at) continue
    parts.push(
      turn.answer.slice(at, from),
      <button
        key={from}
        type="button"
        className={styles.moment}
        title={text.jump(seconds)}
        onClick={() => seek(seconds)}
      >
        {turn.answer.slice(from, to)}
      </button>,
    )
    at = to
  }
  return (
    <>
      {parts}
      {turn.answer.slice(at)}
    </>
  )
}
