import { useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import styles from './models-view.module.css'

/** Keeps the access token of the hub; it is never shown again. */
export function HubToken() {
  const text = useText().models
  const hasToken = useOwl((state) => state.hasToken)
  const setToken = useOwl((state) => state.setToken)
  const work = useOwl((state) => state.modelWork.token)
  const [token, enter] = useState('')
  return (
    <form
      className={styles.form}
      aria-label={text.token}
      onSubmit={(event) => {
        event.preventDefault()
        void setToken(token.trim()).then((kept) => kept && enter(''))
      }}
    >
      <h3 className={styles.title}>{text.token}</h3>
      <p className={styles.quiet}>{hasToken ? text.tokenKept : text.tokenHint}</p>
      <div className={styles.actions}>
        <input
          required
          type="password"
          autoComplete="off"
          minLength={4}
          aria-label={text.token}
          className={`${fields.field} ${fields.wide}`}
          value={token}
          onChange={(event) => enter(event.target.value)}
        />
        <Button type="submit" disabled={work?.isRunning}>
          {text.save}
        </Button>
        {hasToken && (
          <Button disabled={work?.isRunning} onClick={() => void setToken(undefined)}>
            {text.forget}
          </Button>
        )}
      </div>
      {work?.error && <ErrorNote error={work.error} />}
    </form>
  )
}
