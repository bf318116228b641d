import { useRef } from 'react'
import styles from './chat-list.module.css'

interface Props {
  label: string
  name: string
  maxLength: number
  /** Told the new name, unless it is empty or the same. */
  onName: (name: string) => void
  end: () => void
  /** Id of what gets the focus after a key has ended it. */
  returnTo: string
}

/** A name changed in its place: Enter or leaving the field takes it, Escape leaves it as it was. */
export function NameField({ label, name, maxLength, onName, end, returnTo }: Props) {
  const given = useRef(false)

  function finishByKey(written: string | undefined) {
    finish(written)
    // What the field has taken the place of is there again by then.
    requestAnimationFrame(() => document.getElementById(returnTo)?.focus())
  }

  /** Once, whether by a key or by leaving the field. */
  function finish(written: string | undefined) {
    if (given.current) return
    given.current = true
    const trimmed = written?.trim()
    if (trimmed && trimmed !== name) onName(trimmed)
    end()
  }

  return (
    <input
      className={styles.title}
      aria-label={label}
      defaultValue={name}
      maxLength={maxLength}
      // biome-ignore lint/a11y/noAutofocus: the person has just asked for it
      autoFocus
      onFocus={(event) => event.target.select()}
      onBlur={(event) => finish(event.target.value)}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.key === 'Enter') finishByKey(event.currentTarget.value)
        else if (event.key === 'Escape') finishByKey(undefined)
        else return
        event.preventDefault()
      }}
    />
  )
}
