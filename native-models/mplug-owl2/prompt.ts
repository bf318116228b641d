import { Template } from '@huggingface/jinja'
import type { Manifest } from '../install/manifest.ts'
import { OwlError } from '../owl-error.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'

export type PromptPart<Picture> = { type: 'text'; text: string } | { type: 'picture'; picture: Picture }

/** One turn: text and pictures in the order in which the model sees them. */
export interface PromptMessage<Picture> {
  role: 'system' | 'user' | 'assistant'
  parts: PromptPart<Picture>[]
}

export type PromptSegment<Picture> = { kind: 'text'; ids: number[] } | { kind: 'picture'; picture: Picture }

/** Suffix of a question in the form of VQAv2, to be answered in a word or two (mPLUG-Owl2, training and evaluation). */
export const shortAnswerSuffix = '\nAnswer the question using a single word or phrase.'
/** Suffix of a question with lettered choices. */
export const optionLetterSuffix = "\nAnswer with the option's letter from the given choices directly."
/** The instruction for captions. */
export const captionPrompt = 'Provide a one-sentence caption for the provided image.'

/**
 * A conversation as the model reads it: runs of token ids, and pictures where they stand. Text of people is plain
 * text: no control token comes out of it. Text and template between two pictures or control tokens are encoded as one,
 * as the published code does.
 *
 * A last message of the assistant is left open, and the model continues it; otherwise an answer is asked for.
 * @throws OwlError `request-invalid` where there is no message or the template refuses them
 */
export function buildPrompt<Picture>(
  messages: readonly PromptMessage<Picture>[],
  prompt: Manifest['prompt'],
  tokenizer: Tokenizer,
): PromptSegment<Picture>[] {
  const turns: Turn[] = []
  const pictures: Picture[] = []
  for (const { role, parts } of messages) {
    const content = parts.map((part) =>
      part.type === 'text' ? tokenizer.protect(part.text) : pictureMark(pictures.push(part.picture) - 1),
    )
    turns.push({ role, content: content.join('') })
  }
  if (turns.length === 0) throw new OwlError('request-invalid', 'There is no message to answer.')

  const text =
    prompt.form === 'mplug-owl2' ? owlText(turns, prompt, tokenizer) : templateText(turns, prompt.chatTemplate ?? '')
  return segments(text, pictures, prompt.beginTokens, tokenizer)
}

/** A message with its text protected and its pictures marked. */
interface Turn {
  role: 'system' | 'user' | 'assistant'
  content: string
}

/** Half of a surrogate pair on both sides, which no well-formed text has, so that nobody can type one. */
const pictureMark = (picture: number) => `\ud801${picture}\ud801`
const pictureMarks = /\ud801(\d+)\ud801/

/** `USER: question ASSISTANT: answer</s>USER: question ASSISTANT:`, the system text in front. */
function owlText(turns: readonly Turn[], prompt: Manifest['prompt'], tokenizer: Tokenizer): string {
  const end = tokenizer.controlName(prompt.stopTokens[0]!) ?? ''
  const pieces = turns.map(({ role, content }, at) => {
    if (role === 'system') return content === '' ? '' : `${content} `
    if (role === 'user') return `USER: ${content} `
    const open = at === turns.length - 1
    return `ASSISTANT:${content === '' ? '' : ` ${content}`}${open ? '' : end}`
  })
  if (turns.at(-1)!.role !== 'assistant') pieces.push('ASSISTANT:')
  return pieces.join('')
}

/** The checkpoint's own template; an answer to be continued follows the invitation to answer. */
function templateText(turns: readonly Turn[], chatTemplate: string): string {
  const last = turns.at(-1)!
  const unfinished = last.role === 'assistant' ? last.content : ''
  const finished = last.role === 'assistant' ? turns.slice(0, -1) : turns
  try {
    return new Template(chatTemplate).render({ messages: finished, add_generation_prompt: true }) + unfinished
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new OwlError('request-invalid', `The chat template of the model does not take this conversation: ${reason}`, {
      cause,
    })
  }
}

function segments<Picture>(
  text: string,
  pictures: readonly Picture[],
  beginTokens: readonly number[],
  tokenizer: Tokenizer,
): PromptSegment<Picture>[] {
  const found: PromptSegment<Picture>[] = []
  // Split by a captured pattern: text and picture numbers take turns.
  text.split(pictureMarks).forEach((part, at) => {
    if (at % 2 === 1) {
      found.push({ kind: 'picture', picture: pictures[Number(part)]! })
      return
    }
    const ids = at === 0 ? [...beginTokens, ...tokenizer.encode(part)] : tokenizer.encode(part)
    if (ids.length > 0) found.push({ kind: 'text', ids })
  })
  const kept = found.filter((segment) => segment.kind === 'picture').length
  if (kept !== pictures.length) {
    throw new OwlError(
      'request-invalid',
      `The chat template of the model keeps ${kept} of ${pictures.length} pictures.`,
    )
  }
  return found
}
