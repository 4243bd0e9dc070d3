-- Step 2 of the store: tempo and posture. As in schema.sql, never changed once released.

-- Side that suffered it, as the lexicons name sides.
ALTER TABLE report ADD COLUMN against TEXT;

-- How long each front was seen in each hour (hour: of the clock, counted from 1970-01-01T00Z): under half of
-- its feeds fresh is blind, and an hour without a row is one in which nobody watched.
CREATE TABLE seen (
    front   TEXT NOT NULL,
    hour    INTEGER NOT NULL,
    seconds REAL NOT NULL,
    PRIMARY KEY (front, hour)
) WITHOUT ROWID;

-- How each front stands (kind posture), and each side that was active on several (kind active).
CREATE TABLE standing (
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    seq     INTEGER NOT NULL,
    state   TEXT NOT NULL,
    since   REAL NOT NULL,
    met     REAL NOT NULL,
    words   TEXT NOT NULL,
    PRIMARY KEY (kind, subject)
) WITHOUT ROWID;

-- Every change of a standing, in order, never deleted: how it stood at any past minute is the last one by then.
CREATE TABLE event (
    id      INTEGER PRIMARY KEY AUTOINCREMENT,
    seq     INTEGER NOT NULL,
    at      REAL NOT NULL,
    kind    TEXT NOT NULL,
    subject TEXT NOT NULL,
    before  TEXT NOT NULL,
    state   TEXT NOT NULL,
    words   TEXT NOT NULL
);
CREATE INDEX event_by_time ON event (at, id);
CREATE INDEX event_by_subject ON event (kind, subject, at, id);
