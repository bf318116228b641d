import { type Ask, counted, yesNo } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed, type Vocabulary } from '../vocabulary.ts'
import { fact, listAsk, lower, presence } from './content-asks.ts'
import type { Content } from './window-content.ts'

/** Check boxes or switches. */
export function checkContent(
  random: Random,
  vocabulary: Vocabulary,
  names: readonly string[],
  states: readonly boolean[],
  noun: 'check box' | 'switch',
): Content {
  const count = names.length
  const on = names.filter((_, index) => states[index])
  const asked = random.sample(
    names.map((_, index) => index),
    2,
  )
  const asks: Ask[] = asked.map((index) => {
    const name = names[index]!
    return yesNo('checked', 'checked', name, states[index]!, `${name} is checked`, `${name} is not checked`)
  })
  asks.push(
    counted('count', 'count-checked', on.length, ['option', 'options'], ' checked'),
    counted('count', 'count-boxes', count, ['option', 'options']),
    ...optionAsks(random, vocabulary, names),
    on.length > 0
      ? listAsk('which-checked', 'which-checked', on, (list) => `${list} ${on.length === 1 ? 'is' : 'are'} checked.`)
      : {
          ...fact('which-checked', 'which-checked', 'none', 'No option is checked.'),
          accepted: ['no options', 'nothing'],
        },
  )
  const plural = noun === 'switch' ? 'switches' : 'check boxes'
  return {
    things: ['check box'],
    summary: `with ${count === 1 ? `a ${noun}` : `${count} ${plural}`}: ${names.map((name, index) => `${name} ${states[index] ? 'on' : 'off'}`).join(', ')}`,
    facts: [noun, `${on.length} checked`, ...lower(names)],
    asks,
  }
}

/** Which options there are, and whether one is among them. */
function optionAsks(random: Random, vocabulary: Vocabulary, names: readonly string[]): Ask[] {
  return [
    listAsk('options', 'options', names, (list) => `The options are ${list}.`),
    presence(
      random,
      'option-present',
      names,
      () => vocabulary.options(random, 1)[0]!,
      (name) => `an option "${name}"`,
    ),
  ]
}

/** Radio buttons. */
export function radioContent(
  random: Random,
  vocabulary: Vocabulary,
  names: readonly string[],
  chosen: number,
): Content {
  const name = names[chosen]!
  const is = random.chance(0.5)
  const asked = is ? name : random.pick(names.filter((_, index) => index !== chosen))
  return {
    things: ['radio button'],
    summary: `with ${names.length} radio buttons, ${listed(names)}; ${name} is selected`,
    facts: ['radio button', ...lower(names)],
    asks: [
      fact('radio', 'radio', name, `${name} is selected.`),
      yesNo('radio', 'radio-state', asked, is, `${asked} is selected`, `${asked} is not selected, ${name} is`),
      counted('count', 'count-boxes', names.length, ['option', 'options']),
      ...optionAsks(random, vocabulary, names),
    ],
  }
}
