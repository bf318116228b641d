/** A word of an answer: its characters [from, to), and what stands between it and the next. */
export interface Word {
  text: string
  from: number
  to: number
  /** Spaces and punctuation after it. */
  after: string
}

/** The words of a text, in languages with and without spaces. What precedes the first word belongs to it. */
export function wordsOf(text: string, language: string): Word[] {
  const words: Word[] = []
  let before = ''
  for (const { segment, index, isWordLike } of new Intl.Segmenter(language, { granularity: 'word' }).segment(text)) {
    const last = words.at(-1)
    if (isWordLike) {
      words.push({ text: before + segment, from: index - before.length, to: index + segment.length, after: '' })
      before = ''
    } else if (last) last.after += segment
    else before += segment
  }
  if (words.length === 0 && before !== '') words.push({ text: before, from: 0, to: before.length, after: '' })
  return words
}
