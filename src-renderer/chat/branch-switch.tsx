import { useOwl, useText } from '../app/store.ts'
import { IconButton } from '../components/icon-button.tsx'
import styles from './branch-switch.module.css'
import type { Turn } from './conversation.ts'

/** Leads to the other versions of a question or an answer, where there are any. */
export function BranchSwitch({ turn: { id, branches } }: { turn: Turn }) {
  const text = useText()
  const showBranch = useOwl((state) => state.showBranch)
  if (branches.length < 2) return null
  const at = branches.indexOf(id)
  const go = (to: number) => void showBranch(branches[to]!)
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for what is filled in
    <span role="group" className={styles.branches} aria-label={text.history.branchLabel(at + 1, branches.length)}>
      <IconButton icon="left" label={text.history.earlierBranch} disabled={at <= 0} onClick={() => go(at - 1)} />
      <span>{text.history.branch(at + 1, branches.length)}</span>
      <IconButton
        icon="right"
        label={text.history.laterBranch}
        disabled={at >= branches.length - 1}
        onClick={() => go(at + 1)}
      />
    </span>
  )
}
