import { createRoot } from 'react-dom/client'
import { App } from './app.tsx'
import { connectBrowserShell } from './browser-shell.ts'
import { keepSession } from './session.ts'
import { preloadShell } from './shell.ts'
import { createOwlStore, StoreContext } from './store.ts'

const shell = window.api ? preloadShell(window.api) : connectBrowserShell(new URL(location.href))
const store = createOwlStore(shell, localStorage)
keepSession(store, sessionStorage)
// Before the first paint, so that a chosen theme does not flash.
document.documentElement.dataset.theme = store.getState().preferences.theme

createRoot(document.getElementById('root')!).render(
  <StoreContext value={store}>
    <App />
  </StoreContext>,
)

// Ready by the time of the first answer.
void import('../chat/markdown.tsx')
