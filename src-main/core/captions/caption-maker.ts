import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { GenerateOptions } from '../../inference/client.ts'
import { type GenerationRequest, type GenerationResult, greedy, type PictureInput } from '../../inference/protocol.ts'
import type { CaptionAnswer, CaptionItemRow, CaptionStore, DecidedCaption } from '../../storage/caption-store.ts'
import { userMessage } from '../messages.ts'
import { maxPictureBytes } from '../pictures.ts'
import { type CaptionSettings, captionPrompts } from './caption-settings.ts'
import { fillTemplate, type TemplateValues, templateValues } from './caption-template.ts'
import { finishCaption, joinCaptions } from './caption-text.ts'
import type { CaptionWriter } from './caption-writer.ts'

/** What answers: the model that is loaded. */
export interface CaptionModel {
  generate(request: GenerationRequest, options: GenerateOptions): Promise<GenerationResult>
}

/** Makes the captions of one job, one picture at a time, as many at once as it is asked to. */
export class CaptionMaker {
  readonly #store: CaptionStore
  readonly #writer: CaptionWriter
  readonly #settings: CaptionSettings
  readonly #model: CaptionModel
  /** Answers on their way, by key: the same picture under another name waits for it. */
  readonly #underWay = new Map<string, Promise<CaptionAnswer>>()

  constructor(parts: { store: CaptionStore; writer: CaptionWriter; settings: CaptionSettings; model: CaptionModel }) {
    this.#store = parts.store
    this.#writer = parts.writer
    this.#settings = parts.settings
    this.#model = parts.model
  }

  /**
   * Captions a waiting item and writes what came out, or skips it.
   * @returns whether the model was asked
   * @throws OwlError of the picture, of the place of its caption, of the model; `cancelled` leaves the item waiting
   */
  async make(item: CaptionItemRow, signal: AbortSignal): Promise<boolean> {
    await this.#writer.check(item)
    const { existing } = this.#settings
    const before = item.is_again ? item.before : ((await this.#writer.existing(item)) ?? null)
    if (before !== null && existing === 'skip' && !item.is_again) {
      this.#store.skip(item.id, before)
      return false
    }
    const { picture, values } = await this.#read(item)
    const prompt = fillTemplate(this.#settings.prompt || captionPrompts[this.#settings.style], values)
    const key = createHash('sha256').update(`${picture.hash}\n${prompt}`).digest('hex')
    const known = this.#store.answerTo(item.job, key) ?? this.#underWay.get(key)
    const asked = known ?? this.#generate(picture, prompt, signal)
    if (asked instanceof Promise) this.#underWay.set(key, asked)
    let decided: DecidedCaption
    try {
      const { answer, scenes } = await asked
      const caption = this.#combine(before, finishCaption(answer, this.#settings, values))
      decided = { key, answer, before, caption, scenes }
      this.#store.decide(item.id, decided)
    } finally {
      // Only now can the answer be found in the queue.
      this.#underWay.delete(key)
    }
    await this.#writer.write({ ...item, ...decided })
    return known === undefined
  }

  #combine(before: string | null, made: string): string {
    const { existing, style } = this.#settings
    if (before === null || existing === 'overwrite' || existing === 'skip') return made
    return existing === 'append' ? joinCaptions(before, made, style) : joinCaptions(made, before, style)
  }

  async #generate(picture: PictureInput, prompt: string, signal: AbortSignal): Promise<CaptionAnswer> {
    const { maxTokens } = this.#settings
    const request = { messages: [userMessage([picture], prompt)], sampling: { ...greedy, maxTokens } }
    const { text, finish } = await this.#model.generate(request, { signal })
    if (finish === 'cancelled') throw new OwlError('cancelled', 'The caption was stopped.')
    return { answer: text, scenes: null }
  }

  async #read({ path, root }: CaptionItemRow): Promise<{ picture: PictureInput; values: TemplateValues }> {
    const name = basename(path)
    const bytes = await readPictureFile(path)
    const { inspectPicture } = await import('../../../native-models/mplug-owl2/picture.ts')
    const size = await inspectPicture({ bytes }, name)
    const hash = createHash('sha256').update(bytes).digest('hex')
    // The model's process reads the file itself: many are on their way at once, and not all are small.
    return { picture: { hash, name, source: { path } }, values: templateValues(path, root, size) }
  }
}

async function readPictureFile(path: string): Promise<Uint8Array> {
  try {
    const { size } = await stat(path)
    if (size > maxPictureBytes) {
      throw new OwlError('picture-too-large', `${path} has ${Math.ceil(size / 2 ** 20)} MiB; at most 64 MiB are taken.`)
    }
    return await readFile(path)
  } catch (thrown) {
    if (thrown instanceof OwlError) throw thrown
    const { code } = thrown as NodeJS.ErrnoException
    const why = path.includes('\uFFFD') ? 'its name is not valid text on this system' : readErrors[code ?? '']
    throw new OwlError('picture-not-found', `${path} cannot be read: ${why ?? code}.`, {
      hint: 'Check that the file is still there and may be read.',
      cause: thrown,
    })
  }
}

const readErrors: Record<string, string> = {
  ENOENT: 'it is no longer there',
  EACCES: 'you are not allowed to',
  EPERM: 'you are not allowed to',
  ELOOP: 'its link leads in a circle',
  EISDIR: 'it is a folder',
}
