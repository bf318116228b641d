import type { Message } from './protocol.ts'

interface Room {
  contextRows: number
  /** Rows to be left for the answer. */
  answerRows: number
  rowsOf(messages: readonly Message[]): number
}

/**
 * Leaves the oldest questions out, each with its answer, where a conversation does not fit. It goes down to half of the
 * context then: the next questions begin with the same messages, and find them in the cache. A system text and the
 * last question always stay.
 * @param leftOut how many were left out before; those stay out
 * @returns what is kept, and how many messages are not
 */
export function leaveOutOldest(messages: readonly Message[], leftOut: number, room: Room) {
  const system = messages.filter(({ role }) => role === 'system')
  const turns = messages.filter(({ role }) => role !== 'system')
  const starts = turns.flatMap(({ role }, at) => (role === 'user' ? [at] : []))
  const keptFrom = (start: number) => ({ messages: [...system, ...turns.slice(start)], leftOut: start })
  const last = starts.at(-1) ?? 0

  const before = keptFrom(starts.find((start) => start >= leftOut) ?? last)
  if (before.leftOut === last) return before
  if (room.rowsOf(before.messages) + room.answerRows <= room.contextRows) return before
  // The first of the later starts that is short enough; the rows only grow fewer.
  const later = starts.filter((start) => start > before.leftOut)
  let [low, high] = [0, later.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if (room.rowsOf(keptFrom(later[middle]!).messages) <= room.contextRows / 2) high = middle
    else low = middle + 1
  }
  return keptFrom(later[low]!)
}
