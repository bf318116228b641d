import type { CallInput, CallName, EventName, EventPayload, WindowApi } from '../../src-main/ipc/contract.ts'
import type { ConnectionState, Shell } from '../../src-renderer/app/shell.ts'

type Answers = { [N in CallName]?: (input: CallInput<N>) => unknown }

/**
 * A shell within the test: it keeps the calls that were made, answers as it is told, and lets the test be main.
 * @param answers what calls return or throw; the others return an empty object
 */
export function memoryShell(answers: Answers = {}) {
  const calls: { name: CallName; input: unknown }[] = []
  const eventListeners = new Map<string, Set<(payload: never) => void>>()
  const connectionListeners = new Set<(state: ConnectionState) => void>()
  const api: WindowApi = {
    call: (async (name: CallName, input: never) => {
      calls.push({ name, input })
      if ((name === 'models.list' || name === 'history.folders') && !answers[name]) return []
      if (name === 'models.state' && !answers[name]) return readyModel
      if (name === 'history.list' && !answers[name]) return { chats: [] }
      if (name === 'capture.collect' && !answers[name]) return { pictures: [] }
      return answers[name]?.(input) ?? {}
    }) as WindowApi['call'],
    on(name, listener) {
      const listeners = eventListeners.get(name) ?? new Set()
      eventListeners.set(name, listeners.add(listener as (payload: never) => void))
      return () => listeners.delete(listener as (payload: never) => void)
    },
  }
  const shell: Shell = {
    api,
    onConnection(listener) {
      connectionListeners.add(listener)
      return () => connectionListeners.delete(listener)
    },
    reconnect: () => {},
  }
  return {
    shell,
    callsOf: <N extends CallName>(name: N) =>
      calls.filter((call) => call.name === name).map((call) => call.input as CallInput<N>),
    emit<N extends EventName>(name: N, payload: EventPayload<N>) {
      for (const listener of eventListeners.get(name) ?? []) listener(payload as never)
    },
    connection(state: ConnectionState) {
      for (const listener of connectionListeners) listener(state)
    },
  }
}

export const readyModel: EventPayload<'models.changed'> = {
  state: 'ready',
  name: 'tiny',
  title: 'Tiny',
  device: 'cpu',
  contextRows: 512,
  pictureRows: 65,
  loadMs: 1,
}

export const someStats: EventPayload<'answer.finished'>['stats'] = {
  device: 'cpu',
  promptRows: 70,
  visualRows: 65,
  cachedRows: 0,
  contextRows: 512,
  tokens: 3,
  pictureMs: 1,
  prefillMs: 1,
  firstTokenMs: 1,
  totalMs: 1,
  tokensPerSecond: 30,
}

/** Long enough for a frame to have been shown and for promises to have settled. */
export const aMoment = () => new Promise((resolve) => setTimeout(resolve, 40))
