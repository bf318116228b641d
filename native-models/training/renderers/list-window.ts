import { listContent } from './contents/list-content.ts'
import { windowDrawing } from './contents/window-content.ts'
import type { Drawing, Studio } from './kind.ts'
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
  return windowDrawing(random, frame, 'window', [listContent(random, vocabulary, items, selected)])
}
