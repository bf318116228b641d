import styles from './owl-mark.module.css'

/** `awake`: ready. `looking`: at work, the eyes wander. `asleep`: nothing to look with, the eyes are shut. */
export type OwlMood = 'awake' | 'looking' | 'asleep'

interface Props {
  mood?: OwlMood
  className?: string
}

/** The owl, as large as its box. Decoration: what it tells is also said in words next to it. */
export function OwlMark({ mood = 'awake', className = '' }: Props) {
  return (
    <svg viewBox="0 0 32 32" className={`${styles.owl} ${styles[mood]} ${className}`} aria-hidden="true">
      <path
        className={styles.head}
        d="M4.2 4.6c2.9.2 5.6 1.2 7.5 2.9a16 16 0 0 1 8.6 0c1.9-1.7 4.6-2.7 7.5-2.9.9 3.4.7 5.6.2 8.2.3 1.1.5 2.3.5 3.6C28.5 23.4 23 28.5 16 28.5S3.5 23.4 3.5 16.4c0-1.3.2-2.5.5-3.6-.5-2.6-.7-4.8.2-8.2z"
      />
      {mood === 'asleep' ? (
        <path className={styles.lids} d="M6.6 15.6c1.2 2.4 6.8 2.4 8 0M17.4 15.6c1.2 2.4 6.8 2.4 8 0" />
      ) : (
        <>
          <circle className={styles.eye} cx="10.6" cy="15.6" r="5" />
          <circle className={styles.eye} cx="21.4" cy="15.6" r="5" />
          <g className={styles.pupils}>
            <circle cx="10.6" cy="15.6" r="2.3" />
            <circle cx="21.4" cy="15.6" r="2.3" />
          </g>
        </>
      )}
      <path className={styles.beak} d="M16 18.6l1.9 2.7L16 24.6l-1.9-3.3z" />
    </svg>
  )
}
