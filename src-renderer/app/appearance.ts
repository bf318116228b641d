import type { SettingsValues } from '../../src-main/ipc/contract.ts'
import { type Language, languages, systemLanguage, type Text } from './language/language.ts'

/** The language of the window: the chosen one, else the system's. */
export function chosenLanguage(settings: Partial<SettingsValues>): Language {
  const chosen = settings['appearance.language'] ?? 'system'
  return chosen === 'system' ? systemLanguage(globalThis.navigator?.languages ?? []) : chosen
}

/** The words of the window in the chosen language. */
export function textFor(settings: Partial<SettingsValues>): Text {
  return languages[chosenLanguage(settings)]
}

/** Puts what the style sheets and screen readers go by on the document. */
export function showAppearance(settings: Partial<SettingsValues>): void {
  const { dataset, style } = document.documentElement
  const language = chosenLanguage(settings)
  dataset.theme = settings['appearance.theme'] ?? 'system'
  dataset.motion = settings['appearance.motion'] ?? 'system'
  // Sizes are in rem, so that the whole window grows with its text.
  style.fontSize = `${settings['appearance.textSize'] ?? 100}%`
  document.documentElement.lang = language === 'zh' ? 'zh-CN' : language
}
