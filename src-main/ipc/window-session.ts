import type { z } from 'zod'
import { OwlError } from '../../native-models/owl-error.ts'
import type { Assistant } from '../core/assistant.ts'
import type { Chats } from '../core/chats.ts'
import type { Log } from '../core/log.ts'
import { VideoQuestions } from '../core/videos/video-questions.ts'
import { type CallInput, type CallName, type CallOutput, calls } from './contract.ts'
import { appHandlers } from './handlers/app.ts'
import { captionHandlers } from './handlers/captions.ts'
import { captureHandlers } from './handlers/capture.ts'
import { chatHandlers } from './handlers/chats.ts'
import { deviceHandlers } from './handlers/devices.ts'
import { folderHandlers } from './handlers/folder.ts'
import type { Emit, Handlers } from './handlers/handlers.ts'
import { historyHandlers } from './handlers/history.ts'
import { inspectionHandlers } from './handlers/inspection.ts'
import { logHandlers } from './handlers/logs.ts'
import { modelHandlers, tellInstalls } from './handlers/models.ts'
import { pictureHandlers } from './handlers/pictures.ts'
import { readingHandlers } from './handlers/reading.ts'
import { serverHandlers } from './handlers/server.ts'
import { settingsHandlers } from './handlers/settings.ts'
import { videoHandlers } from './handlers/videos.ts'

/**
 * One window's side of the contract in main, whatever carries its messages: checks what comes in, calls core, and
 * sends the events that concern this window.
 */
export class WindowSession {
  readonly #handlers: Handlers
  readonly #log: Log
  readonly #chats: Chats
  readonly #videoQuestions: VideoQuestions
  readonly #subscriptions: (() => void)[]
  #isClosed = false

  /** Sends the state of the model at once, so that a window that came back is up to date. */
  constructor(assistant: Assistant, shell: CallOutput<'app.info'>['shell'], emit: Emit) {
    const { models, settings, captures, localServer } = assistant
    const chats = assistant.openChats({
      progress: (requestId, progress) => emit('answer.progress', { requestId, ...progress }),
      reading: (requestId, given) => emit('answer.reading', { requestId, ...given }),
      text: (requestId, text) => emit('answer.text', { requestId, text }),
      finished: (requestId, { finish, stats }, keptFrom) =>
        emit('answer.finished', { requestId, finish, stats, keptFrom }),
      failed: (requestId, error) => emit('answer.failed', { requestId, error: error.toMessage() }),
    })
    this.#chats = chats
    this.#videoQuestions = new VideoQuestions(models, assistant.pictures, assistant.reading, {
      seeing: (requestId, done, total) => emit('video.seeing', { requestId, done, total }),
      text: (requestId, text) => emit('video.text', { requestId, text }),
      finished: (requestId, stats) => emit('video.finished', { requestId, stats }),
      failed: (requestId, error) => emit('video.failed', { requestId, error: error.toMessage() }),
    })
    this.#subscriptions = [
      models.onChange((state) => emit('models.changed', state)),
      settings.onChange((values) => emit('settings.changed', values)),
      localServer.onChange((state) => emit('server.changed', state)),
      tellInstalls(assistant, emit),
      captures.onTaken(() => emit('capture.taken', {})),
    ]
    void this.#followCaptions(assistant, emit)
    void this.#followHistory(assistant, emit)
    emit('models.changed', models.state)
    this.#log = assistant.log
    this.#handlers = {
      ...appHandlers(shell),
      ...deviceHandlers(assistant),
      ...logHandlers(assistant),
      ...modelHandlers(assistant, emit),
      ...pictureHandlers(assistant),
      ...readingHandlers(assistant),
      ...chatHandlers(assistant, chats),
      ...historyHandlers(assistant, emit),
      ...inspectionHandlers(chats),
      ...settingsHandlers(assistant, shell),
      ...serverHandlers(assistant),
      ...captureHandlers(assistant),
      ...captionHandlers(assistant),
      ...folderHandlers(assistant, emit),
      ...videoHandlers(this.#videoQuestions),
    }
  }

  /**
   * Answers a call of the window.
   * @throws OwlError `request-invalid` for a call that is not in the contract or an input that its schema refuses,
   * and whatever core throws, always as an OwlError
   */
  async call(name: string, input: unknown): Promise<unknown> {
    if (!isCallName(name)) throw new OwlError('request-invalid', `There is no call named ${JSON.stringify(name)}.`)
    const parsed = calls[name].input.safeParse(input)
    if (!parsed.success) throw new OwlError('request-invalid', `${name}: ${firstIssue(parsed.error)}.`)
    try {
      const handler = this.#handlers[name] as (input: CallInput<CallName>) => unknown
      return await handler(parsed.data)
    } catch (thrown) {
      this.#log.writeError(`${name} failed`, thrown)
      throw OwlError.from(thrown)
    }
  }

  /** A queue that cannot be opened is told of by the calls that need it. */
  async #followCaptions(assistant: Assistant, emit: Emit): Promise<void> {
    const captions = await assistant.captions().catch(() => undefined)
    if (!captions || this.#isClosed) return
    const end = captions.onChange((id) => emit('captions.changed', { id, job: captions.find(id) }))
    this.#subscriptions.push(end)
  }

  /** A database that cannot be opened is told of by the calls that need it. */
  async #followHistory(assistant: Assistant, emit: Emit): Promise<void> {
    const history = await assistant.history().catch(() => undefined)
    if (!history || this.#isClosed) return
    this.#subscriptions.push(history.onChange((chatId) => emit('history.changed', { chatId })))
  }

  /** The window is gone: its answers are stopped. */
  close(): void {
    this.#isClosed = true
    for (const end of this.#subscriptions) end()
    this.#chats.close()
    this.#videoQuestions.close()
  }
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name)
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.') || 'input'}: ${issue.message}` : 'invalid input'
}
