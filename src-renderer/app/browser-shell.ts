import { decode, encode } from '@msgpack/msgpack'
import type {
  CallName,
  CallOutput,
  EventName,
  EventPayload,
  OwlErrorMessage,
  WindowApi,
} from '../../src-main/ipc/contract.ts'
import { windowError } from './error.ts'
import type { ConnectionState, Shell } from './shell.ts'

type Incoming =
  | { id: number; output: unknown }
  | { id: number; error: OwlErrorMessage }
  | { event: EventName; payload: unknown }

interface PendingCall {
  resolve(output: unknown): void
  reject(error: OwlErrorMessage): void
}

interface Options {
  /** Milliseconds before the first attempt to reconnect, and at most; each failure doubles the wait. */
  backOff?: { first: number; most: number }
  WebSocket?: new (url: URL) => WebSocket
}

/**
 * The browser shell's side of the window: calls and events as MessagePack frames over one WebSocket.
 * It connects again by itself; calls under way when the connection breaks reject with `connection-lost`.
 * @param page address of the page, whose cookie the socket shares
 */
export function connectBrowserShell(page: URL, options: Options = {}): Shell {
  const { backOff = { first: 500, most: 5000 }, WebSocket = globalThis.WebSocket } = options
  const address = new URL('socket', page)
  address.protocol = page.protocol === 'https:' ? 'wss:' : 'ws:'
  address.search = ''
  address.hash = ''

  const eventListeners = new Map<EventName, Set<(payload: never) => void>>()
  const connectionListeners = new Set<(state: ConnectionState) => void>()
  const pending = new Map<number, PendingCall>()
  let waiting: Uint8Array<ArrayBuffer>[] = []
  let state: ConnectionState = 'open'
  let socket: WebSocket
  let lastId = 0
  let delay = backOff.first
  let timer: ReturnType<typeof setTimeout> | undefined

  function setState(next: ConnectionState) {
    if (next === state) return
    state = next
    for (const listener of connectionListeners) listener(state)
  }

  function receive(data: ArrayBuffer) {
    const message = decode(data) as Incoming
    if ('event' in message) {
      for (const listener of eventListeners.get(message.event) ?? []) listener(message.payload as never)
      return
    }
    const call = pending.get(message.id)
    pending.delete(message.id)
    if ('error' in message) call?.reject(message.error)
    else call?.resolve(message.output)
  }

  function failPending() {
    waiting = []
    for (const call of pending.values()) call.reject(windowError('connection-lost'))
    pending.clear()
  }

  function connect() {
    clearTimeout(timer)
    const current = new WebSocket(address)
    socket = current
    current.binaryType = 'arraybuffer'
    current.addEventListener('open', () => {
      delay = backOff.first
      setState('open')
      for (const frame of waiting) current.send(frame)
      waiting = []
    })
    current.addEventListener('message', (event) => receive(event.data as ArrayBuffer))
    current.addEventListener('close', () => {
      if (socket !== current) return
      failPending()
      // An attempt that was under way when the refusal became known.
      if (state === 'refused') return
      setState('lost')
      timer = setTimeout(connect, delay)
      delay = Math.min(delay * 2, backOff.most)
      void findRefusal()
    })
  }

  /** A socket does not tell why it was refused; the page's own address does. */
  async function findRefusal() {
    const response = await fetch(page, { method: 'HEAD', cache: 'no-store' }).catch(() => undefined)
    if (response?.status !== 401) return
    clearTimeout(timer)
    setState('refused')
  }

  const api: WindowApi = {
    call<N extends CallName>(call: N, input: unknown) {
      if (state !== 'open') return Promise.reject(windowError('connection-lost'))
      const id = ++lastId
      const frame = encode({ id, call, input }, { ignoreUndefined: true })
      if (socket.readyState === socket.OPEN) socket.send(frame)
      else waiting.push(frame)
      return new Promise<CallOutput<N>>((resolve, reject) => {
        pending.set(id, { resolve: resolve as (output: unknown) => void, reject })
      })
    },
    on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) {
      const listeners = eventListeners.get(name) ?? new Set()
      eventListeners.set(name, listeners.add(listener))
      return () => listeners.delete(listener)
    },
  }

  connect()
  return {
    api,
    onConnection(listener) {
      connectionListeners.add(listener)
      return () => connectionListeners.delete(listener)
    },
    reconnect() {
      if (socket.readyState === socket.CLOSED) connect()
    },
  }
}
