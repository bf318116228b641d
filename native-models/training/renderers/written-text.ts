import { absenceAsks } from './absence.ts'
import { displayFont } from './fonts.ts'
import type { Drawing, Studio } from './kind.ts'
import { colourSpellings, darkGround, distinctColours, lightGround, paint } from './palette.ts'
import { type Ask, captioned } from './questions.ts'

/** A word, a few words or lines of text on a plain ground: plain reading. */
export function writtenText({ random, split, vocabulary, picture }: Studio): Drawing {
  const scene = picture()
  const dark = random.chance(0.55)
  scene.begin(dark ? darkGround(random) : lightGround(random))
  const font = displayFont(random, split)
  const colour = random.chance(0.55)
    ? distinctColours(random, 1, dark).find((name) => name !== 'yellow' || dark)
    : undefined
  const ink = colour === undefined ? (dark ? '#f2f2f2' : '#111111') : paint(random, colour, split)
  const bold = random.chance(0.3)
  const lines = random.chance(0.45)
    ? [vocabulary.word(random)]
    : random.chance(0.55)
      ? [vocabulary.phrase(random, 3)]
      : writtenLines(random.integer(2, 6), () => vocabulary.phrase(random, 3))
  if (random.chance(0.15)) lines[0] = (lines[0] as string).toUpperCase()
  if (random.chance(0.15)) lines[lines.length - 1] = String(random.integer(10, 99999))
  let px = lines.length === 1 ? random.integer(13, 40) : random.integer(12, 18)
  const widest = () => Math.max(...lines.map((line) => scene.measure(line, { px, font, ink, bold })))
  while (px > 11 && widest() > 214) px--
  const style = { px, font, ink, bold }
  const kept = lines.filter((line) => scene.measure(line, style) <= 216)
  const shown = kept.length > 0 ? kept : [vocabulary.word(random)]
  const height = shown.length * px * 1.35
  const x = random.between(
    4,
    Math.max(5, 220 - Math.min(214, Math.max(...shown.map((line) => scene.measure(line, style))))),
  )
  const y = random.between(4, Math.max(5, 216 - height)) + px
  shown.forEach((line, index) => {
    scene.text(line, x, y + index * px * 1.35, style)
  })

  const all = shown.join(' ')
  const asks: Ask[] = [{ kind: 'read', wording: 'read', answer: all, sentence: `The text says "${all}".` }]
  if (colour !== undefined)
    asks.push({
      kind: 'text-colour',
      wording: 'text-colour',
      answer: colour,
      accepted: colourSpellings(colour),
      sentence: `The text is ${colour}.`,
    })
  asks.push(...absenceAsks(random, ['text']))
  const caption = shown.length === 1 && !all.includes(' ') ? `The word "${all}".` : `A text that says "${all}".`
  asks.push(captioned(caption))
  return { caption, facts: ['text', ...all.toLowerCase().split(' '), ...(colour === undefined ? [] : [colour])], asks }
}

function writtenLines(count: number, make: () => string): string[] {
  return Array.from({ length: count }, make)
}
