import type { CaptionSettings } from './caption-settings.ts'
import { fillTemplate, type TemplateValues } from './caption-template.ts'
import { withoutForbidden } from './forbidden-words.ts'

/**
 * From a model's answer, or what was read, to a caption as the settings want it: tags or text, forbidden words, length,
 * ends.
 * @param values of the templates at both ends; without them, the caption alone
 */
export function finishCaption(answer: string, settings: CaptionSettings, values?: TemplateValues): string {
  const { style } = settings
  const finish = style === 'tags' ? finishTags : style === 'text' ? finishRead : finishText
  const body = finish(answer, settings)
  return values ? `${fillTemplate(settings.prefix, values)}${body}${fillTemplate(settings.suffix, values)}` : body
}

/** A caption beside one that was there already. */
export function joinCaptions(first: string, second: string, style: CaptionSettings['style']): string {
  const parts = [first.trim(), second.trim()].filter((part) => part !== '')
  return parts.join(style === 'tags' ? ', ' : style === 'text' ? '\n' : ' ')
}

function finishText(answer: string, { forbidden, length }: CaptionSettings): string {
  const text = answer.replace(/[\s\p{Cc}]+/gu, ' ').trim()
  return shorten(withoutForbidden(text, forbidden), length)
}

/** Lines stay lines. */
function finishRead(text: string, { forbidden, length }: CaptionSettings): string {
  const lines = text.split('\n').map((line) => withoutForbidden(line.replace(/\p{Cc}+/gu, ' '), forbidden).trim())
  return shorten(lines.filter(Boolean).join('\n'), length)
}

/** Commas, semicolons, lines and their like in other scripts part tags; so do the marks of a list. */
function finishTags(answer: string, { forbidden, length }: CaptionSettings): string {
  const seen = new Set<string>()
  const tags = answer
    .split(/[,，、;；\n]+/)
    .map((tag) =>
      withoutForbidden(tag, forbidden)
        .replace(/^\s*(?:[-*•]|\d+[.)])\s+/, '')
        .replace(/\s+/g, ' ')
        .replace(/[\s.。]+$/u, '')
        .replace(/^\s*["“](.*)["”]$/u, '$1')
        .trim(),
    )
    .filter((tag) => {
      const key = tag.toLowerCase()
      if (key === '' || seen.has(key)) return false
      seen.add(key)
      return true
    })
  return (length > 0 ? tags.slice(0, length) : tags).join(', ')
}

/** Whole sentences as far as they fit into the length, else the first sentence cut between two words. */
function shorten(text: string, words: number): string {
  if (words === 0) return text
  const segments = [...wordSegmenter.segment(text)]
  const starts = segments.filter(({ isWordLike }) => isWordLike)
  if (starts.length <= words) return text
  const cut = text.slice(0, starts[words]!.index)
  const sentences = [...sentenceSegmenter.segment(text)].map(({ segment, index }) => index + segment.length)
  const whole = sentences.findLast((end) => end <= cut.length)
  return whole === undefined ? cut.replace(/[\s\p{P}]+$/u, '') : text.slice(0, whole).trim()
}

const wordSegmenter = new Intl.Segmenter(undefined, { granularity: 'word' })
const sentenceSegmenter = new Intl.Segmenter(undefined, { granularity: 'sentence' })
