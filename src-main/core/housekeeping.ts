import { rm, stat } from 'node:fs/promises'
import { collectAttachments } from '../storage/attachment-collection.ts'
import type { AttachmentStore } from '../storage/attachment-store.ts'
import { backupPath, listBackups } from '../storage/database.ts'
import type { ThumbnailStore } from '../storage/thumbnail-store.ts'
import type { History } from './history.ts'

/** After the start, and between two rounds, in milliseconds. */
const [firstAfter, every] = [60_000, 60 * 60_000]
const week = 7 * 24 * 60 * 60 * 1000
/** Weekly copies that are kept; those before migrations stay. */
const copiesKept = 2

/**
 * What is done in the background while the program runs: removing for good what was deleted, files that nothing refers
 * to, and a weekly copy of the database. @returns a function that ends it
 */
export function keepHouse(history: History, attachments: AttachmentStore, thumbnails: ThumbnailStore): () => void {
  let timer = setTimeout(round, firstAfter)
  timer.unref()
  function round() {
    // What fails now is done in the next round.
    tidyUp(history, attachments, thumbnails).catch(() => {})
    timer = setTimeout(round, every)
    timer.unref()
  }
  return () => clearTimeout(timer)
}

/** One round. @throws OwlError `disk-full`, `database-*` */
export async function tidyUp(history: History, attachments: AttachmentStore, thumbnails: ThumbnailStore) {
  const { database, chats } = history
  await chats.removeDeleted()
  await collectAttachments(database, attachments, thumbnails)
  const copies = (await listBackups(database.path)).filter((path) => path.endsWith('-weekly.sqlite'))
  const newest = copies[0] && (await stat(copies[0]).catch(() => undefined))
  if (newest && Date.now() - newest.mtimeMs < week) return
  await database.copyTo(backupPath(database.path, 'weekly'))
  for (const old of copies.slice(copiesKept - 1)) await rm(old, { force: true })
}
