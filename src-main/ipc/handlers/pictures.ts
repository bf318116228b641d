import type { Assistant } from '../../core/assistant.ts'
import type { pictureCalls } from '../contract/pictures.ts'
import type { Handlers } from './handlers.ts'

export function pictureHandlers({ pictures }: Assistant): Handlers<keyof typeof pictureCalls> {
  return {
    'pictures.add': ({ name, bytes }) => pictures.add(name, bytes),
    'pictures.edit': ({ picture, ...edit }) => pictures.edit(picture, edit),
  }
}
