import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { OwlMark } from '../components/owl-mark.tsx'
import styles from './rail.module.css'
import { useOwl, useText } from './store.ts'
import { views } from './views.tsx'

const moods = { ready: 'awake', loading: 'looking', none: 'asleep', failed: 'asleep' } as const

/** The views of the window, one under the other at its left edge; at the bottom of a narrow window. */
export function Rail() {
  const text = useText()
  const current = useOwl((state) => state.view)
  const openView = useOwl((state) => state.openView)
  const showShortcuts = useOwl((state) => state.showShortcuts)
  const model = useOwl((state) => state.model.state)
  return (
    <nav className={styles.rail} aria-label={text.app.views}>
      <OwlMark mood={moods[model]} className={styles.owl} />
      <ul className={styles.list}>
        {views.map(({ name, icon }) => (
          <li key={name} className={name === 'settings' ? styles.last : undefined}>
            <button
              type="button"
              className={styles.view}
              aria-current={name === current ? 'page' : undefined}
              onClick={() => openView(name)}
            >
              <Icon name={icon} />
              <span>{text.app.viewNames[name]}</span>
            </button>
          </li>
        ))}
      </ul>
      <IconButton icon="help" label={text.shortcuts.open} className={styles.help} onClick={() => showShortcuts(true)} />
    </nav>
  )
}
