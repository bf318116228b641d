const numberWords: Record<string, string> = {
  none: '0',
  zero: '0',
  one: '1',
  two: '2',
  three: '3',
  four: '4',
  five: '5',
  six: '6',
  seven: '7',
  eight: '8',
  nine: '9',
  ten: '10',
}
const articles = new Set(['a', 'an', 'the'])

/**
 * Brings an answer into the form in which VQA scores compare answers: lower case, no punctuation, number words as
 * digits, no articles. After the evaluation of VQA v2 (visualqa.org), with two simplifications that treat both sides
 * alike: apostrophes vanish instead of being put where English wants them, and other punctuation always becomes a
 * space.
 */
export function normaliseAnswer(answer: string): string {
  return answer
    .normalize('NFKC')
    .toLowerCase()
    .replace(/['’`]/g, '')
    .replace(/(\d),(?=\d{3}(?!\d))/g, '$1')
    .replace(/\.(?!\d)/g, ' ')
    .replace(/[;/[\]"{}()=+\\_\-><@,?!“”‘–—…:]/g, ' ')
    .split(/\s+/)
    .filter((word) => word && !articles.has(word))
    .map((word) => numberWords[word] ?? word)
    .join(' ')
}

/** True if the answer is one of the accepted ones after normalisation. */
export function isExactMatch(answer: string, accepted: readonly string[]): boolean {
  const given = normaliseAnswer(answer)
  return accepted.some((one) => normaliseAnswer(one) === given)
}

/** True if the answer holds one of the accepted ones in whole words, after normalisation. */
export function namesOne(answer: string, accepted: readonly string[]): boolean {
  const given = ` ${normaliseAnswer(answer)} `
  return accepted.some((one) => given.includes(` ${normaliseAnswer(one)} `))
}
