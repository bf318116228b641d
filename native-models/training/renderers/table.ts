import { chooseTable, tableContent } from './contents/table-content.ts'
import { windowDrawing } from './contents/window-content.ts'
import type { Drawing, Studio } from './kind.ts'
import { drawWindow, windowText } from './window-frame.ts'

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
  const x = frame.x + 6
  const y = frame.y + 6
  const w = frame.w - 12
  const names: string[] = []
  for (let attempt = 0; names.length < count && attempt < 400; attempt++) {
    const name = vocabulary.items(random, 1)[0]!
    const known = names.some((other) => other.toLowerCase() === name.toLowerCase())
    if (!known && scene.measure(name, style) <= w * 0.42 - 8) names.push(name)
  }
  const content = chooseTable(random, vocabulary, names)
  const { headings, rows, selected } = content
  const firstWidth = headings.length === 2 ? w * 0.58 : w * 0.42
  const otherWidth = (w - firstWidth) / (headings.length - 1)
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
  rows.forEach((cells, row) => {
    const top = y + (row + 1) * rowHeight
    const chosen = row === selected
    scene.box(chosen ? 'selected row' : 'row', cells[0]!, x, top, w, rowHeight)
    if (chosen) scene.panel(x + 0.5, top, w - 1, rowHeight, { fill: frame.accent })
    else if (striped && row % 2 === 1)
      scene.panel(x + 0.5, top, w - 1, rowHeight, { fill: frame.dark ? '#1d1d1d' : '#f1f3f5' })
    const cellStyle = windowText(frame, chosen ? '#ffffff' : frame.dark ? '#eeeeee' : '#161616')
    const baseline = top + rowHeight / 2 + style.px * 0.36
    cells.forEach((text, column) => {
      let fitted = cellStyle
      while (column > 0 && fitted.px > 8 && scene.measure(text, fitted) > otherWidth - 6)
        fitted = { ...fitted, px: fitted.px - 1 }
      scene.text(text, left(column), baseline, fitted)
    })
  })
  return windowDrawing(random, frame, 'window', [tableContent(random, content)])
}
