import { absenceAsks } from './absence.ts'
import type { Drawing, Studio } from './kind.ts'
import { type Ask, counted, indefinite } from './questions.ts'
import type { Random } from './random.ts'
import { capitalised, listed, type Vocabulary } from './vocabulary.ts'
import { listAsk, windowAsks } from './window-asks.ts'
import { drawWindow, windowText } from './window-frame.ts'

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

/** A window with a table of two or three columns and two to five rows, one selected in half of them. */
export function table({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const count = random.integer(2, 5)
  const rowHeight = random.integer(19, 23)
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: 204,
    minHeight: (count + 1) * rowHeight + 16,
  })
  const style = windowText(frame)
  const headings = ['Name', ...random.sample(Object.keys(COLUMNS), random.integer(1, 2))]
  const x = frame.x + 6
  const y = frame.y + 6
  const w = frame.w - 12
  const firstWidth = headings.length === 2 ? w * 0.58 : w * 0.42
  const otherWidth = (w - firstWidth) / (headings.length - 1)
  const names: string[] = []
  for (let attempt = 0; names.length < count && attempt < 400; attempt++) {
    const name = vocabulary.items(random, 1)[0] as string
    if (
      scene.measure(name, style) <= firstWidth - 8 &&
      !names.some((other) => other.toLowerCase() === name.toLowerCase())
    )
      names.push(name)
  }
  const cells = names.map(() =>
    headings
      .slice(1)
      .map((heading) => (COLUMNS[heading] as (random: Random, vocabulary: Vocabulary) => string)(random, vocabulary)),
  )
  const selected = random.chance(0.6) ? random.integer(0, names.length - 1) : -1
  scene.panel(x, y, w, (names.length + 1) * rowHeight, {
    fill: frame.dark ? '#121212' : '#ffffff',
    stroke: frame.controlBorder,
  })
  scene.panel(x, y, w, rowHeight, { fill: frame.control, stroke: frame.controlBorder })
  scene.mark('header', x, y, w, rowHeight)
  const left = (column: number) => x + 5 + (column === 0 ? 0 : firstWidth + (column - 1) * otherWidth)
  headings.forEach((heading, column) => {
    scene.text(heading, left(column), y + rowHeight / 2 + style.px * 0.36, { ...style, bold: true })
  })
  const striped = random.chance(0.4)
  names.forEach((name, row) => {
    const top = y + (row + 1) * rowHeight
    const chosen = row === selected
    scene.box(chosen ? 'selected row' : 'row', name, x, top, w, rowHeight)
    if (chosen) scene.panel(x + 0.5, top, w - 1, rowHeight, { fill: frame.accent })
    else if (striped && row % 2 === 1)
      scene.panel(x + 0.5, top, w - 1, rowHeight, { fill: frame.dark ? '#1d1d1d' : '#f1f3f5' })
    const cellStyle = windowText(frame, chosen ? '#ffffff' : frame.dark ? '#eeeeee' : '#161616')
    const baseline = top + rowHeight / 2 + style.px * 0.36
    ;[name, ...(cells[row] as string[])].forEach((text, column) => {
      let fitted = cellStyle
      while (column > 0 && fitted.px > 8 && scene.measure(text, fitted) > otherWidth - 6)
        fitted = { ...fitted, px: fitted.px - 1 }
      scene.text(text, left(column), baseline, fitted)
    })
  })
  const asks: Ask[] = [
    counted('count', 'count-rows', names.length, ['row', 'rows']),
    counted('count', 'count-columns', headings.length, ['column', 'columns']),
    listAsk('columns', 'columns', headings, (list) => `The columns are ${list}.`),
    ...windowAsks(frame),
    ...absenceAsks(random, ['window', 'table', 'list', 'text']),
  ]
  for (const row of random.sample(
    names.map((_, index) => index),
    2,
  )) {
    const column = random.integer(1, headings.length - 1)
    const heading = (headings[column] as string).toLowerCase()
    const value = (cells[row] as string[])[column - 1] as string
    asks.push({
      kind: 'cell',
      wording: 'cell',
      slots: { x: names[row] as string, y: heading },
      answer: value,
      accepted: [value.replace('$', '')],
      sentence: `The ${heading} of ${names[row]} is ${value}.`,
    })
  }
  asks.push(
    selected >= 0
      ? {
          kind: 'row',
          wording: 'row',
          answer: names[selected] as string,
          sentence: `The row ${names[selected]} is selected.`,
        }
      : {
          kind: 'absent',
          wording: 'row',
          answer: 'No row is selected.',
          word: 'none',
          accepted: ['none', 'no row is selected', 'nothing', 'no'],
          sentence: 'No row is selected.',
        },
  )
  const theme = frame.dark ? 'dark' : 'light'
  const caption = `${capitalised(indefinite(theme))} window titled "${frame.title}" with a table of ${names.length} rows and the columns ${listed(headings)}${selected >= 0 ? `; ${names[selected]} is selected` : ''}.`
  asks.push({ kind: 'caption', wording: 'caption', answer: caption, sentence: caption })
  return {
    caption,
    facts: ['window', theme, 'table', `${names.length} rows`, ...names.map((name) => name.toLowerCase())],
    asks,
  }
}
