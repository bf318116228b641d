import { absenceAsks } from './absence.ts'
import { emojiList, emojiPhrase, emojiStyles, iconPicture } from './emoji-pictures.ts'
import type { Drawing, Studio } from './kind.ts'
import { darkGround, lightGround } from './palette.ts'
import { type Ask, captioned, yesNo } from './questions.ts'

/** One emoji somewhere on a plain ground. */
export function emoji({ random, split, picture }: Studio): Drawing {
  const scene = picture()
  scene.begin(random.chance(0.75) ? lightGround(random) : darkGround(random))
  const list = emojiList()
  const shown = random.pick(list)
  const side = random.integer(72, 190)
  const x = random.between(4, 220 - side)
  const y = random.between(4, 220 - side)
  const image = iconPicture(random.pick(emojiStyles(split)), shown.slug, 192)
  const { context } = scene
  context.save()
  context.translate(x + side / 2, y + side / 2)
  context.rotate(random.between(-0.2, 0.2))
  context.drawImage(image, -side / 2, -side / 2, side, side)
  context.restore()
  scene.box('emoji', shown.name, x, y, side, side)
  const yes = random.chance(0.5)
  const asked = yes ? shown : random.pick(list.filter((other) => other.name !== shown.name))
  const asks: Ask[] = [
    {
      kind: 'emoji-name',
      wording: 'emoji-name',
      answer: shown.name,
      accepted: [emojiPhrase(shown.name)],
      sentence: `It is ${emojiPhrase(shown.name)}.`,
    },
    {
      kind: 'emoji-group',
      wording: 'emoji-group',
      answer: shown.group.answer,
      accepted: shown.group.accepted,
      sentence: `It belongs to ${shown.group.answer}.`,
    },
    yesNo(
      'emoji-is',
      'emoji-is',
      emojiPhrase(asked.name),
      yes,
      `it is ${emojiPhrase(asked.name)}`,
      `it is ${emojiPhrase(shown.name)}`,
    ),
    ...absenceAsks(random, ['emoji']),
  ]
  const caption = `An emoji of ${emojiPhrase(shown.name)}.`
  asks.push(captioned(caption))
  return { caption, facts: ['emoji', shown.name, shown.group.answer], asks }
}
