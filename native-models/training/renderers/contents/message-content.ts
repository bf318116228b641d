import { type Ask, indefinite } from '../questions.ts'
import type { Content } from './window-content.ts'

export const DIALOG_ICONS = ['info', 'warning', 'error', 'question'] as const

export type DialogIcon = (typeof DIALOG_ICONS)[number]

/** What a dialog with an icon is called. */
export function dialogNoun(icon: DialogIcon): string {
  return icon === 'info' ? 'information dialog' : `${icon} dialog`
}

/** The icon and message of a message box. */
export function messageContent(icon: DialogIcon, message: string): Content {
  const noun = dialogNoun(icon)
  const word = noun.replace(' dialog', '')
  const accepted = [indefinite(word), noun, ...(icon === 'info' ? ['info'] : icon === 'warning' ? ['alert'] : [])]
  return {
    things: ['dialog', 'icon'],
    summary: `that says "${message}"`,
    facts: ['dialog', icon],
    asks: [
      { kind: 'dialog-kind', wording: 'dialog-kind', answer: word, accepted, sentence: `It is ${indefinite(noun)}.` },
      messageAsk(message),
    ],
  }
}

export function messageAsk(message: string): Ask {
  return { kind: 'message', wording: 'message', answer: message, sentence: `The message says "${message}"` }
}
