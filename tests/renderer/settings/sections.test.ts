import { expect, test } from 'vitest'
import { settingKeys, settingsList } from '../../../src-main/core/settings-list.ts'
import { languages } from '../../../src-renderer/app/language/language.ts'
import { sections } from '../../../src-renderer/settings/sections.tsx'

test('every setting is in a section of the settings, whose name every language has', () => {
  const shown = sections.map(({ domain }) => domain)
  const needed = settingKeys
    .filter((key) => settingsList[key].form.kind !== 'elsewhere')
    .map((key) => key.split('.')[0])
  expect(shown).toEqual(expect.arrayContaining(needed))
  expect(new Set(shown).size).toBe(shown.length)
  for (const { settings } of Object.values(languages)) {
    expect(Object.keys(settings.domains)).toEqual(expect.arrayContaining(shown))
  }
})
