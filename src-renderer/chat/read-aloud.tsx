import { useOwl, useText } from '../app/store.ts'
import { isUnderWay } from './conversation.ts'
import { SpokenAnswer } from './spoken-answer.tsx'

/**
 * What a screen reader says without being asked: that the model is ready, that an answer has begun, and the answer
 * itself sentence by sentence. Never token by token.
 */
export function ReadAloud() {
  const text = useText()
  const model = useOwl((state) => state.model)
  const last = useOwl((state) => state.turns.at(-1))
  const answer = last?.role === 'assistant' ? last : undefined
  const ready = model.state === 'ready' ? text.model.ready(model.title, text.model.device[model.device]) : ''
  return (
    <>
      <p className="only-read-aloud" role="status">
        {ready}
      </p>
      <SpokenAnswer
        id={answer?.id}
        answer={answer?.text ?? ''}
        growing={isUnderWay(answer)}
        writing={text.chat.writing}
        testId="read-aloud"
      />
    </>
  )
}
