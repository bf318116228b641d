import { useEffect, useLayoutEffect, useRef, useState } from 'react'

/** How far from the end, in pixels, still counts as being there. */
const slack = 48

/**
 * Keeps a scrolled column at its end while it grows, until the person scrolls up to read.
 * @param occasion a chat and the number of its turns: when it changes, the view goes to the end wherever it was
 */
export function useStickToEnd(occasion: string) {
  const scroller = useRef<HTMLElement>(null)
  const content = useRef<HTMLDivElement>(null)
  const stick = useRef(true)
  const [atEnd, setAtEnd] = useState(true)

  function toEnd() {
    stick.current = true
    setAtEnd(true)
    const element = scroller.current
    if (element) element.scrollTop = element.scrollHeight
  }

  /** For a place further up that is shown without scrolling by hand. */
  function leaveEnd() {
    stick.current = false
    setAtEnd(false)
  }

  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn is what takes the view to the end
  useLayoutEffect(toEnd, [occasion])

  useEffect(() => {
    const element = scroller.current
    if (!element || !content.current) return
    let lastTop = element.scrollTop
    const onScroll = () => {
      const distance = element.scrollHeight - element.clientHeight - element.scrollTop
      // Growth moves the end away but never scrolls up; only the person does.
      if (distance <= slack) stick.current = true
      else if (element.scrollTop < lastTop) stick.current = false
      lastTop = element.scrollTop
      setAtEnd(stick.current)
    }
    const growth = new ResizeObserver(() => {
      if (stick.current) element.scrollTop = element.scrollHeight
    })
    growth.observe(content.current)
    growth.observe(element)
    element.addEventListener('scroll', onScroll, { passive: true })
    return () => {
      growth.disconnect()
      element.removeEventListener('scroll', onScroll)
    }
  }, [])

  return { scroller, content, atEnd, toEnd, leaveEnd }
}
