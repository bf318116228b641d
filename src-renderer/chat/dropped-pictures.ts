import type { OwlErrorMessage } from '../../src-main/ipc/contract.ts'
import { windowError } from '../app/error.ts'
import { embeddedPictures, pictureAddresses } from './web-pictures.ts'

/** What a drop brought: pictures to add, and what was no use with its reason. */
export interface Dropped {
  files: File[]
  refused: { name: string; error: OwlErrorMessage }[]
}

/** More entries of a folder are not looked at; a question holds 64 pictures. */
const maxEntries = 5000
const pictureName = /\.(png|apng|jpe?g|webp|gif|avif|tiff?|bmp|svg|heic|heif|jfif)$/i

/** Whether a drag may end in pictures. What is in it cannot be read before it is dropped. */
export function mayBringPictures(types: readonly string[]): boolean {
  return types.includes('Files') || types.includes('text/html')
}

/**
 * The pictures of a drop: files; those in folders and their folders, by name; and a picture dragged from a web page
 * where the browser gives its bytes. Nothing is loaded from the web. To be called while the drop is dispatched.
 */
export function droppedPictures(transfer: DataTransfer): Promise<Dropped> {
  const items = [...transfer.items].filter(({ kind }) => kind === 'file')
  const entries = items.map((item) => item.webkitGetAsEntry?.() ?? null)
  const files = [...transfer.files]
  const html = transfer.getData('text/html')
  return collect(entries, files, html)
}

async function collect(entries: (FileSystemEntry | null)[], files: File[], html: string): Promise<Dropped> {
  const dropped: Dropped = { files: [], refused: [] }
  for (const [index, file] of files.entries()) {
    const entry = entries[index]
    if (!entry?.isDirectory) {
      dropped.files.push(file)
      continue
    }
    try {
      const found = await picturesIn(entry as FileSystemDirectoryEntry)
      if (found.length === 0) dropped.refused.push({ name: entry.name, error: windowError('folder-without-pictures') })
      dropped.files.push(...found)
    } catch {
      dropped.refused.push({ name: entry.name, error: windowError('file-unreadable') })
    }
  }
  if (files.length > 0) return dropped
  const embedded = embeddedPictures(html)
  if (embedded.length > 0) return { ...dropped, files: embedded }
  for (const address of pictureAddresses(html)) {
    dropped.refused.push({ name: address, error: windowError('picture-on-the-web') })
  }
  return dropped
}

async function picturesIn(root: FileSystemDirectoryEntry): Promise<File[]> {
  const found: FileSystemFileEntry[] = []
  let seen = 0
  async function walk(folder: FileSystemDirectoryEntry): Promise<void> {
    const entries = (await readFolder(folder)).sort((a, b) =>
      a.name.localeCompare(b.name, undefined, { numeric: true }),
    )
    for (const entry of entries) {
      seen += 1
      if (seen > maxEntries) return
      if (entry.name.startsWith('.')) continue
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry)
      else if (pictureName.test(entry.name)) found.push(entry as FileSystemFileEntry)
    }
  }
  await walk(root)
  return Promise.all(found.map((entry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))))
}

/** A reader gives at most a hundred entries at a time, and none at the end. */
async function readFolder(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}
