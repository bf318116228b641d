import { menuContent } from './contents/menu-content.ts'
import { windowDrawing } from './contents/window-content.ts'
import type { Drawing, Studio } from './kind.ts'
import { drawWindow, windowText } from './window-frame.ts'

/** A window with a menu bar, one menu open in most. */
export function menuWindow({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: 190,
    minHeight: 150,
    maxHeight: 185,
  })
  const style = windowText(frame)
  let menus = vocabulary.menus(random, random.integer(3, 5))
  const total = () => menus.reduce((sum, menu) => sum + scene.measure(menu, style) + 14, 0)
  while (total() > frame.w - 8) menus = vocabulary.menus(random, 3)
  const open = random.chance(0.85) ? random.integer(0, menus.length - 1) : -1
  const barHeight = 20
  scene.mark('menu bar', frame.x, frame.y, frame.w, barHeight)
  let x = frame.x + 4
  let openX = x
  menus.forEach((menu, index) => {
    const w = scene.measure(menu, style) + 14
    if (index === open) {
      openX = x
      scene.panel(x, frame.y + 1, w, barHeight - 2, {
        radius: Math.min(4, frame.theme.buttonRadius),
        fill: frame.accent,
      })
      scene.mark('highlighted item', x, frame.y, w, barHeight)
    }
    scene.text(menu, x + 7, frame.y + 14, windowText(frame, index === open ? '#ffffff' : frame.ink))
    x += w
  })
  const items = vocabulary.menuItems(random, random.integer(2, 5))
  const marked = random.chance(0.7) ? random.integer(0, items.length - 1) : -1
  if (open >= 0) {
    const rowHeight = 20
    const w = Math.max(84, Math.max(...items.map((item) => scene.measure(item, style))) + 22)
    const left = Math.min(openX, frame.x + frame.w - w - 3)
    const top = frame.y + barHeight
    scene.panel(left, top, w, items.length * rowHeight + 6, {
      radius: Math.min(5, frame.theme.radius),
      fill: frame.dark ? '#2c2c2c' : '#fbfbfb',
      stroke: frame.controlBorder,
    })
    items.forEach((item, index) => {
      const y = top + 3 + index * rowHeight
      scene.box(index === marked ? 'highlighted item' : 'menu', item, left, y, w, rowHeight)
      if (index === marked) scene.panel(left + 2, y, w - 4, rowHeight, { radius: 3, fill: frame.accent })
      scene.text(
        item,
        left + 10,
        y + 14,
        windowText(frame, index === marked ? '#ffffff' : frame.dark ? '#eeeeee' : '#161616'),
      )
    })
  }
  return windowDrawing(random, frame, 'window', [menuContent(random, vocabulary, menus, open, items, marked)])
}
