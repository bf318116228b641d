import { useOwl } from '../app/store.ts'
import { ErrorNote } from '../components/error-note.tsx'
import { CaptionForm } from './caption-form.tsx'
import { CaptionJobPanel } from './caption-job-panel.tsx'
import styles from './captions-view.module.css'

/** A caption job and its pictures, or the form for a new one. */
export default function CaptionsView() {
  const job = useOwl((state) => state.captionJobs.find(({ id }) => id === state.captionJob))
  const error = useOwl((state) => state.captionError)
  return (
    <div className={styles.view}>
      {error && (
        <div className={styles.error}>
          <ErrorNote error={error} />
        </div>
      )}
      {job ? <CaptionJobPanel key={job.id} job={job} /> : <CaptionForm />}
    </div>
  )
}
