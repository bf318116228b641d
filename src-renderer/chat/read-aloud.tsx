import { useEffect, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { isUnderWay } from './conversation.ts'
import { spokenPart } from './spoken-part.ts'

/** Pause between two announcements while an answer grows, in milliseconds. */
const pause = 2500

/**
 * What a screen reader says without being asked: that the model is ready, that an answer has begun, and the answer
 * itself sentence by sentence. Never token by token.
 */
export function ReadAloud() {
  const text = useText()
  const model = useOwl((state) => state.model)
  const last = useOwl((state) => state.turns.at(-1))
  const [words, setWords] = useState('')
  const said = useRef({ id: '', length: 0 })
  const answer = last?.role === 'assistant' ? last : undefined
  const growing = isUnderWay(answer)
  const newest = useRef(answer)
  newest.current = answer

  // biome-ignore lint/correctness/useExhaustiveDependencies: text that comes must not begin the pause anew
  useEffect(() => {
    if (!answer) return
    if (said.current.id !== answer.id) {
      // An answer that was complete when the window opened is not news.
      said.current = { id: answer.id, length: growing ? 0 : answer.text.length }
      if (growing) setWords(text.chat.writing)
    }
    const say = () => {
      const part = spokenPart(newest.current?.text ?? '', said.current.length, growing)
      if (part === '') return
      said.current.length += part.length
      setWords(part)
    }
    if (!growing) return say()
    const timer = setInterval(say, pause)
    return () => clearInterval(timer)
  }, [answer?.id, growing])

  const ready = model.state === 'ready' ? text.model.ready(model.title, text.model.device[model.device]) : ''
  return (
    <>
      <p className="only-read-aloud" role="status">
        {ready}
      </p>
      <p className="only-read-aloud" aria-live="polite" aria-atomic="true" data-testid="read-aloud">
        {words}
      </p>
    </>
  )
}
