import { absenceAsks } from './absence.ts'
import { chartAsks, chartValues } from './chart-asks.ts'
import { chartDrawing, chartFrame, drawChartTitle } from './chart-frame.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, distinctColours, paint } from './palette.ts'
import { coloured } from './questions.ts'
import { listed } from './vocabulary.ts'

/** A line over three to six points, clearly rising or falling overall. */
export function lineChart(studio: Studio): Drawing {
  const { random, split, vocabulary } = studio
  const { scene, dark, ground, ink, font } = chartFrame(studio)
  const { context } = scene
  const count = random.integer(3, 6)
  const names = vocabulary.categories(random, count)
  const top = random.pick([10, 50, 100])
  let values = chartValues(random, count, top)
  while (Math.abs((values[0] as number) - (values.at(-1) as number)) < top * 0.2)
    values = chartValues(random, count, top)
  // A thin yellow line is hard to see on a light ground.
  const colour = distinctColours(random, 2, dark).find((name) => dark || name !== 'yellow') as ColourName
  const title = random.chance(0.4) ? vocabulary.title(random) : undefined
  let style = { px: random.integer(11, 12), font, ink }
  drawChartTitle(studio, scene, title, style)
  const upper = title === undefined ? 24 : 40
  const lower = 196
  const left = 12
  const w = 200
  const widest = () => Math.max(...names.map((name) => scene.measure(name, style)))
  while (style.px > 9 && widest() > w / count - 2) style = { ...style, px: style.px - 1 }
  context.strokeStyle = dark ? '#4a4a4a' : '#d2d2d2'
  if (random.chance(0.5))
    for (let line = 0; line < 4; line++) {
      const y = upper + ((lower - upper) * line) / 4
      context.beginPath()
      context.moveTo(left, y)
      context.lineTo(left + w, y)
      context.stroke()
    }
  context.strokeStyle = dark ? '#bbbbbb' : '#444444'
  context.beginPath()
  context.moveTo(left, upper - 14)
  context.lineTo(left, lower + 4)
  context.lineTo(left + w, lower + 4)
  context.stroke()
  const largest = Math.max(...values)
  const points = values.map((value, index) => ({
    x: left + (w / count) * (index + 0.5),
    y: lower - (value / largest) * (lower - upper),
  }))
  const shade = paint(random, colour, split)
  context.strokeStyle = shade
  context.lineWidth = random.between(2, 4)
  context.lineJoin = 'round'
  context.beginPath()
  for (const { x, y } of points) context.lineTo(x, y)
  context.stroke()
  context.lineWidth = 1
  points.slice(1).forEach((to, index) => {
    const from = points[index] as { x: number; y: number }
    for (let step = 0; step <= 1; step += 0.1)
      scene.mark('line', from.x + (to.x - from.x) * step - 1, from.y + (to.y - from.y) * step - 1, 2, 2, colour)
  })
  const valuesShown = random.chance(0.7)
  points.forEach(({ x, y }, index) => {
    context.beginPath()
    context.arc(x, y, 4, 0, 7)
    context.fillStyle = shade
    context.fill()
    scene.box('point', names[index] as string, x - 4, y - 4, 8, 8, colour)
    scene.centredText(names[index] as string, x, lower + 6 + style.px, style)
    if (!valuesShown) return
    // Below the point where the line goes up on both sides, above it elsewhere, on a patch of ground.
    const beside = [points[index - 1], points[index + 1]].filter((point) => point !== undefined)
    const below = beside.every((point) => point.y < y) && y < lower - 16
    const baseline = below ? y + 8 + style.px * 0.8 : y - 7
    const value = String(values[index])
    const width = scene.measure(value, style) + 3
    context.fillStyle = ground
    context.fillRect(x - width / 2, baseline - style.px * 0.82, width, style.px * 0.9)
    scene.centredText(value, x, baseline, style)
  })
  const rises = (values.at(-1) as number) > (values[0] as number)
  const asks = [
    ...chartAsks(random, 'line chart', ['point', 'points'], { names, values }, valuesShown, title),
    {
      kind: 'chart-trend',
      wording: 'chart-trend' as const,
      answer: rises ? 'up' : 'down',
      accepted: rises ? ['higher', 'rise', 'rises', 'going up'] : ['lower', 'fall', 'falls', 'going down'],
      sentence: `It goes ${rises ? 'up' : 'down'} overall.`,
    },
    coloured('chart-colour', 'shape-colour', 'line', colour),
    ...absenceAsks(random, ['line chart', 'text']),
  ]
  const shown = valuesShown ? listed(names.map((name, index) => `${name} ${values[index]}`)) : listed(names)
  const end = `It goes ${rises ? 'up' : 'down'} overall.`
  return chartDrawing({ chart: 'line chart', title, parts: 'points', names, shown, end, colours: [colour] }, asks)
}
