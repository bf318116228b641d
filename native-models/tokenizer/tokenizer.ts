import { readFile } from 'node:fs/promises'
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { OwlError } from '../owl-error.ts'
import { spaceMark } from './sentencepiece-conversion.ts'
import { byteOf, type TokenDecoding, tokenDecoding } from './token-bytes.ts'
import { TokenStream } from './token-stream.ts'
import type { AddedTokenJson, StepJson, TokenizerJson } from './tokenizer-json.ts'

const utf8 = new TextEncoder()
const nothing = new Uint8Array()
/** What is left out of text to be measured: white space, and all but letters (or parts of one), of which pieces are shorter. */
const unmeasured = [/\s+/g, /[^\p{L}\ufffd]+/gu]
/** In characters. */
const shortText = 8192
/** Half a surrogate pair, which no well-formed text has. */
const mark = '\ud800'

/** Text to token ids and back, as the `tokenizer.json` of a model says. */
export class Tokenizer {
  /** How ids become text; used by TokenStream. */
  readonly decoding: TokenDecoding
  readonly #library: Library
  /** The space in front of all text is for its beginning only, not for what follows a control token. */
  readonly #firstSpaceOnly: boolean
  readonly #controlTokens: Map<string, AddedTokenJson>
  readonly #controlNames: Map<number, string>
  /** A control token's name, captured; and the first character of one. */
  readonly #controlPattern: RegExp | null
  readonly #controlStart: RegExp | null
  readonly #byteIds: number[] | null
  readonly #unknownId: number | undefined
  /** For each measure the bytes of the longest piece; unbounded where a run of unknown characters may be one token. */
  #longestPieces: readonly number[] | undefined
  readonly #json: TokenizerJson

  private constructor(json: TokenizerJson) {
    const controls = json.added_tokens.filter((token) => token.special)
    const names = alternatives(controls.map((token) => token.content))
    this.decoding = tokenDecoding(json)
    this.#controlTokens = new Map(controls.map((token) => [token.content, token]))
    this.#controlNames = new Map(controls.map((token) => [token.id, token.content]))
    this.#controlPattern = names ? new RegExp(`(${names})`) : null
    this.#controlStart = names ? new RegExp(`(?=${names}).`, 'gsu') : null
    this.#library = plainLibrary(json, this.#controlTokens)
    this.#firstSpaceOnly = [json.normalizer, json.pre_tokenizer].some(putsFirstSpaceOnly)
    this.#byteIds = fallbackIds(json)
    this.#unknownId =
      json.model.type === 'Unigram' ? (json.model.unk_id ?? undefined) : json.model.vocab[json.model.unk_token ?? '']
    this.#json = json
  }

  /**
   * Reads a tokenizer.json.
   * @throws OwlError `model-damaged` where it cannot be read, `tokenizer-unsupported` where it is of another kind
   */
  static async load(file: string): Promise<Tokenizer> {
    let json: unknown
    try {
      json = JSON.parse(await readFile(file, 'utf8'))
    } catch (cause) {
      throw new OwlError('model-damaged', `The tokenizer ${file} cannot be read.`, { cause })
    }
    return Tokenizer.fromJson(json as TokenizerJson)
  }

  /** @throws OwlError `tokenizer-unsupported` */
  static fromJson(json: TokenizerJson): Tokenizer {
    if (!['BPE', 'Unigram'].includes(json.model?.type)) {
      throw new OwlError(
        'tokenizer-unsupported',
        `The tokenizer is of the kind "${json.model?.type}"; BPE or Unigram is needed.`,
      )
    }
    try {
      return new Tokenizer(json)
    } catch (cause) {
      if (cause instanceof OwlError) throw cause
      const reason = cause instanceof Error ? cause.message : String(cause)
      throw new OwlError('tokenizer-unsupported', `The tokenizer cannot be used: ${reason}`, { cause })
    }
  }

  /** Ids of text in which nothing is a control token: `</s>` is four characters. No begin token is added. */
  encodePlain(text: string): number[] {
    return this.#idsOf(this.#library.tokenize(wellFormed(text)))
  }

