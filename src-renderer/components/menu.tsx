import { type KeyboardEvent, type ReactNode, useEffect, useId, useRef, useState } from 'react'
import styles from './menu.module.css'

interface MenuProps {
  /** What the button shows. */
  face: ReactNode
  label: string
  buttonClass?: string
  /** Which edge of the button the list is flush with. */
  align?: 'start' | 'centre' | 'end'
  /** The list opens over the button, for one at the lower edge of the window. */
  above?: boolean
  onOpen?: () => void
  children: ReactNode
}

/** A button with a list of choices under it: arrows move, Enter chooses, Escape leaves. */
export function Menu({ face, label, buttonClass = '', align = 'start', above = false, onOpen, children }: MenuProps) {
  const [open, setOpen] = useState(false)
  const root = useRef<HTMLDivElement>(null)
  const button = useRef<HTMLButtonElement>(null)
  const id = useId()

  useEffect(() => {
    if (!open) return
    const list = choices(root.current)
    const chosen = list.find((item) => item.ariaChecked === 'true') ?? list[0]
    chosen?.focus()
    const leave = (event: PointerEvent) => {
      if (!root.current?.contains(event.target as Node)) setOpen(false)
    }
    addEventListener('pointerdown', leave)
    return () => removeEventListener('pointerdown', leave)
  }, [open])

  function close() {
    setOpen(false)
    button.current?.focus()
  }

  function onKeyDown(event: KeyboardEvent) {
    if (!open) return
    const list = choices(root.current)
    const at = list.indexOf(document.activeElement as HTMLElement)
    const target = {
      ArrowDown: (at + 1) % list.length,
      ArrowUp: (at - 1 + list.length) % list.length,
      Home: 0,
      End: list.length - 1,
    }[event.key]
    if (event.key === 'Escape') close()
    else if (event.key === 'Tab') setOpen(false)
    else if (target !== undefined) list[target]?.focus()
    else return
    // Escape closes the menu alone, and does not stop an answer as well.
    event.stopPropagation()
    if (event.key !== 'Tab') event.preventDefault()
  }

  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys belong to the menu and its items alike
    <div className={styles.root} ref={root} onKeyDown={onKeyDown}>
      <button
        type="button"
        ref={button}
        className={buttonClass}
        aria-label={label}
        title={label}
        aria-haspopup="menu"
        aria-expanded={open}
        aria-controls={open ? id : undefined}
        onClick={() => {
          if (!open) onOpen?.()
          setOpen(!open)
        }}
      >
        {face}
      </button>
      {open && (
        // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on an item arrives here as its click
        <div
          id={id}
          role="menu"
          tabIndex={-1}
          aria-label={label}
          className={`${styles.list} ${styles[align]} ${above ? styles.above : ''}`}
          onClick={close}
        >
          {children}
        </div>
      )}
    </div>
  )
}

interface ChoiceProps {
  checked: boolean
  onChoose: () => void
  children: ReactNode
}

export function MenuChoice({ checked, onChoose, children }: ChoiceProps) {
  return (
    <button
      type="button"
      role="menuitemradio"
      aria-checked={checked}
      tabIndex={-1}
      className={styles.item}
      onClick={onChoose}
    >
      <span className={styles.mark} aria-hidden="true">
        {checked ? '●' : ''}
      </span>
      <span className={styles.content}>{children}</span>
    </button>
  )
}

export function MenuGroup({ label, children }: { label: string; children: ReactNode }) {
  const id = useId()
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is not allowed inside a menu
    <div role="group" aria-labelledby={id} className={styles.group}>
      <div id={id} className={styles.groupLabel}>
        {label}
      </div>
      {children}
    </div>
  )
}

function choices(root: HTMLElement | null): HTMLElement[] {
  return [...(root?.querySelectorAll<HTMLElement>('[role=menuitemradio]') ?? [])]
}
