import type { Setting } from '../../src-main/ipc/contract.ts'
import type { Text } from '../app/language/language.ts'

/** Whether every word that is looked for is among these; nothing looked for is found everywhere. */
export function matches(wanted: string, words: readonly string[]): boolean {
  const all = words.join(' ').toLowerCase()
  return wanted
    .toLowerCase()
    .split(/\s+/)
    .every((word) => all.includes(word))
}

/** The settings that a search is about: by their words, their choices, their section and their key. */
export function findSettings(wanted: string, settings: readonly Setting[], text: Text['settings']): Setting[] {
  return settings.filter(({ key, form }) => {
    if (form.kind === 'elsewhere') return false
    const { title, detail, options = {} } = text.items[key]
    return matches(wanted, [key, domainWords(key, text), title, detail, ...Object.values(options)])
  })
}

function domainWords(key: string, text: Text['settings']): string {
  return text.domains[key.split('.')[0] ?? ''] ?? ''
}
