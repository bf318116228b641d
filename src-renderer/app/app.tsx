import { lazy, Suspense, useEffect } from 'react'
import { Composer } from '../chat/composer.tsx'
import { ConversationView } from '../chat/conversation-view.tsx'
import { DropZone } from '../chat/drop-zone.tsx'
import { EmptyScreen } from '../chat/empty-screen.tsx'
import { LinkQuestion } from '../chat/link-question.tsx'
import { ReadAloud } from '../chat/read-aloud.tsx'
import { PictureViewer } from '../components/picture-viewer.tsx'
import styles from './app.module.css'
import { ConnectionBanner } from './connection-banner.tsx'
import { Header } from './header.tsx'
import { useOwl } from './store.ts'
import { useWindowKeys } from './window-keys.ts'

/** Few look into an answer: its code comes when someone does. */
const Inspector = lazy(() => import('../inspector/inspector.tsx'))

export function App() {
  const empty = useOwl((state) => state.turns.length === 0)
  const { theme, language } = useOwl((state) => state.preferences)
  const inspection = useOwl((state) => state.inspection)
  useWindowKeys()

  useEffect(() => {
    document.documentElement.dataset.theme = theme
    document.documentElement.lang = language === 'zh' ? 'zh-CN' : language
  }, [theme, language])

  return (
    <DropZone>
      <div className={styles.window}>
        <Header />
        <ConnectionBanner />
        <main className={styles.main}>
          {empty ? <EmptyScreen /> : <ConversationView />}
          <Composer />
        </main>
      </div>
      <ReadAloud />
      <PictureViewer />
      <LinkQuestion />
      {inspection && (
        <Suspense>
          <Inspector inspection={inspection} />
        </Suspense>
      )}
    </DropZone>
  )
}
