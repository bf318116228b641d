import { embeddedPictures } from './web-pictures.ts'

/** What a paste brought besides text that goes where it always goes. */
export interface Pasted {
  /** To be added: they are what the person means. */
  pictures: File[]
  /** Lay next to the text that is pasted: added only if the person says so. */
  besideText: File[]
}

/**
 * The pictures of a paste. Where there is text, the text is what the person means: office programs put a picture of
 * the copied cells next to the text itself. Names of the very files are no text: file managers put them there.
 * @param pastedName what to call a picture that has no name of its own, as one from a screen capture
 */
export function pastedPictures(clipboard: Pick<DataTransfer, 'files' | 'getData'>, pastedName: string): Pasted {
  const text = clipboard.getData('text/plain').trim()
  const files = [...clipboard.files].filter(({ type }) => type.startsWith('image/'))
  const pictures = files.map((file) =>
    file.name === 'image.png' ? new File([file], pastedName, { type: file.type }) : file,
  )
  if (pictures.length > 0) {
    const meant = text === '' || namesFiles(text, files)
    return meant ? { pictures, besideText: [] } : { pictures: [], besideText: pictures }
  }
  const embedded = embeddedPictures(clipboard.getData('text/html'))
  return text === '' ? { pictures: embedded, besideText: [] } : { pictures: [], besideText: embedded }
}

function namesFiles(text: string, files: File[]): boolean {
  const names = new Set(files.map(({ name }) => name))
  return text.split(/\r?\n/).every((line) => names.has(decodedName(line.trim())))
}

/** Last part of a path or of a file: address. */
function decodedName(line: string): string {
  const name = line.split(/[/\\]/).at(-1) ?? ''
  if (!line.startsWith('file:')) return name
  try {
    return decodeURIComponent(name)
  } catch {
    return name
  }
}
