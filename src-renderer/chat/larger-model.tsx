import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import styles from './larger-model.module.css'

/** Offers the published model where only the one that came with the app is there: what it takes comes first. */
export function LargerModel() {
  const text = useText().empty
  const onlyEmbedded = useOwl(({ models }) => models.length > 0 && models.every(({ embedded }) => embedded))
  const openView = useOwl((state) => state.openView)
  if (!onlyEmbedded) return null
  return (
    <aside className={styles.offer} aria-label={text.largerTitle}>
      <div className={styles.words}>
        <strong>{text.largerTitle}</strong>
        <p>{text.larger}</p>
        <ul className={styles.facts}>
          {text.largerFacts.map(([what, value]) => (
            <li key={what}>
              <span>{what}</span> {value}
            </li>
          ))}
        </ul>
      </div>
      <Button onClick={() => openView('models')}>{text.largerLook}</Button>
    </aside>
  )
}
