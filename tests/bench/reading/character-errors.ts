import { type Box, sharedArea } from '../../../native-models/text-reader/text-line.ts'

interface WrittenLine {
  text: string
  box: Box
}

export interface CharacterErrors {
  /** Insertions, deletions and replacements between what is written and what was read, spaces left out. */
  errors: number
  characters: number
  /** The same with single spaces between words counted as characters. */
  spacedErrors: number
  spacedCharacters: number
  differences: { expected: string; read: string }[]
}

/**
 * Character errors of a reader, whatever it takes for a line: what is written and what was read is compared in groups of
 * boxes that overlap, so that a row read as one line or as three is the same.
 */
export function score(written: readonly WrittenLine[], read: readonly WrittenLine[]): CharacterErrors {
  const total: CharacterErrors = { errors: 0, characters: 0, spacedErrors: 0, spacedCharacters: 0, differences: [] }
  for (const group of overlapping(written, read)) {
    const expected = joined(group.written)
    const found = joined(group.read)
    const errors = editDistance(expected.replaceAll(' ', ''), found.replaceAll(' ', ''))
    total.errors += errors
    total.characters += [...expected.replaceAll(' ', '')].length
    total.spacedErrors += editDistance(expected, found)
    total.spacedCharacters += [...expected].length
    if (errors > 0) total.differences.push({ expected, read: found })
  }
  return total
}

function overlapping(written: readonly WrittenLine[], read: readonly WrittenLine[]) {
  const group = Array.from({ length: written.length + read.length }, (_, at) => at)
  const root = (at: number): number => (group[at] === at ? at : root(group[at]!))
  written.forEach((line, at) => {
    read.forEach((item, other) => {
      const smaller = Math.min(line.box.width * line.box.height, item.box.width * item.box.height)
      if (sharedArea(line.box, item.box) > 0.3 * smaller) group[root(written.length + other)] = root(at)
    })
  })
  const groups = new Map<number, { written: WrittenLine[]; read: WrittenLine[] }>()
  group.forEach((_, at) => {
    const key = root(at)
    const members = groups.get(key) ?? { written: [], read: [] }
    if (at < written.length) members.written.push(written[at]!)
    else members.read.push(read[at - written.length]!)
    groups.set(key, members)
  })
  return groups.values()
}

/** Rows from the top, each from the left. Compatibility forms (full-width signs) are the same character. */
function joined(lines: readonly WrittenLine[]): string {
  const middle = ({ box }: WrittenLine) => box.top + box.height / 2
  const sorted = [...lines].sort((a, b) =>
    Math.abs(middle(a) - middle(b)) > Math.min(a.box.height, b.box.height) / 2
      ? middle(a) - middle(b)
      : a.box.left - b.box.left,
  )
  return sorted
    .map(({ text }) => text)
    .join(' ')
    .normalize('NFKC')
    .replace(/\s+/g, ' ')
    .trim()
}

/** Levenshtein distance in characters (code points). */
export function editDistance(a: string, b: string): number {
  const from = [...a]
  const to = [...b]
  let row = Array.from({ length: to.length + 1 }, (_, at) => at)
  from.forEach((character, at) => {
    const next = [at + 1]
    to.forEach((other, column) => {
      next.push(Math.min(next[column]! + 1, row[column + 1]! + 1, row[column]! + (character === other ? 0 : 1)))
    })
    row = next
  })
  return row[to.length]!
}
