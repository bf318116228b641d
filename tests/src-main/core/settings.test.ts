import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { Settings } from '../../../src-main/core/settings.ts'
import { settingKeys, settingsList } from '../../../src-main/core/settings-list.ts'

let folder: string
let path: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'owl-settings-'))
  path = join(folder, 'data', 'settings.json')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

function put(text: string) {
  mkdirSync(join(folder, 'data'), { recursive: true })
  writeFileSync(path, text)
}

it('has a default for every setting that its own schema takes', () => {
  for (const key of settingKeys)
    expect(settingsList[key].schema.safeParse(settingsList[key].default).success).toBe(true)
  expect(new Settings(path).get('appearance.theme')).toBe('system')
  expect(existsSync(path)).toBe(false)
})

it('keeps what differs from the defaults, and tells about each change', async () => {
  const settings = new Settings(path)
  const heard: string[] = []
  const leave = settings.onChange((values) => heard.push(values['appearance.theme']))
  await settings.set({ 'appearance.theme': 'dark', 'chat.sendKey': 'enter' })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ 'appearance.theme': 'dark' })
  expect(new Settings(path).values).toMatchObject({ 'appearance.theme': 'dark', 'chat.sendKey': 'enter' })
  await settings.set({ 'appearance.theme': 'system' })
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({})
  leave()
  await settings.set({ 'appearance.theme': 'light' })
  expect(heard).toEqual(['dark', 'system'])
})

it('refuses what a schema refuses, and changes nothing then', async () => {
  const settings = new Settings(path)
  const wrong = { 'appearance.theme': 'pink' } as never
  await expect(settings.set(wrong)).rejects.toMatchObject({ code: 'request-invalid' })
  await expect(settings.set({ unheard: 1 } as never)).rejects.toMatchObject({ code: 'request-invalid' })
  expect(settings.get('appearance.theme')).toBe('system')
})

it('lives with values of other versions: unknown keys stay, refused values have their default', async () => {
  put('{ "appearance.theme": "pink", "later.key": [1], "chat.answerFooter": false }')
  const settings = new Settings(path)
  expect(settings.values).toMatchObject({ 'appearance.theme': 'system', 'chat.answerFooter': false })
  await settings.set({ 'appearance.theme': 'dark' })
  await settings.reset(['chat.answerFooter'])
  expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ 'appearance.theme': 'dark', 'later.key': [1] })
  await settings.reset()
  expect(settings.get('appearance.theme')).toBe('system')
})

it('sets a damaged file aside', async () => {
  put('{ "appearance.theme": "da')
  const settings = new Settings(path)
  expect(settings.get('appearance.theme')).toBe('system')
  expect(readFileSync(`${path}.damaged`, 'utf8')).toContain('"da')
  await settings.set({ 'appearance.theme': 'dark' })
  expect(new Settings(path).get('appearance.theme')).toBe('dark')
})

it('keeps the last of many changes', async () => {
  const settings = new Settings(path)
  const sizes = ['90', '100', '115', '130', '150', '200'] as const
  await Promise.all(sizes.map((size) => settings.set({ 'appearance.textSize': size })))
  expect(new Settings(path).get('appearance.textSize')).toBe('200')
})

it('says so where it cannot write, and holds the change all the same', async () => {
  writeFileSync(join(folder, 'data'), 'a file where the folder should be')
  const settings = new Settings(path)
  await expect(settings.set({ 'appearance.theme': 'dark' })).rejects.toMatchObject({ code: 'settings-not-saved' })
  expect(settings.get('appearance.theme')).toBe('dark')
})

it('tells a follower at once, and when one of its settings has another value', async () => {
  const settings = new Settings(path)
  const seen: string[] = []
  const end = settings.follow(['appearance.language', 'desktop.tray'], () => {
    seen.push(`${settings.get('appearance.language')} ${settings.get('desktop.tray')}`)
  })
  await settings.set({ 'appearance.theme': 'dark', 'appearance.language': 'system' })
  await settings.set({ 'appearance.language': 'zh' })
  await settings.set({ 'desktop.tray': false })
  end()
  await settings.reset()
  expect(seen).toEqual(['system true', 'zh true', 'zh false'])
})
