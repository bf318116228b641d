import { useVirtualizer } from '@tanstack/react-virtual'
import { type KeyboardEvent, useEffect, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'
import { ModelNotice } from '../models/model-notice.tsx'
import { AnswerView } from './answer-view.tsx'
import { firstKnownTurn, type Turn } from './conversation.ts'
import styles from './conversation-view.module.css'
import { QuestionView } from './question-view.tsx'
import { useStickToEnd } from './stick-to-end.ts'

/** The branch that is shown; of a long one only what is in view, and some turns around it, are drawn. */
export function ConversationView() {
  const text = useText()
  const turns = useOwl((state) => state.turns)
  const chatId = useOwl((state) => state.chatId)
  const { scroller, content, atEnd, toEnd, leaveEnd } = useStickToEnd(`${chatId} ${turns.length}`)
  const firstKnown = firstKnownTurn(turns)
  const list = useVirtualizer({
    count: turns.length,
    getScrollElement: () => scroller.current,
    getItemKey: (index) => turns[index]!.id,
    estimateSize: (index) => estimatedHeight(turns[index]!),
    overscan: 6,
  })
  const found = useSoughtTurn(turns, (index) => {
    leaveEnd()
    list.scrollToIndex(index, { align: 'center' })
  })

  /** The browser's own smooth way there ends early, where rows on it turn out otherwise than estimated. */
  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.target !== event.currentTarget || event.ctrlKey || event.metaKey || event.altKey) return
    if (event.key === 'Home') {
      leaveEnd()
      list.scrollToIndex(0)
    } else if (event.key === 'End') toEnd()
    else return
    event.preventDefault()
  }

  return (
    <div className={styles.place}>
      <section
        ref={scroller}
        className={`${styles.scroller} fading`}
        aria-label={text.chat.conversation}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys
        tabIndex={0}
        onKeyDown={onKeyDown}
      >
        <div ref={content} className={styles.column}>
          <ol className={styles.turns} style={{ height: list.getTotalSize() }}>
            {list.getVirtualItems().map(({ index, key, start }) => {
              const turn = turns[index]!
              return (
                <li
                  key={key}
                  ref={list.measureElement}
                  data-index={index}
                  className={`${styles.turn} ${turn.id === found ? styles.found : ''}`}
                  style={{ transform: `translateY(${start}px)` }}
                  aria-setsize={turns.length}
                  aria-posinset={index + 1}
                >
                  {turn.id === firstKnown && <p className={styles.leftOut}>{text.history.leftOut}</p>}
                  {turn.role === 'user' ? (
                    <QuestionView question={turn} />
                  ) : (
                    <AnswerView answer={turn} last={index === turns.length - 1} />
                  )}
                </li>
              )
            })}
          </ol>
          <ModelNotice />
        </div>
      </section>
      {!atEnd && <IconButton icon="down" label={text.chat.toNewest} className={styles.toEnd} onClick={toEnd} />}
    </div>
  )
}

/** In pixels, before a turn is measured. */
function estimatedHeight(turn: Turn): number {
  const lines = 24 * Math.ceil(turn.text.length / 80)
  if (turn.role === 'assistant') return 80 + lines
  return 60 + lines + (turn.pictures.length === 1 ? 230 : 92 * Math.ceil(turn.pictures.length / 5))
}

/** Brings the turn that a search led to into view. @returns its id, for as long as it is marked */
function useSoughtTurn(turns: readonly Turn[], show: (index: number) => void): string | undefined {
  const sought = useOwl((state) => state.soughtTurn)
  const foundTurn = useOwl((state) => state.foundTurn)
  const [found, setFound] = useState<string>()

  // biome-ignore lint/correctness/useExhaustiveDependencies: once for each turn that is sought
  useEffect(() => {
    const index = turns.findIndex(({ id }) => id === sought)
    if (index < 0) return
    show(index)
    setFound(sought)
    foundTurn()
  }, [sought])

  return found
}
