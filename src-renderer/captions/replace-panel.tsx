import { useEffect, useState } from 'react'
import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import styles from './caption-job-panel.module.css'
import type { CaptionsSlice, Replacement, ReplacePreview } from './captions-slice.ts'

const previewDelay = 200

/** What came of a look at what would change. */
interface Look {
  wanted: Replacement
  filter: CaptionsSlice['captionFilter']
  found?: ReplacePreview
  error?: OwlErrorMessage
}

/** Find and replace in the captions that are shown, each change seen before it is made. */
export function ReplacePanel({ onDone }: { onDone: () => void }) {
  const text = useText().captions
  const preview = useOwl((state) => state.previewCaptionReplace)
  const replace = useOwl((state) => state.replaceInCaptions)
  const filter = useOwl((state) => state.captionFilter)
  const [wanted, setWanted] = useState<Replacement>({
    find: '',
    replace: '',
    matchCase: false,
    wholeWords: false,
    isPattern: false,
  })
  const [latest, setLatest] = useState<Look>()
  const [busy, setBusy] = useState(false)
  // A look is of what was asked for: with other words, or among other captions, it shows nothing of what would change.
  const look = latest?.wanted === wanted && latest.filter === filter ? latest : undefined
  const found = look?.found

  useEffect(() => {
    if (wanted.find === '') return
    let isCurrent = true
    const show = (seen: Pick<Look, 'found' | 'error'>) => isCurrent && setLatest({ wanted, filter, ...seen })
    const timer = setTimeout(() => {
      preview(wanted).then(
        (found) => show({ found }),
        (thrown) => show({ error: toErrorMessage(thrown) }),
      )
    }, previewDelay)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [wanted, preview, filter])

  async function submit() {
    if (!found || found.count === 0 || busy) return
    setBusy(true)
    const done = await replace(wanted)
    setBusy(false)
    if (done) onDone()
  }

  const check = (key: 'matchCase' | 'wholeWords' | 'isPattern') => (
    <label className={styles.check}>
      <input
        type="checkbox"
        checked={wanted[key]}
        onChange={(event) => setWanted({ ...wanted, [key]: event.target.checked })}
      />
      {text[key]}
    </label>
  )
  return (
    <form
      className={styles.replace}
      aria-label={text.replace}
      onSubmit={(event) => {
        event.preventDefault()
        void submit()
      }}
    >
      <div className={styles.tools}>
        <input
          className={fields.field}
          aria-label={text.find}
          placeholder={text.find}
          value={wanted.find}
          // biome-ignore lint/a11y/noAutofocus: the panel was opened to type here
          autoFocus
          onChange={(event) => setWanted({ ...wanted, find: event.target.value })}
        />
        <input
          className={fields.field}
          aria-label={text.replaceWith}
          placeholder={text.replaceWith}
          value={wanted.replace}
          onChange={(event) => setWanted({ ...wanted, replace: event.target.value })}
        />
        {check('matchCase')}
        {check('wholeWords')}
        {check('isPattern')}
        <Button kind="primary" type="submit" disabled={!found || found.count === 0 || busy}>
          {text.replaceIn(found?.count ?? 0)}
        </Button>
      </div>
      {look?.error && <ErrorNote error={look.error} />}
      {found && (
        <ul className={styles.changes} aria-label={text.preview}>
          {found.changes.map(({ id, before, after }) => (
            <li key={id}>
              <del>{before}</del>
              <br />
              <ins>{after}</ins>
            </li>
          ))}
        </ul>
      )}
    </form>
  )
}
