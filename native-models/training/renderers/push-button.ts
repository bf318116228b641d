import type { Scene } from './scene.ts'
import { type WindowFrame, windowText } from './window-frame.ts'

/** State of a push button. */
export type ButtonState = 'plain' | 'default' | 'disabled'

/** Draws a push button in the window's style. */
export function drawButton(
  scene: Scene,
  frame: WindowFrame,
  text: string,
  x: number,
  y: number,
  w: number,
  h: number,
  state: ButtonState,
): void {
  const { theme } = frame
  const filled = state === 'default' && !theme.bevel
  const fill = filled ? frame.accent : frame.control
  scene.box(
    state === 'default' ? 'default button' : state === 'disabled' ? 'disabled button' : 'button',
    text,
    x,
    y,
    w,
    h,
  )
  scene.panel(x, y, w, h, {
    radius: Math.min(theme.buttonRadius, h / 2),
    fill,
    stroke: filled ? frame.accent : frame.controlBorder,
  })
  if (theme.bevel) {
    scene.context.strokeStyle = frame.dark ? '#888888' : '#ffffff'
    scene.context.beginPath()
    scene.context.moveTo(x + 1, y + h - 1.5)
    scene.context.lineTo(x + 1, y + 1)
    scene.context.lineTo(x + w - 1.5, y + 1)
    scene.context.stroke()
    // A bevelled default button is told by its heavy black frame.
    if (state === 'default')
      scene.panel(x - 1, y - 1, w + 2, h + 2, { stroke: frame.dark ? '#ffffff' : '#000000', width: 2 })
  }
  const ink = filled ? '#ffffff' : state === 'disabled' ? (frame.dark ? '#7a7a7a' : '#a0a0a0') : frame.ink
  scene.centredText(text, x + w / 2, y + h / 2 + frame.px * 0.36, windowText(frame, ink))
}
