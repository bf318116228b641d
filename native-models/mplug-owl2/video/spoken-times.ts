import type { VideoRange } from './frame-sampling.ts'

/** A place in an answer that names a moment. */
export interface NamedMoment {
  /** Where in the text, from and to. */
  from: number
  to: number
  seconds: number
}

/** Seconds around a moment that a question about it looks at. */
const around = 2

const clock = String.raw`(?:(?:\d{1,2}:)?\d{1,2}:\d{2}(?:\.\d+)?)(?![\d:])`
const spelled = String.raw`\d+(?:\.\d+)?\s*(?:(?:seconds?|secs?|s|minutes?|mins?)(?![\p{L}])|秒钟?|分钟?)`
const moment = String.raw`(?<![\d:.])(?:${clock}|(?:\d+\s*(?:minutes?|mins?|分钟?)\s*)?${spelled})`
/** "at 12 s", "0:42", "第 12 秒"; a plain number of seconds ("for 3 seconds") names no moment. */
const asked = new RegExp(
  String.raw`(?<![\d:.])${clock}|(?:\b(?:at|around|after|from|between|to|until|and|near)\s+|第\s*)${moment}|${moment}\s*(?=处|时)`,
  'giu',
)

/** The times that a question names, in seconds. */
export function askedTimes(question: string): number[] {
  return [...question.matchAll(asked)].map(([text]) => secondsOf(text))
}

/**
 * The stretch of a video that a question names: "what happens at 0:42", "between 10 s and 0:20".
 * @returns nothing where it names none inside of the video
 */
export function askedRange(question: string, duration: number): VideoRange | undefined {
  const times = askedTimes(question).filter((time) => time <= duration)
  if (times.length === 0) return undefined
  const start = Math.min(...times)
  const end = Math.max(...times)
  if (end > start) return { start, end }
  return { start: Math.max(0, start - around), end: Math.min(duration, start + around) }
}

const ordinals: Record<string, number> = {
  first: 1,
  second: 2,
  third: 3,
  fourth: 4,
  fifth: 5,
  sixth: 6,
  seventh: 7,
  eighth: 8,
  last: -1,
}
const numerals = '一二三四五六七八九十'
const namedFrame = new RegExp(
  String.raw`\bframes?\s+#?(\d{1,3})\b|\b(${Object.keys(ordinals).join('|')}|\d{1,3}(?:st|nd|rd|th))\s+(?:frame|picture|image)\b|第\s*([${numerals}]|\d{1,3})\s*[帧幅张]`,
  'giu',
)
const namedTime = new RegExp(`${asked.source}`, 'giu')

/**
 * Times and frames that an answer names, in its order.
 * @param frames times of the frames that the model was shown, seconds
 */
export function namedMoments(answer: string, frames: readonly number[], duration: number): NamedMoment[] {
  const times = [...answer.matchAll(namedTime)].flatMap((match) => {
    const text = match[0]
    const lead = text.length - text.replace(/^\D+/, '').length
    const seconds = secondsOf(text)
    if (seconds > duration) return []
    return [{ from: match.index + lead, to: match.index + text.trimEnd().length, seconds }]
  })
  const named = [...answer.matchAll(namedFrame)].flatMap((match) => {
    const seconds = frames.at(frameIndex(match))
    return seconds === undefined ? [] : [{ from: match.index, to: match.index + match[0].length, seconds }]
  })
  return [...times, ...named].sort((a, b) => a.from - b.from)
}

/** 72.5 -> "1:12". */
export function clockTime(seconds: number): string {
  const whole = Math.floor(seconds)
  const part = (value: number) => String(value).padStart(2, '0')
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60]
  return hours > 0 ? `${hours}:${part(minutes)}:${part(rest)}` : `${minutes}:${part(rest)}`
}

/** "1:02:03", "0:42", "42 s", "1 min 5 s", with whatever stands before. @returns seconds, NaN where it is none */
export function secondsOf(text: string): number {
  const written = /(?:(\d{1,2}):)?(\d{1,2}):(\d{2}(?:\.\d+)?)/.exec(text)
  if (written) return Number(written[1] ?? 0) * 3600 + Number(written[2]) * 60 + Number(written[3])
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)\s*(m|分)?/giu)]
  if (parts.length === 0) return Number.NaN
  return parts.reduce((sum, [, value, minutes]) => sum + Number(value) * (minutes ? 60 : 1), 0)
}

/** From 0; -1 is the last. Out of range for "frame 0". */
function frameIndex([, number, word, chinese]: RegExpMatchArray): number {
  if (chinese) {
    const value = numerals.includes(chinese) ? numerals.indexOf(chinese) + 1 : Number(chinese)
    return value > 0 ? value - 1 : Number.MAX_SAFE_INTEGER
  }
  const ordinal = word ? (ordinals[word.toLowerCase()] ?? Number.parseInt(word, 10)) : Number(number)
  if (ordinal === -1) return -1
  return ordinal > 0 ? ordinal - 1 : Number.MAX_SAFE_INTEGER
}
