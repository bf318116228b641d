import { contextBridge, ipcRenderer } from 'electron'
import type { EventName, EventPayload, WindowApi } from './contract.ts'
import { type CallReply, type EventMessage, electronChannels } from './electron-channels.ts'

type Listener = (payload: never) => void

const listeners = new Map<string, Set<Listener>>()
const { port1: events, port2: forMain } = new MessageChannel()

events.onmessage = ({ data }: MessageEvent<EventMessage>) => {
  for (const listener of listeners.get(data.event) ?? []) listener(data.payload as never)
}
ipcRenderer.postMessage(electronChannels.connect, null, [forMain])

const api: WindowApi = {
  async call(name, input) {
    const reply: CallReply = await ipcRenderer.invoke(electronChannels.call, name, input)
    if ('error' in reply) throw reply.error
    return reply.output as never
  },
  on<N extends EventName>(name: N, listener: (payload: EventPayload<N>) => void) {
    const ofName = listeners.get(name) ?? new Set()
    listeners.set(name, ofName.add(listener as Listener))
    return () => void ofName.delete(listener as Listener)
  },
}

contextBridge.exposeInMainWorld('api', api)
