import { useEffect, useRef, useState } from 'react'
import { useOwl, useText } from '../app/store.ts'
import { spokenPart } from '../chat/spoken-part.ts'
import { isAnswering } from './video-turns.ts'

/** Time between two announcements while an answer grows, in milliseconds. */
const pause = 2500

/** What a screen reader says of an answer about the video: that it is under way, then whole sentences of it. */
export function VideoAloud() {
  const text = useText().video
  const turn = useOwl((state) => state.videoTurns.at(-1))
  const [words, setWords] = useState('')
  const said = useRef({ id: '', length: 0 })
  const answer = useRef('')
  answer.current = turn?.answer ?? ''
  const id = turn?.id
  const growing = isAnswering(turn)

  useEffect(() => {
    if (id === undefined) return
    if (said.current.id !== id) {
      // An answer that was complete when the view opened is not news.
      said.current = { id, length: growing ? 0 : answer.current.length }
      if (growing) setWords(text.writing)
    }
    const say = () => {
      const part = spokenPart(answer.current, said.current.length, growing)
      if (part === '') return
      said.current.length += part.length
      setWords(part)
    }
    if (!growing) return say()
    const timer = setInterval(say, pause)
    return () => clearInterval(timer)
  }, [id, growing, text])

  return (
    <p className="only-read-aloud" aria-live="polite" aria-atomic="true" data-testid="video-aloud">
      {words}
    </p>
  )
}
