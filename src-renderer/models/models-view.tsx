import { useEffect, useState } from 'react'
import type { CatalogueEntry } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { AddModel } from './add-model.tsx'
import { HubToken } from './hub-token.tsx'
import { ImportModel } from './import-model.tsx'
import { InstallRow } from './install-row.tsx'
import { ModelNotice } from './model-notice.tsx'
import { ModelRow } from './model-row.tsx'
import styles from './models-view.module.css'

/** All models: those on this machine, those being installed, and those that can be. */
export default function ModelsView() {
  const text = useText()
  const models = useOwl((state) => state.models)
  const installs = useOwl((state) => state.installs)
  const catalogue = useOwl((state) => state.catalogue)
  const error = useOwl((state) => state.modelsError)
  const refreshModels = useOwl((state) => state.refreshModels)
  const refreshInstalls = useOwl((state) => state.refreshInstalls)
  const [chosen, setChosen] = useState('')
  useEffect(() => {
    void refreshModels()
    void refreshInstalls()
  }, [refreshModels, refreshInstalls])

  const known = [
    ...models.map(({ source }) => source.location),
    ...installs.map(({ source }) => (source.kind === 'hub' ? source.repo : source.folder)),
  ]
  const available = catalogue.filter(({ repo }) => !known.includes(repo))
  return (
    <div className={styles.place}>
      <div className={styles.column}>
        <ModelNotice />
        {error && <ErrorNote error={error} />}
        {installs.length > 0 && (
          <section ref={showFirst} aria-label={text.models.underWay}>
            <h2 className={styles.heading}>{text.models.underWay}</h2>
            <ul className={styles.list}>
              {installs.map((install) => (
                <InstallRow key={install.name} install={install} />
              ))}
            </ul>
          </section>
        )}
        <section aria-label={text.models.installed}>
          <h2 className={styles.heading}>{text.models.installed}</h2>
          <ul className={styles.list}>
            {models.map((model) => (
              <ModelRow key={model.name} model={model} />
            ))}
          </ul>
          <p className={styles.quiet}>
            {text.models.diskUse(text.model.size(models.reduce((sum, { bytes }) => sum + bytes, 0)))}
          </p>
        </section>
        <section aria-label={text.models.available}>
          <h2 className={styles.heading}>{text.models.available}</h2>
          <ul className={styles.list}>
            {available.map((entry) => (
              <AvailableRow key={entry.repo} entry={entry} onChoose={() => setChosen(entry.repo)} />
            ))}
            <li className={styles.model}>
              <AddModel key={chosen} chosen={chosen} onDone={() => setChosen('')} />
            </li>
            <li className={styles.model}>
              <ImportModel />
            </li>
            <li className={styles.model}>
              <HubToken />
            </li>
          </ul>
        </section>
      </div>
    </div>
  )
}

/** What was begun below is shown at once. */
function showFirst(section: HTMLElement | null): void {
  section?.scrollIntoView({ block: 'nearest' })
}

function AvailableRow({ entry, onChoose }: { entry: CatalogueEntry; onChoose: () => void }) {
  const text = useText()
  return (
    <li className={styles.model}>
      <div className={styles.words}>
        <h3 className={styles.title}>{entry.title}</h3>
        <p>{text.models.about[entry.repo] ?? entry.description}</p>
        <p className={styles.quiet}>{[entry.repo, entry.licence].join(' · ')}</p>
      </div>
      <Button onClick={onChoose}>{text.models.choose}</Button>
    </li>
  )
}
