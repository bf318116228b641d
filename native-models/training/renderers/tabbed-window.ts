import { buttonContent, chooseButtons } from './contents/button-content.ts'
import { checkContent } from './contents/choice-content.ts'
import { tabContent } from './contents/tab-content.ts'
import { windowDrawing } from './contents/window-content.ts'
import { layButtons } from './dialog.ts'
import { drawCheckBox } from './form.ts'
import type { Drawing, Studio } from './kind.ts'
import type { Random } from './random.ts'
import type { Scene } from './scene.ts'
import { drawWindow, type WindowFrame, windowText } from './window-frame.ts'

/** A window with two to four tabs, lines or check boxes on the page, buttons below in half of them. */
export function tabbedWindow({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const buttons = random.chance(0.5) ? chooseButtons(random, vocabulary, random.integer(1, 3)) : undefined
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: 196,
    minHeight: 124,
    maxHeight: 180,
  })
  const tabs = fittingTabs(frame, scene, () => vocabulary.tabs(random, random.integer(2, 4)))
  const selected = random.integer(0, tabs.length - 1)
  drawTabs(random, scene, frame, tabs, selected)

  const pageTop = frame.y + 30
  const rows = Math.min(3, Math.floor((frame.h - 34 - (buttons === undefined ? 6 : 36)) / 20))
  const withBoxes = random.chance(0.5)
  const lines = vocabulary.options(random, Math.max(1, random.integer(1, Math.max(1, rows))))
  const states = lines.map(() => random.chance(0.5))
  lines.forEach((line, index) => {
    const y = pageTop + 6 + index * 20
    if (withBoxes) drawCheckBox(scene, frame, line, frame.x + 12, y, states[index] as boolean)
    scene.text(line, frame.x + (withBoxes ? 32 : 12), y + 12, windowText(frame))
  })

  const contents = [tabContent(random, vocabulary, tabs, selected)]
  if (withBoxes) contents.push(checkContent(random, vocabulary, lines, states, 'check box'))
  if (buttons !== undefined) {
    layButtons(random, scene, frame, buttons, 21)
    contents.push(buttonContent(random, vocabulary, buttons))
  }
  return windowDrawing(random, frame, 'window', contents)
}

function fittingTabs(frame: WindowFrame, scene: Scene, make: () => string[]): string[] {
  for (;;) {
    const tabs = make()
    const width = tabs.reduce((sum, tab) => sum + scene.measure(tab, windowText(frame)) + 16, 0)
    if (width <= frame.w - 12) return tabs
  }
}

function drawTabs(random: Random, scene: Scene, frame: WindowFrame, tabs: readonly string[], selected: number): void {
  const { context } = scene
  const look = random.pick(['folder', 'underlined', 'pill'] as const)
  const top = frame.y + 5
  const height = 21
  if (look === 'folder') scene.panel(frame.x + 5, top + height, frame.w - 10, 1, { fill: frame.controlBorder })
  let x = frame.x + 6
  tabs.forEach((tab, index) => {
    const w = scene.measure(tab, windowText(frame)) + 16
    const chosen = index === selected
    scene.box(chosen ? 'selected tab' : 'tab', tab, x, top, w, height)
    let ink = chosen ? frame.ink : frame.muted
    if (look === 'folder') {
      context.beginPath()
      const rise = chosen ? 0 : 2
      context.roundRect(x, top + rise, w, height - rise + (chosen ? 1 : 0), [3, 3, 0, 0])
      context.fillStyle = chosen ? frame.face : frame.control
      context.fill()
      context.strokeStyle = frame.controlBorder
      context.stroke()
      if (chosen) {
        context.fillStyle = frame.accent
        context.fillRect(x, top, w, 2.5)
        context.fillStyle = frame.face
        context.fillRect(x + 0.5, top + height - 1, w - 1, 3)
      }
    } else if (look === 'underlined') {
      if (chosen) {
        context.fillStyle = frame.accent
        context.fillRect(x + 2, top + height - 3, w - 4, 3)
      }
    } else if (chosen) {
      scene.panel(x, top + 1, w, height - 2, { radius: 9, fill: frame.accent })
      ink = '#ffffff'
    }
    scene.centredText(tab, x + w / 2, top + 14.5, windowText(frame, ink))
    x += w
  })
}
