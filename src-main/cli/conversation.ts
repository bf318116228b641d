import { createInterface, type Interface } from 'node:readline'
import { OwlError } from '../../native-models/owl-error.ts'
import { assistantMessage, systemMessage, userMessage } from '../core/messages.ts'
import type { Models } from '../core/models.ts'
import { pictureFromFile } from '../core/pictures.ts'
import type { Message, PictureInput, SamplingOptions } from '../inference/protocol.ts'
import type { QuestionReading } from './question-reading.ts'
import { reportError } from './run-action.ts'

/** A conversation over standard input and output, for `owl chat`. */
export class Conversation {
  readonly #models: Models
  readonly #reading: QuestionReading
  readonly #sampling: SamplingOptions
  readonly #system: Message[]
  /** As they were asked, without text of pictures. */
  #messages: Message[]
  /** Pictures that go with the next question. */
  #pictures: PictureInput[] = []
  #answering: AbortController | undefined

  constructor(models: Models, reading: QuestionReading, sampling: SamplingOptions, system?: string) {
    this.#models = models
    this.#reading = reading
    this.#sampling = sampling
    this.#system = system ? [systemMessage(system)] : []
    this.#messages = [...this.#system]
  }

  /** Ends with /quit, at the end of the input, or with Ctrl-C while nothing is being answered. */
  async run(pictures: PictureInput[], signal: AbortSignal): Promise<void> {
    this.#pictures = pictures
    this.#lookAhead()
    const lines = createInterface({ input: process.stdin, output: process.stdin.isTTY ? process.stdout : undefined })
    // Ctrl-C on a terminal that readline holds; elsewhere it comes as the signal.
    lines.on('SIGINT', () => (this.#answering ? this.#answering.abort() : lines.close()))
    signal.addEventListener('abort', () => {
      this.#answering?.abort()
      lines.close()
    })
    try {
      await this.#converse(lines)
    } finally {
      lines.close()
    }
  }

  async #converse(lines: Interface): Promise<void> {
    lines.setPrompt('> ')
    if (process.stdin.isTTY) lines.prompt()
    for await (const line of lines) {
      const text = line.trim()
      if (text === '/quit') return
      if (text) await this.#take(text)
      if (process.stdin.isTTY) lines.prompt()
    }
  }

  async #take(text: string): Promise<void> {
    try {
      if (text === '/new') this.#messages = [...this.#system]
      else if (text.startsWith('/picture ')) await this.#add(text.slice(9).trim())
      else await this.#ask(text)
    } catch (thrown) {
      const error = OwlError.from(thrown)
      if (error.code !== 'cancelled') reportError(error)
    }
  }

  async #add(path: string): Promise<void> {
    const picture = await pictureFromFile(path)
    this.#pictures.push(picture)
    this.#reading.begin([picture])
    this.#lookAhead()
  }

  /** The model looks at the first pictures while the person types; what goes wrong shows in the answer. */
  #lookAhead(): void {
    const hasPictures = ({ parts }: Message) => parts.some(({ type }) => type === 'picture')
    if (this.#pictures.length === 0 || this.#messages.some(hasPictures)) return
    this.#models.prepare([...this.#messages, userMessage(this.#pictures, '')]).catch(() => {})
  }

  async #ask(text: string): Promise<void> {
    const messages = [...this.#messages, userMessage(this.#pictures, text)]
    this.#answering = new AbortController()
    const { signal } = this.#answering
    try {
      const aided = await this.#reading.aid(messages, this.#models, signal)
      const result = await this.#models.generate(
        { messages: aided.messages, sampling: this.#sampling },
        { signal, onText: (piece) => void process.stdout.write(piece) },
      )
      // A question that failed is not kept, and its pictures wait for the next one.
      this.#messages = [...messages, assistantMessage(result.text)]
      this.#pictures = []
    } finally {
      this.#answering = undefined
      process.stdout.write('\n')
    }
  }
}
