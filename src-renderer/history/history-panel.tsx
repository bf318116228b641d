import { useEffect, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { ChatList } from './chat-list.tsx'
import { FolderList, newFolderId } from './folder-list.tsx'
import { FoundList } from './found-list.tsx'
import styles from './history-panel.module.css'
import { MoveDialog } from './move-dialog.tsx'
import { RecoveryNote } from './recovery-note.tsx'
import { TransferNote, TransferTools } from './transfers.tsx'

/** Between the last key and the search, in milliseconds. */
const pause = 120
/** How long undoing is offered, in milliseconds. */
const undoOffered = 12_000

/** Beside the conversation: every chat, and a search in all of them. */
export function HistoryPanel() {
  const text = useText()
  const found = useOwl((state) => state.found)
  const error = useOwl((state) => state.historyError)
  const movingChat = useOwl((state) => state.movingChat)
  const isInFolder = useOwl((state) => state.folderId !== undefined)
  const [isNaming, setIsNaming] = useState(false)
  return (
    <section className={styles.panel} aria-label={text.history.chats}>
      <div className={styles.top}>
        <SearchField />
        <IconButton
          id={newFolderId}
          icon="newFolder"
          label={text.history.newFolder}
          disabled={isInFolder || found !== undefined}
          onClick={() => setIsNaming(true)}
        />
        <TransferTools />
      </div>
      <RecoveryNote />
      {error && <ErrorNote error={error} />}
      {found ? (
        <FoundList found={found} />
      ) : (
        <>
          <FolderList isNaming={isNaming} onNamed={() => setIsNaming(false)} />
          <ChatList />
        </>
      )}
      <TransferNote />
      <DeletedNotes />
      {movingChat && <MoveDialog key={movingChat.id} chat={movingChat} />}
    </section>
  )
}

function SearchField() {
  const text = useText()
  const searchChats = useOwl((state) => state.searchChats)
  const [query, setQuery] = useState(useOwl((state) => state.chatQuery))
  const field = useRef<HTMLInputElement>(null)

  useEffect(() => {
    const timer = setTimeout(() => void searchChats(query), query === '' ? 0 : pause)
    return () => clearTimeout(timer)
  }, [query, searchChats])

  return (
    <search className={styles.search}>
      <Icon name="search" />
      <input
        ref={field}
        type="search"
        className={styles.field}
        aria-label={text.history.search}
        placeholder={text.history.search}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          if (event.key !== 'Escape' || query === '') return
          event.preventDefault()
          setQuery('')
        }}
      />
      {query !== '' && (
        <IconButton
          icon="close"
          label={text.history.clearSearch}
          onClick={() => {
            setQuery('')
            field.current?.focus()
          }}
        />
      )}
    </search>
  )
}

/** What was deleted a moment ago, a line each, so that one more does not take the way back of the one before. */
function DeletedNotes() {
  const deleted = useOwl((state) => state.deletedChats)
  return (
    <div role="status" aria-atomic="false" className={styles.deletedPlace}>
      {deleted.map((chat) => (
        <DeletedNote key={chat.id} chat={chat} />
      ))}
    </div>
  )
}

function DeletedNote({ chat: { id, title } }: { chat: { id: string; title: string } }) {
  const text = useText().history
  const undoDelete = useOwl((state) => state.undoDelete)
  const forgetDeleted = useOwl((state) => state.forgetDeleted)

  useEffect(() => {
    const timer = setTimeout(() => forgetDeleted(id), undoOffered)
    return () => clearTimeout(timer)
  }, [id, forgetDeleted])

  return (
    <div className={styles.deleted}>
      <span>{text.deleted(title)}</span>
      <Button onClick={() => void undoDelete(id)}>{text.undo}</Button>
    </div>
  )
}
