import type { PictureText } from '../../native-models/text-reader/text-reader.ts'
import type { Message, MessagePart, PictureInput } from '../inference/protocol.ts'
import type { ModelState } from './models.ts'
import type { Reading } from './reading.ts'
import { aidQuestion, automaticConfidence } from './reading-aid.ts'
import type { Settings } from './settings.ts'
import type { SettingsValues } from './settings-list.ts'

/** What of the text in the pictures of a question went to the model. */
export interface GivenText {
  /** As it was given, line by line. */
  lines: string[]
  /** Lines that were read; the rest did not fit. */
  readLines: number
  /** Pictures whose text was not there in time, and whose text could not be read. */
  late: number
  failed: number
}

/** The model that answers. */
export interface AnsweringModel {
  name: string
  contextRows: number
}

/** Whether text goes with a question, as in the settings. */
export type ReadingMode = SettingsValues['reading.inAnswers']

/** Rows that a model holds of which it is not known yet. */
const usualContext = 2048
/** Automatically, text is given up to this share of what the model holds. */
const automaticShare = 0.25

/** Puts the text in pictures into the conversation that goes to a model. */
export class AnswerReading {
  readonly #reading: Reading
  readonly #settings: Settings
  readonly #mode: ReadingMode | undefined

  /** @param mode counts before the settings */
  constructor(reading: Reading, settings: Settings, mode?: ReadingMode) {
    this.#reading = reading
    this.#settings = settings
    this.#mode = mode
  }

  /** The same as `aid`, for the model that is loaded or being loaded. */
  async aidFor(messages: readonly Message[], model: ModelState, signal?: AbortSignal) {
    if (model.state === 'none') return { messages: [...messages], given: undefined }
    const contextRows = model.state === 'ready' ? model.contextRows : usualContext
    return this.aid(messages, { name: model.name, contextRows }, signal)
  }

  /**
   * The conversation with the text of its pictures beside each question, and what of it belongs to the last one. Waits
   * for pictures that are being read no longer than `Reading.readForAnswer` does; never fails because of them.
   */
  async aid(
    messages: readonly Message[],
    model: AnsweringModel,
    signal?: AbortSignal,
  ): Promise<{ messages: Message[]; given: GivenText | undefined }> {
    const mode = this.#mode ?? this.#settings.get('reading.inAnswers')
    const pictures = messages.flatMap(({ parts }) => picturesOf(parts))
    if (mode === 'off' || pictures.length === 0) return { messages: [...messages], given: undefined }
    const unique = [...new Map(pictures.map((picture) => [picture.hash, picture])).values()]
    const readings = new Map(
      (await this.#reading.readForAnswer(unique, signal)).map((reading) => [reading.picture.hash, reading]),
    )
    const wanted = this.#settings.get('reading.rows')
    const rows = mode === 'on' ? wanted : Math.min(wanted, automaticShare * model.contextRows)
    const lastQuestion = messages.findLastIndex(({ role }) => role === 'user')
    let given: GivenText | undefined
    const aided = messages.map((message, at) => {
      const own = picturesOf(message.parts).map(({ hash }) => readings.get(hash)!)
      if (message.role !== 'user' || own.length === 0) return message
      const lines = own.flatMap(({ text }) => (text ? textLines(text, mode) : []))
      const texts = message.parts.flatMap((part) => (part.type === 'text' ? [part.text] : []))
      const { question, given: fitting } = aidQuestion(texts.join('\n'), lines, model.name, rows)
      if (at === lastQuestion) {
        given = {
          lines: fitting,
          readLines: lines.length,
          late: own.filter(({ missing }) => missing === 'late').length,
          failed: own.filter(({ missing }) => missing === 'failed').length,
        }
      }
      return { ...message, parts: [...message.parts.filter(isPicture), { type: 'text' as const, text: question }] }
    })
    return { messages: aided, given }
  }
}

function isPicture(part: MessagePart): part is Extract<MessagePart, { type: 'picture' }> {
  return part.type === 'picture'
}

function picturesOf(parts: readonly MessagePart[]): PictureInput[] {
  return parts.filter(isPicture).map(({ picture }) => picture)
}

function textLines({ lines }: PictureText, mode: 'automatic' | 'on'): string[] {
  return lines.filter(({ confidence }) => mode === 'on' || confidence >= automaticConfidence).map(({ text }) => text)
}
