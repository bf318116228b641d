import { useEffect, useRef } from 'react'
import { IconButton } from '../components/icon-button.tsx'
import styles from './shortcut-sheet.module.css'
import { useOwl, useText } from './store.ts'

const onMac = /Mac/.test(navigator.platform)

/** Every key of the window on one sheet. */
export default function ShortcutSheet() {
  const text = useText()
  const showShortcuts = useOwl((state) => state.showShortcuts)
  const dialog = useRef<HTMLDialogElement>(null)
  useEffect(() => dialog.current?.showModal(), [])
  return (
    <dialog ref={dialog} className={styles.sheet} aria-labelledby="keys-title" onClose={() => showShortcuts(false)}>
      <div className={styles.head}>
        <h2 id="keys-title">{text.shortcuts.title}</h2>
        <IconButton icon="close" label={text.app.close} onClick={() => dialog.current?.close()} />
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keys */}
      <section className={styles.groups} tabIndex={0} aria-label={text.shortcuts.title}>
        {text.shortcuts.groups.map(({ title, keys }) => (
          <div key={title} className={styles.group}>
            <h3>{title}</h3>
            <dl>
              {keys.map(([key, what]) => (
                <div key={key} className={styles.line}>
                  <dt>
                    <kbd>{onMac ? key.replace('Ctrl', '⌘').replace('Alt', '⌥') : key}</kbd>
                  </dt>
                  <dd>{what}</dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </section>
    </dialog>
  )
}
