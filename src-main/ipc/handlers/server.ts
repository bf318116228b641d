import type { Assistant } from '../../core/assistant.ts'
import type { serverCalls } from '../contract/server.ts'
import type { Handlers } from './handlers.ts'

export function serverHandlers({ localServer }: Assistant): Handlers<keyof typeof serverCalls> {
  return {
    'server.state': () => localServer.state,
    'server.key': async () => ({ key: await localServer.key() }),
    'server.newKey': async () => ({ key: await localServer.newKey() }),
  }
}
