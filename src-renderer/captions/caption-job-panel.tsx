import { useState } from 'react'
import type { CaptionJob } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import fields from '../components/field.module.css'
import { CaptionGrid } from './caption-grid.tsx'
import styles from './caption-job-panel.module.css'
import { allItems, finishedItems, jobName } from './caption-jobs.tsx'
import { type CaptionFilterName, captionFilters } from './captions-slice.ts'
import { ReplacePanel } from './replace-panel.tsx'

const atWork = ['running', 'queued']

/** One job: how far it is, what can be done with it, and its pictures with their captions. */
export function CaptionJobPanel({ job }: { job: CaptionJob }) {
  const text = useText().captions
  const [replacing, setReplacing] = useState(false)
  const act = useOwl((state) => state.doWithCaptions)
  return (
    <>
      <section className={styles.top} aria-label={jobName(job)}>
        <div className={styles.line}>
          <h2 className={styles.name} title={job.sources.join('\n')}>
            <bdi>{jobName(job)}</bdi>
          </h2>
          <div className={styles.buttons}>
            {atWork.includes(job.state) && <Button onClick={() => void act('pause')}>{text.pause}</Button>}
            {['paused', 'interrupted'].includes(job.state) && (
              <Button kind="primary" onClick={() => void act('resume')}>
                {text.resume}
              </Button>
            )}
            {[...atWork, 'paused', 'interrupted'].includes(job.state) && (
              <Button onClick={() => void act('cancel')}>{text.cancelJob}</Button>
            )}
            {job.counts.failed > 0 && !atWork.includes(job.state) && (
              <Button onClick={() => void act('retry')}>{text.retryFailed}</Button>
            )}
            {['done', 'cancelled'].includes(job.state) && (
              <Button onClick={() => void act('remove')}>{text.removeJob}</Button>
            )}
          </div>
        </div>
        <JobProgress job={job} />
        {job.error && <ErrorNote error={job.error} />}
        <Tools job={job} replacing={replacing} onReplacing={setReplacing} />
        {replacing && <ReplacePanel onDone={() => setReplacing(false)} />}
      </section>
      <CaptionGrid />
    </>
  )
}

function JobProgress({ job }: { job: CaptionJob }) {
  const text = useText().captions
  const { skipped, failed, waiting } = job.counts
  const facts = [
    text.states[job.state],
    job.isListed ? text.ofPictures(finishedItems(job), allItems(job)) : text.listing(allItems(job)),
    skipped > 0 && text.skipped(skipped),
    failed > 0 && text.failed(failed),
    job.perSecond > 0 && waiting > 0 && text.pace(job.perSecond),
    job.secondsLeft !== undefined && waiting > 0 && text.left(job.secondsLeft),
  ]
  return (
    <>
      <progress
        className={styles.progress}
        value={finishedItems(job)}
        max={Math.max(1, allItems(job))}
        aria-label={text.progress}
      />
      <p className={styles.facts} role="status">
        {facts.filter(Boolean).join(' · ')}
      </p>
    </>
  )
}

interface ToolsProps {
  job: CaptionJob
  replacing: boolean
  onReplacing: (replacing: boolean) => void
}

function Tools({ job, replacing, onReplacing }: ToolsProps) {
  const text = useText().captions
  const filter = useOwl((state) => state.captionFilter)
  const setFilter = useOwl((state) => state.setCaptionFilter)
  const selected = useOwl((state) => state.captionSelection.size)
  const clear = useOwl((state) => state.clearCaptionSelection)
  const again = useOwl((state) => state.captionAgain)
  const act = useOwl((state) => state.doWithCaptions)
  const total = useOwl((state) => state.captionTotal)
  return (
    <div className={styles.tools}>
      <input
        type="search"
        className={fields.field}
        aria-label={text.search}
        placeholder={text.search}
        value={filter.text}
        onChange={(event) => setFilter({ text: event.target.value })}
      />
      <select
        className={fields.field}
        aria-label={text.show}
        value={filter.name}
        onChange={(event) => setFilter({ name: event.target.value as CaptionFilterName })}
      >
        {(Object.keys(captionFilters) as CaptionFilterName[]).map((name) => (
          <option key={name} value={name}>
            {text.filters[name]}
          </option>
        ))}
      </select>
      <span className={styles.facts}>{text.found(total)}</span>
      <div className={styles.buttons}>
        {selected > 0 && (
          <>
            <Button kind="primary" disabled={atWork.includes(job.state)} onClick={() => void again()}>
              {text.again(selected)}
            </Button>
            <Button onClick={clear}>{text.clearSelection}</Button>
          </>
        )}
        <Button aria-expanded={replacing} onClick={() => onReplacing(!replacing)}>
          {text.replace}
        </Button>
        <Button disabled={!job.canUndo} onClick={() => void act('undo')}>
          {text.undo}
        </Button>
      </div>
    </div>
  )
}
