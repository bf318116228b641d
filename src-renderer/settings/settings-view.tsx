import { useEffect, useState } from 'react'
import type { CallOutput, OwlErrorMessage, SettingKey } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { Icon } from '../components/icon.tsx'
import { Question } from '../components/question.tsx'
import { findSettings, matches } from './find-settings.ts'
import { sections } from './sections.tsx'
import { SettingRow } from './setting-row.tsx'
import styles from './settings-view.module.css'

/** Everything that can be set, in one searchable place. */
export default function SettingsView() {
  const text = useText().settings
  const list = useSettingsList()
  const [wanted, setWanted] = useState('')
  const [error, setError] = useState<OwlErrorMessage>()
  const found = findSettings(wanted, list.settings, text)
  const shown = sections
    .map((section) => ({
      ...section,
      settings: found.filter(({ key }) => key.startsWith(`${section.domain}.`)),
      panels: section.panels.filter(({ words }) =>
        matches(wanted, [text.domains[section.domain] ?? '', ...words(text)]),
      ),
    }))
    .filter(({ settings, panels }) => settings.length > 0 || panels.length > 0)

  return (
    <div className={styles.place}>
      <div className={styles.top}>
        <label className={styles.search}>
          <Icon name="search" />
          <span className="only-read-aloud">{text.search}</span>
          <input
            type="search"
            placeholder={text.search}
            value={wanted}
            onChange={(event) => setWanted(event.target.value)}
          />
        </label>
        <ResetAll onError={setError} />
      </div>
      {error && <ErrorNote error={error} />}
      <div className={styles.columns}>
        <SectionList domains={shown.map(({ domain }) => domain)} />
        <div className={styles.sections}>
          {shown.map(({ domain, settings, panels }) => (
            <section
              key={domain}
              id={`settings-${domain}`}
              className={styles.section}
              aria-label={text.domains[domain]}
            >
              <h2 className={styles.heading}>{text.domains[domain]}</h2>
              <div className={styles.card}>
                {settings.map((setting) => (
                  <SettingRow
                    key={setting.key}
                    setting={setting}
                    byDefault={list.defaults[setting.key]}
                    onError={setError}
                  />
                ))}
                {panels.map(({ name, Panel }) => (
                  <Panel key={name} />
                ))}
              </div>
            </section>
          ))}
          <p role="status" className={styles.nothing}>
            {shown.length === 0 && list.settings.length > 0 && text.nothingFound(wanted)}
          </p>
        </div>
      </div>
    </div>
  )
}

type SettingsList = Omit<CallOutput<'settings.list'>, 'defaults'> & { defaults: Partial<Record<SettingKey, unknown>> }

function useSettingsList(): SettingsList {
  const loadSettings = useOwl((state) => state.loadSettingsList)
  const [list, setList] = useState<SettingsList>({ settings: [], defaults: {} })
  useEffect(() => void loadSettings().then((loaded) => loaded && setList(loaded)), [loadSettings])
  return list
}

function SectionList({ domains }: { domains: string[] }) {
  const text = useText().settings
  return (
    <nav className={styles.list} aria-label={text.sections}>
      {domains.map((domain) => (
        <button
          key={domain}
          type="button"
          className={styles.entry}
          onClick={() => {
            const section = document.getElementById(`settings-${domain}`)
            section?.scrollIntoView({ block: 'start' })
            section?.querySelector<HTMLElement>('button, select, input, textarea')?.focus({ preventScroll: true })
          }}
        >
          {text.domains[domain]}
        </button>
      ))}
    </nav>
  )
}

function ResetAll({ onError }: { onError: (error: OwlErrorMessage | undefined) => void }) {
  const text = useText()
  const resetSettings = useOwl((state) => state.resetSettings)
  const [asking, setAsking] = useState(false)
  return (
    <>
      <Button onClick={() => setAsking(true)}>{text.settings.resetAll}</Button>
      {asking && (
        <Question
          label={text.settings.resetAll}
          words={text.settings.resetQuestion}
          yes={text.settings.resetAll}
          onYes={() => void resetSettings().then(() => onError(undefined), onError)}
          onClose={() => setAsking(false)}
        />
      )}
    </>
  )
}
