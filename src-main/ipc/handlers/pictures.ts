import type { Assistant } from '../../core/assistant.ts'
import type { pictureCalls } from '../contract/pictures.ts'
import type { Handlers } from './handlers.ts'

export function pictureHandlers({ pictures, reading, settings }: Assistant): Handlers<keyof typeof pictureCalls> {
  /** Its text is read while the person writes the question. */
  async function readMeanwhile<P extends { hash: string; name: string }>(added: Promise<P>): Promise<P> {
    const picture = await added
    if (settings.get('reading.inAnswers') !== 'off') reading.begin(await pictures.input(picture))
    return picture
  }
  return {
    'pictures.add': ({ name, bytes }) => readMeanwhile(pictures.add(name, bytes)),
    'pictures.edit': ({ picture, ...edit }) => readMeanwhile(pictures.edit(picture, edit)),
  }
}
