import { memo, useRef } from 'react'
import type { ChatSummary } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'
import styles from './chat-list.module.css'

interface Props {
  chat: ChatSummary
  isShown: boolean
  /** Tab leads to it and to its tools. */
  isEntry: boolean
  isRenaming: boolean
  setRenaming: (id: string | undefined) => void
}

/** A chat of the list: opens it; renamed, pinned and deleted in place. */
export const ChatRow = memo(function ChatRow({ chat, isShown, isEntry, isRenaming, setRenaming }: Props) {
  const text = useText()
  const openChat = useOwl((state) => state.openChat)
  const pinChat = useOwl((state) => state.pinChat)
  const deleteChat = useOwl((state) => state.deleteChat)
  const title = chat.title || text.history.untitled
  const tabIndex = isEntry ? 0 : -1
  if (isRenaming) return <TitleField chat={chat} end={() => setRenaming(undefined)} />
  return (
    <div className={styles.chat}>
      <button
        type="button"
        id={`chat-${chat.id}`}
        className={styles.open}
        title={title}
        tabIndex={tabIndex}
        aria-current={isShown ? 'true' : undefined}
        onClick={() => void openChat(chat.id)}
        onDoubleClick={() => setRenaming(chat.id)}
      >
        {title}
      </button>
      <span className={styles.tools}>
        <IconButton
          icon="pin"
          label={chat.isPinned ? text.history.unpin : text.history.pin}
          aria-pressed={chat.isPinned}
          tabIndex={tabIndex}
          onClick={() => void pinChat(chat.id, !chat.isPinned)}
        />
        <IconButton icon="edit" label={text.history.rename} tabIndex={tabIndex} onClick={() => setRenaming(chat.id)} />
        <IconButton
          icon="bin"
          label={text.history.delete}
          tabIndex={tabIndex}
          onClick={() => void deleteChat({ id: chat.id, title })}
        />
      </span>
    </div>
  )
})

function TitleField({ chat, end }: { chat: ChatSummary; end: () => void }) {
  const text = useText()
  const renameChat = useOwl((state) => state.renameChat)
  const given = useRef(false)

  /** Once, whether by a key or by leaving the field. */
  function finish(title: string | undefined) {
    if (given.current) return
    given.current = true
    const trimmed = title?.trim()
    if (trimmed && trimmed !== chat.title) void renameChat(chat.id, trimmed)
    end()
  }

  return (
    <input
      className={styles.title}
      aria-label={text.history.newTitle}
      defaultValue={chat.title}
      maxLength={200}
      // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
      autoFocus
      onFocus={(event) => event.target.select()}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') finish(event.currentTarget.value)
        else if (event.key === 'Escape') finish(undefined)
        else return
        event.preventDefault()
      }}
    />
  )
}
