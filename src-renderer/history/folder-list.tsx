import { useState } from 'react'
import type { ChatFolder } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { Question } from '../components/question.tsx'
import { useChatDrop } from './dragged-chat.ts'
import styles from './folder-list.module.css'
import { NameField } from './name-field.tsx'

/** Ids of the buttons by which naming begins, and to which the focus goes back. */
export const newFolderId = 'new-folder'
const renameFolderId = 'rename-folder'

interface Props {
  /** A new one is being named. */
  isNaming: boolean
  onNamed: () => void
}

/** Above the chats: the folders, or the one that is open with the way out of it. */
export function FolderList({ isNaming, onNamed }: Props) {
  const text = useText().history
  const folders = useOwl((state) => state.folders)
  const open = useOwl((state) => state.folders.find(({ id }) => id === state.folderId))
  const createFolder = useOwl((state) => state.createFolder)
  if (open) return <OpenFolder key={open.id} folder={open} />
  if (folders.length === 0 && !isNaming) return null
  return (
    <ul className={styles.list} aria-label={text.folders}>
      {folders.map((folder) => (
        <li key={folder.id}>
          <FolderButton folder={folder} />
        </li>
      ))}
      {isNaming && (
        <li>
          <NameField
            label={text.folderName}
            name=""
            maxLength={100}
            onName={(name) => void createFolder(name)}
            end={onNamed}
            returnTo={newFolderId}
          />
        </li>
      )}
    </ul>
  )
}

function FolderButton({ folder: { id, name, chats } }: { folder: ChatFolder }) {
  const openFolder = useOwl((state) => state.openFolder)
  const moveChat = useOwl((state) => state.moveChat)
  const { isOver, handlers } = useChatDrop((chatId) => void moveChat(chatId, id))
  return (
    <button
      type="button"
      className={`${styles.folder} ${isOver ? styles.over : ''}`}
      onClick={() => void openFolder(id)}
      {...handlers}
    >
      <Icon name="folder" />
      <span className={styles.name}>{name}</span>
      <span className={styles.count}>{chats}</span>
    </button>
  )
}

function OpenFolder({ folder: { id, name, chats } }: { folder: ChatFolder }) {
  const text = useText().history
  const openFolder = useOwl((state) => state.openFolder)
  const moveChat = useOwl((state) => state.moveChat)
  const renameFolder = useOwl((state) => state.renameFolder)
  const removeFolder = useOwl((state) => state.removeFolder)
  const [isRenaming, setIsRenaming] = useState(false)
  const [isAsking, setIsAsking] = useState(false)
  const { isOver, handlers } = useChatDrop((chatId) => void moveChat(chatId, undefined))
  return (
    <div className={styles.open}>
      <button
        type="button"
        className={`${styles.folder} ${isOver ? styles.over : ''}`}
        onClick={() => void openFolder(undefined)}
        {...handlers}
      >
        <Icon name="left" />
        <span className={styles.name}>{text.outOfFolder}</span>
      </button>
      {isRenaming ? (
        <NameField
          label={text.folderName}
          name={name}
          maxLength={100}
          onName={(written) => void renameFolder(id, written)}
          end={() => setIsRenaming(false)}
          returnTo={renameFolderId}
        />
      ) : (
        <div className={styles.head}>
          <h2 className={styles.name}>{name}</h2>
          <IconButton id={renameFolderId} icon="edit" label={text.renameFolder} onClick={() => setIsRenaming(true)} />
          <IconButton
            icon="bin"
            label={text.removeFolder}
            onClick={() => (chats > 0 ? setIsAsking(true) : void removeFolder(id))}
          />
        </div>
      )}
      {isAsking && (
        <Question
          words={text.removeFolderQuestion(name, chats)}
          yes={text.removeFolder}
          onYes={() => void removeFolder(id)}
          onClose={() => setIsAsking(false)}
        />
      )}
    </div>
  )
}
