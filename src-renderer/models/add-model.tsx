import { useEffect, useRef, useState } from 'react'
import type { InstallPlan, OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { toErrorMessage } from '../app/error.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import { DeviceSelect } from './device-select.tsx'
import type { InstallWish } from './installs-slice.ts'
import styles from './models-view.module.css'

const precisions = ['int4', 'mixed', 'int8', 'f16'] as const

/** Asks what is to be installed, says what it would take, and begins when the person says so. */
export function AddModel({ chosen, onDone }: { chosen: string; onDone: () => void }) {
  const text = useText().models
  const planInstall = useOwl((state) => state.planInstall)
  const [source, setSource] = useState(chosen)
  const [revision, setRevision] = useState('')
  const [precision, setPrecision] = useState<InstallWish['precision']>('int4')
  const [device, setDevice] = useState<InstallWish['device']>()
  const [deleteUsed, setDeleteUsed] = useState(true)
  const [plan, setPlan] = useState<{ wish: InstallWish; plan: InstallPlan }>()

  const [error, setError] = useState<OwlErrorMessage>()
  const [looking, setLooking] = useState(false)
  /** Counts what is asked for, so that a plan that comes late is not taken for one of what is written by then. */
  const asked = useRef(0)

  const look = async (text: string) => {
    const mine = ++asked.current
    const wish = { source: sourceOf(text, revision.trim()), precision, device, deleteUsed }
    setError(undefined)
    setLooking(true)
    const outcome = await planInstall(wish).then(
      (plan) => () => setPlan({ wish, plan }),
      (thrown) => () => setError(toErrorMessage(thrown)),
    )
    if (mine !== asked.current) return
    setLooking(false)
    outcome()
  }
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, for what was chosen from the catalogue
  useEffect(() => {
    if (chosen) void look(chosen)
  }, [])
  /** A plan is of what was asked for; when that changes, it is one no more. */
  const change = <Value,>(set: (value: Value) => void) => {
    return (value: Value) => {
      asked.current++
      setLooking(false)
      setPlan(undefined)
      setError(undefined)
      set(value)
    }
  }

  const begun = () => {
    setPlan(undefined)
    setSource('')
    setRevision('')
    onDone()
  }

  return (
    <form
      className={styles.form}
      aria-label={text.add}
      onSubmit={(event) => {
        event.preventDefault()
        void look(source.trim())
      }}
    >
      <h3 className={styles.title}>{text.add}</h3>
      <label className={styles.label}>
        {text.source}
        <input
          required
          className={`${fields.field} ${fields.wide}`}
          placeholder={text.sourceHint}
          title={text.sourceHint}
          value={source}
          onChange={(event) => change(setSource)(event.target.value)}
        />
      </label>
      <label className={styles.label}>
        {text.revision}
        <input
          className={`${fields.field} ${fields.wide}`}
          placeholder={text.revisionHint}
          value={revision}
          onChange={(event) => change(setRevision)(event.target.value)}
        />
      </label>
      <label className={styles.label}>
        {text.precision}
        <select
          className={fields.field}
          value={precision}
          onChange={(event) => change(setPrecision)(event.target.value as InstallWish['precision'])}
        >
          {precisions.map((name) => (
            <option key={name} value={name}>
              {text.precisions[name]}
            </option>
          ))}
        </select>
      </label>
      <DeviceSelect label={text.device} value={device} onChange={change(setDevice)} />
      <label className={styles.tick}>
        <input type="checkbox" checked={deleteUsed} onChange={(event) => change(setDeleteUsed)(event.target.checked)} />
        {text.deleteUsed}
      </label>
      {plan ? (
        <Plan {...plan} onDone={begun} />
      ) : (
        <Button type="submit" disabled={looking} aria-busy={looking}>
          {looking ? text.looking : text.look}
        </Button>
      )}
      {error && <ErrorNote error={error} />}
    </form>
  )
}

function Plan({ wish, plan, onDone }: { wish: InstallWish; plan: InstallPlan; onDone: () => void }) {
  const text = useText()
  const install = useOwl((state) => state.install)
  const [accepted, setAccepted] = useState(false)
  const [beginning, setBeginning] = useState(false)
  const [error, setError] = useState<OwlErrorMessage>()
  const begin = async () => {
    setError(undefined)
    setBeginning(true)
    await install({ ...wish, acceptLicence: accepted }).then(onDone, (thrown) => setError(toErrorMessage(thrown)))
    setBeginning(false)
  }
  const { plan: words } = text.models
  const { size } = text.model
  const { terms } = plan
  const fits = plan.neededBytes <= plan.freeBytes
  const facts: [string, string][] = [
    [words.download, size(plan.downloadBytes)],
    [words.installed, size(plan.installedBytes)],
    [words.disk, `${size(plan.neededBytes)} (${words.free(size(plan.freeBytes))})`],
    [words.time, words.about(plan.convertSeconds)],
    [words.cpu, `${size(plan.memory.cpu)} (${words.free(size(plan.availableMemory))})`],
    [
      words.gpu,
      plan.gpuMemory > 0
        ? `${size(plan.memory.webgpu)} (${words.has(size(plan.gpuMemory))})`
        : size(plan.memory.webgpu),
    ],
  ]
  return (
    <div className={styles.plan}>
      <p>
        <strong>{plan.title}</strong> · {words.weights(plan.weights)}
      </p>
      <dl className={styles.facts}>
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
        {terms && (
          <div>
            <dt>{words.licence}</dt>
            <dd>
              {terms.address ? (
                <a href={terms.address} target="_blank" rel="noopener noreferrer">
                  {terms.name}
                </a>
              ) : (
                terms.name
              )}
            </dd>
          </div>
        )}
      </dl>
      {!fits && <p className={styles.damaged}>{text.models.noRoom}</p>}
      {lacksMemory(wish, plan) && <p className={styles.damaged}>{text.models.noMemory}</p>}
      {terms?.mustAccept && (
        <label className={styles.tick}>
          <input type="checkbox" checked={accepted} onChange={(event) => setAccepted(event.target.checked)} />
          {text.models.accept(terms.name)}
        </label>
      )}
      <Button
        kind="primary"
        disabled={!fits || beginning || (terms?.mustAccept && !accepted)}
        onClick={() => void begin()}
      >
        {text.models.install}
      </Button>
      {error && <ErrorNote error={error} />}
    </div>
  )
}

/** The GPU's memory counts where the model is to run there and it has memory of its own. */
function lacksMemory({ device }: InstallWish, { memory, gpuMemory, availableMemory }: InstallPlan): boolean {
  if (device !== 'gpu') return memory.cpu > availableMemory
  return memory.webgpu > (gpuMemory > 0 ? gpuMemory : availableMemory)
}

/** A path begins like one; all else is the name of a repository. */
function sourceOf(text: string, revision: string): InstallWish['source'] {
  const isPath = /^([/~.\\]|[A-Za-z]:[/\\])/.test(text)
  return isPath ? { kind: 'folder', folder: text } : { kind: 'hub', repo: text, revision: revision || undefined }
}
