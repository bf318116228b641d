import type { Migration } from './migrations.ts'

/** What was read in a picture with boxes and confidence, as JSON, beside its plain text. */
export const readingMigration: Migration = {
  name: 'reading',
  run: (database) => database.exec('ALTER TABLE picture_text ADD COLUMN reading TEXT'),
}
