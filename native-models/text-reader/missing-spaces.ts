import type { ReadLine } from './line-recogniser.ts'

/** A blank stretch along a line, in pixels from its beginning. */
export interface Gap {
  from: number
  to: number
}

/** Words are apart by at least this share of the line's height, where the line itself shows no space to measure by. */
const leastSpace = 0.2
/** And by this much more than letters are. */
const moreThanLetters = 2.2
/** A gap beside signs and narrow letters says little: fonts of fixed pitch have wide ones there. */
const leastBesideNarrow = 0.4
const narrow = /[.,:;'"`!|()[\]{}\-/\\ilIj1]/
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\u3000-\u303f\uff00-\uffef]/u

/**
 * The text with the spaces that the network left out, which it does with narrow ones: where letters stand as far apart
 * as words do in this line.
 * @param gaps blank stretches of the line
 * @param size length and height of the line in pixels
 */
export function withMissingSpaces(
  { text, places }: ReadLine,
  gaps: readonly Gap[],
  size: { length: number; height: number },
): string {
  const characters = [...text]
  const spaces: number[] = []
  const candidates: { at: number; width: number }[] = []
  for (const { from, to } of gaps) {
    const middle = (from + to) / 2 / size.length
    const at = places.findIndex((place) => place > middle)
    if (at < 1) continue
    const width = to - from
    if (characters[at - 1] === ' ' || characters[at] === ' ') spaces.push(width)
    else candidates.push({ at, width })
  }
  const letters = candidates.map(({ width }) => width).sort((a, b) => a - b)[Math.floor(candidates.length / 2)] ?? 0
  const least =
    spaces.length > 0
      ? Math.max(0.85 * Math.min(...spaces), 0.15 * size.height)
      : Math.max(leastSpace * size.height, candidates.length > 2 ? moreThanLetters * letters : 0)
  const missing = candidates.filter(({ at, width }) => {
    const beside = [characters[at - 1]!, characters[at]!]
    if (beside.some((character) => cjk.test(character))) return false
    return (
      width >= least &&
      (!beside.some((character) => narrow.test(character)) || width >= leastBesideNarrow * size.height)
    )
  })
  for (const { at } of missing.sort((a, b) => b.at - a.at)) characters.splice(at, 0, ' ')
  return characters.join('')
}
