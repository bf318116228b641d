import { type ReactNode, useId, useState } from 'react'
import type { CaptionSettings } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import fields from '../components/field.module.css'
import { NumberField } from '../components/number-field.tsx'
import styles from './caption-form.module.css'
import { FolderChooser } from './folder-chooser.tsx'

/** What is to be captioned, and how. */
export function CaptionForm() {
  const text = useText().captions
  const form = useOwl((state) => state.captionForm)
  const change = useOwl((state) => state.changeCaptionForm)
  const start = useOwl((state) => state.startCaptions)
  const starting = useOwl((state) => state.isStartingCaptions)
  const [choosing, setChoosing] = useState(false)
  return (
    <form
      className={styles.form}
      onSubmit={(event) => {
        event.preventDefault()
        void start()
      }}
    >
      <div className={styles.column}>
        <h2 className={styles.heading}>{text.heading}</h2>
        <p className={styles.quiet}>{text.invitation}</p>
        <div className={styles.card}>
          <Row label={text.folder}>
            {(id) => (
              <div className={styles.folder}>
                <input
                  id={id}
                  className={`${fields.field} ${styles.grow}`}
                  value={form.folder}
                  placeholder={text.folderExample}
                  spellCheck={false}
                  onChange={(event) => change({ folder: event.target.value })}
                />
                <Button aria-expanded={choosing} onClick={() => setChoosing(!choosing)}>
                  {text.browse}
                </Button>
              </div>
            )}
          </Row>
          {choosing && (
            <FolderChooser
              start={form.folder}
              onChoose={(folder) => {
                change({ folder })
                setChoosing(false)
              }}
            />
          )}
          <CaptionSettingsFields />
        </div>
        <div className={styles.actions}>
          <Button kind="primary" type="submit" disabled={starting || form.folder.trim() === ''}>
            {text.start}
          </Button>
        </div>
      </div>
    </form>
  )
}

function CaptionSettingsFields() {
  const text = useText().captions
  const form = useOwl((state) => state.captionForm)
  const change = useOwl((state) => state.changeCaptionForm)
  const { settings } = form
  const set = (part: Partial<CaptionSettings>) => change({ settings: { ...settings, ...part } })
  const choice = <Key extends 'style' | 'existing' | 'output' | 'videos'>(key: Key) => (
    <Row label={text[key]}>
      {(id) => (
        <select
          id={id}
          className={fields.field}
          value={settings[key]}
          onChange={(event) => set({ [key]: event.target.value })}
        >
          {Object.entries(text.choices[key]).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      )}
    </Row>
  )
  const written = (key: 'prefix' | 'suffix' | 'prompt' | 'extension' | 'table', placeholder = '') => (
    <Row label={text[key]}>
      {(id) => (
        <input
          id={id}
          className={`${fields.field} ${key === 'extension' ? fields.number : fields.wide}`}
          value={settings[key]}
          placeholder={placeholder}
          onChange={(event) => set({ [key]: event.target.value })}
        />
      )}
    </Row>
  )
  const ticked = (key: 'recursive' | 'withText') => (
    <Row label={text[key]}>
      {(id) => (
        <input
          id={id}
          type="checkbox"
          className={fields.switch}
          checked={settings[key]}
          onChange={(event) => set({ [key]: event.target.checked })}
        />
      )}
    </Row>
  )
  return (
    <>
      {choice('style')}
      {choice('existing')}
      {choice('output')}
      <details className={styles.more}>
        <summary>{text.more}</summary>
        {settings.style !== 'text' && written('prompt', text.promptOfStyle)}
        {written('prefix')}
        {written('suffix')}
        <p className={styles.quiet}>{text.variables}</p>
        <Row label={settings.style === 'tags' ? text.mostTags : text.mostWords}>
          {(id) => (
            <NumberField id={id} min={0} max={1000} value={settings.length} onNumber={(length) => set({ length })} />
          )}
        </Row>
        <Row label={text.forbidden}>
          {(id) => (
            <textarea
              id={id}
              rows={3}
              className={`${fields.field} ${fields.wide}`}
              placeholder={text.forbiddenExample}
              defaultValue={settings.forbidden.join('\n')}
              onChange={(event) =>
                set({
                  forbidden: event.target.value
                    .split('\n')
                    .map((word) => word.trim())
                    .filter(Boolean),
                })
              }
            />
          )}
        </Row>
        {settings.output === 'sidecar' ? written('extension') : written('table', text.inFolder)}
        {settings.style !== 'text' && ticked('withText')}
        {ticked('recursive')}
        {choice('videos')}
      </details>
    </>
  )
}

function Row({ label, children }: { label: string; children: (id: string) => ReactNode }) {
  const id = useId()
  return (
    <div className={styles.row}>
      <label htmlFor={id}>{label}</label>
      {children(id)}
    </div>
  )
}
