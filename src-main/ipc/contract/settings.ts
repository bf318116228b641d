import { z } from 'zod'
import { type SettingKey, settingKeys, settingsChangeSchema, settingsSchema } from '../../core/settings-list.ts'

const settingKey = z.enum(settingKeys as [SettingKey, ...SettingKey[]])

/** How a setting is shown and entered. */
export const settingFormSchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('switch') }),
  z.object({ kind: z.literal('choice'), options: z.array(z.string()).readonly() }),
  z.object({ kind: z.literal('number'), min: z.number(), max: z.number(), step: z.number() }),
  z.object({ kind: z.literal('text'), lines: z.number(), maxLength: z.number() }),
  z.object({ kind: z.literal('shortcut') }),
  z.object({ kind: z.literal('elsewhere') }),
])

export const settingSchema = z.object({
  key: settingKey,
  form: settingFormSchema,
  atNextStart: z.boolean(),
})

export const settingsCalls = {
  /** The settings that mean something in this shell, in order, with their defaults. */
  'settings.list': {
    input: z.object({}),
    output: z.object({ settings: z.array(settingSchema), defaults: settingsSchema }),
  },
  'settings.get': { input: z.object({}), output: settingsSchema },
  /** Changes some; `settings.changed` comes to every window. */
  'settings.set': { input: settingsChangeSchema, output: z.object({}) },
  /** Puts some, or all, back to their defaults. */
  'settings.reset': { input: z.object({ keys: z.array(settingKey).optional() }), output: z.object({}) },
} as const

export const settingsEvents = { 'settings.changed': settingsSchema } as const
