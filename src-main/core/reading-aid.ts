/** About what 60 tokens hold: as much as the embedded model saw in training. */
const mostCharacters = 200

/**
 * The question with the lines of text in its pictures before it, as a reader found them: whole lines from the first
 * on, as many as fit. Without lines, the question alone.
 */
export function withReadingAid(question: string, lines: readonly string[]): string {
  let characters = 0
  const kept = lines.filter((line) => {
    characters += line.length + 1
    return characters <= mostCharacters
  })
  return kept.length > 0 ? `Text in the picture:\n${kept.join('\n')}\n${question}` : question
}
