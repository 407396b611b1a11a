-- Schema step 2: accounts, rooms that people run, a memory that can be searched.

-- The database was made with auto_vacuum = INCREMENTAL, or is turned into one before this step.

ALTER TABLE conversations ADD COLUMN private INTEGER NOT NULL DEFAULT 0;
ALTER TABLE conversations ADD COLUMN secret TEXT;              -- a hash of the room's key
ALTER TABLE conversations ADD COLUMN history TEXT NOT NULL DEFAULT 'on';
ALTER TABLE conversations ADD COLUMN retain INTEGER;           -- milliseconds
ALTER TABLE conversations ADD COLUMN slow INTEGER NOT NULL DEFAULT 0;     -- seconds
ALTER TABLE conversations ADD COLUMN closed INTEGER NOT NULL DEFAULT 0;   -- the name is free
ALTER TABLE conversations ADD COLUMN expired INTEGER NOT NULL DEFAULT 0;  -- newest seq erased

DROP INDEX conversations_by_name;
CREATE UNIQUE INDEX conversations_by_name ON conversations (kind, key, name) WHERE closed = 0;

ALTER TABLE events ADD COLUMN state TEXT;      -- edited, deleted, viewed; the last two: no text

-- What was made of an event: erasing a message erases the texts of its edits, too.
CREATE INDEX events_by_edit ON events (id >> 32, of) WHERE kind = 'edit';

-- What can be viewed once; the text of its event is empty. A tree of SQLite leaves copies behind of
-- what it moves from page to page when pages split. What overflows its page is never moved, and the
-- padding sees to it that the whole text does: erased there, it is nowhere.
CREATE TABLE secrets (
    id INTEGER PRIMARY KEY,                    -- as in events
    padding BLOB NOT NULL CHECK (length(padding) >= 4096),
    text TEXT NOT NULL
) STRICT;

-- By which token of an account a session logged in.
ALTER TABLE sessions ADD COLUMN label TEXT;

-- Reactions that stand; formerly found by going through all of them.
DROP INDEX events_by_reaction;
CREATE TABLE reactions (
    id INTEGER NOT NULL,                       -- of the message, as in events
    uid TEXT NOT NULL,
    emoji TEXT NOT NULL,
    PRIMARY KEY (id, uid, emoji)
) STRICT, WITHOUT ROWID;
INSERT INTO reactions SELECT message, uid, text FROM (
    SELECT (id >> 32) << 32 | of AS message, uid, text, kind, max(id) FROM events
    WHERE kind IN ('react', 'unreact') AND of IS NOT NULL GROUP BY message, uid, text
) WHERE kind = 'react';

-- Who is called by which message.
CREATE TABLE mentions (
    uid TEXT NOT NULL,
    id INTEGER NOT NULL,                       -- as in events
    PRIMARY KEY (uid, id)
) STRICT, WITHOUT ROWID;

INSERT OR IGNORE INTO mentions SELECT called.value, events.id
    FROM events, json_each('["' || replace(mentions, ' ', '","') || '"]') AS called
    WHERE mentions IS NOT NULL AND kind IN ('text', 'me', 'whisper');

-- The messages that can be searched. Their index is a file of its own: see index.sql.
CREATE VIEW messages AS
    SELECT id, text, uid, nick FROM events
    WHERE kind IN ('text', 'me', 'whisper') AND (state IS NULL OR state = 'edited');

-- What the index does not hold yet as it is now, or still holds, in the order of its changes. The
-- numbers begin anywhere, so that the index of another database is never taken for that of this.
CREATE TABLE unindexed (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    id INTEGER NOT NULL                        -- as in events
) STRICT;
INSERT INTO sqlite_sequence (name, seq) VALUES ('unindexed', random() & 0xFFFFFFFFFFFF);

CREATE TRIGGER message_is_added AFTER INSERT ON events
    WHEN new.kind IN ('text', 'me', 'whisper')
    BEGIN INSERT INTO unindexed (id) VALUES (new.id); END;
CREATE TRIGGER message_is_changed AFTER UPDATE OF text, state ON events
    WHEN new.kind IN ('text', 'me', 'whisper')
    BEGIN INSERT INTO unindexed (id) VALUES (new.id); END;
CREATE TRIGGER message_is_removed AFTER DELETE ON events
    WHEN old.kind IN ('text', 'me', 'whisper')
    BEGIN INSERT INTO unindexed (id) VALUES (old.id); END;

CREATE TABLE accounts (
    uid TEXT PRIMARY KEY,
    name TEXT NOT NULL UNIQUE,
    role TEXT NOT NULL CHECK (role IN ('user', 'admin')),
    digest TEXT NOT NULL,                      -- Argon2id
    created INTEGER NOT NULL,
    seen INTEGER,                              -- when it was here last
    away TEXT
) STRICT;

CREATE TABLE tokens (
    uid TEXT NOT NULL,
    label TEXT NOT NULL,
    digest TEXT NOT NULL,                      -- SHA-256
    created INTEGER NOT NULL,
    used INTEGER,
    PRIMARY KEY (uid, label)
) STRICT, WITHOUT ROWID;

-- Names of former accounts, which nobody else may take for a while.
CREATE TABLE resting (
    key TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    uid TEXT NOT NULL,
    until INTEGER NOT NULL
) STRICT;

CREATE TABLE memberships (
    conversation INTEGER NOT NULL,
    uid TEXT NOT NULL,
    role TEXT NOT NULL,
    since INTEGER NOT NULL,                    -- the newest seq when it began
    PRIMARY KEY (conversation, uid)
) STRICT, WITHOUT ROWID;

CREATE TABLE sanctions (
    conversation INTEGER NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('ban', 'mute')),
    target TEXT NOT NULL,                      -- a uid or a network
    nick TEXT NOT NULL,
    who TEXT NOT NULL,
    t INTEGER NOT NULL,
    until INTEGER,
    why TEXT NOT NULL,
    PRIMARY KEY (conversation, kind, target)
) STRICT, WITHOUT ROWID;

CREATE TABLE invitations (
    conversation INTEGER NOT NULL,
    uid TEXT NOT NULL,
    who TEXT NOT NULL,
    PRIMARY KEY (conversation, uid)
) STRICT, WITHOUT ROWID;

CREATE TABLE pins (
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (conversation, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE markers (
    uid TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    seq INTEGER NOT NULL,
    PRIMARY KEY (uid, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE levels (
    uid TEXT NOT NULL,
    conversation INTEGER NOT NULL,
    level TEXT NOT NULL CHECK (level IN ('all', 'mentions', 'none')),
    PRIMARY KEY (uid, conversation)
) STRICT, WITHOUT ROWID;

CREATE TABLE ignores (
    uid TEXT NOT NULL,
    other TEXT NOT NULL,
    nick TEXT NOT NULL,
    PRIMARY KEY (uid, other)
) STRICT, WITHOUT ROWID;

-- Who did what to whom. Rows are only ever added.
CREATE TABLE audit (
    n INTEGER PRIMARY KEY AUTOINCREMENT,
    t INTEGER NOT NULL,
    who TEXT NOT NULL,
    uid TEXT NOT NULL,
    action TEXT NOT NULL,
    whom TEXT NOT NULL,
    room TEXT NOT NULL,
    address TEXT NOT NULL,
    why TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON audit
    BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;
CREATE TRIGGER audit_is_not_shortened BEFORE DELETE ON audit
    BEGIN SELECT raise(ABORT, 'the audit log is only added to'); END;
