/** Scripts that set no spaces between words: there a word may begin and end anywhere. */
const unspaced = /[\p{sc=Han}\p{sc=Hiragana}\p{sc=Katakana}\p{sc=Thai}\p{sc=Lao}\p{sc=Khmer}\p{sc=Myanmar}]/u

/** Text without words and phrases, in any case; what stood around them closes up. */
export function withoutForbidden(text: string, forbidden: readonly string[]): string {
  if (forbidden.length === 0) return text
  // Longer ones first, so that a phrase goes before a word of it.
  const patterns = forbidden.toSorted((a, b) => b.length - a.length).map(wholeWord)
  const cleared = text.replace(new RegExp(patterns.join('|'), 'giu'), ' ')
  if (cleared === text) return text
  return tidy(cleared, /^\s*\p{Lu}/u.test(text))
}

function wholeWord(word: string): string {
  const letters = [...word]
  const before = unspaced.test(letters[0]!) ? '' : '(?<![\\p{L}\\p{M}\\p{N}_])'
  const after = unspaced.test(letters.at(-1)!) ? '' : '(?![\\p{L}\\p{M}\\p{N}_])'
  return `${before}${word.replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&').replace(/\s+/g, '\\s+')}${after}`
}

/** Spaces, lone marks at the beginning and doubled ones go; a beginning that was a capital stays one. */
function tidy(text: string, capital: boolean): string {
  const closed = text
    .replace(/\s+/g, ' ')
    .replace(/\s+([,.;:!?，。；：！？、])/gu, '$1')
    .replace(/([,;:，；：、])(?=[,.;:!?，。；：！？、])/gu, '')
    .replace(/^[\s,.;:!?，。；：！？、]+/u, '')
    .trim()
  const [first = ''] = closed
  return capital ? first.toLocaleUpperCase('en') + closed.slice(first.length) : closed
}
