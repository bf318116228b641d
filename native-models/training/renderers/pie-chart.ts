import { absenceAsks } from './absence.ts'
import { chartAsks, chartValues } from './chart-asks.ts'
import { chartDrawing, chartFrame, drawChartTitle } from './chart-frame.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, distinctColours, paint } from './palette.ts'
import { listed } from './vocabulary.ts'

/** A pie or ring of two to five slices, with a legend at the right or below. */
export function pieChart(studio: Studio): Drawing {
  const { random, split, vocabulary } = studio
  const { scene, dark, ground, ink, font } = chartFrame(studio)
  const { context } = scene
  const count = random.integer(2, 5)
  const names = vocabulary.categories(random, count)
  const parts = chartValues(random, count, 20)
  const values = percentages(parts)
  const colours = distinctColours(random, count, dark)
  const title = random.chance(0.4) ? vocabulary.title(random) : undefined
  const style = { px: random.integer(11, 13), font, ink }
  drawChartTitle(studio, scene, title, style)
  const shown = random.chance(0.7)
  const labels = names.map((name, index) => (shown ? `${name} ${values[index]}%` : name))
  const widest = Math.max(...labels.map((label) => scene.measure(label, style)))
  const beside = widest < 84
  const room = title === undefined ? 6 : 24
  const r = beside ? Math.min(70, (224 - widest - 38) / 2) : 60
  const cx = beside ? r + 8 : 112
  const cy = beside ? room + (218 - room) / 2 : room + r + 4
  let angle = -Math.PI / 2 + (random.chance(0.5) ? 0 : random.between(0, 6))
  const ring = random.chance(0.3)
  const fills = colours.map((colour) => paint(random, colour, split))
  // A slice is no rectangle: mark patches along its middle radii so that the labels follow its form.
  values.forEach((value, index) => {
    const sweep = (value / 100) * 2 * Math.PI
    context.beginPath()
    context.moveTo(cx, cy)
    context.arc(cx, cy, r, angle, angle + sweep)
    context.closePath()
    context.fillStyle = fills[index] as string
    context.fill()
    context.strokeStyle = ground
    context.stroke()
    for (let radius = r * (ring ? 0.62 : 0.2); radius < r - 4; radius += 6) {
      for (let step = 0.06; step < sweep - 0.03; step += 6 / radius) {
        scene.mark(
          'slice',
          cx + radius * Math.cos(angle + step) - 3,
          cy + radius * Math.sin(angle + step) - 3,
          6,
          6,
          colours[index] as ColourName,
        )
      }
    }
    angle += sweep
  })
  if (ring) {
    context.beginPath()
    context.arc(cx, cy, r * 0.5, 0, 7)
    context.fillStyle = ground
    context.fill()
    scene.mark('none', cx - r * 0.3, cy - r * 0.3, r * 0.6, r * 0.6)
  }
  const columns = beside ? 1 : 2
  labels.forEach((label, index) => {
    const x = beside ? cx + r + 10 : 8 + (index % columns) * 110
    const y = beside ? cy - (count * 18) / 2 + index * 18 : cy + r + 10 + Math.floor(index / columns) * 17
    scene.panel(x, y, 10, 10, { fill: fills[index] as string })
    scene.box('legend', names[index] as string, x, y, 10, 10, colours[index] as ColourName)
    scene.text(label, x + 14, y + 9, style)
  })
  const asks = [
    ...chartAsks(random, 'pie chart', ['slice', 'slices'], { names, values, colours }, false, title),
    ...absenceAsks(random, ['pie chart', 'text']),
  ]
  if (shown) {
    const at = random.integer(0, count - 1)
    asks.push({
      kind: 'chart-value',
      wording: 'chart-value',
      slots: { x: names[at] as string },
      answer: `${values[at]}%`,
      accepted: [`${values[at]}`, `${values[at]} %`, `${values[at]} percent`],
      sentence: `${names[at]} is ${values[at]}%.`,
    })
  }
  const largest = names[values.indexOf(Math.max(...values))]
  const end = `${largest} is the largest.`
  return chartDrawing({ chart: 'pie chart', title, parts: 'slices', names, shown: listed(labels), end, colours }, asks)
}

/** Whole percentages that add up to 100 and keep the order of different parts. */
function percentages(parts: readonly number[]): number[] {
  const total = parts.reduce((sum, part) => sum + part, 0)
  const whole = parts.map((part) => Math.max(1, Math.floor((part / total) * 100)))
  const largest = parts.indexOf(Math.max(...parts))
  whole[largest] = (whole[largest] as number) + 100 - whole.reduce((sum, part) => sum + part, 0)
  return whole
}
