import { useEffect, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import fields from '../components/field.module.css'
import styles from './caption-job-panel.module.css'
import type { Replacement, ReplacePreview } from './captions-slice.ts'

const previewDelay = 200

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
  const [found, setFound] = useState<ReplacePreview>()

  // biome-ignore lint/correctness/useExhaustiveDependencies: another filter has other captions
  useEffect(() => {
    if (wanted.find === '') return setFound(undefined)
    let isCurrent = true
    const timer = setTimeout(() => void preview(wanted).then((next) => isCurrent && setFound(next)), previewDelay)
    return () => {
      isCurrent = false
      clearTimeout(timer)
    }
  }, [wanted, preview, filter])

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
        void replace(wanted).then(onDone)
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
        <Button kind="primary" type="submit" disabled={!found || found.count === 0}>
          {text.replaceIn(found?.count ?? 0)}
        </Button>
      </div>
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
