/** Full-width forms of ASCII signs, and the Chinese full stop of which the network makes use in English, too. */
const fullWidth = /[！-～]/u
const cjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}，。、；：？！（）《》“”]/u

/** A radio button or check box before its label, as the network reads it. No English line begins with a lone O. */
const mark = /^[O○〇◯●◎口□☐☑] +(?=\S)/u

/**
 * Signs as they are written beside the text: the network, made for Chinese, writes full-width commas and brackets into
 * English lines. Where no Chinese character stands beside one, it is the usual sign.
 */
export function writtenSigns(text: string): string {
  const hasCjk = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}]/u.test(text)
  const characters = [...text]
  return characters
    .map((character, at) => {
      if (!fullWidth.test(character)) return character
      const beside = cjk.test(characters[at - 1] ?? '') || cjk.test(characters[at + 1] ?? '')
      return hasCjk && beside ? character : String.fromCodePoint(character.codePointAt(0)! - 0xfee0)
    })
    .join('')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(mark, '')
}
