import { describe, expect, it } from 'vitest'
import { errorCatalogue } from '../../../native-models/error-catalogue.ts'
import { errorText, languages, systemLanguage } from '../../../src-renderer/app/language/language.ts'

/** Codes that only the terminal and the importer can meet. */
const elsewhere = /^(checkpoint-|weights-|unsupported-config|tokenizer-|install-|model-exists|usage)/

/** Names of things that are the same in every language. */
const names = /^(app\.title|model\.device\.\w+|captions\.choices\.output\.(jsonl|csv))$/

describe('Chinese', () => {
  it('has a hint for every error that can reach the window', () => {
    const codes = Object.keys(errorCatalogue).filter((code) => !elsewhere.test(code))
    expect(codes.filter((code) => !languages.zh.errors[code]?.hint)).toEqual([])
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
