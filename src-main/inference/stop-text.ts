/**
 * Watches a stream of text for texts that end the answer. A stop text may span several pieces, so the end of the
 * stream that could be the beginning of one is held back until it is known.
 */
export class StopTextFilter {
  readonly #stopTexts: readonly string[]
  #held = ''

  constructor(stopTexts: readonly string[]) {
    this.#stopTexts = stopTexts.filter((text) => text !== '')
  }

  /** @returns text that may be shown, and whether a stop text was met (it and what follows are left out) */
  push(piece: string): { text: string; stopped: boolean } {
    if (this.#stopTexts.length === 0) return { text: piece, stopped: false }
    const all = this.#held + piece
    let end = -1
    for (const stopText of this.#stopTexts) {
      const found = all.indexOf(stopText)
      if (found >= 0 && (end < 0 || found < end)) end = found
    }
    if (end >= 0) {
      this.#held = ''
      return { text: all.slice(0, end), stopped: true }
    }
    const keep = this.#possibleBeginning(all)
    this.#held = all.slice(all.length - keep)
    return { text: all.slice(0, all.length - keep), stopped: false }
  }

  /** What was held back and turned out to be no stop text. */
  flush(): string {
    const held = this.#held
    this.#held = ''
    return held
  }

  /** Length of the longest end of `text` that begins a stop text. */
  #possibleBeginning(text: string): number {
    let longest = 0
    for (const stopText of this.#stopTexts) {
      for (let length = Math.min(stopText.length - 1, text.length); length > longest; length--) {
        if (text.endsWith(stopText.slice(0, length))) longest = length
      }
    }
    return longest
  }
}
