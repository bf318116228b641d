import { absenceAsks } from './absence.ts'
import { chartAsks, chartValues } from './chart-asks.ts'
import { chartDrawing, chartFrame, drawChartTitle } from './chart-frame.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, distinctColours, paint } from './palette.ts'
import { coloured } from './questions.ts'
import { listed } from './vocabulary.ts'

/** A bar chart, upright or lying, bars of one colour or each of its own, values written or not. */
export function barChart(studio: Studio): Drawing {
  const { random, split, vocabulary } = studio
  const { scene, dark, ink, font } = chartFrame(studio)
  const { context } = scene
  const count = random.integer(3, 6)
  const names = vocabulary.categories(random, count)
  const top = random.pick([9, 20, 50, 100])
  const values = chartValues(random, count, top)
  const several = random.chance(0.65)
  const colours = several
    ? distinctColours(random, count, dark)
    : Array<ColourName>(count).fill(distinctColours(random, 1, dark)[0] as ColourName)
  const valuesShown = random.chance(0.75)
  const lying = random.chance(0.35)
  const title = random.chance(0.4) ? vocabulary.title(random) : undefined
  let style = { px: random.integer(11, 13), font, ink }
  const titleRoom = title === undefined ? 4 : 22
  drawChartTitle(studio, scene, title, style)
  const widest = () => Math.max(...names.map((name) => scene.measure(name, style)))
  const left = random.integer(10, 18)
  const w = 224 - left - random.integer(8, 16)
  // Upright bars have their names side by side, which long names cannot be.
  const beside = lying || widest() > w / count - 2
  while (!beside && style.px > 9 && widest() > w / count - 2) style = { ...style, px: style.px - 1 }
  context.strokeStyle = dark ? '#bbbbbb' : '#444444'
  const longest = Math.max(...values)
  const thickness = random.between(0.5, 0.8)
  const bars = names.map((name, index) => {
    const value = values[index] as number
    const colour = colours[index] as ColourName
    context.fillStyle = paint(random, colour, split)
    if (beside) {
      const x0 = left + Math.min(80, widest()) + 4
      const y0 = titleRoom + 6
      const row = (212 - y0) / count
      const length = (value / longest) * (224 - x0 - 28)
      const y = y0 + row * index + (row * (1 - thickness)) / 2
      const h = row * thickness
      context.fillRect(x0, y, length, h)
      scene.box('bar', name, x0, y, length, h, colour)
      scene.text(name, x0 - 4 - scene.measure(name, style), y + h / 2 + style.px * 0.36, style)
      if (valuesShown) scene.text(String(value), x0 + length + 3, y + h / 2 + style.px * 0.36, style)
      return { x0, y0 }
    }
    const y0 = 202
    const column = w / count
    const h = (value / longest) * (y0 - titleRoom - 18)
    const x = left + column * index + (column * (1 - thickness)) / 2
    context.fillRect(x, y0 - h, column * thickness, h)
    scene.box('bar', name, x, y0 - h, column * thickness, h, colour)
    const middle = left + column * (index + 0.5)
    scene.centredText(name, middle, y0 + 4 + style.px, style)
    if (valuesShown) scene.centredText(String(value), middle, y0 - h - 3, style)
    return { x0: left, y0 }
  })
  const { x0, y0 } = bars[0] as { x0: number; y0: number }
  context.beginPath()
  context.moveTo(x0, beside ? y0 : titleRoom + 4)
  context.lineTo(x0, beside ? 214 : y0)
  if (!beside) context.lineTo(left + w, y0)
  context.stroke()

  const series = several ? { names, values, colours } : { names, values }
  const asks = [
    ...chartAsks(random, 'bar chart', ['bar', 'bars'], series, valuesShown, title),
    ...absenceAsks(random, ['bar chart', 'text']),
  ]
  if (!several)
    asks.push(coloured('chart-colour', 'chart-colour', names[0] as string, colours[0] as ColourName, names[0]))
  const largest = names[values.indexOf(longest)]
  const shown = valuesShown ? listed(names.map((name, index) => `${name} ${values[index]}`)) : listed(names)
  return chartDrawing(
    {
      chart: 'bar chart',
      title,
      parts: 'bars',
      names,
      shown,
      end: `${largest} is the largest.`,
      colours: [...new Set(colours)],
    },
    asks,
  )
}
