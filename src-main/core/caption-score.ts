import { normaliseAnswer } from './answer-normalisation.ts'

/** A written caption beside what is known of its picture. */
export interface JudgedCaption {
  caption: string
  /** What is true of the picture and worth saying, such as "dark", "3 buttons" or a name that stands in it. */
  facts: readonly string[]
  /** Lines of text in the picture: to quote them is true, too. */
  text: readonly string[]
}

export interface CaptionScore {
  n: number
  /** Share of what the captions state that is true, 0 to 1; 1 where they state nothing. */
  statedTrue: number
  /** Share of the facts that the captions state, 0 to 1. */
  factsStated: number
}

/**
 * Scores captions by facts. A caption states every fact, of any picture of the set, whose words stand in it, and
 * whatever it puts into quotes. Words that are a fact nowhere count neither for nor against it.
 */
export function scoreCaptions(captions: readonly JudgedCaption[]): CaptionScore {
  const known = [...new Set(captions.flatMap(({ facts }) => facts.map(normaliseAnswer)))].filter(Boolean)
  let stated = 0
  let right = 0
  let facts = 0
  let found = 0
  for (const judged of captions) {
    const said = normaliseAnswer(judged.caption)
    const own = new Set(judged.facts.map(normaliseAnswer))
    const text = normaliseAnswer(judged.text.join(' '))
    const claims = new Set([...known.filter((fact) => holds(said, fact)), ...quotations(judged.caption)])
    stated += claims.size
    right += [...claims].filter((claim) => own.has(claim) || holds(text, claim)).length
    facts += own.size
    found += [...own].filter((fact) => holds(said, fact)).length
  }
  return {
    n: captions.length,
    statedTrue: stated === 0 ? 1 : right / stated,
    factsStated: facts === 0 ? 1 : found / facts,
  }
}

/** Whether `words` stand in `text`, as whole words. Both are normalised. */
function holds(text: string, words: string): boolean {
  return ` ${text} `.includes(` ${words} `)
}

function quotations(caption: string): string[] {
  return [...caption.matchAll(/["“]([^"”]+)["”]/g)].map(([, quoted]) => normaliseAnswer(quoted!)).filter(Boolean)
}
