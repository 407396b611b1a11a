-- The search index, attached to the database as ``search``: made from it, and whenever it is not its
-- own, made anew. It is a file with a writer of its own, because FTS5 cannot be stopped within a
-- word: merging the entries of a frequent one would hold up commits.

BEGIN;
-- Who said a text is in the index, too: a word that all say is found by who said it.
CREATE VIRTUAL TABLE search.words USING fts5 (
    text, author, columnsize = 0, prefix = '2 3', tokenize = 'unicode61 remove_diacritics 2'
);
-- Merge until one segment is left.
INSERT INTO search.words (words, rank) VALUES ('usermerge', 2);
CREATE TABLE search.progress (
    version INTEGER NOT NULL,                  -- of this file
    done INTEGER NOT NULL,                     -- the newest n of unindexed that was seen to
    filled INTEGER,                            -- while it is made: the newest id in it
    stale INTEGER NOT NULL                     -- erased, but their words may still be in the file
) STRICT;
INSERT INTO search.progress
    SELECT 3, seq, 0, 0 FROM sqlite_sequence WHERE name = 'unindexed';
COMMIT;
