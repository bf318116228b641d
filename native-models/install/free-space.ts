import { statfs } from 'node:fs/promises'
import { OwlError } from '../owl-error.ts'

/** Room that is left beside a model, for the system and for small files. */
const reserveBytes = 2 ** 26

/** @throws OwlError `disk-full` where fewer than `needed` bytes are free on the disk of `folder` */
export async function checkFreeSpace(folder: string, needed: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder)
  const free = bavail * bsize
  if (free >= needed + reserveBytes) return
  throw new OwlError('disk-full', `${mebibytes(needed)} are needed in ${folder}, ${mebibytes(free)} are free.`)
}

function mebibytes(bytes: number): string {
  return `${Math.ceil(bytes / 2 ** 20)} MiB`
}
