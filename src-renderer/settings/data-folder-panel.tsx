import { lazy, Suspense, useEffect, useId, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import { Question } from '../components/question.tsx'
import styles from './data-folder-panel.module.css'

const FolderChooser = lazy(() =>
  import('../captions/folder-chooser.tsx').then(({ FolderChooser }) => ({ default: FolderChooser })),
)

/** Where chats, pictures and models are kept, and how to keep them elsewhere. */
export function DataFolderPanel() {
  const text = useText()
  const words = text.settings.folder
  const folder = useOwl((state) => state.dataFolder)
  const moving = useOwl((state) => state.folderWork)
  const error = useOwl((state) => state.folderError)
  const refresh = useOwl((state) => state.refreshDataFolder)
  const move = useOwl((state) => state.moveDataFolder)
  const removeOld = useOwl((state) => state.removeOldFolder)
  const stay = useOwl((state) => state.keepDataFolder)
  const [target, setTarget] = useState('')
  const [browsing, setBrowsing] = useState(false)
  const [leaving, setLeaving] = useState<string>()
  const id = useId()

  useEffect(() => void refresh(), [refresh])

  if (!folder) return null
  const share = moving && moving !== 'begun' && moving.total > 0 ? moving.done / moving.total : 0
  const isComparing = moving && moving !== 'begun' && moving.stage === 'comparing'
  return (
    <div className={styles.panel}>
      <p className={styles.title}>{words.title}</p>
      <p className={styles.detail}>{words.detail}</p>
      <p className={styles.path}>
        <bdi>{folder.path}</bdi>
        <CopyButton text={folder.path} label={words.copy} />
      </p>
      {folder.failed && (
        <ErrorNote error={{ code: '', message: words.failed(folder.failed.to), hint: folder.failed.reason }} />
      )}
      {error && <ErrorNote error={error} />}
      {folder.movingTo && !moving && (
        <div className={styles.line} role="status">
          <span>{words.atNextStart(folder.movingTo)}</span>
          <Button onClick={() => void stay()}>{words.stay}</Button>
        </div>
      )}
      {!moving &&
        folder.old.map(({ path, bytes }) => (
          <div key={path} className={styles.line}>
            <span>{words.old(path, text.model.size(bytes))}</span>
            <Button onClick={() => setLeaving(path)}>{words.removeOld}</Button>
          </div>
        ))}
      {leaving !== undefined && (
        <Question
          words={words.removeOldQuestion(leaving)}
          yes={words.removeOld}
          onYes={() => void removeOld(leaving)}
          onClose={() => setLeaving(undefined)}
        />
      )}
      {moving && (
        <div className={styles.line}>
          <progress
            className={styles.progress}
            max={1}
            value={share}
            aria-label={isComparing ? words.removeOld : words.moving}
          />
          <span className={styles.detail}>
            {(isComparing ? words.compared : words.copied)(Math.floor(share * 100))}
          </span>
          <Button onClick={() => void stay()}>{text.app.cancel}</Button>
        </div>
      )}
      {!moving && !folder.movingTo && (
        <form
          className={styles.line}
          onSubmit={(event) => {
            event.preventDefault()
            void move(target.trim())
          }}
        >
          <label className="only-read-aloud" htmlFor={id}>
            {words.target}
          </label>
          <input
            id={id}
            className={`${fields.field} ${styles.target}`}
            placeholder={words.target}
            value={target}
            onChange={(event) => setTarget(event.target.value)}
          />
          <Button aria-expanded={browsing} onClick={() => setBrowsing(!browsing)}>
            {words.browse}
          </Button>
          <Button kind="primary" type="submit" disabled={target.trim() === ''}>
            {words.move}
          </Button>
        </form>
      )}
      {browsing && !moving && (
        <Suspense>
          <FolderChooser
            start={target || folder.path}
            onChoose={(chosen) => {
              setTarget(chosen)
              setBrowsing(false)
            }}
          />
        </Suspense>
      )}
    </div>
  )
}
