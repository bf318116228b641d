import type { GivenText as Given } from '../../src-main/ipc/contract.ts'
import { useText } from '../app/store.ts'
import styles from './given-text.module.css'

/** What of the text in the pictures went to the model with the question; opened, the lines themselves. */
export function GivenText({ given: { lines, readLines, late, failed } }: { given: Given }) {
  const words = useText().reading
  return (
    <div className={styles.given}>
      {lines.length > 0 && (
        <details>
          <summary>{words.given(lines.length, readLines)}</summary>
          <pre className={styles.lines}>{lines.join('\n')}</pre>
        </details>
      )}
      {lines.length === 0 && readLines > 0 && <span>{words.tooLong(readLines)}</span>}
      {late > 0 && <span>{words.late(late)}</span>}
      {failed > 0 && <span>{words.failed(failed)}</span>}
    </div>
  )
}
