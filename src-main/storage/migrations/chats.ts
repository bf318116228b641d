import type { Migration } from './migrations.ts'

/**
 * Chats and their messages. `row` orders by time and is what the text indexes speak of; `id` is what the window knows.
 * Times are in milliseconds since 1970. Nothing here holds bytes of a picture: a hash names a file of the attachment
 * store.
 */
export const chatsMigration: Migration = {
  name: 'chats',
  run: (database) =>
    database.exec(`
      CREATE TABLE chat (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL,
        is_pinned INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        changed_at INTEGER NOT NULL,
        -- Set aside by a person, to be removed for good later.
        deleted_at INTEGER,
        -- The last message of the branch that is shown.
        shown_end INTEGER,
        -- System text, preset and sampling, as JSON.
        settings TEXT NOT NULL DEFAULT '{}'
      );
      CREATE INDEX chat_list ON chat (is_pinned DESC, changed_at DESC, row DESC) WHERE deleted_at IS NULL;
      CREATE INDEX chat_deleted ON chat (deleted_at) WHERE deleted_at IS NOT NULL;

      -- A tree: messages with the same parent are branches of the conversation.
      CREATE TABLE message (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        chat INTEGER NOT NULL REFERENCES chat ON DELETE CASCADE,
        parent INTEGER REFERENCES message ON DELETE CASCADE,
        role TEXT NOT NULL CHECK (role IN ('user', 'assistant')),
        text TEXT NOT NULL,
        -- 'writing' while an answer grows: found so without a process that writes it, the answer was cut off.
        state TEXT NOT NULL CHECK (state IN ('writing', 'finished', 'failed')),
        -- Finish, numbers, error of an answer, as JSON.
        outcome TEXT,
        created_at INTEGER NOT NULL
      );
      CREATE INDEX message_chat ON message (chat, parent, row);
      CREATE INDEX message_parent ON message (parent);

      CREATE TABLE message_picture (
        message INTEGER NOT NULL REFERENCES message ON DELETE CASCADE,
        position INTEGER NOT NULL,
        hash TEXT NOT NULL,
        name TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        PRIMARY KEY (message, position)
      ) WITHOUT ROWID;
      CREATE INDEX message_picture_hash ON message_picture (hash);

      -- Text read in pictures, found by search with the messages that show them: see text-index.ts.
      CREATE TABLE picture_text (
        row INTEGER PRIMARY KEY AUTOINCREMENT,
        hash TEXT NOT NULL UNIQUE,
        text TEXT NOT NULL
      );

      -- Runs of three characters, and beginnings for searches that are shorter. Both hold no text of their own.
      CREATE VIRTUAL TABLE message_trigram USING fts5 (text, content='', contentless_delete=1, tokenize='trigram remove_diacritics 1');
      CREATE VIRTUAL TABLE message_short USING fts5 (text, content='', contentless_delete=1, detail=none);
      CREATE VIRTUAL TABLE picture_trigram USING fts5 (text, content='', contentless_delete=1, tokenize='trigram remove_diacritics 1');
      CREATE VIRTUAL TABLE picture_short USING fts5 (text, content='', contentless_delete=1, detail=none);
    `),
}
