/** Where nobody asked for them, lines that the reader was not sure of stay out: signs in photos, patterns taken for letters. */
export const automaticConfidence = 0.7

/** About what 60 tokens hold: as much as the embedded model saw in training. */
const mostCharacters = 200

/**
 * The question with the lines of text in its pictures before it, as a reader found them: whole lines from the first
 * on, as many as fit. Without lines, the question alone.
 */
export function withReadingAid(question: string, lines: readonly string[]): string {
  return aidedQuestion(question, firstLines(lines, mostCharacters))
}

/** A question with what was read in its pictures, and how much of it was given. */
export interface AidedQuestion {
  question: string
  /** Lines from the first on. */
  given: string[]
}

/**
 * The question as a model takes it with text in its pictures. Owl Mini was trained with lines before the question; other
 * models get them after it, in the form in which LLaVA-1.5 was evaluated on TextVQA.
 * @param rows bound on the rows of context that the text takes, estimated
 */
export function aidQuestion(question: string, lines: readonly string[], model: string, rows: number): AidedQuestion {
  if (model === 'owl-mini') {
    const given = firstLines(linesWithin(lines, rows), mostCharacters)
    return { question: aidedQuestion(question, given), given }
  }
  const given = linesWithin(lines, rows)
  const text = given.join(', ')
  return { question: given.length > 0 ? `${question}\nReference OCR token: ${text}` : question, given }
}

function aidedQuestion(question: string, lines: readonly string[]): string {
  return lines.length > 0 ? `Text in the picture:\n${lines.join('\n')}\n${question}` : question
}

function firstLines(lines: readonly string[], most: number): string[] {
  let characters = 0
  return lines.filter((line) => {
    characters += line.length + 1
    return characters <= most
  })
}

/** Rows that a line takes: LLaMA's tokenizer needs one for three letters, and one or two for a Chinese character. */
function estimatedRows(line: string): number {
  let rows = 1
  for (const character of line) rows += (character.codePointAt(0) ?? 0) > 0x2e7f ? 1.5 : 0.4
  return rows
}

/** Lines from the first on, as many as fit. @param rows bound on the rows of context that they take, estimated */
export function linesWithin(lines: readonly string[], rows: number): string[] {
  let used = 0
  const given: string[] = []
  for (const line of lines) {
    used += estimatedRows(line)
    if (used > rows) break
    given.push(line)
  }
  return given
}
