import type { StateCreator } from 'zustand/vanilla'
import { type Language, languages, systemLanguage } from './language/language.ts'
import type { OwlState } from './store.ts'

export const themes = ['system', 'light', 'dark'] as const
export type Theme = (typeof themes)[number]

export interface Preferences {
  theme: Theme
  language: Language
}

export interface PreferencesSlice {
  preferences: Preferences
  setPreferences(change: Partial<Preferences>): void
}

const key = 'owl.preferences'

/** Preferences of the window, kept by the browser between starts. */
export function createPreferencesSlice(storage: Storage | undefined): StateCreator<OwlState, [], [], PreferencesSlice> {
  return (set, get) => ({
    preferences: readPreferences(storage),
    setPreferences(change) {
      set({ preferences: { ...get().preferences, ...change } })
      storage?.setItem(key, JSON.stringify(get().preferences))
    },
  })
}

function readPreferences(storage: Storage | undefined): Preferences {
  const preferences: Preferences = { theme: 'system', language: systemLanguage(globalThis.navigator?.languages ?? []) }
  try {
    const stored = JSON.parse(storage?.getItem(key) ?? '{}') as Partial<Preferences>
    if (stored.theme && themes.includes(stored.theme)) preferences.theme = stored.theme
    if (stored.language && stored.language in languages) preferences.language = stored.language
  } catch {
    // Damaged preferences are as good as none.
  }
  return preferences
}
