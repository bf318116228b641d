import { use, useEffect } from 'react'
import { questionFieldId } from '../chat/question-field.ts'
import { StoreContext } from './store.ts'
import { views } from './views.tsx'

/**
 * Keys that work wherever the focus is; `language/en/shortcuts.ts` lists them. A character typed outside of any field
 * goes to the question.
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
        // In a field to search in it clears what was searched for, and what is not seen is not stopped.
        if (state.leaveSide() || state.view !== 'chat' || document.activeElement?.matches('[type=search]')) return
        if (state.draft.editing) state.cancelEdit()
        else state.stop()
      } else if (command && event.shiftKey && event.key.toLowerCase() === 'o') {
        event.preventDefault()
        state.openView('chat')
        state.newChat()
        document.getElementById(questionFieldId)?.focus()
      } else if ((command && event.key === '/') || (event.key === '?' && atRest())) {
        event.preventDefault()
        state.showShortcuts(true)
      } else if (command && event.key === ',') {
        event.preventDefault()
        state.openView('settings')
      } else if (event.altKey && !command && /^Digit[1-9]$/.test(event.code)) {
        const view = views[Number(event.code.at(-1)) - 1]
        if (!view) return
        event.preventDefault()
        state.openView(view.name)
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
