import { absenceAsks } from './absence.ts'
import type { Drawing, Studio } from './kind.ts'
import { type Ask, counted, indefinite, yesNo } from './questions.ts'
import type { Random } from './random.ts'
import { capitalised, listed, type Vocabulary } from './vocabulary.ts'
import { windowAsks } from './window-asks.ts'
import { drawWindow, windowText } from './window-frame.ts'

/** A window with a list of two to six items, one of them selected in most. */
export function listWindow({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const count = random.integer(2, 6)
  const rowHeight = random.integer(18, 23)
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: 160,
    minHeight: count * rowHeight + 18,
  })
  const items = vocabulary.items(random, count)
  const selected = random.chance(0.85) ? random.integer(0, count - 1) : -1
  const x = frame.x + 8
  const y = frame.y + 8
  const w = frame.w - 16
  const field = frame.dark ? '#121212' : '#ffffff'
  scene.panel(x, y, w, frame.h - 16, {
    radius: Math.min(5, frame.theme.radius),
    fill: field,
    stroke: frame.controlBorder,
  })
  const soft = random.chance(0.3)
  items.forEach((item, index) => {
    const top = y + 1 + index * rowHeight
    const chosen = index === selected
    scene.box(chosen ? 'selected row' : 'row', item, x, top, w, rowHeight)
    if (chosen) {
      scene.panel(x + 1, top, w - 2, rowHeight, { fill: soft ? (frame.dark ? '#1d4f91' : '#bcd8fb') : frame.accent })
    }
    const ink = chosen ? (soft && !frame.dark ? '#111111' : '#ffffff') : frame.dark ? '#eeeeee' : '#161616'
    let style = windowText(frame, ink)
    while (style.px > 9 && scene.measure(item, style) > w - 12) style = { ...style, px: style.px - 1 }
    scene.text(item, x + 6, top + rowHeight / 2 + style.px * 0.36, style)
  })
  const asks: Ask[] = [
    counted('count', 'count-rows', count, ['item', 'items'], ' in the list'),
    itemPresence(random, vocabulary, items),
    { kind: 'row-place', wording: 'row-first', answer: items[0] as string, sentence: `The first item is ${items[0]}.` },
    {
      kind: 'row-place',
      wording: 'row-last',
      answer: items.at(-1) as string,
      sentence: `The last item is ${items.at(-1)}.`,
    },
    ...windowAsks(frame),
    ...absenceAsks(random, ['window', 'list', 'text']),
    selected >= 0
      ? { kind: 'row', wording: 'row', answer: items[selected] as string, sentence: `${items[selected]} is selected.` }
      : {
          kind: 'absent',
          wording: 'row',
          answer: 'No item is selected.',
          word: 'none',
          accepted: ['none', 'no item is selected', 'nothing', 'no'],
          sentence: 'No item is selected.',
        },
  ]
  const theme = frame.dark ? 'dark' : 'light'
  const caption = `${capitalised(indefinite(theme))} window titled "${frame.title}" with a list of ${count} items: ${listed(items)}${selected >= 0 ? `; ${items[selected]} is selected` : ''}.`
  asks.push({ kind: 'caption', wording: 'caption', answer: caption, sentence: caption })
  return {
    caption,
    facts: ['window', theme, 'list', `${count} items`, ...items.map((item) => item.toLowerCase())],
    asks,
  }
}

function itemPresence(random: Random, vocabulary: Vocabulary, items: readonly string[]): Ask {
  const yes = random.chance(0.5)
  let asked = random.pick(items)
  while (!yes && items.some((item) => item.toLowerCase() === asked.toLowerCase()))
    asked = vocabulary.items(random, 1)[0] as string
  return yesNo('row-present', 'row-present', asked, yes, `${asked} is in the list`, `${asked} is not in the list`)
}
