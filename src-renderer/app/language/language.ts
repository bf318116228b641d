import type { OwlErrorMessage } from '../../../src-main/ipc/contract.ts'
import { en, type Text } from './en.ts'
import { zh } from './zh.ts'

export type { Text }
export type Language = 'en' | 'zh'

export const languages: Record<Language, Text> = { en, zh }

/** The language to begin with: the first of the system's languages that there is, else English. */
export function systemLanguage(wanted: readonly string[]): Language {
  for (const tag of wanted) {
    const [primary] = tag.toLowerCase().split('-')
    if (primary === 'zh' || primary === 'en') return primary
  }
  return 'en'
}

/** An error in the window's language where it has words of its own for the code, else as it came. */
export function errorText(text: Text, error: OwlErrorMessage): { message: string; hint: string } {
  const own = text.errors[error.code]
  const message = typeof own?.message === 'function' ? own.message(error.message) : own?.message
  return { message: message ?? error.message, hint: own?.hint ?? error.hint }
}
