import { access, constants, readFile, rm } from 'node:fs/promises'
import { basename, dirname, extname, join, relative } from 'node:path'
import { OwlError } from '../../../native-models/owl-error.ts'
import { writeWhole } from '../../../native-models/whole-file.ts'
import type { CaptionSettings } from './caption-settings.ts'

/**
 * The file beside a picture that holds its caption: `photo.jpg` -> `photo.txt`.
 */
export function sidecarPath(path: string, extension: string): string {
  return join(dirname(path), basename(path, extname(path)) + extension)
}

/** How a table calls a picture: its path from the folder of the table, with slashes on every platform. */
export function tableName(path: string, table: string): string {
  return relative(dirname(table), path).replaceAll('\\', '/')
}

/** The table that takes the captions of a folder, where the settings want one. */
export function tablePath(root: string, { output, table }: CaptionSettings): string | undefined {
  const name = { sidecar: undefined, jsonl: 'captions.jsonl', csv: 'captions.csv', imagefolder: 'metadata.jsonl' }[
    output
  ]
  return name && (table || join(root, name))
}

/**
 * The caption that is in a sidecar file; nothing where there is no such file or only white space in it.
 * @throws OwlError `caption-not-writable` if something else than a readable file stands there
 */
export async function readSidecar(path: string): Promise<string | undefined> {
  try {
    return (await readFile(path, 'utf8')).trim() || undefined
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw notWritable(path, thrown)
  }
}

/** Fails before the work is done where its outcome could not be written. @throws OwlError `caption-not-writable` */
export async function checkWritable(path: string): Promise<void> {
  await access(dirname(path), constants.W_OK).catch((thrown) => {
    throw notWritable(path, thrown)
  })
}

/** Writes a file as `writeWhole` does. @throws OwlError `caption-not-writable`, `disk-full` */
export async function writeCaptions(path: string, pieces: string | Iterable<string>): Promise<void> {
  await writeWhole(path, pieces).catch((thrown) => {
    throw notWritable(path, thrown)
  })
}

/** @throws OwlError `caption-not-writable` */
export async function removeSidecar(path: string): Promise<void> {
  await rm(path, { force: true }).catch((thrown) => {
    throw notWritable(path, thrown)
  })
}

function notWritable(path: string, cause: unknown): OwlError {
  const { code } = cause as NodeJS.ErrnoException
  if (code === 'ENOSPC' || code === 'EDQUOT') {
    return new OwlError('disk-full', `There is no space left to write ${path}.`, { cause })
  }
  const why = {
    EACCES: 'the folder does not allow it',
    EPERM: 'the folder does not allow it',
    EROFS: 'the disk is read-only',
    EISDIR: 'a folder of that name is in the way',
    ENOTEMPTY: 'a folder of that name is in the way',
    ENAMETOOLONG: 'the name is too long',
    ENOENT: 'the folder is gone',
  }[code ?? '']
  return new OwlError('caption-not-writable', `${path} cannot be written: ${why ?? code ?? String(cause)}.`, { cause })
}
