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
        d="M5 3.6c2.6.6 5 2 6.7 4a14.5 14.5 0 0 1 8.6 0c1.7-2 4.1-3.4 6.7-4 .6 3 .5 5.8-.2 8.3 1 1.7 1.6 3.7 1.6 5.8C28.4 24 22.9 29 16 29S3.6 24 3.6 17.7c0-2.1.6-4.1 1.6-5.8C4.5 9.4 4.4 6.6 5 3.6z"
      />
      {mood === 'asleep' ? (
        <path className={styles.lids} d="M6.4 16.4c1.2 2.6 7.2 2.6 8.4 0M17.2 16.4c1.2 2.6 7.2 2.6 8.4 0" />
      ) : (
        <>
          <circle className={styles.eye} cx="10.6" cy="16.8" r="5.3" />
          <circle className={styles.eye} cx="21.4" cy="16.8" r="5.3" />
          <g className={styles.pupils}>
            <circle cx="10.6" cy="16.8" r="2.5" />
            <circle cx="21.4" cy="16.8" r="2.5" />
          </g>
        </>
      )}
      <path className={styles.beak} d="M16 20.2l1.8 2.5L16 26l-1.8-3.3z" />
    </svg>
  )
}
