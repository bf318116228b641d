import { interfaceFont } from './fonts.ts'
import { type ColourName, darkGround, inkOn, lightGround, paint } from './palette.ts'
import type { Random } from './random.ts'
import type { Scene, TextStyle } from './scene.ts'
import type { Split } from './split.ts'
import { type Theme, windowThemes } from './window-theme.ts'

const TITLE_COLOURS: readonly ColourName[] = [
  'red',
  'green',
  'blue',
  'orange',
  'purple',
  'pink',
  'brown',
  'black',
  'grey',
]
const ACCENTS = ['#1f6fe0', '#0067c0', '#3584e4', '#0a7a5c', '#7048c8', '#c2410c']

/** A drawn window: the space inside it and how to draw in it. */
export interface WindowFrame {
  theme: Theme
  title: string
  dark: boolean
  titleColour?: ColourName
  /** Content area in logical units. */
  x: number
  y: number
  w: number
  h: number
  face: string
  ink: string
  muted: string
  control: string
  controlBorder: string
  accent: string
  font: string
  px: number
}

export interface WindowSize {
  minWidth: number
  minHeight: number
  maxHeight?: number
}

/** Text in the window's own font. */
export function windowText(frame: WindowFrame, ink = frame.ink, bold = false): TextStyle {
  return { px: frame.px, font: frame.font, ink, bold }
}

/** Draws desktop ground, window, title bar and its controls; the content is the caller's. */
export function drawWindow(random: Random, scene: Scene, split: Split, title: string, size: WindowSize): WindowFrame {
  const theme = random.pick(windowThemes(split))
  const dark = random.chance(0.45)
  const ground = random.chance(0.5) ? lightGround(random) : darkGround(random)
  // A model sees every picture as a square: wide and tall screenshots reach it squeezed.
  const stretch = random.chance(0.5) ? 1 : random.between(1, 1.3)
  const wide = random.chance(0.7)
  scene.begin(ground, Math.round(scene.width * (wide ? stretch : 1)), Math.round(scene.height * (wide ? 1 : stretch)))
  const wantedHeight = size.minHeight + theme.titleHeight
  const tallest = Math.max(wantedHeight, (size.maxHeight ?? size.minHeight + 50) + theme.titleHeight)
  let w = Math.max(size.minWidth, random.integer(160, scene.width - 4))
  let h = Math.min(scene.height - 4, random.integer(wantedHeight, tallest))
  let x = random.integer(2, Math.max(2, Math.floor(scene.width - w - 2)))
  let y = random.integer(2, Math.max(2, Math.floor(scene.height - h - 2)))
  if (random.chance(0.15)) {
    // A screenshot of the window alone.
    x = 0
    y = 0
    w = scene.width
    h = scene.height
  }
  const hue = random.integer(0, 359)
  const saturation = random.chance(0.6) ? 0 : random.integer(4, 18)
  const tone = dark ? random.integer(11, 22) : random.integer(91, 100)
  const shade = (offset: number) => `hsl(${hue}, ${saturation}%, ${Math.max(0, Math.min(100, tone + offset))}%)`
  const face = theme.bevel && !dark ? '#d6d3ce' : shade(0)
  const ink = dark ? '#f1f1f1' : '#161616'
  const { context } = scene
  context.save()
  context.shadowColor = 'rgba(0,0,0,0.35)'
  context.shadowBlur = 6
  scene.panel(x, y, w, h, { radius: theme.radius, fill: face })
  context.restore()
  scene.mark(dark ? 'dark face' : 'face', x, y, w, h)

  const titleColour = theme.titlePaint === 'colour' ? random.pick(TITLE_COLOURS) : undefined
  let titleFill = theme.titlePaint === 'face' ? face : shade(dark ? 9 : -8)
  let titleInk = ink
  if (titleColour !== undefined) {
    titleFill = paint(random, titleColour, split)
    titleInk = inkOn(titleFill)
  }
  context.beginPath()
  context.roundRect(x, y, w, theme.titleHeight, [theme.radius, theme.radius, 0, 0])
  context.fillStyle = titleFill
  context.fill()
  scene.mark('title bar', x, y, w, theme.titleHeight, titleColour)
  scene.panel(x, y, w, h, { radius: theme.radius, stroke: dark ? '#5a5a5a' : '#9a9a9a' })

  const font = interfaceFont(random, split)
  const px = random.integer(11, 13)
  const frame: WindowFrame = {
    theme,
    title,
    dark,
    face,
    ink,
    font,
    px,
    x,
    y: y + theme.titleHeight,
    w,
    h: h - theme.titleHeight,
    muted: dark ? '#a9a9a9' : '#6b6b6b',
    control: dark ? shade(12) : theme.bevel ? '#d6d3ce' : shade(tone > 97 ? -8 : tone > 94 ? -7 : 5),
    controlBorder: dark ? shade(28) : shade(-32),
    accent: random.pick(ACCENTS),
  }
  if (titleColour !== undefined) frame.titleColour = titleColour
  const controls = drawControls(scene, theme, x, y, w, titleInk, random)
  drawTitle(scene, frame, titleInk, x, y, w, controls, random)
  return frame
}

