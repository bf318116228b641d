import { z } from 'zod'
import { appearanceSettings } from './settings/appearance.ts'
import { chatSettings } from './settings/chat.ts'
import { desktopSettings } from './settings/desktop.ts'
import { deviceSettings } from './settings/device.ts'
import { modelSettings } from './settings/models.ts'
import { readingSettings } from './settings/reading.ts'
import { serverSettings } from './settings/server.ts'
import type { Setting } from './settings/setting.ts'

/**
 * Every setting of the program, in the order in which they are shown: a file a domain in `settings/`. The part of a key
 * before its first dot is the domain. Words for each are in the window's `language/EN/settings.ts`; a key without
 * words does not compile.
 */
export const settingsList = {
  ...appearanceSettings,
  ...chatSettings,
  ...deviceSettings,
  ...readingSettings,
  ...desktopSettings,
  ...modelSettings,
  ...serverSettings,
} satisfies Record<string, Setting>

export type SettingKey = keyof typeof settingsList
export type SettingsValues = { [K in SettingKey]: (typeof settingsList)[K]['default'] }

export const settingKeys = Object.keys(settingsList) as SettingKey[]

const shape = Object.fromEntries(settingKeys.map((key) => [key, settingsList[key].schema]))

/** Values of all settings. */
export const settingsSchema = z.object(shape) as unknown as z.ZodType<SettingsValues>
/** Values of some of them; unknown keys are refused. */
export const settingsChangeSchema = z.object(shape).partial().strict() as unknown as z.ZodType<Partial<SettingsValues>>
