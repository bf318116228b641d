import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { convertSentencePiece } from '../../../native-models/tokenizer/sentencepiece-conversion.ts'
import {
  readSentencePieceModel,
  type SentencePieceModel,
} from '../../../native-models/tokenizer/sentencepiece-model.ts'
import { Tokenizer } from '../../../native-models/tokenizer/tokenizer.ts'
import type { ReferenceTokens } from './reference-tokenizer.ts'

const unigramFolder = new URL('./unigram/', import.meta.url)
const unigramModel = readSentencePieceModel(await readFile(new URL('tokenizer.model', unigramFolder)), 'unigram')

const rows: ReferenceTokens[] = JSON.parse(await readFile(new URL('tokens.json', unigramFolder), 'utf8'))

describe('a unigram model', () => {
  const tokenizer = Tokenizer.fromJson(convertSentencePiece(unigramModel, 'unigram'))

  it('is read with its settings', () => {
    expect(unigramModel).toMatchObject({
      kind: 'unigram',
      normaliser: 'nfkc',
      byteFallback: true,
      removeExtraSpaces: true,
    })
  })

  it.each(rows)('encodes and decodes $text as SentencePiece does', ({ text, ids, decoded }) => {
    expect(tokenizer.encodePlain(text)).toEqual(ids)
    expect(tokenizer.decode(ids)).toBe(decoded)
  })
})

describe('a model without byte fallback', () => {
  const pieces: SentencePieceModel['pieces'] = [
    { text: '<unk>', score: 0, type: 'unknown' },
    { text: '</s>', score: 0, type: 'control' },
    ...['\u2581', 'a', 'b', 'ab'].map((text, at) => ({ text, score: -at, type: 'normal' as const })),
  ]
  const model: SentencePieceModel = {
    kind: 'bpe',
    pieces,
    byteFallback: false,
    normaliser: 'identity',
    dummyPrefix: false,
    removeExtraSpaces: false,
    escapeSpaces: true,
    spaceAsSuffix: false,
  }

  it.each(['bpe', 'unigram'] as const)('makes one unknown token of unknown characters (%s)', (kind) => {
    const tokenizer = Tokenizer.fromJson(convertSentencePiece({ ...model, kind }, 'test'))
    expect(tokenizer.encodePlain('ab xyz</s>a')).toEqual([5, 2, 0, 3])
    expect(tokenizer.decode([5, 2, 3, 1])).toBe('ab a')
  })

  it.each([
    ['the word model', { kind: 'word' as const }, /"word" model/],
    ['the rule nmt_nfkc', { normaliser: 'nmt_nfkc' }, /"nmt_nfkc"/],
    ['a rule of its own', { normaliser: 'user_defined' }, /"user_defined"/],
    ['spaces that are not escaped', { escapeSpaces: false }, /unescaped spaces/],
    ['spaces as suffix', { spaceAsSuffix: true }, /spaces at the end/],
    ['unused pieces', { pieces: [...pieces, { text: 'c', score: -9, type: 'unused' as const }] }, /unused pieces/],
    ['symbols', { pieces: [...pieces, { text: '<box>', score: 0, type: 'user-defined' as const }] }, /user-defined/],
  ])('is refused by name with %s', (_, change, message) => {
    expect(() => convertSentencePiece({ ...model, ...change }, 'tokenizer.model')).toThrow(message)
  })
})

describe('bytes that are no model', () => {
  it.each([
    ['nothing', Uint8Array.of()],
    ['text', new TextEncoder().encode('version https://git-lfs.github.com/spec/v1\n')],
    ['zeros', new Uint8Array(64)],
  ])('are refused: %s', (_, bytes) => {
    expect(() => readSentencePieceModel(bytes, 'tokenizer.model')).toThrow(
      /tokenizer\.model is not a SentencePiece model/,
    )
  })

  it('are refused when the file ends early', async () => {
    const whole = await readFile(new URL('tokenizer.model', unigramFolder))
    expect(() => readSentencePieceModel(whole.subarray(0, 3001), 'tokenizer.model')).toThrow(/is not a SentencePiece/)
  })
})
