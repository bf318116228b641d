const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Bytes in, whole characters out. Unlike TextDecoder it can also replace what cannot be read byte by byte,
 * as SentencePiece does.
 */
export class Utf8Stream {
  readonly #replacement: 'byte' | 'part'
  #pending: number[] = []

  /** @param replacement one U+FFFD for each unreadable byte, or for each part of a broken character */
  constructor(replacement: 'byte' | 'part') {
    this.#replacement = replacement
  }

  /** The characters that are complete with these bytes. */
  push(bytes: Uint8Array): string {
    return this.#read([...this.#pending, ...bytes], false)
  }

  /** What is left: at most one broken character. */
  flush(): string {
    return this.#read(this.#pending, true)
  }

  #read(bytes: readonly number[], last: boolean): string {
    let text = ''
    let at = 0
    while (at < bytes.length) {
      const length = characterLength(bytes[at]!)
      const whole = wholeBytes(bytes, at, length)
      if (length > 0 && whole === length) {
        text += decoder.decode(Uint8Array.from(bytes.slice(at, at + length)))
        at += length
      } else if (length > 0 && at + whole === bytes.length && !last) {
        break
      } else {
        text += '\ufffd'
        at += this.#replacement === 'byte' ? 1 : Math.max(1, whole)
      }
    }
    this.#pending = bytes.slice(at)
    return text
  }
}

/** Bytes of the character that this byte begins; 0 where it begins none. */
function characterLength(lead: number): number {
  if (lead < 0x80) return 1
  if (lead >= 0xc2 && lead <= 0xdf) return 2
  if (lead >= 0xe0 && lead <= 0xef) return 3
  if (lead >= 0xf0 && lead <= 0xf4) return 4
  return 0
}

/** How many bytes from `at` on can belong to one character of this length. */
function wholeBytes(bytes: readonly number[], at: number, length: number): number {
  let count = length === 0 ? 0 : 1
  for (; count < length && at + count < bytes.length; count++) {
    const byte = bytes[at + count]!
    const [low, high] = count === 1 ? secondByteRange(bytes[at]!) : [0x80, 0xbf]
    if (byte < low || byte > high) break
  }
  return count
}

/** The second byte is limited where the character would be overlong, a surrogate or beyond U+10FFFF (Unicode, table 3-7). */
function secondByteRange(lead: number): [number, number] {
  if (lead === 0xe0) return [0xa0, 0xbf]
  if (lead === 0xed) return [0x80, 0x9f]
  if (lead === 0xf0) return [0x90, 0xbf]
  if (lead === 0xf4) return [0x80, 0x8f]
  return [0x80, 0xbf]
}
