-- Step 3 of the store: alarms. As in schema.sql, never changed once released.

-- When a shelved incident is new again. The collector ends a shelving, with a line in the log: the one thing
-- that it writes in incident_state.
ALTER TABLE incident_state ADD COLUMN until REAL;

-- The highest seq whose incident was judged; what is there already rings no more.
ALTER TABLE counter ADD COLUMN judged INTEGER NOT NULL DEFAULT 0;
UPDATE counter SET judged = seq;

-- How grave each incident was when it was last judged: what rises above it is news. Severity is its rank.
CREATE TABLE alarm (
    incident INTEGER PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    priority TEXT NOT NULL,
    own      TEXT NOT NULL,
    severity INTEGER NOT NULL,
    killed   INTEGER NOT NULL,
    why      TEXT NOT NULL
);

-- Every bell, in order, never deleted, also those that were not rung: muted says why.
CREATE TABLE bell (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    seq      INTEGER NOT NULL,
    at       REAL NOT NULL,
    incident INTEGER NOT NULL,
    priority TEXT NOT NULL,
    cause    TEXT NOT NULL,
    muted    TEXT NOT NULL,
    words    TEXT NOT NULL
);
CREATE INDEX bell_by_seq ON bell (seq, id);
CREATE INDEX bell_by_time ON bell (at, id);
