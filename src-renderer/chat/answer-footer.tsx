import type { AnswerStats } from '../../src-main/ipc/contract.ts'
import { useOwl, useText } from '../app/store.ts'
import styles from './answer-footer.module.css'

/** How an answer came about, in one quiet line. */
export function AnswerFooter({ stats }: { stats: AnswerStats }) {
  const { chat, model } = useText()
  const shown = useOwl((state) => state.settings['chat.answerFooter'] !== false)
  if (!shown) return null
  const used = stats.promptRows + stats.tokens
  return (
    <p className={styles.footer}>
      {stats.tokens > 0 && <span>{chat.tokensPerSecond(stats.tokensPerSecond)}</span>}
      {stats.tokens > 0 && <span>{chat.firstToken(stats.firstTokenMs)}</span>}
      <span title={chat.contextDetail(used, stats.contextRows, stats.visualRows)}>
        {chat.context(used, stats.contextRows)}
      </span>
      <span>{model.device[stats.device]}</span>
    </p>
  )
}
