import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import styles from './recovery-note.module.css'

/** Says that the database was damaged, what was recovered, and where the damaged file is. */
export function RecoveryNote() {
  const text = useText().history
  const recovery = useOwl((state) => state.recovery)
  const closeRecovery = useOwl((state) => state.closeRecovery)
  if (!recovery) return null
  return (
    <div role="alert" className={styles.note}>
      <p>{text.recovered(recovery.chats, recovery.messages, recovery.damagedFile)}</p>
      <Button onClick={closeRecovery}>{text.understood}</Button>
    </div>
  )
}
