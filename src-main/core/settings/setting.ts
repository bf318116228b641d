import { z } from 'zod'

/** How a setting is shown and entered; its words are the window's. */
export type SettingForm =
  | { kind: 'switch' }
  | { kind: 'choice'; options: readonly string[] }
  | { kind: 'number'; min: number; max: number; step: number }
  | { kind: 'text'; lines: number; maxLength: number }
  /** Keys in Electron's notation, such as `CommandOrControl+Shift+Space`; empty for none. */
  | { kind: 'shortcut' }
  /** Entered in a place of its own instead of the list. */
  | { kind: 'elsewhere' }

export interface Setting<T = unknown> {
  default: T
  schema: z.ZodType<T>
  form: SettingForm
  /** The one shell in which it means something; both when left out. */
  shell?: 'electron' | 'browser'
  /** It takes effect at the next start of the program. */
  atNextStart?: boolean
}

type Extra = Pick<Setting, 'shell' | 'atNextStart'>

export function onOff(byDefault: boolean, extra: Extra = {}): Setting<boolean> {
  return { default: byDefault, schema: z.boolean(), form: { kind: 'switch' }, ...extra }
}

export function choice<const T extends string>(options: readonly T[], byDefault: T, extra: Extra = {}): Setting<T> {
  const schema = z.enum(options as readonly [T, ...T[]]) as unknown as z.ZodType<T>
  return { default: byDefault, schema, form: { kind: 'choice', options }, ...extra }
}

/** @param range step 1 takes whole numbers only */
export function numberIn(
  range: { min: number; max: number; step: number },
  byDefault: number,
  extra: Extra = {},
): Setting<number> {
  const any = z.number().min(range.min).max(range.max)
  return {
    default: byDefault,
    schema: range.step === 1 ? any.int() : any,
    form: { kind: 'number', ...range },
    ...extra,
  }
}

export function line(byDefault: string, extra: Extra & { maxLength?: number; lines?: number } = {}): Setting<string> {
  const { maxLength = 1000, lines = 1, ...rest } = extra
  return { default: byDefault, schema: z.string().max(maxLength), form: { kind: 'text', lines, maxLength }, ...rest }
}

export function shortcut(byDefault: string, extra: Extra = {}): Setting<string> {
  return { default: byDefault, schema: z.string().max(100), form: { kind: 'shortcut' }, ...extra }
}

/** A value of any shape, entered in a place of its own. */
export function kept<T>(schema: z.ZodType<T>, byDefault: T): Setting<T> {
  return { default: byDefault, schema, form: { kind: 'elsewhere' } }
}
