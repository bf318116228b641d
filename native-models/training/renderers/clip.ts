import { drawFigure, FIGURES, type Figure } from './figure.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, darkGround, distinctColours, lightGround, paint } from './palette.ts'
import { type Ask, captioned, indefinite } from './questions.ts'
import type { Random } from './random.ts'
import { capitalised, listed } from './vocabulary.ts'

interface Actor {
  figure: Figure
  colour: ColourName
  fill: string
  r: number
  x: number
  y: number
}

const DIRECTIONS = [
  { name: 'right', dx: 1, dy: 0 },
  { name: 'left', dx: -1, dy: 0 },
  { name: 'down', dx: 0, dy: 1 },
  { name: 'up', dx: 0, dy: -1 },
] as const

/** Three or four frames: a figure moves, figures follow each other, one appears or vanishes, or nothing happens. */
export function clip(studio: Studio): Drawing {
  const { random, split, picture } = studio
  const frames = random.integer(3, 4)
  const dark = random.chance(0.35)
  const ground = dark ? darkGround(random) : lightGround(random)
  const figures = random.sample(FIGURES, 4)
  const colours = distinctColours(random, 4, dark)
  const actor = (index: number, x: number, y: number): Actor => {
    const colour = colours[index] as ColourName
    return {
      figure: figures[index] as Figure,
      colour,
      fill: paint(random, colour, split),
      r: random.integer(18, 30),
      x,
      y,
    }
  }
  const scenario = random.pick([
    'move',
    'move',
    'move',
    'order',
    'order',
    'appear',
    'vanish',
    'still',
    'still',
  ] as const)
  const story = { move, order, appear: () => change(true), vanish: () => change(false), still }[scenario]()
  for (const cast of story.frames) {
    const scene = picture()
    scene.begin(ground)
    for (const { figure, colour, fill, r, x, y } of cast) drawFigure(scene, figure, x, y, r, fill, colour)
  }
  const changes = scenario !== 'still'
  const asks: Ask[] = [...story.asks, captioned(story.caption, 'caption-clip')]
  // Most clips change: asking every one would make "yes" a good guess.
  if (!changes || random.chance(0.4)) {
    asks.push({
      kind: 'clip-changed',
      wording: 'clip-changed',
      answer: changes ? 'yes' : 'no',
      sentence: changes ? `Yes, ${lowered(story.caption)}` : 'No, nothing changes.',
    })
  }
  return { caption: story.caption, facts: ['clip', scenario, ...story.facts], asks }

  function move() {
    const direction = random.pick(DIRECTIONS)
    const across = random.integer(50, 174)
    const steps = spread(random, frames)
    const mover = actor(0, 0, 0)
    const bystander = random.chance(0.5) ? actor(1, 0, 0) : undefined
    if (bystander !== undefined) {
      // Off the path, so that the two never touch.
      const aside = across < 112 ? random.integer(across + 70, 200) : random.integer(24, across - 70)
      const along = random.integer(40, 184)
      bystander.x = direction.dx === 0 ? aside : along
      bystander.y = direction.dx === 0 ? along : aside
      bystander.r = 20
    }
    const name = `${mover.colour} ${mover.figure}`
    const cast = steps.map((step) => {
      const position = direction.dx + direction.dy > 0 ? step : 224 - step
      const moved = { ...mover, x: direction.dx === 0 ? across : position, y: direction.dx === 0 ? position : across }
      return bystander === undefined ? [moved] : [moved, bystander]
    })
    const missing = figures[3] as string
    const asks: Ask[] = [
      {
        kind: 'clip-direction',
        wording: 'clip-direction',
        slots: { x: mover.figure },
        answer: direction.name,
        accepted: [`to the ${direction.name}`, `${direction.name}wards`],
        sentence: `The ${mover.figure} moves ${towards(direction.name)}.`,
      },
      {
        kind: 'clip-direction',
        wording: 'clip-direction',
        slots: { x: name },
        answer: direction.name,
        accepted: [`to the ${direction.name}`, `${direction.name}wards`],
        sentence: `The ${name} moves ${towards(direction.name)}.`,
      },
      {
        kind: 'absent',
        wording: 'clip-direction',
        slots: { x: missing },
        answer: `There is no ${missing}.`,
        word: `no ${missing}`,
        accepted: [`no ${missing}`, `there is no ${missing}`, 'nowhere'],
        sentence: `There is no ${missing} in the clip.`,
      },
      nothing('clip-appeared', 'appears'),
    ]
    // Of a single figure, one frame would tell.
    if (bystander !== undefined) {
      asks.push({
        kind: 'clip-direction',
        wording: 'clip-what-moves',
        answer: mover.figure,
        accepted: [`the ${mover.figure}`, name, `the ${name}`],
        sentence: `The ${name} moves.`,
      })
    }
    return {
      frames: cast,
      asks,
      caption: `${capitalised(indefinite(name))} moves ${towards(direction.name)}.`,
      facts: [name, direction.name],
    }
  }

  function order() {
    const cast = Array.from({ length: frames }, (_, index) => [
      { ...actor(index, random.integer(60, 164), random.integer(60, 164)), r: random.integer(30, 50) },
    ])
    const names = cast.map(([one]) => (one as Actor).figure as string)
    const first = names[0] as string
    const last = names.at(-1) as string
    const asks: Ask[] = [
      {
        kind: 'clip-order',
        wording: 'clip-order',
        answer: first,
        accepted: [`the ${first}`, indefinite(first)],
        sentence: `The ${first} comes first.`,
      },
      {
        kind: 'clip-order',
        wording: 'clip-order-last',
        answer: last,
        accepted: [`the ${last}`, indefinite(last)],
        sentence: `The ${last} comes last.`,
      },
      {
        kind: 'clip-order',
        wording: 'clip-order-list',
        answer: names.join(', '),
        accepted: [listed(names)],
        sentence: `First comes ${indefinite(first)}, then ${listed(names.slice(1).map(indefinite)).replace(' and ', ' and then ')}.`,
      },
    ]
    const shown = cast.map(([one]) => indefinite(`${(one as Actor).colour} ${(one as Actor).figure}`))
    return {
      frames: cast,
      asks,
      caption: `${capitalised(shown[0] as string)}, then ${shown.slice(1).join(', then ')}.`,
      facts: names,
    }
  }

  function change(appears: boolean) {
    const cells = random.sample([0, 1, 2, 3, 4, 5, 6, 7, 8], 3)
    const place = (index: number) =>
      actor(index, 40 + 72 * ((cells[index] as number) % 3), 40 + 72 * Math.floor((cells[index] as number) / 3))
    const constant = random.chance(0.5) ? [place(1), place(2)] : [place(1)]
    const changing = place(0)
    const from = random.integer(1, frames - 1)
    const cast = Array.from({ length: frames }, (_, index) =>
      index >= from === appears ? [...constant, changing] : constant,
    )
    const name = `${changing.colour} ${changing.figure}`
    const accepted = [
      changing.figure,
      indefinite(name),
      indefinite(changing.figure),
      `the ${name}`,
      `the ${changing.figure}`,
    ]
    const asks: Ask[] = [
      {
        kind: 'clip-appeared',
        wording: appears ? 'clip-appeared' : 'clip-vanished',
        answer: name,
        accepted,
        sentence: `${capitalised(indefinite(name))} ${appears ? 'appears' : 'disappears'}.`,
      },
      {
        kind: 'absent',
        wording: appears ? 'clip-vanished' : 'clip-appeared',
        answer: appears ? 'Nothing disappears.' : 'Nothing appears.',
        word: 'nothing',
        accepted: ['nothing', 'nothing appears', 'nothing disappears'],
        sentence: appears ? 'Nothing disappears.' : 'Nothing appears.',
      },
      {
        kind: 'clip-appeared',
        wording: 'clip-or',
        answer: appears ? 'appears' : 'disappears',
        accepted: appears
          ? ['appear', 'it appears', 'appeared']
          : ['disappear', 'it disappears', 'vanishes', 'disappeared'],
        slots: { x: name },
        sentence: `The ${name} ${appears ? 'appears' : 'disappears'}.`,
      },
    ]
    return {
      frames: cast,
      asks,
      caption: `${capitalised(indefinite(name))} ${appears ? 'appears' : 'disappears'}.`,
      facts: [name, ...constant.map((one) => `${one.colour} ${one.figure}`)],
    }
  }

  function still() {
    const cells = random.sample([0, 2, 4, 6, 8], 2)
    const cast = cells
      .slice(0, random.integer(1, 2))
      .map((cell, index) => actor(index, 40 + 72 * (cell % 3), 40 + 72 * Math.floor(cell / 3)))
    const names = cast.map((one) => `${one.colour} ${one.figure}`)
    const asks: Ask[] = [
      nothing('clip-appeared', 'appears'),
      nothing('clip-vanished', 'disappears'),
      nothing('clip-what-moves', 'moves'),
    ]
    return {
      frames: Array.from({ length: frames }, () => cast),
      asks,
      caption: `${capitalised(listed(names.map(indefinite)))} ${names.length === 1 ? 'stays' : 'stay'} still.`,
      facts: names,
    }
  }
}

/** A question whose answer is that nothing does so. */
function nothing(wording: Ask['wording'], does: string): Ask {
  const answer = `Nothing ${does}.`
  return {
    kind: 'absent',
    wording,
    answer,
    word: 'nothing',
    accepted: ['nothing', `nothing ${does}`],
    sentence: answer,
  }
}

/** Positions along the way. It begins so near the middle that the first frame does not tell where it leads. */
function spread(random: Random, frames: number): number[] {
  const start = random.integer(90, 134)
  const step = random.between(0.75, 1) * (60 / (frames - 1))
  return Array.from({ length: frames }, (_, index) => start + index * step)
}

function towards(direction: string): string {
  return direction === 'left' || direction === 'right' ? `to the ${direction}` : direction
}

function lowered(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1)
}
