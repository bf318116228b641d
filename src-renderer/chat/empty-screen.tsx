import { useOwl, useText } from '../app/store.ts'
import { OwlMark } from '../components/owl-mark.tsx'
import { PlainWords } from '../components/plain-words.tsx'
import { ModelNotice } from '../models/model-notice.tsx'
import styles from './empty-screen.module.css'
import { FilePicker } from './file-picker.tsx'
import { LargerModel } from './larger-model.tsx'
import { questionFieldId } from './question-field.ts'

/** Before the first question: what to do, what the model is good for, and a few questions to begin with. */
export function EmptyScreen() {
  const text = useText()
  const model = useOwl((state) => state.model)
  const models = useOwl((state) => state.models)
  const writeDraft = useOwl((state) => state.writeDraft)
  const current = model.state !== 'none' && models.find(({ name }) => name === model.name)
  // The model's own words, where the language has none for it.
  const about = current ? (text.empty.about[current.name] ?? current.description) : ''

  return (
    <div className={`${styles.place} fading`}>
      <div className={styles.column}>
        <OwlMark mood={model.state === 'failed' ? 'asleep' : 'awake'} className={styles.owl} />
        <h2 className={styles.heading}>{text.empty.heading}</h2>
        <p className={styles.invitation}>
          {text.empty.invitation}{' '}
          <FilePicker>
            {(pick) => (
              <button type="button" className={styles.pick} onClick={pick}>
                {text.empty.pick}
              </button>
            )}
          </FilePicker>
          {text.empty.privacy}
        </p>
        {current && (
          <p className={styles.model}>
            {!about.startsWith(current.title) && <strong>{current.title}: </strong>}
            {about}
          </p>
        )}
        {model.state === 'none' && (
          <p className={styles.model}>
            <strong>{text.model.noneTitle}. </strong>
            <PlainWords>{text.model.noneHint}</PlainWords>
          </p>
        )}
        <ModelNotice />
        <ul className={styles.examples} aria-label={text.empty.examplesLabel}>
          {text.empty.examples.map((example) => (
            <li key={example}>
              <button
                type="button"
                className={styles.example}
                onClick={() => {
                  writeDraft(example)
                  document.getElementById(questionFieldId)?.focus()
                }}
              >
                {example}
              </button>
            </li>
          ))}
        </ul>
        <LargerModel />
      </div>
    </div>
  )
}
