import type { Assistant } from '../../core/assistant.ts'
import type { modelCalls } from '../contract/models.ts'
import type { Handlers } from './handlers.ts'

export function modelHandlers({ library, models }: Assistant): Handlers<keyof typeof modelCalls> {
  return {
    'models.list': () => library.list(),
    'models.state': () => models.state,
    'models.load': ({ name }) => models.load(name),
  }
}
