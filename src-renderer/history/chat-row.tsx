import { memo } from 'react'
import type { ChatSummary } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'
import styles from './chat-list.module.css'
import { dragChat } from './dragged-chat.ts'
import { NameField } from './name-field.tsx'

interface Props {
  chat: ChatSummary
  isShown: boolean
  /** Tab leads to it and to its tools. */
  isEntry: boolean
  isRenaming: boolean
  setRenaming: (id: string | undefined) => void
}

/** A chat of the list: opens it; renamed, pinned, moved and deleted in place. */
export const ChatRow = memo(function ChatRow({ chat, isShown, isEntry, isRenaming, setRenaming }: Props) {
  const text = useText()
  const openChat = useOwl((state) => state.openChat)
  const pinChat = useOwl((state) => state.pinChat)
  const deleteChat = useOwl((state) => state.deleteChat)
  const renameChat = useOwl((state) => state.renameChat)
  const chooseFolder = useOwl((state) => state.chooseFolder)
  const title = chat.title || text.history.untitled
  const tabIndex = isEntry ? 0 : -1
  if (isRenaming) {
    return (
      <NameField
        label={text.history.newTitle}
        name={chat.title}
        maxLength={200}
        onName={(name) => void renameChat(chat.id, name)}
        end={() => setRenaming(undefined)}
        returnTo={`chat-${chat.id}`}
      />
    )
  }
  return (
    <div className={styles.chat}>
      <button
        type="button"
        id={`chat-${chat.id}`}
        className={styles.open}
        title={title}
        tabIndex={tabIndex}
        aria-current={isShown ? 'true' : undefined}
        draggable
        onDragStart={(event) => dragChat(event, chat.id)}
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
          icon="folder"
          label={text.history.moveChat}
          tabIndex={tabIndex}
          onClick={() => chooseFolder(chat)}
        />
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
