import { useState } from 'react'
import type { InstallState } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { Question } from '../components/question.tsx'
import styles from './models-view.module.css'

/** A model that is being installed: how far it is, and what can be done about it. */
export function InstallRow({ install }: { install: InstallState }) {
  const text = useText()
  const change = useOwl((state) => state.changeInstall)
  const [asking, setAsking] = useState(false)
  const { name, title, state, progress, remainingSeconds, error, source, isRepair } = install
  const isRunning = state !== 'paused' && state !== 'failed'
  const share = progress && progress.total > 0 ? progress.done / progress.total : undefined
  const facts = [
    text.models.stages[state],
    share !== undefined && `${Math.floor(100 * share)} %`,
    progress?.unit === 'bytes' && `${text.model.size(progress.done)} / ${text.model.size(progress.total)}`,
    isRunning && remainingSeconds !== undefined && text.models.left(remainingSeconds),
  ]
  return (
    <li className={styles.model}>
      <div className={styles.words}>
        <h3 className={styles.title}>{title}</h3>
        <p className={styles.quiet}>{source.kind === 'hub' ? source.repo : source.folder}</p>
        <progress className={styles.bar} value={share} aria-label={`${title}: ${text.models.stages[state]}`} />
        <p className={styles.figures}>{facts.filter(Boolean).join(' · ')}</p>
      </div>
      <div className={styles.actions}>
        {isRunning ? (
          <Button onClick={() => void change(name, 'pause')}>{text.models.pause}</Button>
        ) : (
          <Button kind="primary" onClick={() => void change(name, 'resume')}>
            {text.models.resume}
          </Button>
        )}
        <Button onClick={() => setAsking(true)}>{text.models.cancel}</Button>
      </div>
      {error && <ErrorNote error={error} />}
      {asking && (
        <Question
          words={isRepair ? text.models.cancelRepairQuestion(title) : text.models.cancelQuestion(title)}
          yes={isRepair ? text.models.giveUp : text.models.remove}
          onYes={() => void change(name, 'cancel')}
          onClose={() => setAsking(false)}
        />
      )}
    </li>
  )
}
