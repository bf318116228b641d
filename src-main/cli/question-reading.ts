import { AnswerReading, type GivenText } from '../core/answer-reading.ts'
import { dataFolder } from '../core/data-folder.ts'
import type { Models } from '../core/models.ts'
import { inferenceEntry } from '../core/program-folder.ts'
import { Reading } from '../core/reading.ts'
import { Settings } from '../core/settings.ts'
import { ForkHost } from '../inference/fork-host.ts'
import type { Message, PictureInput } from '../inference/protocol.ts'
import type { TextFlags } from './option-values.ts'

/** Text in the pictures of a command's questions, by its flag or as the settings say. Close it at the end. */
export class QuestionReading {
  readonly #flag: TextFlags['text']
  readonly #isOff: boolean
  readonly #reading: Reading
  readonly #answers: AnswerReading

  constructor({ text, threads }: TextFlags & { threads: number }) {
    const settings = new Settings(dataFolder().settings)
    this.#flag = text
    this.#isOff = (text ?? settings.get('reading.inAnswers')) === 'off'
    this.#reading = new Reading({ host: new ForkHost(inferenceEntry), threads })
    this.#answers = new AnswerReading(this.#reading, settings, text)
  }

  /** To be called as soon as the pictures are known: they are read while the model loads, or the person types. */
  begin(pictures: readonly PictureInput[]): void {
    if (!this.#isOff) for (const picture of pictures) this.#reading.begin(picture)
  }

  /**
   * The conversation with the text in its pictures. Only where the flag demands text does it wait for all of it. What the
   * last question has to do without is told on stderr.
   */
  async aid(
    messages: readonly Message[],
    models: Models,
    signal: AbortSignal,
  ): Promise<{ messages: Message[]; given: GivenText | undefined }> {
    if (this.#flag === 'on') {
      const pictures = messages.flatMap(({ parts }) => parts.flatMap((part) => ('picture' in part ? part.picture : [])))
      await Promise.all(pictures.map((picture) => this.#reading.read(picture, { signal }).catch(() => {})))
    }
    const aided = await this.#answers.aidFor(messages, models.state, signal)
    if (aided.given && !signal.aborted) reportMissing(aided.given)
    return aided
  }

  close(): Promise<void> {
    return this.#reading.close()
  }
}

function reportMissing({ late, failed }: GivenText): void {
  const of = (count: number) => (count === 1 ? 'a picture' : `${count} pictures`)
  if (late > 0) console.error(`owl: The text in ${of(late)} was not read in time. --text on waits for it.`)
  if (failed > 0) console.error(`owl: The text in ${of(failed)} could not be read.`)
}
