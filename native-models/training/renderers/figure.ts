import type { ElementName } from './label-map.ts'
import type { ColourName } from './palette.ts'
import type { Scene } from './scene.ts'

/** Plain figures of shape pictures and clips. */
export const FIGURES = [
  'circle',
  'square',
  'triangle',
  'star',
  'cross',
  'diamond',
  'heart',
  'hexagon',
] as const satisfies readonly ElementName[]
export type Figure = (typeof FIGURES)[number]

/** Fills a figure of radius `r` around (x, y). */
export function drawFigure(
  scene: Scene,
  figure: Figure,
  x: number,
  y: number,
  r: number,
  fill: string,
  colour: ColourName,
): void {
  const { context } = scene
  scene.box(figure, `${colour} ${figure}`, x - r, y - r, 2 * r, 2 * r, colour)
  context.fillStyle = fill
  context.beginPath()
  switch (figure) {
    case 'circle':
      context.arc(x, y, r, 0, 7)
      break
    case 'square':
      context.rect(x - r * 0.9, y - r * 0.9, r * 1.8, r * 1.8)
      break
    case 'triangle':
      context.moveTo(x, y - r)
      context.lineTo(x + r, y + r * 0.85)
      context.lineTo(x - r, y + r * 0.85)
      break
    case 'star':
      polygon(scene, x, y, 10, (corner) => (corner % 2 === 1 ? r * 0.45 : r * 1.1))
      break
    case 'cross':
      context.rect(x - r / 3, y - r, (2 * r) / 3, 2 * r)
      context.rect(x - r, y - r / 3, 2 * r, (2 * r) / 3)
      break
    case 'diamond':
      context.moveTo(x, y - r * 1.1)
      context.lineTo(x + r * 0.8, y)
      context.lineTo(x, y + r * 1.1)
      context.lineTo(x - r * 0.8, y)
      break
    case 'heart':
      context.moveTo(x, y + r)
      context.bezierCurveTo(x - r * 1.6, y - r * 0.1, x - r * 0.9, y - r * 1.3, x, y - r * 0.45)
      context.bezierCurveTo(x + r * 0.9, y - r * 1.3, x + r * 1.6, y - r * 0.1, x, y + r)
      break
    case 'hexagon':
      polygon(scene, x, y, 6, () => r)
      break
  }
  context.closePath()
  context.fill()
}

function polygon(scene: Scene, x: number, y: number, corners: number, radius: (corner: number) => number): void {
  for (let corner = 0; corner < corners; corner++) {
    const angle = Math.PI * ((2 * corner) / corners - 0.5)
    scene.context.lineTo(x + radius(corner) * Math.cos(angle), y + radius(corner) * Math.sin(angle))
  }
}
