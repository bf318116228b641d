import type { ColourName } from './palette.ts'
import { type Ask, coloured, counted, yesNo } from './questions.ts'
import type { Random } from './random.ts'

/** What every chart shows: named values, no two equal, each with a colour where parts have their own. */
export interface Series {
  names: string[]
  values: number[]
  colours?: ColourName[]
}

/** `count` different values, the largest and the smallest well apart from the rest. */
export function chartValues(random: Random, count: number, top: number): number[] {
  for (;;) {
    const values = Array.from({ length: count }, () => random.integer(1, top))
    const sorted = values.slice().sort((a, b) => a - b)
    const apart = sorted.every((value, index) => index === 0 || value - (sorted[index - 1] as number) >= top / 14)
    if (apart) return values
  }
}

/** Questions every chart answers. `part` is what a value is drawn as, singular and plural. */
export function chartAsks(
  random: Random,
  chart: string,
  part: readonly [string, string],
  series: Series,
  valuesShown: boolean,
  title?: string,
): Ask[] {
  const { names, values, colours } = series
  const at = (index: number) => names[index] as string
  const largest = values.indexOf(Math.max(...values))
  const smallest = values.indexOf(Math.min(...values))
  const [one, two] = random.sample(
    names.map((_, index) => index),
    2,
  ) as [number, number]
  const asks: Ask[] = [
    {
      kind: 'chart-kind',
      wording: 'chart-kind',
      answer: chart,
      accepted: [chart.replace(' chart', ''), chart.replace('chart', 'graph')],
      sentence: `It is a ${chart}.`,
    },
    {
      kind: 'chart-largest',
      wording: 'chart-largest',
      answer: at(largest),
      sentence: `${at(largest)} is the largest.`,
    },
    {
      kind: 'chart-smallest',
      wording: 'chart-smallest',
      answer: at(smallest),
      sentence: `${at(smallest)} is the smallest.`,
    },
    counted('count', 'count-parts', names.length, part, '', { x: part[1] }),
    comparison(at(one), at(two), (values[one] as number) > (values[two] as number)),
  ]
  if (valuesShown) {
    asks.push({
      kind: 'chart-value',
      wording: 'chart-value',
      slots: { x: at(one) },
      answer: String(values[one]),
      sentence: `The value of ${at(one)} is ${values[one]}.`,
    })
  }
  if (colours !== undefined) {
    const colour = colours[two] as ColourName
    asks.push(coloured('chart-colour', 'chart-colour', at(two), colour, at(two)), {
      kind: 'chart-colour',
      wording: 'chart-which-colour',
      slots: { x: colours[one] as string },
      answer: at(one),
      sentence: `The ${colours[one]} one is ${at(one)}.`,
    })
  }
  if (title !== undefined)
    asks.push({
      kind: 'title',
      wording: 'chart-title',
      answer: title,
      sentence: `The title of the chart is "${title}".`,
    })
  return asks
}

function comparison(x: string, y: string, larger: boolean): Ask {
  const ask = yesNo(
    'chart-compare',
    'chart-compare',
    x,
    larger,
    `${x} is larger than ${y}`,
    `${x} is smaller than ${y}`,
  )
  return { ...ask, slots: { x, y } }
}
