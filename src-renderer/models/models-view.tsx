import { useEffect } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { PlainWords } from '../components/plain-words.tsx'
import { ModelNotice } from './model-notice.tsx'
import styles from './models-view.module.css'

/** The installed models: what each is, how large, and which is in use. */
export default function ModelsView() {
  const text = useText()
  const models = useOwl((state) => state.models)
  const model = useOwl((state) => state.model)
  const loadModel = useOwl((state) => state.loadModel)
  const refreshModels = useOwl((state) => state.refreshModels)
  useEffect(() => void refreshModels(), [refreshModels])
  return (
    <div className={styles.place}>
      <div className={styles.column}>
        <ModelNotice />
        {models.length === 0 && (
          <p className={styles.quiet}>
            <PlainWords>{text.model.nothingInstalled}</PlainWords>
          </p>
        )}
        <ul className={styles.list}>
          {models.map(({ name, title, description, bytes, embedded, licence }) => (
            <li key={name} className={styles.model}>
              <div className={styles.words}>
                <h2 className={styles.title}>{title}</h2>
                <p>{description}</p>
                <p className={styles.quiet}>
                  {[text.model.size(bytes), licence, embedded && text.model.embedded].filter(Boolean).join(' · ')}
                </p>
              </div>
              {model.state !== 'none' && model.state !== 'failed' && model.name === name ? (
                <span className={styles.quiet}>
                  {model.state === 'ready' ? text.model.inUse : text.model.loading(title)}
                </span>
              ) : (
                <Button onClick={() => void loadModel(name)}>{text.model.use}</Button>
              )}
            </li>
          ))}
        </ul>
      </div>
    </div>
  )
}
