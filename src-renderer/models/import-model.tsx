import { useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import styles from './models-view.module.css'

/** Takes in a model that was exported, here or elsewhere. */
export function ImportModel() {
  const text = useText().models
  const importModel = useOwl((state) => state.importModel)
  const work = useOwl((state) => state.modelWork.import)
  const [folder, setFolder] = useState('')
  return (
    <form
      className={styles.form}
      aria-label={text.importTitle}
      onSubmit={(event) => {
        event.preventDefault()
        void importModel(folder).then((done) => done && setFolder(''))
      }}
    >
      <h3 className={styles.title}>{text.importTitle}</h3>
      <label className={styles.label}>
        {text.importPath}
        <input
          required
          className={`${fields.field} ${fields.wide}`}
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={work?.isRunning} aria-busy={work?.isRunning}>
        {work?.isRunning ? text.importing : text.importIt}
      </Button>
      {work?.error && <ErrorNote error={work.error} />}
    </form>
  )
}
