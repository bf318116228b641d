import { absenceAsks } from './absence.ts'
import { drawFigure, FIGURES, type Figure } from './figure.ts'
import type { Drawing, Studio } from './kind.ts'
import { COLOUR_NAMES, type ColourName, darkGround, distinctColours, lightGround, paint } from './palette.ts'
import { type Ask, captioned, coloured, counted, indefinite, yesNo } from './questions.ts'
import { capitalised, listed } from './vocabulary.ts'

/** Names of the nine parts of a picture; the centre has no side. */
const PLACES = [
  'top left',
  'top',
  'top right',
  'left',
  'centre',
  'right',
  'bottom left',
  'bottom',
  'bottom right',
] as const

/** Accepted ways to say a place. */
function placeSpellings(place: string): string[] {
  if (place === 'centre') return ['center', 'middle', 'in the centre', 'in the center', 'in the middle']
  const [vertical, horizontal] = place.split(' ')
  const spellings = [`at the ${place}`, `on the ${place}`, `in the ${place}`]
  if (horizontal !== undefined) {
    spellings.push(
      `${vertical}-${horizontal}`,
      `${place} corner`,
      `in the ${place} corner`,
      `${vertical === 'top' ? 'upper' : 'lower'} ${horizontal}`,
    )
  } else if (place === 'top' || place === 'bottom') {
    spellings.push(`${place} centre`, `${place} center`, `${place} middle`)
  } else {
    spellings.push(`centre ${place}`, `center ${place}`, `middle ${place}`)
  }
  return spellings
}

/** "in the centre", "on the left", "at the top left". */
function atPlace(place: string): string {
  if (place === 'centre') return 'in the centre'
  return place === 'left' || place === 'right' ? `on the ${place}` : `at the ${place}`
}

/** One to five figures, each in its own ninth of the picture. */
export function shapes({ random, split, picture }: Studio): Drawing {
  const scene = picture()
  const dark = random.chance(0.35)
  scene.begin(dark ? darkGround(random) : lightGround(random))
  const count = random.pick([1, 2, 2, 3, 3, 4, 5])
  const cells = random.sample([0, 1, 2, 3, 4, 5, 6, 7, 8], count)
  const figures = random.sample(FIGURES, count) as Figure[]
  const colours = distinctColours(random, count, dark)
  const radii = cells.map(() => random.pick([random.integer(13, 20), random.integer(21, 32)]))
  const at = cells.map((cell) => ({
    x: 37 + 75 * (cell % 3) + random.integer(-6, 6),
    y: 37 + 75 * Math.floor(cell / 3) + random.integer(-6, 6),
  }))
  cells.forEach((_, index) => {
    const { x, y } = at[index] as { x: number; y: number }
    const colour = colours[index] as ColourName
    drawFigure(scene, figures[index] as Figure, x, y, radii[index] as number, paint(random, colour, split), colour)
  })

  const a = random.integer(0, count - 1)
  const b = random.integer(0, count - 1)
  const figure = figures[a] as string
  const colour = colours[a] as ColourName
  const other = figures[b] as string
  const place = PLACES[cells[b] as number] as string
  const asks: Ask[] = [
    coloured('shape-colour', 'shape-colour', figure, colour),
    {
      kind: 'shape-kind',
      wording: 'shape-kind',
      slots: { x: colour },
      answer: figure,
      accepted: [indefinite(figure)],
      sentence: `The ${colour} shape is ${indefinite(figure)}.`,
    },
    {
      kind: 'shape-position',
      wording: 'shape-position',
      slots: { x: other },
      answer: place,
      accepted: placeSpellings(place),
      sentence: `The ${other} is ${atPlace(place)}.`,
    },
    {
      kind: 'shape-kind',
      wording: 'shape-at',
      slots: { x: place },
      answer: other,
      accepted: [indefinite(other), `${colours[b]} ${other}`],
      sentence: `${capitalised(indefinite(`${colours[b]} ${other}`))} is ${atPlace(place)}.`,
    },
    counted('count', 'count-shapes', count, ['shape', 'shapes']),
  ]
  const yes = random.chance(0.5)
  const missingFigures = FIGURES.filter((name) => !figures.includes(name))
  const asked = yes ? random.pick(figures) : random.pick(missingFigures)
  asks.push(
    yesNo('shape-present', 'shape-present', asked, yes, `there is ${indefinite(asked)}`, `there is no ${asked}`),
  )
  const exact = random.chance(0.5)
  const shown = `${colours[b]} ${other}`
  const wrongColour = random.pick(COLOUR_NAMES.filter((name) => name !== colours[b]))
  const named = exact ? shown : `${wrongColour} ${other}`
  asks.push(
    yesNo(
      'shape-present',
      'shape-present',
      named,
      exact,
      `there is ${indefinite(named)}`,
      `the ${other} is ${colours[b]}`,
    ),
  )
  const missing = random.pick(missingFigures)
  const wording = random.chance(0.5) ? 'shape-colour' : 'shape-position'
  asks.push({
    kind: 'absent',
    wording,
    slots: { x: missing },
    answer: `There is no ${missing}.`,
    word: `no ${missing}`,
    accepted: [`there is no ${missing}`, `no ${missing}`, ...(wording === 'shape-position' ? ['nowhere'] : [])],
    sentence: `There is no ${missing} in the picture.`,
  })
  if (a !== b) asks.push(...relations(a, b, figures, cells, radii))
  asks.push(...absenceAsks(random, ['shape']))
  const listing = listed(
    cells.map(
      (cell, index) => `${indefinite(`${colours[index]} ${figures[index]}`)} ${atPlace(PLACES[cell] as string)}`,
    ),
  )
  const caption = `${count === 1 ? 'One shape' : `${count} shapes`}: ${listing}.`
  asks.push(captioned(caption))
  return { caption, facts: ['shapes', `${count} shapes`, ...figures, ...colours], asks }
}

/** Relations that are clear: different columns, different rows, clearly different sizes. */
function relations(
  a: number,
  b: number,
  figures: readonly string[],
  cells: readonly number[],
  radii: readonly number[],
): Ask[] {
  const x = figures[a] as string
  const y = figures[b] as string
  const asks: Ask[] = []
  const columns = ((cells[a] as number) % 3) - ((cells[b] as number) % 3)
  const rows = Math.floor((cells[a] as number) / 3) - Math.floor((cells[b] as number) / 3)
  if (columns !== 0) {
    const side = columns < 0 ? 'left' : 'right'
    asks.push({
      kind: 'shape-relation',
      wording: 'shape-relation-side',
      slots: { x, y },
      answer: side,
      accepted: [`to the ${side}`, `${side} of the ${y}`],
      sentence: `The ${x} is to the ${side} of the ${y}.`,
    })
  }
  if (rows !== 0) {
    const height = rows < 0 ? 'above' : 'below'
    asks.push({
      kind: 'shape-relation',
      wording: 'shape-relation-height',
      slots: { x, y },
      answer: height,
      accepted: [rows < 0 ? 'higher' : 'lower', `${height} the ${y}`],
      sentence: `The ${x} is ${height} the ${y}.`,
    })
  }
  const difference = (radii[a] as number) / (radii[b] as number)
  if (difference > 1.35 || difference < 1 / 1.35) {
    const larger = difference > 1 ? x : y
    asks.push({
      kind: 'shape-size',
      wording: 'shape-larger',
      slots: { x, y },
      answer: larger,
      accepted: [`the ${larger}`],
      sentence: `The ${larger} is larger.`,
    })
  }
  return asks
}
