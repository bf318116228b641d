import type { ShownMessage } from '../messages.ts'
import { type Ask, indefinite } from '../questions.ts'
import type { Content } from './window-content.ts'

export const DIALOG_ICONS = ['info', 'warning', 'error', 'question'] as const

export type DialogIcon = (typeof DIALOG_ICONS)[number]

/** What a dialog with an icon is called. */
export function dialogNoun(icon: DialogIcon): string {
  return icon === 'info' ? 'information dialog' : `${icon} dialog`
}

/** The icon and message of a message box. */
export function messageContent(icon: DialogIcon, message: ShownMessage): Content {
  const noun = dialogNoun(icon)
  const word = noun.replace(' dialog', '')
  const accepted = [indefinite(word), noun, ...(icon === 'info' ? ['info'] : icon === 'warning' ? ['alert'] : [])]
  return {
    things: ['dialog', 'icon'],
    summary: `that says "${message.text}"`,
    facts: ['dialog', icon],
    asks: [
      { kind: 'dialog-kind', wording: 'dialog-kind', answer: word, accepted, sentence: `It is ${indefinite(noun)}.` },
      messageAsk(message.text),
      ...reasonAsks(message),
    ],
  }
}

export function messageAsk(message: string): Ask {
  return { kind: 'message', wording: 'message', answer: message, sentence: `The message says "${message}"` }
}

/** Why a dialog says what it says, and what to do: open questions, where there is something to tell. */
function reasonAsks({ why, advice }: ShownMessage): Ask[] {
  const asks: Ask[] = []
  if (why) asks.push({ kind: 'why', wording: 'why', answer: why, sentence: why })
  if (advice) asks.push({ kind: 'advice', wording: 'advice', answer: advice, sentence: advice })
  return asks
}
