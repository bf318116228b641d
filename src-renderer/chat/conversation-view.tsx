import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'
import { ModelNotice } from '../models/model-notice.tsx'
import { AnswerView } from './answer-view.tsx'
import styles from './conversation-view.module.css'
import { QuestionView } from './question-view.tsx'
import { useStickToEnd } from './stick-to-end.ts'

export function ConversationView() {
  const text = useText()
  const turns = useOwl((state) => state.turns)
  const { scroller, content, atEnd, toEnd } = useStickToEnd(turns.length)
  return (
    <div className={styles.place}>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys */}
      <section ref={scroller} className={`${styles.scroller} fading`} aria-label={text.chat.conversation} tabIndex={0}>
        <div ref={content} className={styles.column}>
          <ol className={styles.turns}>
            {turns.map((turn, index) => (
              <li key={turn.id} className={styles.turn}>
                {turn.role === 'user' ? (
                  <QuestionView question={turn} />
                ) : (
                  <AnswerView answer={turn} last={index === turns.length - 1} />
                )}
              </li>
            ))}
          </ol>
          <ModelNotice />
        </div>
      </section>
      {!atEnd && <IconButton icon="down" label={text.chat.toNewest} className={styles.toEnd} onClick={toEnd} />}
    </div>
  )
}
