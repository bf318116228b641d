import { OwlError } from '../owl-error.ts'
import { spaceMark } from './sentencepiece-conversion.ts'
import type { StepJson, TokenizerJson } from './tokenizer-json.ts'

/** How a tokenizer turns tokens back into text. */
export interface TokenDecoding {
  /** The bytes that a token's text stands for; they may be part of a character. */
  bytes(token: string): Uint8Array
  /** A space that starts the whole text was put there by the tokenizer, and goes. */
  dropsFirstSpace: boolean
  /** What cannot be read becomes one U+FFFD: `byte` each byte (SentencePiece), `part` each broken character (UTF-8). */
  replacement: 'byte' | 'part'
}

const utf8 = new TextEncoder()

/**
 * Reads the `decoder` of a tokenizer.json: byte-level, or SentencePiece with or without byte fallback.
 * @throws OwlError `tokenizer-unsupported` for any other
 */
export function tokenDecoding(json: TokenizerJson): TokenDecoding {
  const steps = flatten(json.decoder)
  const types = steps.map((step) => step.type)
  if (types.includes('ByteLevel')) {
    return { bytes: byteLevelBytes, dropsFirstSpace: false, replacement: 'part' }
  }
  const metaspace = steps.find((step) => step.type === 'Metaspace')
  if (metaspace) {
    const prepends = metaspace.prepend_scheme !== 'never' && metaspace.add_prefix_space !== false
    return { bytes: pieceBytes, dropsFirstSpace: prepends, replacement: 'byte' }
  }
  const known = ['Replace', 'ByteFallback', 'Fuse', 'Strip']
  if (types.includes('ByteFallback') && types.every((type) => known.includes(type))) {
    return { bytes: pieceBytes, dropsFirstSpace: types.includes('Strip'), replacement: 'byte' }
  }
  throw new OwlError(
    'tokenizer-unsupported',
    `The tokenizer has the decoder ${types.join(', ') || 'null'}, which is not supported.`,
  )
}

function flatten(step: StepJson | null): StepJson[] {
  if (!step) return []
  return step.type === 'Sequence' ? (step.decoders as StepJson[]).flatMap(flatten) : [step]
}

/** The byte that a piece `<0x00>` to `<0xFF>` stands for; null for any other piece. */
export function byteOf(piece: string): number | null {
  const digits = /^<0x([0-9A-F]{2})>$/.exec(piece)?.[1]
  return digits === undefined ? null : Number.parseInt(digits, 16)
}

function pieceBytes(piece: string): Uint8Array {
  const byte = byteOf(piece)
  return byte === null ? utf8.encode(piece.replaceAll(spaceMark, ' ')) : Uint8Array.of(byte)
}

function byteLevelBytes(token: string): Uint8Array {
  const bytes = Array.from(token, (character) => byteOfCharacter.get(character))
  // A token that was added later is plain text.
  return bytes.includes(undefined) ? utf8.encode(token) : Uint8Array.from(bytes as number[])
}

/** Byte-level BPE of GPT-2 writes every byte as a printable character: printable ones as they are, the rest from U+0100 on. */
const byteOfCharacter = new Map(
  (() => {
    const printable = (byte: number) =>
      (byte >= 0x21 && byte <= 0x7e) || (byte >= 0xa1 && byte <= 0xac) || (byte >= 0xae && byte <= 0xff)
    let next = 0x100
    return Array.from({ length: 256 }, (_, byte): [string, number] => [
      String.fromCodePoint(printable(byte) ? byte : next++),
      byte,
    ])
  })(),
)
