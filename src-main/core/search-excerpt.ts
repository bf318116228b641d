import type { SearchHit } from '../storage/message-search.ts'
import { searchTerms } from '../storage/text-index.ts'

/** A piece of a text, and whether it is what was searched for. */
export interface ExcerptPart {
  text: string
  isHit: boolean
}

export interface FoundMessage extends Omit<SearchHit, 'text' | 'row'> {
  excerpt: ExcerptPart[]
}

/** Characters before the first hit, and of the whole. */
const [lead, length] = [40, 160]

/** A found message with the place where the search was met. */
export function toFound({ text, row: _, ...hit }: SearchHit, query: string): FoundMessage {
  return { ...hit, excerpt: excerpt(text, query) }
}

/** A line of a text around the first of its hits, with all hits marked; upper case and accents make no difference. */
export function excerpt(text: string, query: string): ExcerptPart[] {
  const { folded, origin } = fold(text)
  const terms = searchTerms(query).map((term) => fold(term).folded)
  const hits = terms.flatMap((term) => [...occurrences(folded, term)]).sort((a, b) => a.start - b.start)
  const from = Math.max(0, (origin[hits[0]?.start ?? 0] ?? 0) - lead)
  const to = Math.min(text.length, from + length)
  const parts: ExcerptPart[] = []
  const put = (start: number, end: number, isHit: boolean) => {
    const piece = text.slice(start, end).replace(/\s+/g, ' ')
    if (piece !== '') parts.push({ text: piece, isHit })
  }
  let at = from
  for (const { start, end } of hits) {
    const [first, last] = [origin[start]!, Math.min(origin[end]!, to)]
    if (first < at || first >= to) continue
    put(at, first, false)
    put(first, last, true)
    at = last
  }
  put(at, to, false)
  if (from > 0) parts.unshift({ text: '…', isHit: false })
  if (to < text.length) parts.push({ text: '…', isHit: false })
  return parts
}

function* occurrences(text: string, term: string) {
  if (term === '') return
  for (let start = text.indexOf(term); start >= 0; start = text.indexOf(term, start + term.length)) {
    yield { start, end: start + term.length }
  }
}

/** Text without case and accents, and for each of its places the place it came from (one more for the end). */
function fold(text: string): { folded: string; origin: number[] } {
  let folded = ''
  const origin: number[] = []
  let at = 0
  for (const character of text) {
    const plain = character.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase()
    for (let unit = 0; unit < plain.length; unit++) origin.push(at)
    folded += plain
    at += character.length
  }
  origin.push(at)
  return { folded, origin }
}
