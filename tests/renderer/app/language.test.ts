import { describe, expect, it } from 'vitest'
import { errorCatalogue } from '../../../native-models/error-catalogue.ts'
import { errorText, languages, systemLanguage } from '../../../src-renderer/app/language/language.ts'

/** Codes that only the terminal can meet. */
const elsewhere = /^usage$/

/** Names of things, and of keys, that are the same in every language. */
const names =
  /^(app\.title|model\.device\.\w+|settings\.items\.device\.choice\.options\.gpu|captions\.choices\.output\.(jsonl|csv)|shortcuts\.groups\.\d+\.keys\.\d+\.0)$/

describe('Chinese', () => {
  it('has words for every error that can reach the window', () => {
    const codes = Object.keys(errorCatalogue).filter((code) => !elsewhere.test(code))
    const without = codes.filter((code) => !languages.zh.errors[code]?.message || !languages.zh.errors[code]?.hint)
    expect(without).toEqual([])
  })

  it('keeps what main has said where that is the reason', () => {
    const error = { code: 'device-unavailable', message: 'No supported adapters.', hint: '' }
    expect(errorText(languages.zh, error).message).toBe('所选设备不可用：No supported adapters.')
  })

  it('calls a thing by one name', () => {
    const said: string[] = []
    collect(languages.zh)
    // Captions, you, GPU, percent: the other words for them are not used.
    expect(said.filter((text) => /图注|您|显卡|聊天|\d %/.test(text))).toEqual([])

    function collect(words: unknown) {
      if (typeof words === 'string') said.push(words)
      else if (typeof words === 'function') said.push(String(words))
      else for (const value of Object.values(words ?? {})) collect(value)
    }
  })

  it('leaves no sentence in English', () => {
    const same: string[] = []
    compare(languages.en, languages.zh, '')
    expect(same.filter((path) => !names.test(path))).toEqual([])

    function compare(en: unknown, zh: unknown, path: string) {
      if (typeof en === 'string' && en === zh) same.push(path)
      if (typeof en !== 'object' || en === null) return
      for (const [key, value] of Object.entries(en)) {
        compare(value, (zh as Record<string, unknown>)[key], path ? `${path}.${key}` : key)
      }
    }
  })
})

it('shows an error in its own words where there are none of the language', () => {
  const error = { code: 'picture-empty', message: 'a.png has no bytes.', hint: 'Save it again.' }
  expect(errorText(languages.en, error)).toEqual({ message: error.message, hint: error.hint })
  expect(errorText(languages.zh, error).hint).toContain('图片')
  expect(errorText(languages.zh, { ...error, code: 'unheard-of' }).message).toBe('a.png has no bytes.')
})

it('begins in the language of the system', () => {
  expect(systemLanguage(['de-DE', 'zh-CN', 'en'])).toBe('zh')
  expect(systemLanguage(['en-GB', 'zh'])).toBe('en')
  expect(systemLanguage(['fr'])).toBe('en')
})
