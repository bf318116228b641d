import { createHash } from 'node:crypto'
import { readFile, stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { defaultFrames, mostFrames } from '../../../native-models/mplug-owl2/video/frame-sampling.ts'
import { OwlError } from '../../../native-models/owl-error.ts'
import type { GenerateOptions } from '../../inference/client.ts'
import {
  type BatchOutcome,
  type GenerationRequest,
  type GenerationResult,
  greedy,
  type PictureInput,
} from '../../inference/protocol.ts'
import type { CaptionAnswer, CaptionItemRow, CaptionStore, DecidedCaption } from '../../storage/caption-store.ts'
import { userMessage } from '../messages.ts'
import { maxPictureBytes } from '../pictures.ts'
import type { Reading } from '../reading.ts'
import { aidQuestion, automaticConfidence, linesWithin } from '../reading-aid.ts'
import { Videos } from '../videos/videos.ts'
import { AnswerBatch } from './answer-batch.ts'
import { type CaptionSettings, captionPrompts } from './caption-settings.ts'
import { asksFor, fillTemplate, type TemplateValues, templateValues } from './caption-template.ts'
import { finishCaption, joinCaptions } from './caption-text.ts'
import type { CaptionWriter } from './caption-writer.ts'
import type { CaptionedScene } from './subtitles.ts'
import { VideoCaptionSource, type VideoPart } from './video-caption.ts'

/** What answers: the model that is loaded. */
export interface CaptionModel {
  /** Its name, and rows of its context and of one picture; undefined while they are not known. */
  readonly loaded?: { name: string; contextRows: number; pictureRows: number } | undefined
  /** Waits until a model that is on its way is loaded, or has failed to. */
  settled?(): Promise<void>
  generate(request: GenerationRequest, options: GenerateOptions): Promise<GenerationResult>
  /** Several at once, where it can; for each its result or its error. */
  generateTogether?(requests: GenerationRequest[], options: { signal: AbortSignal }): Promise<BatchOutcome[]>
}

/** What looks into files besides the model. */
export interface CaptionSources {
  /** An installed browser or ffmpeg if left out. */
  videos?: Videos | undefined
  /** Without it, no caption can hold the text of a picture. */
  reading?: Pick<Reading, 'readFrames'> | undefined
}

/** Rows of a model's context of which nothing is known yet. */
const usualContext = 2048
/** Part of the context that text in a prompt may take. */
const textShare = 0.25

/** What is to be captioned: a picture is a video of one frame. */
interface Medium {
  hash: string
  parts: VideoPart[]
  values: TemplateValues
}

/** Makes the captions of one job, one picture at a time, as many at once as it is asked to. */
export class CaptionMaker {
  readonly #store: CaptionStore
  readonly #writer: CaptionWriter
  readonly #settings: CaptionSettings
  readonly #model: CaptionModel
  readonly #reading: CaptionSources['reading']
  readonly #answers: AnswerBatch
  readonly #videos: VideoCaptionSource
  /** Answers on their way, by key: the same picture under another name waits for it. */
  readonly #underWay = new Map<string, Promise<CaptionAnswer>>()

  constructor(
    parts: CaptionSources & {
      store: CaptionStore
      writer: CaptionWriter
      settings: CaptionSettings
      model: CaptionModel
    },
  ) {
    this.#store = parts.store
    this.#writer = parts.writer
    this.#settings = parts.settings
    this.#model = parts.model
    this.#reading = parts.reading
    this.#answers = new AnswerBatch(parts.model)
    this.#videos = new VideoCaptionSource(parts.videos ?? new Videos(), () => {
      const { loaded } = parts.model
      return loaded ? mostFrames(loaded.contextRows, loaded.pictureRows) : defaultFrames
    })
  }

  /**
   * Captions a waiting item and writes what came out, or skips it.
   * @returns whether the model was asked, or the picture read for it
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
    // What is asked, and the form in which text is given, depend on the model.
    if (this.#settings.style !== 'text') await this.#model.settled?.()
    const { hash, parts, values } =
      item.kind === 'video' ? await this.#readVideo(item, signal) : await this.#readPicture(item)
    const frames = parts.flatMap((part) => part.frames)
    if (this.#asksForText(item)) values.text = await this.#read(frames, signal)
    const filled = fillTemplate(this.#promptFor(item), { ...values, text: this.#fitting(values.text) })
    const prompt = this.#isAided(item) ? await this.#aided(filled, frames, signal) : filled
    const key = createHash('sha256').update(`${hash}\n${prompt}`).digest('hex')
    const known = this.#store.answerTo(item.job, key) ?? this.#underWay.get(key)
    const asked = known ?? this.#answer(item, parts, prompt, signal)
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

  /** Prompts speak of an image; of a video they speak as of one. Where only text is wanted, empty. */
  #promptFor({ kind }: CaptionItemRow): string {
    const { prompt, style } = this.#settings
    if (style === 'text') return ''
    const words = captionPrompts(this.#model.loaded?.name)[style]
    return prompt || (kind === 'video' ? words.replace(/image|picture/, 'video') : words)
  }

  async #answer(
    { kind }: CaptionItemRow,
    parts: readonly VideoPart[],
    prompt: string,
    signal: AbortSignal,
  ): Promise<CaptionAnswer> {
    if (kind !== 'video' || this.#settings.videos !== 'scenes') {
      return { answer: await this.#say(parts[0]!.frames, prompt, signal), scenes: null }
    }
    const scenes: CaptionedScene[] = []
    for (const { start, end, frames } of parts) {
      scenes.push({ start, end, caption: finishCaption(await this.#say(frames, prompt, signal), this.#settings) })
    }
    return { answer: scenes.map(({ caption }) => caption).join('\n'), scenes: JSON.stringify(scenes) }
  }

  /** The prompt with what was read in the picture, as a question in the chat has it; without it where reading fails. */
  async #aided(prompt: string, pictures: readonly PictureInput[], signal: AbortSignal): Promise<string> {
    const frames = pictures.map((picture) => ({ picture }))
    const job = { signal, keep: false, leastConfidence: automaticConfidence }
    const texts = await this.#reading!.readFrames(frames, job).catch((thrown) => {
      if (OwlError.from(thrown).code === 'cancelled') throw thrown
      return []
    })
    const lines = texts.flatMap(({ text }) => text.split('\n'))
    return aidQuestion(prompt, lines, this.#model.loaded?.name ?? '', this.#textRows).question
  }

  /** A prompt that names the text itself gets it there. */
  #isAided(item: CaptionItemRow): boolean {
    const { withText, style } = this.#settings
    return this.#reading !== undefined && withText && style !== 'text' && !asksFor(this.#promptFor(item), 'text')
  }

  #asksForText(item: CaptionItemRow): boolean {
    const { prefix, suffix } = this.#settings
    return [prefix, suffix, this.#promptFor(item)].some((template) => asksFor(template, 'text'))
  }

  /** Text that a prompt takes: as many lines as leave the model room for the picture and an answer. */
  #fitting(text: string): string {
    return linesWithin(text.split('\n'), this.#textRows).join('\n')
  }

  get #textRows(): number {
    return textShare * (this.#model.loaded?.contextRows ?? usualContext)
  }

  #say(pictures: readonly PictureInput[], prompt: string, signal: AbortSignal): Promise<string> {
    return this.#settings.style === 'text' ? this.#read(pictures, signal) : this.#generate(pictures, prompt, signal)
  }

  /** What is written in a picture, or in frames; the queue keeps it, so that the person's search need not. */
  async #read(pictures: readonly PictureInput[], signal: AbortSignal): Promise<string> {
    if (!this.#reading) throw new OwlError('reader-missing', 'Nothing reads text in pictures here.')
    const frames = pictures.map((picture) => ({ picture }))
    const texts = await this.#reading.readFrames(frames, { signal, keep: false })
    return texts.map(({ text }) => text).join('\n')
  }

  async #generate(pictures: readonly PictureInput[], prompt: string, signal: AbortSignal): Promise<string> {
    const { maxTokens } = this.#settings
    const request = { messages: [userMessage(pictures, prompt)], sampling: { ...greedy, maxTokens } }
    const { text, finish } = await this.#answers.generate(request, signal)
    if (finish === 'cancelled') throw new OwlError('cancelled', 'The caption was stopped.')
    return text
  }

  async #readVideo({ path, root }: CaptionItemRow, signal: AbortSignal): Promise<Medium> {
    const { hash, width, height, parts } = await this.#videos.read(path, this.#settings.videos === 'scenes', signal)
    return { hash, parts, values: templateValues(path, root, { width, height }) }
  }

  async #readPicture({ path, root }: CaptionItemRow): Promise<Medium> {
    const name = basename(path)
    const bytes = await readPictureFile(path)
    const { inspectPicture } = await import('../../../native-models/mplug-owl2/picture.ts')
    const size = await inspectPicture({ bytes }, name)
    const hash = createHash('sha256').update(bytes).digest('hex')
    // The model's process reads the file itself: many are on their way at once, and not all are small.
    const picture = { hash, name, source: { path } }
    return { hash, parts: [{ start: 0, end: 0, frames: [picture] }], values: templateValues(path, root, size) }
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
