import { useState } from 'react'
import type { CallOutput } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import styles from './log-panel.module.css'
import panel from './panel.module.css'

/** The program's log, to be read and attached to a report. */
export function LogPanel() {
  const { log: words } = useText().settings
  const readLog = useOwl((state) => state.readLog)
  const [log, setLog] = useState<CallOutput<'logs.read'>>()
  return (
    <div className={panel.panel}>
      <h3>{words.title}</h3>
      <p className={panel.detail}>{words.detail}</p>
      {log && <p className={styles.path}>{log.path}</p>}
      {log && (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: long lines are scrolled by keys
        <pre className={styles.text} tabIndex={0}>
          {log.text || words.empty}
        </pre>
      )}
      <p className={panel.actions}>
        <Button onClick={() => void readLog().then((read) => read && setLog(read))}>{words.show}</Button>
        {log && <CopyButton text={log.text} label={words.copy} />}
      </p>
    </div>
  )
}
