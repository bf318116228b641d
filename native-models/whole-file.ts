import { open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** The last write of each file that is under way. */
const writes = new Map<string, Promise<void>>()

/**
 * Writes a file so that it is there whole, old or new, at every moment and after a power cut. Writes of one file follow
 * each other in the order in which they were asked for. What a killed process left behind is overwritten by the next
 * try, since the unfinished file always has the same name.
 * @param pieces the content, as one string or piece by piece
 * @param mode who may read and write it; as the system has it when left out
 * @throws what the file system says
 */
export function writeWhole(path: string, pieces: string | Iterable<string>, mode?: number): Promise<void> {
  const before = writes.get(path) ?? Promise.resolve()
  const write = before
    .catch(() => {})
    .then(() => replaceFile(path, typeof pieces === 'string' ? [pieces] : pieces, mode))
    .finally(() => {
      if (writes.get(path) === write) writes.delete(path)
    })
  writes.set(path, write)
  return write
}

async function replaceFile(path: string, pieces: Iterable<string>, mode: number | undefined): Promise<void> {
  const unfinished = join(dirname(path), `.${basename(path)}.unfinished`)
  try {
    const file = await open(unfinished, 'w', mode)
    try {
      // The mode above counts for a new file only.
      if (mode !== undefined) await file.chmod(mode)
      // Unlike `write`, it goes on where the file system took only a part.
      for (const piece of pieces) await file.writeFile(piece)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(unfinished, path)
  } catch (thrown) {
    await rm(unfinished, { force: true }).catch(() => {})
    throw thrown
  }
}
