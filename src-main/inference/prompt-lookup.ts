/** Rows cost little beside the first one only while they are few: three take 1.4 times the time of one (Owl Mini). */
const mostGuesses = 2

/** Tokens for which no guess is made after one that was wrong from the start. */
const pause = 4

/**
 * Guesses what follows in an answer from what followed the same two tokens earlier in the conversation: answers about
 * pictures quote their text, and lists repeat themselves. After "prompt lookup decoding" (Saxena, 2023).
 */
export class PromptLookup {
  #wait = 0

  /**
   * @param rows of the conversation until now: token ids, negative for rows of pictures
   * @param token that comes next for sure
   * @param room rows that fit after it
   * @returns what may follow it; nothing where nothing suggests itself
   */
  guess(rows: readonly number[], token: number, room: number): number[] {
    if (this.#wait > 0) {
      this.#wait--
      return []
    }
    const before = rows.at(-1)
    for (let at = rows.length - 2; at > 0; at--) {
      if (rows[at] !== token || rows[at - 1] !== before) continue
      const followers = rows.slice(at + 1, at + 1 + Math.max(0, Math.min(mostGuesses, room)))
      const picture = followers.findIndex((row) => row < 0)
      return picture < 0 ? followers : followers.slice(0, picture)
    }
    return []
  }

  /** To be told how many of the last guesses were right. */
  learn(guesses: number, right: number): void {
    if (guesses > 0 && right === 0) this.#wait = pause
  }
}
