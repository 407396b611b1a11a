-- Schema step 1. Times are milliseconds since the epoch.

CREATE TABLE conversations (
    id INTEGER PRIMARY KEY,
    kind TEXT NOT NULL CHECK (kind IN ('room', 'private')),
    key TEXT NOT NULL,             -- of a room: its folded name; of a private one: the first uid
    name TEXT NOT NULL,            -- of a room: its name as shown; of a private one: the second uid
    topic TEXT NOT NULL DEFAULT '',
    created INTEGER NOT NULL
) STRICT;

CREATE UNIQUE INDEX conversations_by_name ON conversations (kind, key, name);

-- All durable events. The id is conversation << 32 | seq, so that a conversation lies together
-- and in order, and a page of it is one range of the table.
CREATE TABLE events (
    id INTEGER PRIMARY KEY,
    t INTEGER NOT NULL,
    kind TEXT NOT NULL,
    uid TEXT NOT NULL,
    nick TEXT NOT NULL,
    text TEXT NOT NULL,
    of INTEGER,                    -- the message that a reply or a reaction refers to
    room TEXT,                     -- where a whisper was whispered
    mentions TEXT,                 -- uids, separated by spaces
    nonce TEXT
) STRICT;

CREATE INDEX events_by_nonce ON events (t) WHERE nonce IS NOT NULL;
CREATE INDEX events_by_reaction ON events (uid) WHERE kind IN ('react', 'unreact');

-- Sessions that may resume. The token is a hash.
CREATE TABLE sessions (
    token TEXT PRIMARY KEY,
    uid TEXT NOT NULL,
    nick TEXT NOT NULL,
    mode TEXT NOT NULL,
    away TEXT,
    current TEXT,                  -- a room's key, or @ and the uid of the other person
    rooms TEXT NOT NULL,           -- JSON: [[name, role], ...]
    since INTEGER NOT NULL,
    seen TEXT NOT NULL             -- JSON: [[conversation, seq], ...] when the connection was lost
) STRICT, WITHOUT ROWID;