  /**
   * Ids of text in which the names of control tokens are the tokens, except where `protect` made them plain text.
   * What lies between two control tokens is encoded as one. No begin token is added.
   */
  encode(text: string): number[] {
    if (!this.#controlPattern) return this.encodePlain(text.replaceAll(mark, ''))
    // Split by a captured pattern: text and control tokens take turns.
    const parts = text.split(this.#controlPattern)
    return parts.flatMap((part, at) => {
      if (at % 2 === 1) return [this.#controlTokens.get(part)!.id]
      let plain = part.replaceAll(mark, '')
      if (this.#controlTokens.get(parts[at - 1] ?? '')?.rstrip) plain = plain.trimStart()
      if (this.#controlTokens.get(parts[at + 1] ?? '')?.lstrip) plain = plain.trimEnd()
      return at > 0 && this.#firstSpaceOnly ? this.#encodeFollowing(plain) : this.encodePlain(plain)
    })
  }

  /** As transformers 4.31 with `legacy` off, which the published code uses: the space is taken off the first token. */
  #encodeFollowing(text: string): number[] {
    const tokens = this.#library.tokenize(wellFormed(text))
    if (text.startsWith(' ') || !tokens[0]?.startsWith(spaceMark)) return this.#idsOf(tokens)
    const first = tokens[0].slice(spaceMark.length)
    return this.#idsOf(first === '' ? tokens.slice(1) : [first, ...tokens.slice(1)])
  }

  /**
   * Text that `encode` reads as plain text, whatever is put before and after it. Marks that `encode` drops again
   * stand inside of every control token's name and at both ends, within the outer white space, so that a template
   * can still trim it.
   */
  protect(text: string): string {
    const plain = wellFormed(text)
    const inner = plain.trim()
    if (inner === '') return plain
    const start = plain.length - plain.trimStart().length
    const broken = this.#controlStart ? inner.replace(this.#controlStart, `$&${mark}`) : inner
    return plain.slice(0, start) + mark + broken + mark + plain.slice(start + inner.length)
  }

  /**
   * A number of tokens that plain text has at least, in a time that grows with its length only. Of short text, which is
   * encoded as soon, it is not looked for: the first look goes through the vocabulary.
   */
  fewestTokens(text: string): number {
    if (text.length < shortText) return 0
    const takesAllBytes = this.#byteIds !== null || this.decoding.replacement === 'part'
    this.#longestPieces ??= takesAllBytes ? longestPieces(this.#json, this.decoding) : unmeasured.map(() => Infinity)
    const longest = this.#longestPieces
    const counts = unmeasured.map((pattern, at) => measure(text, pattern) / longest[at]!)
    return Math.ceil(Math.max(...counts))
  }

  /** Text of ids; control tokens are left out. */
  decode(ids: Iterable<number>): string {
    const stream = new TokenStream(this)
    let text = ''
    for (const id of ids) text += stream.push(id)
    return text + stream.flush()
  }

  isControl(id: number): boolean {
    return this.#controlNames.has(id)
  }

  /** Id of a control token by its name. */
  controlId(name: string): number | undefined {
    return this.#controlTokens.get(name)?.id
  }

  /** Name of a control token by its id. */
  controlName(id: number): string | undefined {
    return this.#controlNames.get(id)
  }

  /** Bytes that a token adds to the text; none for a control token or an id without a token. */
  bytesOf(id: number): Uint8Array {
    const token = this.#controlNames.has(id) ? undefined : this.#library.id_to_token(id)
    return token === undefined ? nothing : this.decoding.bytes(token)
  }

  #idsOf(tokens: readonly string[]): number[] {
    return tokens.flatMap((token) => {
      const id = this.#library.token_to_id(token)
      if (id !== undefined) return [id]
      if (this.#byteIds) return Array.from(utf8.encode(token), (byte) => this.#byteIds![byte]!)
      return this.#unknownId === undefined ? [] : [this.#unknownId]
    })
  }
}

/** The library, told of no control token, so that it finds none in text. */
function plainLibrary(json: TokenizerJson, controls: ReadonlyMap<string, unknown>): Library {
  const added = json.added_tokens.filter((token) => !token.special)
  const settings = { ...json, added_tokens: added, post_processor: null }
  if (json.model.type === 'BPE') {
    const library = new Library(settings, {})
    for (const name of controls.keys()) library.model!.tokens_to_ids.delete(name)
    return library
  }
  // A unigram model takes whatever its vocabulary holds, byte pieces too: their names are hidden behind half a character.
  const { vocab } = json.model
  const hidden = vocab.map(([text, score]) => [controls.has(text) || byteOf(text) !== null ? mark + text : text, score])
  const library = new Library({ ...settings, model: { ...json.model, vocab: hidden } }, {})
  library.model!.vocab = vocab.map(([text]) => text)
  // Otherwise a run of unknown characters arrives as one, with the others lost.
  if (json.model.byte_fallback) library.model!.fuse_unk = false
  return library
}

/** Bytes of text without what a pattern leaves out. */
function measure(text: string, leftOut: RegExp): number {
  return Buffer.byteLength(text.replace(leftOut, ''))
}

function longestPieces({ model, added_tokens: added }: TokenizerJson, decoding: TokenDecoding): number[] {
  const vocabulary = model.type === 'BPE' ? Object.keys(model.vocab) : model.vocab.map(([text]) => text)
  const pieces = [...vocabulary, ...added.map(({ content }) => content)]
  const texts = pieces.map((piece) => Buffer.from(decoding.bytes(piece)).toString())
  return unmeasured.map((pattern) => texts.reduce((longest, text) => Math.max(longest, measure(text, pattern)), 1))
}

function putsFirstSpaceOnly(step: StepJson | null): boolean {
  const inner = [step?.normalizers, step?.pretokenizers].flatMap((steps) => (steps as StepJson[] | undefined) ?? [])
  return step?.prepend_scheme === 'first' || inner.some(putsFirstSpaceOnly)
}

/** Ids of the byte pieces `<0x00>` to `<0xFF>`; null for a model that has no use of them. */
function fallbackIds({ model }: TokenizerJson): number[] | null {
  if (!model.byte_fallback) return null
  const ids: number[] = []
  const entries =
    model.type === 'BPE' ? Object.entries(model.vocab) : model.vocab.map(([text], id) => [text, id] as const)
  for (const [text, id] of entries) {
    const byte = byteOf(text)
    if (byte !== null) ids[byte] = id
  }
  return ids.length === 256 && !ids.includes(undefined as never) ? ids : null
}

/** A pattern of these names, the longest first; null without names. */
function alternatives(names: readonly string[]): string | null {
  if (names.length === 0) return null
  const longestFirst = names.toSorted((a, b) => b.length - a.length)
  return longestFirst.map((name) => name.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|')
}

/** A lone surrogate is no character; a model sees the same replacement from any other program. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\ufffd')
}
