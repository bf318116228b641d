import { Button } from '../components/button.tsx'
import { PlainWords } from '../components/plain-words.tsx'
import styles from './connection-banner.module.css'
import { useOwl, useText } from './store.ts'

export function ConnectionBanner() {
  const text = useText().connection
  const connection = useOwl((state) => state.connection)
  const reconnect = useOwl((state) => state.reconnect)
  return (
    <div role="status" className={styles.place}>
      {connection !== 'open' && (
        <div className={styles.banner}>
          <span>
            <PlainWords>{text[connection]}</PlainWords>
          </span>
          {connection === 'lost' && <Button onClick={reconnect}>{text.retryNow}</Button>}
        </div>
      )}
    </div>
  )
}
