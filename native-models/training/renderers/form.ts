import { buttonContent, chooseButtons } from './contents/button-content.ts'
import { checkContent, radioContent } from './contents/choice-content.ts'
import { fieldContent } from './contents/field-content.ts'
import { type Content, windowDrawing } from './contents/window-content.ts'
import { layButtons } from './dialog.ts'
import type { Drawing, Studio } from './kind.ts'
import type { Scene } from './scene.ts'
import { drawWindow, type WindowFrame, windowText } from './window-frame.ts'

/** A settings window: check boxes or switches, radio buttons, or text fields, some with buttons below. */
export function form(studio: Studio): Drawing {
  const { random, split, vocabulary, picture } = studio
  const scene = picture()
  const style = random.pick(['check', 'check', 'switch', 'radio', 'radio', 'field', 'field'] as const)
  const count = style === 'field' ? random.integer(1, 4) : random.integer(2, 5)
  const buttons = random.chance(0.5) ? chooseButtons(random, vocabulary, random.integer(1, 2)) : undefined
  const rowHeight = style === 'field' ? 27 : random.integer(22, 26)
  const height = 12 + count * rowHeight + (buttons === undefined ? 4 : 34)
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: style === 'field' ? 195 : 170,
    minHeight: height,
  })
  const top = frame.y + 8
  const content =
    style === 'field'
      ? fields(studio, scene, frame, count, rowHeight, top)
      : style === 'radio'
        ? radios(studio, scene, frame, count, rowHeight, top)
        : boxes(studio, scene, frame, count, rowHeight, top, style === 'switch')
  if (buttons === undefined) return windowDrawing(random, frame, 'window', [content])
  layButtons(random, scene, frame, buttons, 21)
  return windowDrawing(random, frame, 'window', [content, buttonContent(random, vocabulary, buttons)])
}

function boxes(
  { random, vocabulary }: Studio,
  scene: Scene,
  frame: WindowFrame,
  count: number,
  rowHeight: number,
  top: number,
  switches: boolean,
): Content {
  const names = vocabulary.options(random, count)
  const states = names.map(() => random.chance(0.5))
  const right = switches && random.chance(0.6)
  names.forEach((name, index) => {
    const y = top + index * rowHeight
    const on = states[index] as boolean
    if (switches) {
      const x = right ? frame.x + frame.w - 36 : frame.x + 10
      drawSwitch(scene, frame, name, x, y + 2, on)
      fitText(scene, frame, name, right ? frame.x + 10 : x + 32, y + 13, frame.w - 56)
    } else {
      drawCheckBox(scene, frame, name, frame.x + 10, y + 1, on)
      fitText(scene, frame, name, frame.x + 30, y + 13, frame.w - 38)
    }
  })
  return checkContent(random, vocabulary, names, states, switches ? 'switch' : 'check box')
}

function radios(
  { random, vocabulary }: Studio,
  scene: Scene,
  frame: WindowFrame,
  count: number,
  rowHeight: number,
  top: number,
): Content {
  const names = vocabulary.options(random, count)
  const chosen = random.integer(0, count - 1)
  names.forEach((name, index) => {
    const y = top + index * rowHeight
    drawRadio(scene, frame, name, frame.x + 10, y + 1, index === chosen)
    fitText(scene, frame, name, frame.x + 30, y + 13, frame.w - 38)
  })
  return radioContent(random, vocabulary, names, chosen)
}

function fields(
  { random, vocabulary }: Studio,
  scene: Scene,
  frame: WindowFrame,
  count: number,
  rowHeight: number,
  top: number,
): Content {
  const names = vocabulary.fields(random, count)
  const style = windowText(frame)
  const column = Math.min(frame.w * 0.45, Math.max(...names.map((name) => scene.measure(name, style))) + 14)
  const width = frame.w - column - 16
  const values = names.map(() => {
    if (random.chance(0.35)) return ''
    for (let attempt = 0; attempt < 30; attempt++) {
      const value = vocabulary.value(random)
      if (scene.measure(value, style) <= width - 8) return value
    }
    return ''
  })
  names.forEach((name, index) => {
    const y = top + index * rowHeight
    fitText(scene, frame, name, frame.x + 8, y + 14, column - 12)
    const x = frame.x + column + 8
    const value = values[index] as string
    scene.box('field', value, x, y, width, 20)
    scene.panel(x, y, width, 20, {
      radius: Math.min(4, frame.theme.buttonRadius),
      fill: frame.dark ? '#101010' : '#ffffff',
      stroke: frame.controlBorder,
    })
    if (value !== '') scene.text(value, x + 5, y + 14, windowText(frame, frame.dark ? '#f3f3f3' : '#111111'))
  })
  return fieldContent(random, vocabulary, names, values)
}

/** Draws a text, smaller if it would not fit. */
function fitText(scene: Scene, frame: WindowFrame, text: string, x: number, baseline: number, width: number): void {
  let style = windowText(frame)
  while (style.px > 9 && scene.measure(text, style) > width) style = { ...style, px: style.px - 1 }
  scene.text(text, x, baseline, style)
}

/** A check box of 14 logical units. */
export function drawCheckBox(scene: Scene, frame: WindowFrame, name: string, x: number, y: number, on: boolean): void {
  const { context } = scene
  const q = 14
  const filled = on && !frame.theme.bevel
  scene.box(on ? 'box on' : 'box off', name, x - 1, y - 1, q + 2, q + 2)
  scene.panel(x, y, q, q, {
    radius: Math.min(4, frame.theme.buttonRadius),
    fill: filled ? frame.accent : frame.dark ? '#141414' : '#ffffff',
    stroke: filled ? frame.accent : frame.dark ? '#9a9a9a' : '#6a6a6a',
  })
  if (!on) return
  context.strokeStyle = filled ? '#ffffff' : frame.dark ? '#ffffff' : '#000000'
  context.lineWidth = 2
  context.beginPath()
  context.moveTo(x + 3, y + 7)
  context.lineTo(x + 6, y + 10.5)
  context.lineTo(x + 11, y + 3.5)
  context.stroke()
  context.lineWidth = 1
}

function drawRadio(scene: Scene, frame: WindowFrame, name: string, x: number, y: number, on: boolean): void {
  const { context } = scene
  scene.box(on ? 'radio on' : 'radio off', name, x - 1, y - 1, 16, 16)
  context.beginPath()
  context.arc(x + 7, y + 7, 7, 0, 7)
  context.fillStyle = on && !frame.theme.bevel ? frame.accent : frame.dark ? '#141414' : '#ffffff'
  context.fill()
  context.strokeStyle = on && !frame.theme.bevel ? frame.accent : frame.dark ? '#9a9a9a' : '#6a6a6a'
  context.stroke()
  if (!on) return
  context.beginPath()
  context.arc(x + 7, y + 7, 3.2, 0, 7)
  context.fillStyle = frame.theme.bevel && !frame.dark ? '#000000' : '#ffffff'
  context.fill()
}

function drawSwitch(scene: Scene, frame: WindowFrame, name: string, x: number, y: number, on: boolean): void {
  const { context } = scene
  scene.box(on ? 'switch on' : 'switch off', name, x, y - 1, 26, 15)
  scene.panel(x, y, 26, 13, { radius: 6.5, fill: on ? frame.accent : frame.dark ? '#555555' : '#b5b5b5' })
  context.beginPath()
  context.arc(on ? x + 19.5 : x + 6.5, y + 6.5, 5, 0, 7)
  context.fillStyle = '#ffffff'
  context.fill()
}
