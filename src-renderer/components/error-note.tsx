import type { ReactNode } from 'react'
import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { errorText } from '../app/language/language.ts'
import { useText } from '../app/store.ts'
import styles from './error-note.module.css'
import { Icon } from './icon.tsx'
import { PlainWords } from './plain-words.tsx'

interface Props {
  error: OwlErrorMessage
  /** Above the message, where the place alone does not say what failed. */
  title?: string
  /** What can be done about it here. */
  children?: ReactNode
}

/** An error where it happened: what, why, and what to do. */
export function ErrorNote({ error, title, children }: Props) {
  const { message, hint } = errorText(useText(), error)
  return (
    <div className={styles.note} role="alert">
      <span className={styles.sign}>
        <Icon name="warning" />
      </span>
      <div className={styles.words}>
        {title && <strong>{title}</strong>}
        <p>
          <PlainWords>{message}</PlainWords>
        </p>
        {hint && (
          <p className={styles.hint}>
            <PlainWords>{hint}</PlainWords>
          </p>
        )}
        {children && <div className={styles.actions}>{children}</div>}
      </div>
    </div>
  )
}
