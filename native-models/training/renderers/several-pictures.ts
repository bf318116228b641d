import { emojiList, emojiStyles, iconPicture } from './emoji-pictures.ts'
import { drawFigure, FIGURES } from './figure.ts'
import type { Drawing, Studio } from './kind.ts'
import { type ColourName, darkGround, distinctColours, lightGround, paint } from './palette.ts'
import { type Ask, captioned, counted, indefinite } from './questions.ts'
import { capitalised, listed } from './vocabulary.ts'

const ORDINALS = ['first', 'second', 'third', 'fourth']

/** "the second picture" in the ways people say it. */
function whichPicture(index: number): { answer: string; accepted: string[] } {
  const ordinal = ORDINALS[index] as string
  return {
    answer: `the ${ordinal}`,
    accepted: [
      ordinal,
      `the ${ordinal} picture`,
      `${ordinal} picture`,
      `${index + 1}`,
      `picture ${index + 1}`,
      `the ${ordinal} one`,
      `the ${ordinal} image`,
    ],
  }
}

/** Two to four pictures: all alike, one the odd one out, or each of its own. */
export function severalPictures({ random, split, picture }: Studio): Drawing {
  const count = random.integer(2, 4)
  const mode =
    count === 2 ? random.pick(['same', 'each', 'each'] as const) : random.pick(['odd', 'odd', 'each'] as const)
  const odd = random.integer(0, count - 1)
  const withEmoji = random.chance(0.3)
  const dark = random.chance(0.35)
  const ground = dark ? darkGround(random) : lightGround(random)
  const contents = withEmoji
    ? emojiContents(count, mode, odd, () => random.sample(emojiList(), count))
    : figureContents(count, mode, odd)
  contents.forEach((content) => {
    const scene = picture()
    scene.begin(ground)
    const r = random.integer(34, 62)
    const x = 112 + random.integer(-30, 30)
    const y = 112 + random.integer(-30, 30)
    if (content.slug === undefined) {
      drawFigure(scene, content.figure, x, y, r, paint(random, content.colour, split), content.colour)
    } else {
      scene.context.drawImage(iconPicture(content.style, content.slug, 192), x - r, y - r, 2 * r, 2 * r)
      scene.box('emoji', content.name, x - r, y - r, 2 * r, 2 * r)
    }
  })
  const names = contents.map((content) => content.name)
  const asks: Ask[] = [counted('count', 'count-pictures', count, ['picture', 'pictures'])]
  if (count === 2) {
    const same = mode === 'same'
    asks.push({
      kind: 'differs',
      wording: 'differs-same',
      answer: same ? 'yes' : 'no',
      sentence: same
        ? `Yes, both show ${indefinite(names[0] as string)}.`
        : `No, the first shows ${indefinite(names[0] as string)} and the second ${indefinite(names[1] as string)}.`,
    })
  }
  if (mode === 'odd') {
    const { answer, accepted } = whichPicture(odd)
    asks.push({
      kind: 'differs',
      wording: 'differs',
      answer,
      accepted,
      sentence: `${capitalised(answer)} picture is different: it shows ${indefinite(names[odd] as string)}.`,
    })
  }
  const single = mode === 'each' ? random.integer(0, count - 1) : mode === 'odd' ? odd : -1
  if (single >= 0) {
    const name = indefinite(names[single] as string)
    const { answer, accepted } = whichPicture(single)
    asks.push({
      kind: 'differs-which',
      wording: 'differs-which',
      slots: { x: name },
      answer,
      accepted,
      sentence: `${capitalised(answer)} picture shows ${name}.`,
    })
  }
  const at = random.integer(0, count - 1)
  asks.push({
    kind: 'picture-content',
    wording: 'picture-content',
    slots: { x: ORDINALS[at] as string },
    answer: names[at] as string,
    accepted: [indefinite(names[at] as string)],
    sentence: `The ${ORDINALS[at]} picture shows ${indefinite(names[at] as string)}.`,
  })
  const other = withEmoji
    ? random.pick(emojiList()).name
    : `${random.pick(distinctColours(random, 6, dark))} ${random.pick(FIGURES)}`
  if (!names.includes(other)) {
    asks.push({
      kind: 'absent',
      wording: 'differs-which',
      slots: { x: indefinite(other) },
      answer: `No picture shows ${indefinite(other)}.`,
      word: 'none',
      accepted: ['none', 'no picture', 'none of them'],
      sentence: `No picture shows ${indefinite(other)}.`,
    })
  }
  const caption =
    mode === 'same'
      ? `Two pictures of ${indefinite(names[0] as string)}.`
      : `${['', '', 'Two', 'Three', 'Four'][count]} pictures: ${listed(names.map(indefinite))}.`
  asks.push(captioned(caption, 'caption-several'))
  return { caption, facts: ['pictures', `${count} pictures`, ...new Set(names)], asks }

  function figureContents(length: number, how: 'same' | 'odd' | 'each', oddOne: number) {
    const figures = random.sample(FIGURES, length)
    const colours = distinctColours(random, length, dark)
    const vary = random.pick(['figure', 'colour', 'both'] as const)
    return Array.from({ length }, (_, index) => {
      const choice = how === 'each' ? index : how === 'odd' && index === oddOne ? 1 : 0
      const figure = figures[vary === 'colour' ? 0 : choice] as (typeof FIGURES)[number]
      const colour = colours[vary === 'figure' ? 0 : choice] as ColourName
      return { name: `${colour} ${figure}`, figure, colour, slug: undefined }
    })
  }

  function emojiContents(
    length: number,
    how: 'same' | 'odd' | 'each',
    oddOne: number,
    draw: () => { name: string; slug: string }[],
  ) {
    const list = draw()
    const style = random.pick(emojiStyles(split))
    return Array.from({ length }, (_, index) => {
      const choice = how === 'each' ? index : how === 'odd' && index === oddOne ? 1 : 0
      const { name, slug } = list[choice] as { name: string; slug: string }
      return { name, slug, style }
    })
  }
}
