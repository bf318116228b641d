import type { z } from 'zod'
import { OwlError } from '../../native-models/owl-error.ts'
import { appInfo } from '../core/app-info.ts'
import type { Assistant } from '../core/assistant.ts'
import type { Chats } from '../core/chats.ts'
import { type CallInput, type CallName, type CallOutput, calls, type EventName, type EventPayload } from './contract.ts'

export type Emit = <N extends EventName>(name: N, payload: EventPayload<N>) => void

type Handlers = {
  [N in CallName]: (input: z.output<(typeof calls)[N]['input']>) => CallOutput<N> | Promise<CallOutput<N>>
}

/**
 * One window's side of the contract in main, whatever carries its messages: checks what comes in, calls core, and
 * sends the events that concern this window.
 */
export class WindowSession {
  readonly #handlers: Handlers
  readonly #chats: Chats
  readonly #unsubscribe: () => void

  /** Sends the state of the model at once, so that a window that came back is up to date. */
  constructor(assistant: Assistant, shell: CallOutput<'app.info'>['shell'], emit: Emit) {
    const { library, models, pictures } = assistant
    const chats = assistant.openChats({
      progress: (requestId, progress) => emit('answer.progress', { requestId, ...progress }),
      text: (requestId, text) => emit('answer.text', { requestId, text }),
      finished: (requestId, { finish, stats }) => emit('answer.finished', { requestId, finish, stats }),
      failed: (requestId, error) => emit('answer.failed', { requestId, error: error.toMessage() }),
    })
    this.#chats = chats
    this.#unsubscribe = models.onChange((state) => emit('models.changed', state))
    emit('models.changed', models.state)
    this.#handlers = {
      'app.info': () => ({ ...appInfo, shell }),
      'models.list': () => library.list(),
      'models.state': () => models.state,
      'models.load': ({ name }) => models.load(name),
      'pictures.add': ({ name, bytes }) => pictures.add(name, bytes),
      'chats.ask': (request) => {
        chats.ask(request)
        return {}
      },
      'chats.stop': ({ requestId }) => {
        chats.stop(requestId)
        return {}
      },
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
      throw OwlError.from(thrown)
    }
  }

  /** The window is gone: its answers are stopped. */
  close(): void {
    this.#unsubscribe()
    this.#chats.close()
  }
}

function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name)
}

function firstIssue(error: z.ZodError): string {
  const issue = error.issues[0]
  return issue ? `${issue.path.join('.') || 'input'}: ${issue.message}` : 'invalid input'
}
