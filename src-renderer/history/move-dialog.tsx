import { useEffect, useRef, useState } from 'react'
import type { ChatSummary } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import fields from '../components/field.module.css'
import styles from './move-dialog.module.css'

/** Asks for the folder that a chat goes to: arrows choose, Enter moves. */
export function MoveDialog({ chat }: { chat: ChatSummary }) {
  const text = useText()
  const words = text.history
  const folders = useOwl((state) => state.folders)
  const chooseFolder = useOwl((state) => state.chooseFolder)
  const createFolder = useOwl((state) => state.createFolder)
  const moveChat = useOwl((state) => state.moveChat)
  const [chosen, setChosen] = useState(chat.folderId)
  const [name, setName] = useState('')
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => {
    dialog.current?.showModal()
    dialog.current?.querySelector<HTMLElement>('input:checked')?.focus()
  }, [])

  async function move() {
    dialog.current?.close()
    const folderId = name.trim() === '' ? chosen : await createFolder(name.trim())
    if (name.trim() !== '' && folderId === undefined) return
    if (folderId !== chat.folderId) await moveChat(chat.id, folderId)
  }

  return (
    <dialog
      ref={dialog}
      className={styles.dialog}
      aria-labelledby="move-title"
      onClose={() => {
        chooseFolder(undefined)
        // Where it was moved away the list has no such row any more.
        document.getElementById(`chat-${chat.id}`)?.focus()
      }}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault()
          void move()
        }}
      >
        <h2 id="move-title">{words.moveTitle(chat.title || words.untitled)}</h2>
        <div role="radiogroup" aria-labelledby="move-title" className={styles.choices}>
          {[{ id: undefined, name: words.noFolder }, ...folders].map((folder) => (
            <label key={folder.id ?? ''} className={styles.choice}>
              <input
                type="radio"
                name="folder"
                checked={name === '' && chosen === folder.id}
                onChange={() => {
                  setChosen(folder.id)
                  setName('')
                }}
              />
              {folder.name}
            </label>
          ))}
        </div>
        <input
          className={`${fields.field} ${styles.field}`}
          aria-label={words.orNewFolder}
          placeholder={words.orNewFolder}
          maxLength={100}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <div className={styles.actions}>
          <Button onClick={() => dialog.current?.close()}>{text.app.cancel}</Button>
          <Button kind="primary" type="submit">
            {words.move}
          </Button>
        </div>
      </form>
    </dialog>
  )
}
