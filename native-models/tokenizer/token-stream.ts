import type { Tokenizer } from './tokenizer.ts'
import { Utf8Stream } from './utf8-stream.ts'

const space = 0x20

/**
 * Token by token to text that can be shown: never half a character. Control tokens give nothing.
 * All pieces joined are the decoded text.
 */
export class TokenStream {
  readonly #tokenizer: Tokenizer
  readonly #characters: Utf8Stream
  #dropSpace: boolean

  /** @param options.continues the tokens go on from text that is there already, so that a first space is a space */
  constructor(tokenizer: Tokenizer, options: { continues?: boolean } = {}) {
    this.#tokenizer = tokenizer
    this.#characters = new Utf8Stream(tokenizer.decoding.replacement)
    this.#dropSpace = tokenizer.decoding.dropsFirstSpace && !options.continues
  }

  /** The text that is complete with this token; empty while a character is not. */
  push(id: number): string {
    let bytes = this.#tokenizer.bytesOf(id)
    if (bytes.length === 0) return ''
    if (this.#dropSpace && bytes[0] === space) bytes = bytes.subarray(1)
    this.#dropSpace = false
    return this.#characters.push(bytes)
  }

  /** What is left at the end: nothing, or what cannot become a character any more, as U+FFFD. */
  flush(): string {
    return this.#characters.flush()
  }
}
