import { type Ask, counted } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed, type Vocabulary } from '../vocabulary.ts'
import { fact, listAsk, lower, selectionAsk } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** A table whose first column names the rows. */
export interface TableContent {
  headings: readonly string[]
  rows: readonly (readonly string[])[]
  /** Index of the selected row, -1 for none. */
  selected: number
}

/** Column headings with what stands below them. */
const COLUMNS: Record<string, (random: Random, vocabulary: Vocabulary) => string> = {
  Size: (random) => `${random.integer(1, 990)} KB`,
  Price: (random) => `$${random.integer(1, 99)}`,
  Amount: (random) => String(random.integer(1, 999)),
  Stock: (random) => String(random.integer(0, 99)),
  Date: (random) =>
    `${random.integer(1, 28)} ${random.pick(['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'])}`,
  Year: (random) => String(random.integer(1990, 2026)),
  State: (random) => random.pick(['open', 'closed', 'done', 'new', 'late', 'paid', 'sent', 'failed']),
  Score: (random) => String(random.integer(1, 100)),
  Age: (random) => String(random.integer(18, 90)),
  Time: (random) => `${random.integer(0, 23)}:${String(random.integer(0, 59)).padStart(2, '0')}`,
  Kind: (random, vocabulary) => vocabulary.word(random),
}

/** A table for the given row names with one or two more columns. */
export function chooseTable(random: Random, vocabulary: Vocabulary, names: readonly string[]): TableContent {
  const columns = random.sample(Object.keys(COLUMNS), random.integer(1, 2))
  return {
    headings: ['Name', ...columns],
    rows: names.map((name) => [name, ...columns.map((column) => COLUMNS[column]!(random, vocabulary))]),
    selected: random.chance(0.6) ? random.integer(0, names.length - 1) : -1,
  }
}

/** Questions of a table. */
export function tableContent(random: Random, { headings, rows, selected }: TableContent): Content {
  const asks: Ask[] = [
    counted('count', 'count-rows', rows.length, ['row', 'rows']),
    counted('count', 'count-columns', headings.length, ['column', 'columns']),
    listAsk('columns', 'columns', headings, (list) => `The columns are ${list}.`),
    selectionAsk('row', rows[selected]?.[0]),
  ]
  for (const row of random.sample(rows, 2)) {
    const column = random.integer(1, headings.length - 1)
    const [name, heading, value] = [row[0]!, headings[column]!.toLowerCase(), row[column]!]
    asks.push({
      ...fact('cell', 'cell', value, `The ${heading} of ${name} is ${value}.`),
      slots: { x: name, y: heading },
      accepted: [value.replace('$', '')],
    })
  }
  return {
    things: ['table', 'list'],
    summary: `with a table of ${rows.length} rows and the columns ${listed(headings)}${selected >= 0 ? `; ${rows[selected]![0]} is selected` : ''}`,
    facts: ['table', `${rows.length} rows`, ...lower(rows.map((row) => row[0]!))],
    asks,
  }
}
