import { IconButton } from '../components/icon-button.tsx'
import { ModelMenu } from '../models/model-menu.tsx'
import styles from './header.module.css'
import { sideId, sideToggleId } from './side-panel.tsx'
import { useOwl, useText } from './store.ts'
import { viewNamed } from './views.tsx'

/** Above every view: its name, the model in use, and what the view offers. */
export function Header() {
  const text = useText()
  const { name, Side, Actions } = viewNamed(useOwl((state) => state.view))
  const sideOpen = useOwl((state) => state.sideOpen)
  const setSideOpen = useOwl((state) => state.setSideOpen)
  return (
    <header className={styles.header}>
      <div className={styles.side}>
        {Side && (
          <IconButton
            icon="side"
            label={sideOpen ? text.app.hideSide : text.app.showSide}
            id={sideToggleId}
            aria-expanded={sideOpen}
            aria-controls={sideOpen ? sideId : undefined}
            onClick={() => setSideOpen(!sideOpen)}
          />
        )}
        <h1 className={styles.title}>{text.app.viewNames[name]}</h1>
      </div>
      <ModelMenu />
      <div className={`${styles.side} ${styles.end}`}>{Actions && <Actions />}</div>
    </header>
  )
}
