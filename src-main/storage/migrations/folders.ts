import type { Migration } from './migrations.ts'

/** Folders of chats. A chat is in one or in none; where its folder goes, it stays. */
export const foldersMigration: Migration = {
  name: 'folders',
  run: (database) =>
    database.exec(`
      CREATE TABLE chat_folder (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
      );
      ALTER TABLE chat ADD COLUMN folder INTEGER REFERENCES chat_folder ON DELETE SET NULL;
      DROP INDEX chat_list;
      CREATE INDEX chat_list ON chat (folder, is_pinned DESC, changed_at DESC, row DESC) WHERE deleted_at IS NULL;
    `),
}
