import { type ViewName, viewNames } from './navigation-slice.ts'
import type { OwlStore } from './store.ts'

/** Keeps the open view in the page's address, so that a reload and the browser's way back find it. */
export function keepViewInAddress(store: OwlStore): void {
  const read = () => {
    const name = location.hash.slice(1)
    // Footnotes of an answer have addresses, too.
    if (isViewName(name)) store.getState().openView(name)
    else if (name === '') store.getState().openView('chat')
  }
  read()
  addEventListener('hashchange', read)
  store.subscribe(({ view }, before) => {
    if (view === before.view || location.hash === `#${view}`) return
    location.hash = view
  })
}

function isViewName(name: string): name is ViewName {
  return (viewNames as readonly string[]).includes(name)
}
