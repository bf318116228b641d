import { colourSpellings } from './palette.ts'
import type { Ask } from './questions.ts'
import type { WindowFrame } from './window-frame.ts'

/** What any window can be asked: theme, title, colour of the title bar. */
export function windowAsks(frame: WindowFrame): Ask[] {
  const theme = frame.dark ? 'dark' : 'light'
  const asks: Ask[] = [
    { kind: 'theme', wording: 'theme', answer: theme, sentence: `The window is ${theme}.` },
    { kind: 'title', wording: 'title', answer: frame.title, sentence: `The title of the window is "${frame.title}".` },
  ]
  if (frame.titleColour !== undefined) {
    asks.push({
      kind: 'title-colour',
      wording: 'title-colour',
      answer: frame.titleColour,
      accepted: colourSpellings(frame.titleColour),
      sentence: `The title bar is ${frame.titleColour}.`,
    })
  }
  return asks
}

/** A list answered by naming all of its items. */
export function listAsk(
  kind: string,
  wording: Ask['wording'],
  items: readonly string[],
  sentence: (list: string) => string,
): Ask {
  const list = items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`
  return { kind, wording, answer: list, accepted: [items.join(', '), items.join(' ')], sentence: sentence(list) }
}
