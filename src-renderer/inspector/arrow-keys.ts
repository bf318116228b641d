import { type FocusEvent, type KeyboardEvent, useState } from 'react'

/**
 * One stop of the Tab key for many buttons, as an answer has hundreds of words: arrows, Home and End go from one to
 * another. The group takes `group`; the button at `stop` is the one with tabIndex 0.
 * @param chosen the stop until one of them has had the focus
 */
export function useArrowKeys(chosen: number) {
  const [focused, setFocused] = useState<number>()

  function onFocus({ currentTarget, target }: FocusEvent<HTMLElement>) {
    const at = buttonsIn(currentTarget).indexOf(target as HTMLButtonElement)
    if (at >= 0) setFocused(at)
  }

  function onKeyDown(event: KeyboardEvent<HTMLElement>) {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const buttons = buttonsIn(event.currentTarget)
    const at = buttons.indexOf(event.target as HTMLButtonElement)
    const last = buttons.length - 1
    const to = {
      ArrowRight: at + 1,
      ArrowDown: at + 1,
      ArrowLeft: at - 1,
      ArrowUp: at - 1,
      Home: 0,
      End: last,
    }[event.key]
    if (to === undefined || at < 0) return
    buttons[Math.max(0, Math.min(to, last))]?.focus()
    event.preventDefault()
  }

  return { stop: focused ?? chosen, group: { onFocus, onKeyDown } }
}

function buttonsIn(group: HTMLElement): HTMLButtonElement[] {
  return [...group.querySelectorAll('button')]
}
