import { useEffect } from 'react'
import type { CaptionJob } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import { Icon } from '../components/icon.tsx'
import styles from './caption-jobs.module.css'

/** The caption jobs, beside the one that is open. */
export function CaptionJobs() {
  const text = useText().captions
  const jobs = useOwl((state) => state.captionJobs)
  const open = useOwl((state) => state.captionJob)
  const openJob = useOwl((state) => state.openCaptionJob)
  const refresh = useOwl((state) => state.refreshCaptions)
  useEffect(() => void refresh(), [refresh])
  return (
    <nav className={styles.list} aria-label={text.jobs}>
      <button
        type="button"
        className={styles.job}
        aria-current={open === undefined ? 'page' : undefined}
        onClick={() => openJob(undefined)}
      >
        <span className={styles.name}>
          <Icon name="plus" /> {text.newJob}
        </span>
      </button>
      {jobs.map((job) => (
        <button
          key={job.id}
          type="button"
          className={styles.job}
          aria-current={open === job.id ? 'page' : undefined}
          onClick={() => openJob(job.id)}
        >
          <span className={styles.name} title={job.sources.join('\n')}>
            {jobName(job)}
          </span>
          <span className={styles.state}>
            {text.states[job.state]} · {text.ofPictures(finishedItems(job), allItems(job))}
          </span>
        </button>
      ))}
    </nav>
  )
}

export function jobName({ sources }: CaptionJob): string {
  const [first = ''] = sources
  return first.split(/[/\\]/).filter(Boolean).at(-1) ?? first
}

export function allItems({ counts }: CaptionJob): number {
  return Object.values(counts).reduce((sum, n) => sum + n, 0)
}

export function finishedItems(job: CaptionJob): number {
  return allItems(job) - job.counts.waiting
}
