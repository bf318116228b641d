import { rmSync, statSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { AttachmentStore } from './attachment-store.ts'
import type { Database } from './database.ts'
import { PictureTexts } from './picture-texts.ts'
import type { ThumbnailStore } from './thumbnail-store.ts'

/** Whatever names attachments. A table that does so adds its line here, or its files are removed. */
const references = ['SELECT 1 FROM message_picture WHERE hash = ?']

/** How long a file may lie there without a reference, in milliseconds: pictures of questions that are being written. */
export const grace = 24 * 60 * 60 * 1000

/**
 * Removes attachments that nothing refers to any more, with their thumbnails, and all that was read in pictures that are
 * gone. A file at a time, so that main goes on meanwhile.
 * @param before files added later than this time stay, in milliseconds since 1970
 * @returns how many were removed
 */
export async function collectAttachments(
  database: Database,
  attachments: AttachmentStore,
  thumbnails: ThumbnailStore,
  before = Date.now() - grace,
): Promise<number> {
  let removed = 0
  for (const part of await readdir(attachments.folder).catch(() => [])) {
    for (const name of await readdir(join(attachments.folder, part)).catch(() => [])) {
      // Looked at and removed at once, so that no question can be asked about it in between.
      if (!isForgotten(database, join(attachments.folder, part, name), name, before)) continue
      rmSync(join(attachments.folder, part, name), { force: true })
      removed += 1
      // Files that were never finished have more than a hash in their names.
      if (name.length === 64) await thumbnails.remove(name)
    }
  }
  const texts = new PictureTexts(database)
  for (const hash of texts.hashes()) {
    if (!(await attachments.has(hash)) && !isReferenced(database, hash)) texts.remove(hash)
  }
  return removed
}

function isForgotten(database: Database, path: string, name: string, before: number): boolean {
  const found = statSync(path, { throwIfNoEntry: false })
  if (!found?.isFile() || found.mtimeMs >= before) return false
  return !isReferenced(database, name.slice(0, 64))
}

/** Whether anything names the attachment. */
export function isReferenced(database: Database, hash: string): boolean {
  return references.some((sql) => database.prepare(sql).get(hash) !== undefined)
}
