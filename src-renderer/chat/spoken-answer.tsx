import { useEffect, useRef, useState } from 'react'
import { spokenPart } from './spoken-part.ts'

/** Time between two announcements while an answer grows, in milliseconds. */
const pause = 2500

interface SpokenAnswerProps {
  /** Of the answer; without one, nothing is said. */
  id: string | undefined
  answer: string
  growing: boolean
  /** What is said when an answer has begun. */
  writing: string
  testId: string
}

/** What a screen reader says of an answer without being asked: that it is under way, then whole sentences of it. */
export function SpokenAnswer({ id, answer, growing, writing, testId }: SpokenAnswerProps) {
  const [words, setWords] = useState('')
  const said = useRef({ id: '', length: 0 })
  const newest = useRef(answer)
  newest.current = answer

  // biome-ignore lint/correctness/useExhaustiveDependencies: words in another language must not begin the pause anew
  useEffect(() => {
    if (id === undefined) return
    if (said.current.id !== id) {
      // An answer that was complete when the view opened is not news.
      said.current = { id, length: growing ? 0 : newest.current.length }
      if (growing) setWords(writing)
    }
    const say = () => {
      const part = spokenPart(newest.current, said.current.length, growing)
      if (part === '') return
      said.current.length += part.length
      setWords(part)
    }
    if (!growing) return say()
    const timer = setInterval(say, pause)
    return () => clearInterval(timer)
  }, [id, growing])

  return (
    <p className="only-read-aloud" aria-live="polite" aria-atomic="true" data-testid={testId}>
      {words}
    </p>
  )
}
