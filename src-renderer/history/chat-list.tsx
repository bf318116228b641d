import { useVirtualizer } from '@tanstack/react-virtual'
import { type FocusEvent, type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { toRows } from './chat-groups.ts'
import styles from './chat-list.module.css'
import { ChatRow } from './chat-row.tsx'

/** Every chat, of which only the visible part is drawn; the rest is fetched as it is scrolled to. */
export function ChatList() {
  const text = useText()
  const chats = useOwl((state) => state.chats)
  const chatId = useOwl((state) => state.chatId)
  const loadMore = useOwl((state) => state.loadMoreChats)
  const deleteChat = useOwl((state) => state.deleteChat)
  const chooseFolder = useOwl((state) => state.chooseFolder)
  const isInFolder = useOwl((state) => state.folderId !== undefined)
  const rows = useMemo(() => toRows(chats, new Date()), [chats])
  const scroller = useRef<HTMLDivElement>(null)
  const [active, setActive] = useState<string>()
  const [renaming, setRenaming] = useState<string>()
  // The one row that Tab leads to.
  const entry = chats.find(({ id }) => id === active) ?? chats.find(({ id }) => id === chatId) ?? chats[0]

  const list = useVirtualizer({
    count: rows.length,
    getScrollElement: () => scroller.current,
    estimateSize: () => 36,
    overscan: 10,
    getItemKey: (index) => {
      const row = rows[index]!
      return 'chat' in row ? row.chat.id : row.group
    },
  })
  const visible = list.getVirtualItems()
  const lastVisible = visible.at(-1)?.index ?? 0
  useEffect(() => {
    if (lastVisible >= rows.length - 20) void loadMore()
  }, [lastVisible, rows.length, loadMore])

  function goTo(index: number) {
    const chat = chats[Math.max(0, Math.min(index, chats.length - 1))]
    if (!chat) return
    setActive(chat.id)
    list.scrollToIndex(rows.findIndex((row) => 'chat' in row && row.chat === chat))
    // It is drawn by then.
    requestAnimationFrame(() => document.getElementById(`chat-${chat.id}`)?.focus())
  }

  /** The row that has the focus, or had it last. */
  const focused = useRef<{ id: string; at: number }>(undefined)
  function onFocus({ target }: FocusEvent<HTMLDivElement>) {
    const at = chats.findIndex(({ id }) => `chat-${id}` === target.id)
    if (at >= 0) focused.current = { id: chats[at]!.id, at }
  }
  // A row that was moved away or deleted takes the focus with it, unless the next one gets it.
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when rows have come or gone
  useEffect(() => {
    const last = focused.current
    if (!last || document.activeElement !== document.body || chats.some(({ id }) => id === last.id)) return
    goTo(last.at)
  }, [chats])

  function onKeyDown(event: KeyboardEvent<HTMLDivElement>) {
    if (!(event.target instanceof HTMLElement) || !event.target.id.startsWith('chat-') || !entry) return
    const at = chats.findIndex(({ id }) => `chat-${id}` === (event.target as HTMLElement).id)
    if (event.key === 'ArrowDown') goTo(at + 1)
    else if (event.key === 'ArrowUp') goTo(at - 1)
    else if (event.key === 'Home') goTo(0)
    else if (event.key === 'End') goTo(chats.length - 1)
    else if (event.key === 'F2') setRenaming(chats[at]?.id)
    else if (event.key === 'm' && !event.ctrlKey && !event.metaKey && !event.altKey) chooseFolder(chats[at])
    else if (event.key === 'Delete' && chats[at]) {
      void deleteChat(chats[at])
      goTo(at + 1)
    } else return
    event.preventDefault()
  }

  if (chats.length === 0)
    return <p className={styles.none}>{isInFolder ? text.history.emptyFolder : text.history.none}</p>
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the rows in it
    <div ref={scroller} className={styles.scroller} onFocus={onFocus} onKeyDown={onKeyDown}>
      <ul className={styles.list} style={{ height: list.getTotalSize() }}>
        {visible.map(({ index, start, key }) => {
          const row = rows[index]!
          return (
            <li
              key={key}
              ref={list.measureElement}
              data-index={index}
              className={styles.row}
              style={{ transform: `translateY(${start}px)` }}
            >
              {'chat' in row ? (
                <ChatRow
                  chat={row.chat}
                  isShown={row.chat.id === chatId}
                  isEntry={row.chat.id === entry?.id}
                  isRenaming={row.chat.id === renaming}
                  setRenaming={setRenaming}
                />
              ) : (
                <h2 className={styles.group}>{text.history[row.group]}</h2>
              )}
            </li>
          )
        })}
      </ul>
    </div>
  )
}
