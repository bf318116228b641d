import { dataFolder } from '../core/data-folder.ts'
import { Database } from '../storage/database.ts'

/** The person's database, for commands that keep what they do. Close it at the end. */
export function openDatabase(): Promise<Database> {
  return Database.open(dataFolder().database)
}
