import { absenceAsks, type Thing } from '../absence.ts'
import type { Drawing } from '../kind.ts'
import { type ColourName, colourSpellings } from '../palette.ts'
import { type Ask, captioned, indefinite } from '../questions.ts'
import type { Random } from '../random.ts'
import { capitalised } from '../vocabulary.ts'

/** What a part of a window can be asked, whatever drew it. */
export interface Content {
  things: Thing[]
  /** How the caption tells of it, "with the tabs A and B". */
  summary: string
  facts: string[]
  asks: Ask[]
}

/** What any window has. */
export interface WindowLook {
  title: string
  dark: boolean
  titleColour?: ColourName
}

/**
 * Puts a window's contents together.
 * @param noun what the caption calls it, "window" or "warning dialog"
 */
export function windowDrawing(random: Random, look: WindowLook, noun: string, contents: readonly Content[]): Drawing {
  const theme = look.dark ? 'dark' : 'light'
  const caption = `${capitalised(indefinite(theme))} ${noun} titled "${look.title}" ${contents.map(({ summary }) => summary).join(' and ')}.`
  const asks: Ask[] = [
    ...contents.flatMap((content) => content.asks),
    { kind: 'theme', wording: 'theme', answer: theme, sentence: `The window is ${theme}.` },
    { kind: 'title', wording: 'title', answer: look.title, sentence: `The title of the window is "${look.title}".` },
    ...absenceAsks(random, ['window', 'text', ...contents.flatMap((content) => content.things)]),
    captioned(caption),
  ]
  const { titleColour } = look
  if (titleColour !== undefined) {
    asks.push({
      kind: 'title-colour',
      wording: 'title-colour',
      answer: titleColour,
      accepted: colourSpellings(titleColour),
      sentence: `The title bar is ${titleColour}.`,
    })
  }
  return { caption, facts: ['window', theme, ...contents.flatMap((content) => content.facts)], asks }
}
