import { useEffect, useState } from 'react'
import type { CallOutput, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import styles from './caption-form.module.css'

interface Props {
  /** Where to begin; the home folder if empty. */
  start: string
  onChoose: (folder: string) => void
}

/** Looks through the folders of the machine that Owl runs on, in both shells alike. */
export function FolderChooser({ start, onChoose }: Props) {
  const text = useText().captions
  const listFolder = useOwl((state) => state.listFolder)
  const [path, setPath] = useState(start.trim() || undefined)
  const [folder, setFolder] = useState<CallOutput<'captions.folder'>>()
  const [error, setError] = useState<OwlErrorMessage>()
  useEffect(() => {
    let isCurrent = true
    async function look() {
      try {
        const found = await listFolder(path)
        if (!isCurrent) return
        setError(undefined)
        setFolder(found)
      } catch (thrown) {
        if (!isCurrent) return
        setError(toErrorMessage(thrown))
        // Where nothing is shown yet, there has to be somewhere to go on from.
        const home = await listFolder(undefined).catch(() => undefined)
        if (isCurrent) setFolder((shown) => shown ?? home)
      }
    }
    void look()
    return () => {
      isCurrent = false
    }
  }, [path, listFolder])
  return (
    <section className={styles.chooser} aria-label={text.browse}>
      {error && <ErrorNote error={error} />}
      {folder && (
        <>
          <div className={styles.chooserBar}>
            {folder.parent !== undefined && <Button onClick={() => setPath(folder.parent)}>{text.up}</Button>}
            <span>
              <bdi>{folder.path || text.drives}</bdi>{' '}
              <span className={styles.quiet}>{folder.path && text.holds(folder.pictures, folder.videos)}</span>
            </span>
            <Button kind="primary" disabled={folder.path === ''} onClick={() => onChoose(folder.path)}>
              {text.choose}
            </Button>
          </div>
          <ul className={styles.folders}>
            {folder.folders.map(({ name, path: inner }) => (
              <li key={inner}>
                <button type="button" onClick={() => setPath(inner)}>
                  <bdi>{name}</bdi>
                </button>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}
