-- Step 7 of the store: what a feed's publisher asks for, its rhythm, and how it does. As in schema.sql, never
-- changed once released. Seconds, but for times; skip_hours and skip_days are bits: 1 << hour (UTC), 1 << weekday (Monday 0).

ALTER TABLE feed ADD COLUMN interval REAL NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN status INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN rest_until REAL;
ALTER TABLE feed ADD COLUMN moved TEXT NOT NULL DEFAULT '';
ALTER TABLE feed ADD COLUMN ttl REAL;
ALTER TABLE feed ADD COLUMN max_age REAL;
ALTER TABLE feed ADD COLUMN skip_hours INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN skip_days INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN gap REAL;
ALTER TABLE feed ADD COLUMN longest REAL;
ALTER TABLE feed ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN took REAL NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN answers INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN unchanged INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN terms TEXT NOT NULL DEFAULT '';

-- Counted by the store as reports come in: all of the feed, and those on a front.
ALTER TABLE feed ADD COLUMN stored INTEGER NOT NULL DEFAULT 0;
ALTER TABLE feed ADD COLUMN relevant INTEGER NOT NULL DEFAULT 0;

-- Who paused it, empty: nobody. People's alone: the collector never changes it.
ALTER TABLE feed ADD COLUMN paused_by TEXT NOT NULL DEFAULT '';

-- Whether the collector can reach the web: empty, 'down' (no server answers) or 'offline' (it was told not to try).
ALTER TABLE heartbeat ADD COLUMN network TEXT NOT NULL DEFAULT '';

-- The steps of the last fetch of a feed that a person asked to see, as they come. good: 1, 0, or NULL for plain news.
CREATE TABLE trial_step (
    url   TEXT NOT NULL,
    n     INTEGER NOT NULL,
    at    REAL NOT NULL,
    name  TEXT NOT NULL,
    words TEXT NOT NULL,
    good  INTEGER,
    PRIMARY KEY (url, n)
) WITHOUT ROWID;
