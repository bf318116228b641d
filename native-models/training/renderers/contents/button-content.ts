import { type Ask, counted, yesNo } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed, type Vocabulary } from '../vocabulary.ts'
import { fact, listAsk, lower, presence } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** Push buttons from left to right. */
export interface Buttons {
  texts: readonly string[]
  /** Index of the highlighted one, -1 for none. */
  byDefault: number
  /** Index of one greyed out, -1 for none. */
  disabled: number
}

/** Different button texts, one highlighted in most, one greyed out in some. */
export function chooseButtons(random: Random, vocabulary: Vocabulary, count: number): Buttons {
  const texts = vocabulary.buttons(random, count)
  const byDefault = random.chance(0.8) ? random.integer(0, count - 1) : -1
  const others = texts.flatMap((_, index) => (index === byDefault ? [] : [index]))
  const disabled = others.length > 0 && random.chance(0.25) ? random.pick(others) : -1
  return { texts, byDefault, disabled }
}

/** A window's push buttons. */
export function buttonContent(random: Random, vocabulary: Vocabulary, buttons: Buttons): Content {
  const { texts, byDefault, disabled } = buttons
  const count = texts.length
  const asks: Ask[] = [
    presence(
      random,
      'button-present',
      texts,
      () => vocabulary.buttons(random, 1)[0]!,
      (name) => `a "${name}" button`,
    ),
    counted('count', 'count-buttons', count, ['button', 'buttons']),
    listAsk('labels', 'labels', texts, (list) =>
      count === 1 ? `There is one button, ${list}.` : `The buttons are ${list}.`,
    ),
  ]
  if (byDefault >= 0 && count > 1) {
    const text = texts[byDefault]!
    asks.push(fact('default-button', 'default-button', text, `The ${text} button is highlighted.`))
  }
  if (count > 1) {
    const [wording, text, side] = random.chance(0.5)
      ? (['button-position', texts[0]!, 'left'] as const)
      : (['button-position-last', texts[count - 1]!, 'right'] as const)
    asks.push(fact('button-position', wording, text, `The button on the far ${side} is ${text}.`))
  }
  if (disabled >= 0 || random.chance(0.2)) {
    const asked = disabled >= 0 && random.chance(0.6) ? disabled : random.integer(0, count - 1)
    const text = texts[asked]!
    const is = asked === disabled
    asks.push(
      yesNo(
        'button-disabled',
        'button-disabled',
        text,
        is,
        `the ${text} button is greyed out`,
        `the ${text} button can be clicked`,
      ),
    )
  }
  return {
    things: ['button'],
    summary: count === 1 ? `with a button ${texts[0]}` : `with ${count} buttons, ${listed(texts)}`,
    facts: [`${count} buttons`, ...lower(texts)],
    asks,
  }
}
