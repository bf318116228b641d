import { plainText } from '../../../native-models/text-reader/reading-order.ts'
import type { Assistant } from '../../core/assistant.ts'
import type { readingCalls } from '../contract/reading.ts'
import type { Handlers } from './handlers.ts'

export function readingHandlers({ pictures, reading }: Assistant): Handlers<keyof typeof readingCalls> {
  return {
    'reading.read': async (picture) => {
      const text = await reading.read(await pictures.input(picture))
      return { ...text, plain: plainText(text.lines) }
    },
  }
}
