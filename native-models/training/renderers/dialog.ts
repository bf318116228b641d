import { type Buttons, buttonContent, chooseButtons } from './contents/button-content.ts'
import { DIALOG_ICONS, type DialogIcon, dialogNoun, messageContent } from './contents/message-content.ts'
import { windowDrawing } from './contents/window-content.ts'
import type { Drawing, Studio } from './kind.ts'
import type { ShownMessage } from './messages.ts'
import { drawButton } from './push-button.ts'
import type { Random } from './random.ts'
import type { Scene } from './scene.ts'
import type { Vocabulary } from './vocabulary.ts'
import { drawWindow, type WindowFrame, windowText } from './window-frame.ts'

/** A message box: icon, message, one to three buttons. */
export function dialog({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const count = random.integer(1, 3)
  const buttons = chooseButtons(random, vocabulary, count)
  const frame = drawWindow(random, scene, split, vocabulary.title(random), {
    minWidth: count === 3 ? 190 : 160,
    minHeight: 92,
    maxHeight: 170,
  })
  const icon = random.pick(DIALOG_ICONS)
  const centred = frame.h > 125 && random.chance(0.35)
  const iconSize = random.integer(24, 32)
  const iconX = centred ? frame.x + frame.w / 2 : frame.x + 12 + iconSize / 2
  const iconY = frame.y + 12 + iconSize / 2
  drawIcon(random, scene, icon, iconX, iconY, iconSize / 2)

  const style = windowText(frame)
  const left = centred ? frame.x + 10 : iconX + iconSize / 2 + 8
  const width = frame.x + frame.w - 8 - left
  const top = centred ? iconY + iconSize / 2 + 6 : frame.y + 10
  const buttonHeight = 22
  const roomForLines = Math.floor((frame.y + frame.h - buttonHeight - 14 - top) / (frame.px + 3))
  const { message, lines } = fittingMessage(random, vocabulary, scene, frame, width, roomForLines)
  lines.forEach((line, index) => {
    const baseline = top + frame.px + index * (frame.px + 3)
    if (centred) scene.centredText(line, frame.x + frame.w / 2, baseline, style)
    else scene.text(line, left, baseline, style)
  })

  layButtons(random, scene, frame, buttons, buttonHeight)
  return windowDrawing(random, frame, dialogNoun(icon), [
    messageContent(icon, message),
    buttonContent(random, vocabulary, buttons),
  ])
}

/** Puts buttons in a row at the bottom of the window, in one of the arrangements of real desktops. */
export function layButtons(
  random: Random,
  scene: Scene,
  frame: WindowFrame,
  { texts, byDefault, disabled }: Buttons,
  height: number,
): void {
  const style = windowText(frame)
  const gap = 6
  const margin = 8
  const room = frame.w - 2 * margin
  let widths = texts.map((text) => Math.max(random.chance(0.5) ? 46 : 38, scene.measure(text, style) + 12))
  const total = () => widths.reduce((sum, width) => sum + width, 0) + gap * (texts.length - 1)
  if (total() > room) widths = texts.map((text) => scene.measure(text, style) + 6)
  let px = frame.px
  while (total() > room && px > 9) {
    px--
    widths = texts.map((text) => scene.measure(text, { ...style, px }) + 6)
  }
  const spread = random.chance(0.2)
  if (spread) {
    const extra = Math.max(0, room - total()) / texts.length
    widths = widths.map((width) => width + extra)
  }
  const align = random.next()
  let x = frame.x + margin
  if (!spread && align < 0.6) x = frame.x + frame.w - margin - total()
  else if (!spread && align < 0.9) x = frame.x + (frame.w - total()) / 2
  const y = frame.y + frame.h - height - 8
  texts.forEach((text, index) => {
    const width = widths[index] as number
    drawButton(
      scene,
      { ...frame, px },
      text,
      x,
      y,
      width,
      height,
      index === byDefault ? 'default' : index === disabled ? 'disabled' : 'plain',
    )
    x += width + gap
  })
}

function fittingMessage(
  random: Random,
  vocabulary: Vocabulary,
  scene: Scene,
  frame: WindowFrame,
  width: number,
  room: number,
): { message: ShownMessage; lines: string[] } {
  const style = windowText(frame)
  for (let attempt = 0; attempt < 40; attempt++) {
    const message = vocabulary.message(random)
    const lines = scene.wrap(message.text, width, style)
    if (lines.length <= room && lines.every((line) => scene.measure(line, style) <= width)) return { message, lines }
  }
  return { message: { text: 'Ready.' }, lines: ['Ready.'] }
}

function drawIcon(random: Random, scene: Scene, icon: DialogIcon, x: number, y: number, r: number): void {
  const { context } = scene
  const fills: Record<DialogIcon, string[]> = {
    info: ['#1f77d6', '#0078d4', '#3584e4'],
    warning: ['#f1b80f', '#ffb900', '#f5c211'],
    error: ['#d62728', '#e01b24', '#c42b1c'],
    question: ['#1f77d6', '#2c9c5a', '#6b5bd2'],
  }
  context.fillStyle = random.pick(fills[icon])
  context.beginPath()
  if (icon === 'warning') {
    context.moveTo(x, y - r)
    context.lineTo(x + r * 1.1, y + r * 0.9)
    context.lineTo(x - r * 1.1, y + r * 0.9)
    context.closePath()
  } else if (icon === 'error' && random.chance(0.25)) {
    for (let corner = 0; corner < 8; corner++) {
      const angle = Math.PI * (corner / 4 + 0.125)
      context.lineTo(x + r * Math.cos(angle), y + r * Math.sin(angle))
    }
    context.closePath()
  } else if (icon === 'question' && random.chance(0.2)) {
    context.roundRect(x - r, y - r, 2 * r, 2 * r, r * 0.3)
  } else {
    context.arc(x, y, r, 0, 7)
  }
  context.fill()
  scene.mark(`icon ${icon}`, x - r, y - r, 2 * r, 2 * r)
  context.strokeStyle = icon === 'warning' ? '#1a1a1a' : '#ffffff'
  context.fillStyle = context.strokeStyle
  context.lineWidth = r * 0.22
  context.lineCap = 'round'
  context.beginPath()
  if (icon === 'error') {
    const d = r * 0.4
    context.moveTo(x - d, y - d)
    context.lineTo(x + d, y + d)
    context.moveTo(x + d, y - d)
    context.lineTo(x - d, y + d)
    context.stroke()
  } else if (icon === 'question') {
    const px = Math.round(r * 1.5)
    context.font = `bold ${px}px "DejaVu Sans"`
    context.fillText('?', x - context.measureText('?').width / 2, y + px * 0.37)
  } else {
    const up = icon === 'info' ? -1 : 1
    const middle = icon === 'warning' ? y + r * 0.2 : y
    context.moveTo(x, middle - up * r * -0.08)
    context.lineTo(x, middle - up * r * 0.5)
    context.stroke()
    context.beginPath()
    context.arc(x, middle + up * r * 0.45, r * 0.14, 0, 7)
    context.fill()
  }
  context.lineCap = 'butt'
  context.lineWidth = 1
}
