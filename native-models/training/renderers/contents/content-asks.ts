import { type Ask, yesNo } from '../questions.ts'
import type { Random } from '../random.ts'
import { listed } from '../vocabulary.ts'
import type { Wording } from '../wordings.ts'

/** A fact with a single answer. */
export function fact(kind: string, wording: Wording, answer: string, sentence: string): Ask {
  return { kind, wording, answer, sentence }
}

/** A list answered by naming all of its items. */
export function listAsk(
  kind: string,
  wording: Wording,
  items: readonly string[],
  sentence: (list: string) => string,
): Ask {
  return {
    kind,
    wording,
    answer: listed(items),
    accepted: [items.join(', '), items.join(' ')],
    sentence: sentence(listed(items)),
  }
}

/** Whether something is there, asked half of the time of something that is not, as common a text as those that are. */
export function presence(
  random: Random,
  kind: Wording,
  names: readonly string[],
  other: () => string,
  phrase: (name: string) => string,
): Ask {
  const yes = random.chance(0.5)
  const taken = lower(names)
  let name = random.pick(names)
  while (!yes && taken.includes(name.toLowerCase())) name = other()
  return yesNo(kind, kind, name, yes, `there is ${phrase(name)}`, `there is no ${phrase(name).replace(/^an? /, '')}`)
}

export function selectionAsk(noun: 'item' | 'row', name: string | undefined): Ask {
  return name === undefined
    ? nothing('row', `No ${noun} is selected`, 'nothing')
    : fact('row', 'row', name, `${name} is selected.`)
}

/** A question about something that could be there and is not. */
export function nothing(wording: Wording, statement: string, short: string): Ask {
  return {
    kind: 'absent',
    wording,
    answer: `${statement}.`,
    word: 'none',
    accepted: ['none', statement.toLowerCase(), short],
    sentence: `${statement}.`,
  }
}

export function lower(texts: readonly string[]): string[] {
  return texts.map((text) => text.toLowerCase())
}
