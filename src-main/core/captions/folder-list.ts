import { access, readdir } from 'node:fs/promises'
import { homedir } from 'node:os'
import { dirname, join, resolve } from 'node:path'
import { OwlError } from '../../../native-models/owl-error.ts'
import { mediumKind } from './media-walk.ts'

export interface FolderList {
  /** Empty for the list of drives, which Windows has above its roots. */
  path: string
  parent?: string
  folders: { name: string; path: string }[]
  /** Directly in it, by their endings. */
  pictures: number
  videos: number
}

/** What a folder holds, for a person who looks for one. Hidden folders are left out. @throws OwlError `not-found` */
export async function listFolder(path = homedir(), system = process.platform): Promise<FolderList> {
  if (system === 'win32' && path === '') return listDrives()
  const folder = resolve(path)
  const entries = await readdir(folder, { withFileTypes: true }).catch((cause: NodeJS.ErrnoException) => {
    const why = { ENOENT: 'does not exist', ENOTDIR: 'is no folder' }[cause.code ?? ''] ?? 'cannot be read'
    throw new OwlError('not-found', `${folder} ${why}.`, { hint: 'Check the path of the folder.', cause })
  })
  const names = entries.filter((entry) => entry.isDirectory() && !entry.name.startsWith('.')).map(({ name }) => name)
  const count = (kind: ReturnType<typeof mediumKind>) =>
    entries.filter(({ name }) => !name.startsWith('.') && mediumKind(name) === kind).length
  const parent = dirname(folder)
  return {
    path: folder,
    parent: parent !== folder ? parent : system === 'win32' ? '' : undefined,
    folders: names
      .sort(new Intl.Collator(undefined, { numeric: true }).compare)
      .map((name) => ({ name, path: join(folder, name) })),
    pictures: count('picture'),
    videos: count('video'),
  }
}

/** @param isThere rejects for a root without a drive */
export async function listDrives(isThere: (root: string) => Promise<void> = access): Promise<FolderList> {
  const roots = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => `${letter}:\\`)
  const found = await Promise.all(
    roots.map((root) =>
      isThere(root).then(
        () => [root],
        () => [],
      ),
    ),
  )
  return { path: '', folders: found.flat().map((root) => ({ name: root, path: root })), pictures: 0, videos: 0 }
}
