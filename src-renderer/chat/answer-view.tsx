import { lazy, memo, Suspense } from 'react'
import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import type { Text } from '../app/language/language.ts'
import { useOwl, useText } from '../app/store.ts'
import { Button } from '../components/button.tsx'
import { CopyButton } from '../components/copy-button.tsx'
import { ErrorNote } from '../components/error-note.tsx'
import { IconButton } from '../components/icon-button.tsx'
import { OwlMark } from '../components/owl-mark.tsx'
import { AnswerFooter } from './answer-footer.tsx'
import styles from './answer-view.module.css'
import { BranchSwitch } from './branch-switch.tsx'
import { type Answer, canContinue, isUnderWay } from './conversation.ts'
import { GivenText } from './given-text.tsx'

/** Half of the code of the window; the empty screen is there before it. */
const Markdown = lazy(() => import('./markdown.tsx'))

interface Props {
  answer: Answer
  /** Only the last answer can be asked for again. */
  last: boolean
}

export const AnswerView = memo(function AnswerView({ answer, last }: Props) {
  const text = useText()
  const regenerate = useOwl((state) => state.regenerate)
  const continueAnswer = useOwl((state) => state.continueAnswer)
  const openInspector = useOwl((state) => state.openInspector)
  const underWay = isUnderWay(answer)
  const note = endNote(answer, text)
  return (
    <article className={styles.answer} aria-label={text.chat.answer} aria-busy={underWay}>
      {answer.text !== '' && (
        <Suspense fallback={<p className={styles.plain}>{answer.text}</p>}>
          <Markdown text={answer.text} growing={underWay} />
        </Suspense>
      )}
      {underWay && answer.text === '' && (
        <p className={styles.waiting}>
          <OwlMark mood="looking" className={styles.owl} />
          <span>{progressText(answer, text)}</span>
        </p>
      )}
      {note && <p className={styles.note}>{note}</p>}
      {answer.error && (
        <ErrorNote error={answer.error}>
          {last && <Button onClick={regenerate}>{text.app.tryAgain}</Button>}
          {last && ofQuestion(answer.error) && <EditButton />}
        </ErrorNote>
      )}
      {!underWay && (
        <div className={styles.foot}>
          <BranchSwitch turn={answer} />
          {answer.text !== '' && <CopyButton text={answer.text} label={text.chat.copy} />}
          {last && <IconButton icon="again" label={text.chat.regenerate} onClick={regenerate} />}
          {last && canContinue(answer) && <Button onClick={continueAnswer}>{text.history.continue}</Button>}
          {answer.text.trim() !== '' && (
            <IconButton icon="eye" label={text.inspector.open} onClick={() => openInspector(answer.id)} />
          )}
          {answer.stats && <AnswerFooter stats={answer.stats} />}
        </div>
      )}
      {answer.given && <GivenText given={answer.given} />}
    </article>
  )
})

function EditButton() {
  const text = useText()
  const question = useOwl((state) => state.turns.findLast(({ role }) => role === 'user'))
  const editQuestion = useOwl((state) => state.editQuestion)
  return question && <Button onClick={() => editQuestion(question.id)}>{text.chat.edit}</Button>
}

/** Whether the question is the cause, so that asking the same again is no use. */
function ofQuestion({ code }: OwlErrorMessage): boolean {
  return code.startsWith('picture-') || code === 'context-full'
}

/** What the model is doing before its first word, as far as it is known. */
export function progressText({ phase, progress }: Answer, { chat }: Text): string {
  if (phase === 'waiting') return chat.waitingForModel
  if (!progress) return chat.thinking
  if (progress.unit === 'items') return chat.readingPictures(progress.done, progress.total)
  if (progress.unit === 'rows' && progress.total > 0) {
    return chat.reading(Math.round((100 * progress.done) / progress.total))
  }
  return chat.thinking
}

/** What is to be said about how an answer ended, where it did not simply end. */
function endNote({ phase, finish, text }: Answer, { chat, history }: Text): string | undefined {
  if (phase !== 'finished') return undefined
  if (finish === 'interrupted') return history.interrupted
  if (finish === 'cancelled') return chat.stopped
  if (finish === 'length') return chat.tooLong
  if (text.trim() === '') return chat.silent
  return undefined
}
