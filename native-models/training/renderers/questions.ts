import { type ColourName, colourSpellings } from './palette.ts'
import type { Random } from './random.ts'
import { WORDINGS, type Wording } from './wordings.ts'

export type AnswerForm = 'short' | 'word' | 'sentence'

/** The suffix of visual question answering data sets, as in the paper's evaluation prompts. */
export const WORD_SUFFIX = '\nAnswer the question using a single word or phrase.'
const SENTENCE_SUFFIXES = [
  ' Answer in a sentence.',
  ' Answer in a full sentence.',
  '\nPlease answer in a complete sentence.',
  ' Reply with a sentence.',
]

/** Wordings that ask for a sentence by themselves. */
const OPEN_ENDED: ReadonlySet<Wording> = new Set(['caption', 'caption-several', 'caption-clip', 'why', 'advice'])

/** A fact of a picture that can be asked. */
export interface Ask {
  /** Score group. */
  kind: string
  wording: Wording
  slots?: { x?: string; y?: string }
  answer: string
  /** The answer when a single word is asked for, if not `answer`. */
  word?: string
  /** Accepted short answers beside `answer`. */
  accepted?: readonly string[]
  /** The answer as a sentence. */
  sentence: string
}

/** A worded question, as written to a shard. */
export interface Question {
  kind: string
  question: string
  answer: string
  answers: string[]
  form: AnswerForm
}

/** Words a question about in another way, and asks for one form of answer. */
export function phrase(random: Random, ask: Ask): Question {
  const form: AnswerForm = OPEN_ENDED.has(ask.wording)
    ? 'sentence'
    : random.pick(['short', 'short', 'word', 'word', 'sentence'] as const)
  let question: string = random.pick(WORDINGS[ask.wording])
  question = filled(question, ask.slots ?? {})
  question = typed(random, question)
  if (form === 'word') question += WORD_SUFFIX
  if (form === 'sentence' && !OPEN_ENDED.has(ask.wording)) question += random.pick(SENTENCE_SUFFIXES)
  const answers = [...new Set([ask.answer, ...(ask.accepted ?? [])])]
  const answer = form === 'sentence' ? ask.sentence : form === 'word' ? (ask.word ?? ask.answer) : ask.answer
  return { kind: ask.kind, question, answer, answers, form }
}

/** Asks up to `most` of the facts, never two of the same wording. */
export function phraseSome(random: Random, asks: readonly Ask[], most: number): Question[] {
  const chosen: Ask[] = []
  for (const ask of random.shuffle(asks)) {
    if (chosen.length === most) break
    if (!chosen.some((other) => other.wording === ask.wording && other.slots?.x === ask.slots?.x)) chosen.push(ask)
  }
  return chosen.map((ask) => phrase(random, ask))
}

/** A yes/no fact. */
export function yesNo(kind: string, wording: Wording, x: string, yes: boolean, ifYes: string, ifNo: string): Ask {
  return { kind, wording, slots: { x }, answer: yes ? 'yes' : 'no', sentence: yes ? `Yes, ${ifYes}.` : `No, ${ifNo}.` }
}

/**
 * A question about something the picture has not got. The answer names it, so that no constant answer is right
 * everywhere; only counts may be 0.
 */
export function absent(wording: Wording, missing: string, slots?: { x?: string; y?: string }, plural = false): Ask {
  const sentence = plural ? `There are no ${missing}.` : `There is no ${missing}.`
  const counts = wording.startsWith('count-')
  const ask: Ask = {
    kind: 'absent',
    wording,
    answer: sentence,
    word: counts ? '0' : `no ${missing}`,
    accepted: [sentence.slice(0, -1), `no ${missing}`, ...(counts ? ['0', 'zero'] : [])],
    sentence,
  }
  if (slots !== undefined) ask.slots = slots
  return ask
}

/** Asks for the caption. */
export function captioned(caption: string, wording: 'caption' | 'caption-several' | 'caption-clip' = 'caption'): Ask {
  return { kind: 'caption', wording, answer: caption, sentence: caption }
}

/** Asks for the colour of `x`, which sentences call `subject`. */
export function coloured(kind: string, wording: Wording, x: string, colour: ColourName, subject = `The ${x}`): Ask {
  return {
    kind,
    wording,
    slots: { x },
    answer: colour,
    accepted: colourSpellings(colour),
    sentence: `${subject} is ${colour}.`,
  }
}

const NUMBERS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine', 'ten']

/** A count, given in digits; the word is accepted too. `noun` is singular and plural. */
export function counted(
  kind: string,
  wording: Wording,
  count: number,
  noun: readonly [string, string],
  tail = '',
  slots?: { x?: string },
): Ask {
  const word = NUMBERS[count]
  const ask: Ask = {
    kind,
    wording,
    answer: String(count),
    accepted: [...(word === undefined ? [] : [word]), ...(count === 0 ? ['none', 'no'] : [])],
    sentence: count === 1 ? `There is 1 ${noun[0]}${tail}.` : `There are ${count} ${noun[1]}${tail}.`,
  }
  if (slots !== undefined) ask.slots = slots
  return ask
}

/** "a" or "an" before a noun phrase. */
export function article(noun: string): string {
  return /^[aeio]|^u(?!ni|se|til)/i.test(noun) ? 'an' : 'a'
}

/** A noun phrase with its article, "an orange circle"; plurals have none. */
export function indefinite(noun: string): string {
  if (/[^su]s$/.test(noun)) return noun
  return `${article(noun)} ${noun}`
}

/** Fills the slots, with "an" for "a" where the filling asks for it. */
function filled(wording: string, slots: { x?: string; y?: string }): string {
  return wording.replace(/(\ba )?\{([xy])\}/g, (_, before: string | undefined, slot: 'x' | 'y') => {
    const text = slots[slot] ?? ''
    return before === undefined ? text : indefinite(text)
  })
}

/** Typing habits: capitals and question marks left away, a polite or pointing opening. */
function typed(random: Random, question: string): string {
  const habit = random.next()
  if (habit < 0.1) return question.toLowerCase()
  if (habit < 0.16) return question.replace(/[?.]$/, '')
  if (habit < 0.22) return question.toLowerCase().replace(/[?.]$/, '')
  if (habit < 0.27 && /^[A-Z]/.test(question))
    return `${random.pick(['Look at the picture.', 'Look closely.', 'Hi!', 'Please tell me:', 'Quick question:', 'In this picture:'])} ${question}`
  return question
}
