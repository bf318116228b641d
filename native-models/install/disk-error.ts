import { OwlError } from '../owl-error.ts'

/** Whether there is no room left: on the disk, or of what one person may use of it. */
export function isDiskFull(thrown: unknown): boolean {
  const { code } = thrown as NodeJS.ErrnoException
  return code === 'ENOSPC' || code === 'EDQUOT'
}

/** What the file system said of a file of ours, so that nobody looks for the fault in the network. */
export function diskError(thrown: unknown, path: string): OwlError {
  const { code, message } = thrown as NodeJS.ErrnoException
  if (isDiskFull(thrown)) {
    return new OwlError('disk-full', `There is no room left to write ${path}: ${message}.`, { cause: thrown })
  }
  if (code === 'EFBIG') {
    return new OwlError('install-failed', `The disk takes no file as large as ${path} becomes.`, {
      hint: 'FAT32 holds no file over 4 GB: move the data folder to another disk in the settings (`OWL_DATA_DIR`).',
      cause: thrown,
    })
  }
  return new OwlError('install-failed', `${path} cannot be read or written: ${message}.`, {
    hint: 'Check the disk and that its files may be changed, then continue. What was downloaded is kept.',
    cause: thrown,
  })
}
