import type { Migration } from './migrations.ts'

/**
 * The queue of captions. An item's `caption` is decided in one transaction, and only then written to where it goes;
 * `written` follows. So whatever ends the process, a caption is neither made twice nor lost: what is decided but not
 * written is written again, with the same content.
 */
export const captionsMigration: Migration = {
  name: 'captions',
  run: (database) =>
    database.exec(`
      CREATE TABLE caption_job (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        created_at INTEGER NOT NULL,
        -- Absolute paths, and settings, as JSON.
        sources TEXT NOT NULL,
        settings TEXT NOT NULL,
        state TEXT NOT NULL CHECK (state IN ('queued', 'running', 'paused', 'cancelled', 'done')),
        -- Whether every file of the sources is an item.
        is_listed INTEGER NOT NULL DEFAULT 0,
        -- Why it is paused, where nobody paused it, as JSON.
        error TEXT,
        -- The process that works on it, and when it last said so.
        runner INTEGER,
        runner_seen_at INTEGER
      );

      CREATE TABLE caption_item (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job INTEGER NOT NULL REFERENCES caption_job ON DELETE CASCADE,
        root TEXT NOT NULL,
        path TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('picture', 'video', 'folder')),
        state TEXT NOT NULL CHECK (state IN ('waiting', 'decided', 'written', 'skipped', 'failed')),
        -- Asked for once more by a person: what is there does not count as existing then.
        is_again INTEGER NOT NULL DEFAULT 0,
        -- Content and prompt, as a hash: items with the same key get the same answer.
        key TEXT,
        answer TEXT,
        -- The caption that was there before, and the whole one that replaces it.
        before TEXT,
        caption TEXT,
        -- Captions of a video's scenes with their times, as JSON.
        scenes TEXT,
        error TEXT,
        UNIQUE (job, path)
      );
      CREATE INDEX caption_item_state ON caption_item (job, state, path);
      CREATE INDEX caption_item_key ON caption_item (job, key) WHERE key IS NOT NULL;

      CREATE TABLE caption_edit (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        job INTEGER NOT NULL REFERENCES caption_job ON DELETE CASCADE
      );
      CREATE INDEX caption_edit_job ON caption_edit (job);
      CREATE TABLE caption_edit_item (
        edit INTEGER NOT NULL REFERENCES caption_edit ON DELETE CASCADE,
        item INTEGER NOT NULL REFERENCES caption_item ON DELETE CASCADE,
        state TEXT NOT NULL,
        caption TEXT,
        PRIMARY KEY (edit, item)
      ) WITHOUT ROWID;
      CREATE INDEX caption_edit_item_item ON caption_edit_item (item);
    `),
}
