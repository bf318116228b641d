import { createRoot } from 'react-dom/client'
import { keepViewInAddress } from './address.ts'
import { App } from './app.tsx'
import { showAppearance } from './appearance.ts'
import { connectBrowserShell } from './browser-shell.ts'
import { keepSession } from './session.ts'
import { preloadShell } from './shell.ts'
import { createOwlStore, StoreContext } from './store.ts'

const shell = window.api ? preloadShell(window.api) : connectBrowserShell(new URL(location.href))
const store = createOwlStore(shell, localStorage)
store.getState().newChat()
keepSession(store, sessionStorage)
keepViewInAddress(store)
// Before the first paint, so that a chosen theme does not flash.
showAppearance(store.getState().settings)

createRoot(document.getElementById('root')!).render(
  <StoreContext value={store}>
    <App />
  </StoreContext>,
)

// Ready by the time of the first answer.
void import('../chat/markdown.tsx')
