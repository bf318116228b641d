import type { Assistant } from '../../core/assistant.ts'
import type { Setting } from '../../core/settings/setting.ts'
import { type SettingsValues, settingKeys, settingsList } from '../../core/settings-list.ts'
import type { settingsCalls } from '../contract/settings.ts'
import type { CallOutput } from '../contract.ts'
import type { Handlers } from './handlers.ts'

export function settingsHandlers(
  { settings }: Assistant,
  ownShell: CallOutput<'app.info'>['shell'],
): Handlers<keyof typeof settingsCalls> {
  return {
    'settings.list': () => ({
      settings: settingKeys.flatMap((key) => {
        const { form, shell = ownShell, atNextStart = false }: Setting = settingsList[key]
        return shell === ownShell ? [{ key, form, atNextStart }] : []
      }),
      defaults: Object.fromEntries(settingKeys.map((key) => [key, settingsList[key].default])) as SettingsValues,
    }),
    'settings.get': () => settings.values,
    'settings.set': async (changes) => {
      await settings.set(changes)
      return {}
    },
    'settings.reset': async ({ keys }) => {
      await settings.reset(keys)
      return {}
    },
  }
}
