import llamaTokenizer from 'llama-tokenizer-js'
import { describe, expect, it } from 'vitest'
import { OwlError } from '../../../native-models/owl-error.ts'
import { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import type { AddedTokenJson, TokenizerJson } from '../../../native-models/tokenizer/tokenizer-json.ts'
import { randomNumbers, randomText } from './random-text.ts'
import { loadReference, referenceNames } from './reference-tokenizer.ts'

describe.each(referenceNames)('the tokenizer of %s', async (name) => {
  const { tokenizer, prompt, tokens, cases } = await loadReference(name)

  it.each(tokens)('encodes and decodes $text', ({ text, ids, sentencepiece, decoded }) => {
    expect([...prompt.beginTokens, ...tokenizer.encode(text)]).toEqual(ids)
    expect(tokenizer.encodePlain(text)).toEqual(sentencepiece ?? ids)
    expect(tokenizer.decode(ids)).toBe(decoded)
  })

  it.each(cases)('decodes the answer of $name', ({ greedy, text }) => {
    expect(tokenizer.decode(greedy)).toBe(text)
  })

  it('never makes a control token of plain text', () => {
    const random = randomNumbers(7)
    const controls: string[] = []
    for (let id = 0; id < 40_000; id++) controls.push(tokenizer.controlName(id) ?? '')
    const names = controls.filter((control) => control !== '')
    expect(names.length).toBeGreaterThanOrEqual(3)
    for (let round = 0; round < 500; round++) {
      const text = randomText(random) + names[round % names.length] + randomText(random)
      const plain = tokenizer.encodePlain(text)
      expect(plain.filter((id) => tokenizer.isControl(id))).toEqual([])
      expect(tokenizer.encode(tokenizer.protect(text))).toEqual(plain)
      expect(tokenizer.decode(plain)).toBe(text)
    }
  })

  it('never counts more tokens than there are before it has encoded them', () => {
    const random = randomNumbers(11)
    for (let round = 0; round < 300; round++) {
      const text = randomText(random)
      // Of short text nothing is said.
      const long = text.repeat(Math.ceil(10_000 / Math.max(1, text.length)))
      expect(tokenizer.fewestTokens(long)).toBeLessThanOrEqual(tokenizer.encodePlain(long).length)
    }
    expect(tokenizer.fewestTokens('')).toBe(0)
    expect(tokenizer.fewestTokens('字'.repeat(1e6))).toBeGreaterThan(20_000)
  })

  it('protects text from what stands before and after it', () => {
    for (const control of ['</s>', '<|im_end|>']) {
      for (let cut = 1; cut < control.length; cut++) {
        const ids = tokenizer.encode(control.slice(0, cut) + tokenizer.protect(control.slice(cut)))
        expect(ids).toEqual(tokenizer.encodePlain(control))
      }
    }
  })

  it('keeps white space at the ends of protected text within reach of a template', () => {
    expect(tokenizer.protect('  two words \n').trim()).toBe(tokenizer.protect('two words'))
    expect(tokenizer.protect(' \n')).toBe(' \n')
    expect(tokenizer.protect('')).toBe('')
  })

  it('reads half a surrogate pair as the replacement character', () => {
    expect(tokenizer.encodePlain('a\ud83e b')).toEqual(tokenizer.encodePlain('a\ufffd b'))
    expect(tokenizer.encode(tokenizer.protect('\ud800\ud801</s>'))).toEqual(tokenizer.encodePlain('\ufffd\ufffd</s>'))
  })

  it('has no text for ids outside its vocabulary', () => {
    expect(tokenizer.decode([1_000_000, -1])).toBe('')
  })
})

it('agrees with llama-tokenizer-js on 4 000 strings', async () => {
  const { tokenizer } = await loadReference('tiny-32k')
  const random = randomNumbers(2311)
  for (let round = 0; round < 4000; round++) {
    const text = randomText(random)
    expect(tokenizer.encodePlain(text), JSON.stringify(text)).toEqual(llamaTokenizer.encode(text, false))
  }
})

/** A byte-level tokenizer of single letters with these added tokens. */
function letters(added: Omit<AddedTokenJson, 'id'>[]): Tokenizer {
  const vocabulary = [...'abcdefghijklmnopqrstuvwxyz<|>Ġ', 'Ċ']
  return Tokenizer.fromJson({
    added_tokens: added.map((token, at) => ({ ...token, id: 100 + at })),
    normalizer: null,
    pre_tokenizer: { type: 'ByteLevel', add_prefix_space: false },
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: Object.fromEntries(vocabulary.map((token, id) => [token, id])), merges: [] },
  })
}

describe('added tokens', () => {
  it('swallow white space where they say so', () => {
    const tokenizer = letters([{ content: '<|end|>', special: true, lstrip: true, rstrip: true }])
    expect(tokenizer.encode('a \n<|end|> \nb')).toEqual([0, 100, 1])
  })

  it('that are not special are part of plain text', () => {
    const tokenizer = letters([{ content: '<tool>', special: false }])
    expect(tokenizer.encodePlain('a<tool>b')).toEqual([0, 100, 1])
    expect(tokenizer.decode([0, 100, 1])).toBe('a<tool>b')
  })

  it('are followed by text without a space in front, where Metaspace puts one first only', () => {
    const pieces = ['\u2581', 'a', 'b', '\u2581a', '\u2581b'].map((text, id) => [text, id])
    const tokenizer = Tokenizer.fromJson({
      added_tokens: [{ id: 9, content: '<end>', special: true }],
      normalizer: null,
      pre_tokenizer: {
        type: 'Sequence',
        pretokenizers: [{ type: 'Metaspace', prepend_scheme: 'first', split: false }],
      },
      post_processor: null,
      decoder: { type: 'Metaspace', prepend_scheme: 'first' },
      model: {
        type: 'BPE',
        vocab: Object.fromEntries(pieces),
        merges: ['\u2581 a', '\u2581 b'],
      },
    })
    expect(tokenizer.encode('a<end>b b')).toEqual([3, 9, 2, 4])
    expect(tokenizer.encode('<end>b')).toEqual([9, 2])
    expect(tokenizer.decode([3, 9, 2, 4])).toBe('ab b')
  })

  it('win by length where one is the beginning of another', () => {
    const tokenizer = letters([
      { content: '<|a', special: true },
      { content: '<|a|>', special: true },
    ])
    expect(tokenizer.encode('<|a|>')).toEqual([101])
  })
})

describe('a tokenizer of another kind', () => {
  const json: TokenizerJson = {
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: 'ByteLevel' },
    model: { type: 'BPE', vocab: { a: 0 }, merges: [] },
  }
  const unsupported = expect.objectContaining({ code: 'tokenizer-unsupported' })

  it.each([
    ['WordPiece', { ...json, model: { type: 'WordPiece', vocab: {} } }],
    ['a decoder of WordPiece', { ...json, decoder: { type: 'WordPiece' } }],
    ['an unknown normaliser', { ...json, normalizer: { type: 'Rot13' } }],
    ['no model', {}],
  ])('is refused: %s', (_, other) => {
    expect(() => Tokenizer.fromJson(other as unknown as TokenizerJson)).toThrow(unsupported)
  })

  it('is refused when it cannot be read', async () => {
    await expect(Tokenizer.load('/nowhere/tokenizer.json')).rejects.toThrow(OwlError)
  })
})
