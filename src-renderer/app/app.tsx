import { lazy, Suspense, useEffect } from 'react'
import { LinkQuestion } from '../chat/link-question.tsx'
import { ReadAloud } from '../chat/read-aloud.tsx'
import { PictureViewer } from '../components/picture-viewer.tsx'
import styles from './app.module.css'
import { ConnectionBanner } from './connection-banner.tsx'
import { Header } from './header.tsx'
import { Rail } from './rail.tsx'
import { SidePanel } from './side-panel.tsx'
import { useAppearance, useOwl } from './store.ts'
import { viewNamed } from './views.tsx'
import { useWindowKeys } from './window-keys.ts'

/** Few look into an answer: its code comes when someone does. */
const Inspector = lazy(() => import('../inspector/inspector.tsx'))

const ShortcutSheet = lazy(() => import('./shortcut-sheet.tsx'))

export function App() {
  const shortcutsShown = useOwl((state) => state.shortcutsShown)
  const inspection = useOwl((state) => state.inspection)
  const { Panel } = viewNamed(useOwl((state) => state.view))
  useAppearance()
  useWindowKeys()
  useEffect(keepStrayFilesOut, [])

  return (
    <>
      <div className={styles.window}>
        <Rail />
        <SidePanel />
        <Header />
        <div className={styles.body}>
          <ConnectionBanner />
          <main className={styles.main}>
            <Suspense fallback={null}>
              <Panel />
            </Suspense>
          </main>
        </div>
      </div>
      <ReadAloud />
      <PictureViewer />
      <LinkQuestion />
      {shortcutsShown && (
        <Suspense>
          <ShortcutSheet />
        </Suspense>
      )}
      {inspection && (
        <Suspense>
          <Inspector inspection={inspection} />
        </Suspense>
      )}
    </>
  )
}

/** A file dropped where nothing takes it would replace the window by itself. */
function keepStrayFilesOut(): () => void {
  const refuse = (event: DragEvent) => {
    if (event.defaultPrevented || !event.dataTransfer?.types.includes('Files')) return
    event.preventDefault()
    event.dataTransfer.dropEffect = 'none'
  }
  addEventListener('dragover', refuse)
  addEventListener('drop', refuse)
  return () => {
    removeEventListener('dragover', refuse)
    removeEventListener('drop', refuse)
  }
}
