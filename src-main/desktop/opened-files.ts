import { readFile } from 'node:fs/promises'
import { basename, resolve } from 'node:path'
import type { Captures } from '../core/captures.ts'

/**
 * Files that the program was started with, by "open with" or from a terminal: `owl-desktop picture.png`.
 * Switches and what belongs to Electron itself are no files.
 * @param argv without the program
 * @param folder in which relative paths lie
 */
export function filesOf(argv: readonly string[], folder: string): string[] {
  const end = argv.indexOf('--')
  const words = [...argv.slice(0, end < 0 ? undefined : end).filter((word) => !word.startsWith('-'))]
  if (end >= 0) words.push(...argv.slice(end + 1))
  return words
    .filter((word) => word !== '' && word !== '.' && !/^\w[\w+.-]+:\/\//.test(word))
    .map((word) => resolve(folder, word))
}

/**
 * Puts pictures into the composer, one after the other.
 * @param onRefused told of a file that is none, with the reason
 */
export async function openFiles(
  captures: Captures,
  paths: readonly string[],
  onRefused: (path: string, reason: unknown) => void,
): Promise<void> {
  for (const path of paths) {
    try {
      await captures.hand(basename(path), await readFile(path))
    } catch (reason) {
      onRefused(path, reason)
    }
  }
}
