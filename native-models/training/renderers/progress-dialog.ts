import { buttonContent, chooseButtons } from './contents/button-content.ts'
import { chooseProgress, progressContent } from './contents/progress-content.ts'
import { windowDrawing } from './contents/window-content.ts'
import { layButtons } from './dialog.ts'
import type { Drawing, Studio } from './kind.ts'
import { drawWindow, windowText } from './window-frame.ts'

/** A window that shows how far a task is. */
export function progressDialog({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: 180,
    minHeight: 92,
    maxHeight: 140,
  })
  const style = windowText(frame)
  let { message, done } = chooseProgress(random, vocabulary)
  while (scene.measure(message, style) > frame.w - 20) ({ message, done } = chooseProgress(random, vocabulary))
  scene.text(message, frame.x + 10, frame.y + 20, style)
  const x = frame.x + 10
  const w = frame.w - 54
  const h = random.integer(8, 14)
  const y = frame.y + 30
  scene.panel(x, y, w, h, { radius: h / 2, fill: frame.dark ? '#3d3d3d' : '#d9d9d9' })
  scene.panel(x, y, Math.max(h, (w * done) / 100), h, { radius: h / 2, fill: frame.accent })
  scene.box('progress', `${done}%`, x, y, w, h)
  scene.text(`${done}%`, x + w + 6, y + h / 2 + style.px * 0.36, style)
  const buttons = chooseButtons(random, vocabulary, random.integer(1, 2))
  layButtons(random, scene, frame, buttons, 21)
  return windowDrawing(random, frame, 'window', [
    progressContent(message, done),
    buttonContent(random, vocabulary, buttons),
  ])
}
