import { once } from 'node:events'
import { decode, encode } from '@msgpack/msgpack'
import WebSocket from 'ws'
import type { CallInput, CallName, CallOutput, EventName, EventPayload } from '../../../src-main/ipc/contract.ts'

type EventMessage = { [N in EventName]: { event: N; payload: EventPayload<N> } }[EventName]
type Reply = { id: number; output?: unknown; error?: unknown }

/** A window of the browser shell without a browser: speaks the wire as it is, and lets tests speak it wrongly. */
export class WindowClient {
  readonly socket: WebSocket
  readonly events: EventMessage[] = []
  readonly #waiting = new Map<number, { resolve: (output: never) => void; reject: (error: unknown) => void }>()
  readonly #watchers = new Set<() => void>()
  #nextId = 1

  constructor(url: string, headers: Record<string, string>) {
    this.socket = new WebSocket(url, { headers })
    this.socket.on('message', (data: Buffer) => this.#receive(decode(data) as Reply | EventMessage))
  }

  /** Resolves when open; rejects with what the server answered instead. */
  async open(): Promise<this> {
    await once(this.socket, 'open')
    return this
  }

  call<N extends CallName>(name: N, input: CallInput<N>): Promise<CallOutput<N>> {
    return this.callAnything(name, input) as Promise<CallOutput<N>>
  }

  callAnything(call: string, input: unknown): Promise<unknown> {
    const id = this.#nextId++
    this.socket.send(encode({ id, call, input }, { ignoreUndefined: true }))
    return new Promise((resolve, reject) => this.#waiting.set(id, { resolve, reject }))
  }

  /** The first event, come already or to come, that fits. */
  async event<N extends EventName>(name: N, fits: (payload: EventPayload<N>) => boolean = () => true) {
    for (;;) {
      const found = this.events.find((message) => message.event === name && fits(message.payload as EventPayload<N>))
      if (found) return found.payload as EventPayload<N>
      await new Promise<void>((resolve) => this.#watchers.add(resolve))
    }
  }

  async closeCode(): Promise<number> {
    const [code] = await once(this.socket, 'close')
    return code
  }

  close(): void {
    this.socket.close()
  }

  #receive(message: Reply | EventMessage): void {
    if ('event' in message) {
      this.events.push(message)
      for (const wake of this.#watchers) wake()
      this.#watchers.clear()
      return
    }
    const waiting = this.#waiting.get(message.id)
    this.#waiting.delete(message.id)
    if (message.error) waiting?.reject(message.error)
    else waiting?.resolve(message.output as never)
  }
}
