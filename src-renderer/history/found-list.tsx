import { useVirtualizer } from '@tanstack/react-virtual'
import { useEffect, useRef } from 'react'
import type { CallOutput, FoundMessage } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { FoundOnPicture } from '../components/found-on-picture.tsx'
import styles from './found-list.module.css'

/** What a search found: titles, then messages, the newest first. A click opens the chat at the message. */
export function FoundList({ found }: { found: CallOutput<'history.search'> }) {
  const text = useText()
  const openChat = useOwl((state) => state.openChat)
  const loadMore = useOwl((state) => state.loadMoreHits)
  const scroller = useRef<HTMLDivElement>(null)
  const { titles, hits } = found
  const count = titles.length + hits.length
  const list = useVirtualizer({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: (index) => (index < titles.length ? 36 : 84),
    overscan: 6,
  })
  const visible = list.getVirtualItems()
  const lastVisible = visible.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastVisible >= count - 10) void loadMore()
  }, [lastVisible, count, loadMore])

  return (
    <>
      <p role="status" className={styles.status}>
        {count === 0 && text.history.nothingFound}
        {hits.length > 0 && `${text.history.found(hits.length)}${found.next ? '+' : ''}`}
      </p>
      <div ref={scroller} className={styles.scroller}>
        <ul className={styles.list} style={{ height: list.getTotalSize() }}>
          {visible.map(({ index, start }) => {
            const title = titles[index]
            const hit = hits[index - titles.length]
            return (
              <li
                key={title?.chatId ?? `${hit!.messageId} ${hit!.isPictureText}`}
                ref={list.measureElement}
                data-index={index}
                className={styles.row}
                style={{ transform: `translateY(${start}px)` }}
              >
                {title ? (
                  <button type="button" className={styles.found} onClick={() => void openChat(title.chatId)}>
                    <strong className={styles.title}>{title.chatTitle || text.history.untitled}</strong>
                  </button>
                ) : (
                  <Hit hit={hit!} />
                )}
              </li>
            )
          })}
        </ul>
      </div>
    </>
  )
}

function Hit({ hit }: { hit: FoundMessage }) {
  const text = useText()
  const openChat = useOwl((state) => state.openChat)
  const who = hit.role === 'user' ? text.chat.question : text.chat.answer
  return (
    <button type="button" className={styles.found} onClick={() => void openChat(hit.chatId, hit.messageId)}>
      <span className={styles.title}>{hit.chatTitle || text.history.untitled}</span>
      <span className={styles.excerpt}>
        {hit.excerpt.map((part, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces of one fixed text
          part.isHit ? <mark key={index}>{part.text}</mark> : part.text,
        )}
      </span>
      {hit.picture && (
        <FoundOnPicture picture={hit.picture} words={hit.excerpt.flatMap(({ isHit, text }) => (isHit ? [text] : []))} />
      )}
      <span className={styles.who}>
        {who}
        {hit.isPictureText && ` · ${text.history.inPicture}`}
      </span>
    </button>
  )
}
