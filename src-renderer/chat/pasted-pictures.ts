/**
 * The pictures of a paste; none where the text in it is what the person means. Office programs put a picture of
 * the copied text next to the text itself, and file managers put the names of copied files next to the files.
 * @param pastedName what to call a picture that has no name of its own, as one from a screen capture
 */
export function pastedPictures(clipboard: Pick<DataTransfer, 'files' | 'getData'>, pastedName: string): File[] {
  const pictures = [...clipboard.files].filter(({ type }) => type.startsWith('image/'))
  if (pictures.length === 0) return []
  const text = clipboard.getData('text/plain').trim()
  if (text !== '' && !namesFiles(text, pictures)) return []
  return pictures.map((file) => (file.name === 'image.png' ? new File([file], pastedName, { type: file.type }) : file))
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
