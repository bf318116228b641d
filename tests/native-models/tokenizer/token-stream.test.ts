import { describe, expect, it } from 'vitest'
import { TokenStream } from '../../../native-models/tokenizer/token-stream.ts'
import { randomNumbers, randomText } from './random-text.ts'
import { loadReference, referenceNames } from './reference-tokenizer.ts'

describe.each(referenceNames)('a stream of tokens of %s', async (name) => {
  const { tokenizer, prompt } = await loadReference(name)
  const vocabulary = name === 'tiny-32k' ? 32_000 : name === 'tiny-512' ? 512 : 430

  it('of random ids gives the decoded text, whole characters at a time', () => {
    const random = randomNumbers(65)
    for (let round = 0; round < 500; round++) {
      const ids = Array.from({ length: 1 + Math.floor(random() * 40) }, () => {
        // Half of them bytes or single characters, so that characters break.
        return Math.floor(random() * (random() < 0.5 ? 259 : vocabulary))
      })
      const stream = new TokenStream(tokenizer)
      const pieces = [...ids.map((id) => stream.push(id)), stream.flush()]
      expect(pieces.join('')).toBe(tokenizer.decode(ids))
      for (const piece of pieces) expect(piece).not.toMatch(/\p{Surrogate}/u)
    }
  })

  it('of text gives the text, and nothing is broken on the way', () => {
    const random = randomNumbers(14)
    for (let round = 0; round < 500; round++) {
      const text = randomText(random)
      const stream = new TokenStream(tokenizer)
      const pieces = tokenizer.encodePlain(text).map((id) => stream.push(id))
      expect(pieces.join('')).toBe(text)
      expect(stream.flush()).toBe('')
    }
  })

  it('leaves control tokens out', () => {
    const stream = new TokenStream(tokenizer)
    expect(stream.push(prompt.stopTokens[0]!)).toBe('')
    const text = tokenizer.encodePlain('text').map((id) => stream.push(id))
    expect(text.join('')).toBe('text')
  })

  it('waits for the rest of a character and gives it up at the end', () => {
    const ids = tokenizer.encodePlain('🦉')
    const stream = new TokenStream(tokenizer)
    const pieces = ids.map((id) => stream.push(id))
    expect(pieces.filter((piece) => piece !== '')).toEqual(['🦉'])
    const broken = new TokenStream(tokenizer)
    expect(
      ids
        .slice(0, -1)
        .map((id) => broken.push(id))
        .join(''),
    ).toBe('')
    expect(broken.flush()).toMatch(/^\ufffd+$/)
    expect(broken.flush()).toBe('')
  })
})

describe('the first space of SentencePiece', () => {
  it('is dropped at the beginning of an answer, and kept where the answer continues one', async () => {
    const { tokenizer } = await loadReference('tiny-32k')
    const ids = tokenizer.encodePlain('red box')
    const read = (stream: TokenStream) => ids.map((id) => stream.push(id)).join('')
    expect(read(new TokenStream(tokenizer))).toBe('red box')
    expect(read(new TokenStream(tokenizer, { continues: true }))).toBe(' red box')
  })
})
