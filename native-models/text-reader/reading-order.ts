import { type Box, bottom, right } from './text-line.ts'

/** Columns are apart by more than this many heights of a line. */
const columnGap = 0.9
/** Rows are apart by a blank band at all; paragraphs need no rule of their own. */
const rowGap = 0
/** Rows looked through for columns that begin together; without a bound, a table of thousands would take minutes. */
const mostRowsAhead = 20

/**
 * Lines in the order in which a person reads them, columns kept apart: blank bands cut the page, downwards first where
 * columns stand beside each other over several lines, else across; over and over (recursive XY cut, Nagy and Seth 1984).
 */
export function readingOrder<Line extends { box: Box }>(lines: readonly Line[]): Line[] {
  if (lines.length < 2) return [...lines]
  const height = median(lines.map(({ box }) => Math.min(box.width, box.height)))
  return order([...lines], height)
}

function order<Line extends { box: Box }>(lines: Line[], height: number): Line[] {
  if (lines.length < 2) return lines
  const columns = split(lines, ({ left, width }) => [left, left + width], columnGap * height)
  // A row of a form or a table is read across: only blocks of several rows on both sides are columns.
  if (columns.length > 1 && isColumns(columns, height)) return columns.flatMap((column) => order(column, height))
  const rows = split(lines, ({ top, height: tall }) => [top + 0.2 * tall, top + 0.8 * tall], rowGap)
  if (rows.length > 1) return joinBlocks(rows, height).flatMap((row) => order(row, height))
  if (columns.length > 1) return columns.flatMap((column) => order(column, height))
  return lines.sort((a, b) =>
    Math.abs(middle(a) - middle(b)) > 0.5 * height ? middle(a) - middle(b) : a.box.left - b.box.left,
  )
}

/**
 * Neighbouring rows that have a column gap at the same place form a block, so that what stands in it is read column by
 * column; other rows stay by themselves.
 */
function joinBlocks<Line extends { box: Box }>(rows: Line[][], height: number): Line[][] {
  const blocks: Line[][] = []
  let at = 0
  while (at < rows.length) {
    let block = rows[at]!
    let end = at + 1
    for (let next = at + 1; next < Math.min(rows.length, end + mostRowsAhead); next++) {
      const candidate = rows.slice(at, next + 1).flat()
      const columns = split(candidate, ({ left, width }) => [left, left + width], columnGap * height)
      if (columns.length < 2) break
      if (!isColumns(columns, height)) continue
      block = candidate
      end = next + 1
    }
    blocks.push(block)
    at = end
  }
  return blocks
}

/**
 * Whether parts that stand side by side are columns to be read one after the other: each has text of its own rhythm, so
 * lines do not face each other, or running text that fills it. Where lines of all parts face each other, it is a table.
 */
function isColumns<Line extends { box: Box }>(columns: Line[][], height: number): boolean {
  if (columns.some((column) => rowsOf(column) < 2)) return false
  const widths = columns.map((column) => median(column.map(({ box }) => box.width)))
  const running = widths.filter((width) => width > 12 * height).length
  if (running >= 2) return true
  const [first, ...others] = columns as [Line[], ...Line[][]]
  const middles = first.map(middle).sort((a, b) => a - b)
  const facing = others.map((column) => {
    const found = column.filter((line) => hasNear(middles, middle(line), 0.3 * height))
    return found.length / Math.min(column.length, first.length)
  })
  return facing.some((share) => share < 0.6)
}

function rowsOf<Line extends { box: Box }>(lines: Line[]): number {
  return split(lines, ({ top, height }) => [top + 0.2 * height, top + 0.8 * height], 0).length
}

/** Groups along one direction, parted by gaps of more than `gap`; in order. */
function split<Line extends { box: Box }>(lines: Line[], span: (box: Box) => [number, number], gap: number): Line[][] {
  const sorted = [...lines].sort((a, b) => span(a.box)[0] - span(b.box)[0])
  const groups: Line[][] = []
  let end = Number.NEGATIVE_INFINITY
  for (const line of sorted) {
    const [from, to] = span(line.box)
    if (from > end + gap || groups.length === 0) groups.push([])
    groups.at(-1)!.push(line)
    end = Math.max(end, to)
  }
  return groups
}

/** Whether ascending values hold one that is nearer than this. */
function hasNear(values: readonly number[], value: number, distance: number): boolean {
  let low = 0
  let high = values.length
  while (low < high) {
    const at = (low + high) >> 1
    if (values[at]! <= value - distance) low = at + 1
    else high = at
  }
  return low < values.length && values[low]! < value + distance
}

function middle({ box }: { box: Box }): number {
  return (box.top + bottom(box)) / 2
}

function median(values: number[]): number {
  return values.sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0
}

/** Lines as plain text: what stands in one row is parted by two spaces, rows by a line break. */
export function plainText(lines: readonly { text: string; box: Box }[]): string {
  let text = ''
  lines.forEach((line, at) => {
    const before = lines[at - 1]
    if (before) text += isSameRow(before.box, line.box) ? '  ' : '\n'
    text += line.text
  })
  return text
}

function isSameRow(before: Box, box: Box): boolean {
  const shared = Math.min(bottom(before), bottom(box)) - Math.max(before.top, box.top)
  return shared > 0.6 * Math.min(before.height, box.height) && box.left >= right(before) - 0.5 * box.height
}
