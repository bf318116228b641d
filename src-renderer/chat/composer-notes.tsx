import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { Icon } from '../components/icon.tsx'
import { IconButton } from '../components/icon-button.tsx'
import styles from './composer.module.css'
import type { ContextNeed } from './context-need.ts'

/** What is to be said about the question before it is asked. */
export function ComposerNotes({ need, pictures }: { need: ContextNeed | undefined; pictures: number }) {
  const text = useText()
  const { composer } = text
  const editing = useOwl((state) => state.draft.editing !== undefined)
  const waitsForPictures = useOwl((state) => state.waitsForPictures)
  const cancelEdit = useOwl((state) => state.cancelEdit)
  const besideText = useOwl((state) => state.besideText)
  const offerBesideText = useOwl((state) => state.offerBesideText)
  const addPictures = useOwl((state) => state.addPictures)
  return (
    <>
      {editing && (
        <div className={styles.note} role="status">
          <span>{composer.editing}</span>
          <Button onClick={cancelEdit}>{text.app.cancel}</Button>
        </div>
      )}
      {waitsForPictures && (
        <div className={styles.note} role="status">
          <span>{composer.waitsForPictures}</span>
        </div>
      )}
      {besideText.length > 0 && (
        <div className={styles.note} role="status">
          <span>{composer.besideText}</span>
          <span className={styles.choices}>
            <Button
              onClick={() => {
                addPictures(besideText)
                offerBesideText([])
              }}
            >
              {composer.addBesideText}
            </Button>
            <IconButton icon="close" label={text.app.close} onClick={() => offerBesideText([])} />
          </span>
        </div>
      )}
      {need && !need.fits && pictures > 0 && (
        <div className={`${styles.note} ${styles.tooMuch}`} role="alert">
          <Icon name="warning" />
          <span>{composer.tooMuch(pictures, need.rows, need.contextRows, need.mostPictures)}</span>
        </div>
      )}
    </>
  )
}
