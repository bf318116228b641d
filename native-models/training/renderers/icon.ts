import { absenceAsks } from './absence.ts'
import { iconPicture } from './emoji-pictures.ts'
import { type IconConcept, iconConcepts } from './icon-concepts.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, darkGround, distinctColours, lightGround, paint } from './palette.ts'
import { type Ask, captioned, coloured, counted, indefinite, yesNo } from './questions.ts'
import type { Random } from './random.ts'
import type { Split } from './split.ts'
import { capitalised, listed } from './vocabulary.ts'
import type { Wording } from './wordings.ts'

const concepts = new Map<Split, IconConcept[]>()

function conceptsOf(split: Split): IconConcept[] {
  let list = concepts.get(split)
  if (list === undefined) {
    list = iconConcepts(split)
    concepts.set(split, list)
  }
  return list
}

/** One interface symbol, large. */
export function icon({ random, split, picture }: Studio): Drawing {
  const scene = picture()
  const dark = random.chance(0.4)
  scene.begin(dark ? darkGround(random) : lightGround(random))
  const shown = random.pick(conceptsOf(split))
  const colour = random.chance(0.6) ? (distinctColours(random, 1, dark)[0] as ColourName) : undefined
  const ink = colour === undefined ? (dark ? '#ffffff' : '#111111') : paint(random, colour, split)
  const side = random.integer(56, 170)
  const x = random.between(6, 218 - side)
  const y = random.between(6, 218 - side)
  const { set, icon: name } = random.pick(shown.icons)
  scene.context.drawImage(iconPicture(set, name, 160, ink), x, y, side, side)
  scene.box('icon', shown.name, x, y, side, side, colour)
  const yes = random.chance(0.5)
  const asked = yes ? shown : otherConcept(random, split, [shown])
  const asks: Ask[] = [
    named('icon-name', 'icon-name', shown, `The icon shows ${indefinite(shown.name)}.`),
    iconPresent(asked.name, yes, `the icon shows ${indefinite(shown.name)}`),
    ...absenceAsks(random, ['icon']),
  ]
  if (colour !== undefined) asks.push(coloured('icon-colour', 'shape-colour', 'icon', colour))
  const caption = `${capitalised(indefinite(colour === undefined ? shown.name : `${colour} ${shown.name}`))} icon.`
  asks.push(captioned(caption))
  return { caption, facts: ['icon', shown.name, ...(colour === undefined ? [] : [colour])], asks }
}

const ORDINALS = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth']

/** A tool bar of three to six symbols, one of them pressed in most. */
export function toolbar({ random, split, picture }: Studio): Drawing {
  const scene = picture()
  const dark = random.chance(0.45)
  const ground = random.chance(0.5) ? lightGround(random) : darkGround(random)
  scene.begin(ground)
  const count = random.integer(3, 6)
  const shown: IconConcept[] = []
  while (shown.length < count) shown.push(otherConcept(random, split, shown))
  const upright = random.chance(0.3)
  const cell = random.integer(30, Math.min(46, Math.floor(216 / count)))
  const length = cell * count + 8
  const [w, h] = upright ? [cell + 8, length] : [length, cell + 8]
  const x = random.integer(2, 222 - w)
  const y = random.integer(2, 222 - h)
  const face = dark ? '#262626' : '#f1f1f1'
  const ink = dark ? '#eeeeee' : '#222222'
  scene.panel(x, y, w, h, { radius: random.pick([0, 4, 9]), fill: face, stroke: dark ? '#555555' : '#b0b0b0' })
  scene.mark('tool bar', x, y, w, h)
  const pressed = random.chance(0.7) ? random.integer(0, count - 1) : -1
  const set = random.pick([...new Set(shown.flatMap((concept) => concept.icons.map((one) => one.set)))])
  shown.forEach((concept, index) => {
    const left = x + 4 + (upright ? 0 : index * cell)
    const top = y + 4 + (upright ? index * cell : 0)
    if (index === pressed) {
      scene.panel(left + 1, top + 1, cell - 2, cell - 2, {
        radius: 3,
        fill: dark ? '#1d4f91' : '#b9d7fb',
        stroke: '#3b82f6',
      })
      scene.mark('highlighted item', left, top, cell, cell)
    }
    const chosen = concept.icons.find((one) => one.set === set) ?? (concept.icons[0] as { set: string; icon: string })
    const side = cell - 10
    scene.context.drawImage(iconPicture(chosen.set, chosen.icon, 64, ink), left + 5, top + 5, side, side)
    scene.box('icon', concept.name, left + 5, top + 5, side, side)
  })
  const at = random.integer(0, count - 1)
  const last = at === count - 1 && random.chance(0.5)
  const place = last ? 'last' : (ORDINALS[at] as string)
  const placed = shown[at] as IconConcept
  const yes = random.chance(0.5)
  const asked = yes ? random.pick(shown) : otherConcept(random, split, shown)
  const all = shown.map((concept) => concept.name)
  const asks: Ask[] = [
    counted('count', 'count-icons', count, ['icon', 'icons']),
    {
      ...named('icon-name', 'icon-at', placed, `The ${place} icon is ${indefinite(placed.name)}.`),
      slots: { x: place },
    },
    iconPresent(asked.name, yes, `there is no ${asked.name} icon`),
    ...absenceAsks(random, ['icon', 'menu']),
  ]
  if (pressed >= 0) {
    const concept = shown[pressed] as IconConcept
    asks.push(named('icon-selected', 'icon-selected', concept, `The ${concept.name} icon is highlighted.`))
  }
  const caption = `${dark ? 'A dark' : 'A light'} tool bar with ${count} icons: ${listed(all)}${pressed >= 0 ? `; ${all[pressed]} is highlighted` : ''}.`
  asks.push(captioned(caption))
  return { caption, facts: ['icons', `${count} icons`, ...all], asks }
}

/** A question whose answer is a symbol's name. */
function named(kind: string, wording: Wording, { name, accepted }: IconConcept, sentence: string): Ask {
  return { kind, wording, answer: name, accepted: [...accepted, indefinite(name)], sentence }
}

function iconPresent(name: string, yes: boolean, otherwise: string): Ask {
  return yesNo('icon-present', 'icon-present', name, yes, `there is ${indefinite(name)} icon`, otherwise)
}

/** A concept that shares no name with the given ones, so that a "no" is beyond doubt. */
function otherConcept(random: Random, split: Split, taken: readonly IconConcept[]): IconConcept {
  const used = new Set(taken.flatMap((concept) => [concept.name, ...concept.accepted]))
  return random.pick(
    conceptsOf(split).filter((concept) => ![concept.name, ...concept.accepted].some((name) => used.has(name))),
  )
}
