import type { Assistant } from '../../core/assistant.ts'
import type { captureCalls } from '../contract/capture.ts'
import type { Handlers } from './handlers.ts'

export function captureHandlers({ captures }: Assistant): Handlers<keyof typeof captureCalls> {
  return {
    'capture.start': async ({ kind }) => {
      await captures.start(kind)
      return {}
    },
    'capture.collect': () => ({ pictures: captures.collect() }),
  }
}
