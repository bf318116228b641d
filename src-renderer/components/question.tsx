import { useEffect, useRef } from 'react'
import { useText } from '../app/store.ts'
import { Button } from './button.tsx'
import styles from './question.module.css'

interface Props {
  words: string
  /** What the dialog is called, where not by its words. */
  label?: string
  yes: string
  onYes: () => void
  onClose: () => void
}

/** Asks before something is done that cannot be undone; Enter leaves all as it is. */
export function Question({ words, label = words, yes, onYes, onClose }: Props) {
  const text = useText()
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={styles.dialog} aria-label={label} onClose={onClose}>
      <p>{words}</p>
      <div className={styles.actions}>
        <Button
          onClick={() => {
            dialog.current?.close()
            onYes()
          }}
        >
          {yes}
        </Button>
        <Button kind="primary" autoFocus onClick={() => dialog.current?.close()}>
          {text.app.cancel}
        </Button>
      </div>
    </dialog>
  )
}
