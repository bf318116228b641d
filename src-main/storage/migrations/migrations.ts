import type { Database } from '../database.ts'
import { captionsMigration } from './captions.ts'
import { chatsMigration } from './chats.ts'
import { foldersMigration } from './folders.ts'
import { readingMigration } from './reading.ts'

/** One step of the database's form. Its name is recorded once it is done; never change one that was released. */
export interface Migration {
  name: string
  /** Runs in a transaction of its own. */
  run(database: Database): void
}

/** In the order in which they are done: append at the end, a file a migration. */
export const migrations: readonly Migration[] = [chatsMigration, captionsMigration, readingMigration, foldersMigration]
