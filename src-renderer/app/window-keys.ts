import { use, useEffect } from 'react'
import { StoreContext } from './store.ts'

/** The composer's text field, where keys typed anywhere else end up. */
export const questionFieldId = 'question'

/**
 * Keys that work wherever the focus is: Escape stops the answer, Ctrl/Cmd+Shift+O begins a new chat, and a
 * character typed outside of any field goes to the question.
 */
export function useWindowKeys(): void {
  const store = use(StoreContext)
  useEffect(() => {
    if (!store) return
    const onKeyDown = (event: KeyboardEvent) => {
      // An open dialog has its own keys; so has whatever has dealt with this one already.
      if (event.defaultPrevented || event.isComposing || document.querySelector('dialog[open]')) return
      const state = store.getState()
      const command = event.ctrlKey || event.metaKey
      if (event.key === 'Escape') {
        if (state.draft.editing) state.cancelEdit()
        else state.stop()
      } else if (command && event.shiftKey && event.key.toLowerCase() === 'o') {
        event.preventDefault()
        state.newChat()
        document.getElementById(questionFieldId)?.focus()
      } else if (!command && !event.altKey && event.key.length === 1 && event.key !== ' ' && atRest()) {
        document.getElementById(questionFieldId)?.focus()
      }
    }
    addEventListener('keydown', onKeyDown)
    return () => removeEventListener('keydown', onKeyDown)
  }, [store])
}

/** Nothing that takes keys itself has the focus. */
function atRest(): boolean {
  const focused = document.activeElement
  return !focused?.matches('input, textarea, [contenteditable], [role=menu] *')
}
