import { interfaceFont } from './fonts.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, darkGround, lightGround } from './palette.ts'
import { type Ask, captioned } from './questions.ts'
import type { Scene, TextStyle } from './scene.ts'

/** An empty chart: its scene and the colours that everything is drawn in. */
export interface ChartFrame {
  scene: Scene
  dark: boolean
  ground: string
  ink: string
  font: string
}

export function chartFrame({ random, split, picture }: Studio): ChartFrame {
  const scene = picture()
  const dark = random.chance(0.3)
  const ground = dark ? darkGround(random) : lightGround(random)
  scene.begin(ground)
  return { scene, dark, ground, ink: dark ? '#f0f0f0' : '#151515', font: interfaceFont(random, split) }
}

/** Writes the chart's title, if it has one. */
export function drawChartTitle({ random }: Studio, scene: Scene, title: string | undefined, style: TextStyle): void {
  if (title !== undefined) scene.centredText(title, 112, 17, { ...style, px: 13, bold: random.chance(0.5) })
}

export interface ChartSummary {
  /** "bar chart" */
  chart: string
  title: string | undefined
  /** What a value is drawn as, "bars". */
  parts: string
  names: readonly string[]
  /** The values as the caption lists them. */
  shown: string
  /** The caption's last sentence. */
  end: string
  colours: readonly ColourName[]
}

/** The drawing with its caption, which is asked for last. */
export function chartDrawing({ chart, title, parts, names, shown, end, colours }: ChartSummary, asks: Ask[]): Drawing {
  const count = names.length
  const caption = `A ${chart}${title === undefined ? '' : ` titled "${title}"`} with ${count} ${parts}: ${shown}. ${end}`
  return {
    caption,
    facts: ['chart', chart, `${count} ${parts}`, ...names.map((name) => name.toLowerCase()), ...colours],
    asks: [...asks, captioned(caption)],
  }
}
