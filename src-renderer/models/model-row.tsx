import { useState } from 'react'
import type { Model } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import { Question } from '../components/question.tsx'
import { DeviceSelect } from './device-select.tsx'
import styles from './models-view.module.css'

/** An installed model: what it is and takes, and what can be done with it. */
export function ModelRow({ model }: { model: Model }) {
  const text = useText()
  const state = useOwl((owl) => owl.model)
  const loadModel = useOwl((owl) => owl.loadModel)
  const verifyModel = useOwl((owl) => owl.verifyModel)
  const change = useOwl((owl) => owl.changeModel)
  const progress = useOwl((owl) => owl.verifying[model.name])
  const isExporting = useOwl((owl) => owl.modelWork[`export ${model.name}`]?.isRunning)
  const [open, setOpen] = useState<'remove' | 'export' | undefined>(isExporting ? 'export' : undefined)
  const setDevice = useOwl((owl) => owl.setDevice)
  const { name, title, description, licence, bytes, embedded, damaged, source, precision, memory, device } = model
  const isCurrent = state.state !== 'none' && state.state !== 'failed' && state.name === name
  const facts = [
    text.model.size(bytes),
    text.models.memory(text.model.size(memory.cpu)),
    precision.decoder,
    licence,
    embedded ? text.model.embedded : source.location,
    source.revision?.slice(0, 7),
  ]
  return (
    <li className={styles.model}>
      <div className={styles.words}>
        <h3 className={styles.title}>
          {title} {damaged && <span className={styles.damaged}>{text.models.damaged}</span>}
        </h3>
        <p>{text.empty.about[name] ?? description}</p>
        <p className={styles.quiet}>{facts.filter(Boolean).join(' · ')}</p>
        {!embedded && (
          <DeviceSelect label={text.models.device} value={device} onChange={(to) => void setDevice(name, to)} />
        )}
        <Verdict name={name} />
      </div>
      {/* Told first, so that what follows is read with it. */}
      <div className={styles.actions}>
        {isCurrent ? (
          <span className={styles.quiet}>{state.state === 'ready' ? text.model.inUse : text.model.loading(title)}</span>
        ) : (
          <Button onClick={() => void loadModel(name)}>{text.model.use}</Button>
        )}
        <Button disabled={progress !== undefined} onClick={() => void verifyModel(name)}>
          {progress ? text.models.verifying(Math.floor((100 * progress.done) / progress.total)) : text.models.verify}
        </Button>
        {damaged && !embedded && (
          <Button kind="primary" onClick={() => void change(name, 'repair')}>
            {text.models.repair}
          </Button>
        )}
        <Button onClick={() => void change(name, 'openFolder')}>{text.models.openFolder}</Button>
        <Button onClick={() => setOpen(open === 'export' ? undefined : 'export')}>{text.models.exportTo}</Button>
        {!embedded && !isCurrent && <Button onClick={() => setOpen('remove')}>{text.models.remove}</Button>}
      </div>
      {open === 'export' && <ExportForm model={model} />}
      {open === 'remove' && (
        <Question
          words={text.models.removeQuestion(title)}
          yes={text.models.remove}
          onYes={() => void change(name, 'remove')}
          onClose={() => setOpen(undefined)}
        />
      )}
    </li>
  )
}

function Verdict({ name }: { name: string }) {
  const text = useText().models
  const found = useOwl((owl) => owl.verified[name])
  return (
    <p role="status" className={styles.figures}>
      {found &&
        (found.damage.length > 0
          ? text.broken(found.damage.map(({ path }) => path).join(', '))
          : `${text.whole} ${text.answers[found.answer]}`)}
    </p>
  )
}

function ExportForm({ model: { name, title } }: { model: Model }) {
  const text = useText().models
  const exportModel = useOwl((owl) => owl.exportModel)
  const work = useOwl((owl) => owl.modelWork[`export ${name}`])
  const [folder, setFolder] = useState('')
  return (
    <form
      className={styles.form}
      aria-label={text.exportTitle(title)}
      onSubmit={(event) => {
        event.preventDefault()
        void exportModel(name, folder)
      }}
    >
      <label className={styles.label}>
        {text.exportPath}
        <input
          required
          className={`${fields.field} ${fields.wide}`}
          value={folder}
          onChange={(event) => setFolder(event.target.value)}
        />
      </label>
      <Button type="submit" disabled={work?.isRunning} aria-busy={work?.isRunning}>
        {work?.isRunning ? text.exporting : text.exportTo}
      </Button>
      {work?.error && <ErrorNote error={work.error} />}
      <p role="status" className={styles.figures}>
        {work?.folder && text.exported(work.folder)}
      </p>
    </form>
  )
}
