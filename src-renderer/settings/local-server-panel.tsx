import { useEffect, useState } from 'react'
import type { LocalServerState, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { PlainWords } from '../components/plain-words.tsx'
import { Question } from '../components/question.tsx'
import styles from './local-server-panel.module.css'
import panel from './panel.module.css'

/** What another program needs to ask Owl: the address and the key; or why the server could not be started. */
export function LocalServerPanel() {
  const { server: words } = useText().settings
  const localServer = useOwl((state) => state.localServer)
  const [server, setServer] = useState<LocalServerState>()
  const [key, setKey] = useState<string>()
  const [asking, setAsking] = useState(false)
  const [error, setError] = useState<OwlErrorMessage>()

  useEffect(() => {
    const end = localServer.onChange(setServer)
    localServer.state().then(setServer, () => {})
    return end
  }, [localServer])

  async function take(reading: Promise<string>) {
    setError(undefined)
    await reading.then(setKey, (thrown) => setError(toErrorMessage(thrown)))
  }

  return (
    <div className={panel.panel}>
      <h3>{words.title}</h3>
      <p className={panel.detail}>
        <PlainWords>{words.detail}</PlainWords>
      </p>
      {server?.state === 'off' && <p className={panel.detail}>{words.off}</p>}
      {server?.state === 'failed' && <ErrorNote error={server.error} />}
      {server?.state === 'listening' && (
        <p className={styles.line}>
          {words.address} <code>{server.address}</code>
          <CopyButton text={server.address} label={words.copyAddress} />
        </p>
      )}
      {key !== undefined && (
        <p className={styles.line}>
          {words.key} <code>{key}</code>
          <CopyButton text={key} label={words.copyKey} />
        </p>
      )}
      {error && <ErrorNote error={error} />}
      <p className={panel.actions}>
        {key === undefined && <Button onClick={() => void take(localServer.key())}>{words.showKey}</Button>}
        <Button onClick={() => setAsking(true)}>{words.newKey}</Button>
      </p>
      {asking && (
        <Question
          label={words.newKey}
          words={words.newKeyQuestion}
          yes={words.newKey}
          onYes={() => void take(localServer.newKey())}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  )
}
