import { describe, expect, it } from 'vitest'
import { captionSettingsSchema } from '../../../../src-main/core/captions/caption-settings.ts'
import {
  asksFor,
  checkTemplate,
  fillTemplate,
  templateValues,
} from '../../../../src-main/core/captions/caption-template.ts'
import { finishCaption, joinCaptions } from '../../../../src-main/core/captions/caption-text.ts'
import { replacer } from '../../../../src-main/core/captions/find-and-replace.ts'
import { withoutForbidden } from '../../../../src-main/core/captions/forbidden-words.ts'
import { subRip, webVtt } from '../../../../src-main/core/captions/subtitles.ts'

const values = templateValues('/photos/2024 Ürümqi/слон.JPG', '/photos', { width: 640, height: 480 })
const finish = (answer: string, settings: object) =>
  finishCaption(answer, captionSettingsSchema.parse(settings), values)

describe('templates', () => {
  it('know the file, its folder and its size', () => {
    expect(fillTemplate('{name} {file} {extension} {directory} {path} {width}x{ height }', values)).toBe(
      'слон слон.JPG jpg 2024 Ürümqi 2024 Ürümqi/слон.JPG 640x480',
    )
  })

  it('leave doubled braces as single ones, and what is put in is not read again', () => {
    const odd = templateValues('/photos/{width}.png', '/photos', { width: 1, height: 1 })
    expect(fillTemplate('{{name}} {name}', odd)).toBe('{name} {width}')
  })

  it('know the text, and whether they ask for it', () => {
    const read = templateValues('/photos/a.png', '/photos', { width: 1, height: 1 }, 'OK\n{name}')
    expect(fillTemplate('{name}: {text}', read)).toBe('a: OK\n{name}')
    expect(['{ text }', '{name}', '{{text}}', 'text'].map((one) => asksFor(one, 'text'))).toEqual([
      true,
      false,
      false,
      false,
    ])
  })

  it('tell an unknown variable with those there are', () => {
    expect(checkTemplate('{name} {{x}}')).toBeUndefined()
    expect(checkTemplate('a {colour}')).toMatch(/\{colour\}.*\{name\}/)
    expect(captionSettingsSchema.safeParse({ prompt: '{colour}' }).success).toBe(false)
  })
})

describe('forbidden words', () => {
  it('go as whole words, in any case, and what stood around them closes up', () => {
    expect(withoutForbidden('The image shows a cat, a catalogue, and a CAT.', ['the image shows', 'cat'])).toBe(
      'A, a catalogue, and a.',
    )
    expect(withoutForbidden('Une école, très école', ['ÉCOLE'])).toBe('Une, très')
  })

  it('are found inside of scripts without spaces', () => {
    expect(withoutForbidden('图片中有一只猫，在桌上。', ['图片中', '猫'])).toBe('有一只，在桌上。')
  })

  it('may hold what means something in a pattern', () => {
    expect(withoutForbidden('a (b) c++ d', ['c++', '(b)'])).toBe('a d')
    expect(withoutForbidden('nothing', [])).toBe('nothing')
  })
})

describe('captions', () => {
  it('are one line with what is put before and after', () => {
    expect(finish(' A cat.\n\nOn a mat. ', { prefix: '{directory}: ', suffix: ' #{name}' })).toBe(
      '2024 Ürümqi: A cat. On a mat. #слон',
    )
  })

  it('keep to a length in whole sentences, else in whole words', () => {
    expect(finish('A cat sits. It is red. The end of it.', { length: 6 })).toBe('A cat sits. It is red.')
    expect(finish('A cat sits on a mat, and sleeps.', { length: 6 })).toBe('A cat sits on a mat')
    expect(finish('A cat.', { length: 6 })).toBe('A cat.')
  })

  it('become tags: once each, without list marks, as many as wanted', () => {
    expect(finish('- Cat\n- mat, cat; "red mat".\n3. sun、月', { style: 'tags' })).toBe('Cat, mat, red mat, sun, 月')
    expect(finish('a, b, c, d', { style: 'tags', length: 2, forbidden: ['a'] })).toBe('b, c')
  })

  it('of text alone keep its lines', () => {
    expect(finish('Save  changes?\n\nCancel\u0007 OK\n', { style: 'text', suffix: '.' })).toBe(
      'Save  changes?\nCancel  OK.',
    )
    expect(finish('Save changes?\nCancel OK', { style: 'text', length: 3, forbidden: ['ok'] })).toBe(
      'Save changes?\nCancel',
    )
    expect(joinCaptions('old', 'new', 'text')).toBe('old\nnew')
  })

  it('join what was there', () => {
    expect(joinCaptions('old.\n', 'new.', 'sentence')).toBe('old. new.')
    expect(joinCaptions('', 'new', 'tags')).toBe('new')
    expect(joinCaptions('a', 'b', 'tags')).toBe('a, b')
  })
})

describe('find and replace', () => {
  const plain = { matchCase: false, wholeWords: false, isPattern: false }

  it('takes plain text as it is', () => {
    expect(replacer({ ...plain, find: 'a.', replace: '$&!' })('A. ab')).toBe('$&! ab')
    expect(replacer({ ...plain, find: 'cat', replace: 'dog', wholeWords: true })('cat catalogue Cat')).toBe(
      'dog catalogue dog',
    )
    expect(replacer({ ...plain, find: 'cat', replace: 'dog', matchCase: true })('cat Cat')).toBe('dog Cat')
  })

  it('takes patterns with groups, and refuses broken ones', () => {
    expect(replacer({ ...plain, find: '(\\w+) (\\w+)', replace: '$2 $1', isPattern: true })('a b')).toBe('b a')
    expect(() => replacer({ ...plain, find: '(', replace: '', isPattern: true })).toThrow(/regular expression/)
    expect(() => replacer({ ...plain, find: '', replace: '' })).toThrow(/nothing/)
  })
})

describe('subtitles', () => {
  const scenes = [
    { start: 0, end: 1.5, caption: 'A <cat> & a\n\ndog --> sleep.' },
    { start: 3661.0004, end: 3662.9996, caption: '第二' },
  ]

  it('are SubRip', () => {
    expect(subRip(scenes)).toBe(
      '1\n00:00:00,000 --> 00:00:01,500\nA <cat> & a dog → sleep.\n\n2\n01:01:01,000 --> 01:01:03,000\n第二\n',
    )
  })

  it('are WebVTT, where no tag comes out of a caption', () => {
    expect(webVtt(scenes)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\nA &lt;cat&gt; &amp; a dog → sleep.\n\n01:01:01.000 --> 01:01:03.000\n第二\n',
    )
  })
})