/** Draws the controls and returns how much room they take on the left and right. */
function drawControls(
  scene: Scene,
  theme: Theme,
  x: number,
  y: number,
  w: number,
  ink: string,
  random: Random,
): { left: number; right: number } {
  const { context } = scene
  const middle = y + theme.titleHeight / 2
  if (theme.controls === 'circles') {
    const dots = ['#ff5f57', '#febc2e', '#28c840']
    dots.forEach((fill, index) => {
      const cx = x + 11 + index * 13
      context.beginPath()
      context.arc(cx, middle, 4.5, 0, 7)
      context.fillStyle = fill
      context.fill()
      scene.mark(index === 0 ? 'close' : 'window control', cx - 5, middle - 5, 10, 10)
    })
    return { left: 48, right: 8 }
  }
  const count = theme.controls === 'round' ? 1 : random.chance(0.5) ? 3 : 1
  for (let index = 0; index < count; index++) {
    const cx = x + w - 12 - index * 17
    if (theme.controls === 'round') {
      context.beginPath()
      context.arc(cx, middle, 7, 0, 7)
      context.fillStyle = 'rgba(128,128,128,0.35)'
      context.fill()
    }
    if (theme.controls === 'boxed') scene.panel(cx - 6.5, middle - 6.5, 13, 13, { fill: '#d6d3ce', stroke: '#555555' })
    context.strokeStyle = theme.controls === 'boxed' ? '#111111' : ink
    context.lineWidth = 1.3
    context.beginPath()
    if (index === 0) {
      context.moveTo(cx - 3, middle - 3)
      context.lineTo(cx + 3, middle + 3)
      context.moveTo(cx + 3, middle - 3)
      context.lineTo(cx - 3, middle + 3)
    } else if (index === 1) {
      context.rect(cx - 3.5, middle - 3.5, 7, 7)
    } else {
      context.moveTo(cx - 4, middle)
      context.lineTo(cx + 4, middle)
    }
    context.stroke()
    context.lineWidth = 1
    scene.mark(index === 0 ? 'close' : 'window control', cx - 7, middle - 7, 14, 14)
  }
  return { left: 8, right: 12 + 17 * count }
}

function drawTitle(
  scene: Scene,
  frame: WindowFrame,
  ink: string,
  x: number,
  y: number,
  w: number,
  room: { left: number; right: number },
  random: Random,
): void {
  const bold = random.chance(0.5)
  let px = random.integer(12, 14)
  const space = w - room.left - room.right
  while (px > 10 && scene.measure(frame.title, { px, font: frame.font, ink, bold }) > space) px--
  const style: TextStyle = { px, font: frame.font, ink, bold }
  const width = scene.measure(frame.title, style)
  const centred = x + (w - width) / 2
  const fits = centred > x + room.left && centred + width < x + w - room.right
  const left = frame.theme.titleAlign === 'centre' && fits ? centred : x + room.left
  scene.text(frame.title, left, y + frame.theme.titleHeight / 2 + px * 0.36, style)
}
