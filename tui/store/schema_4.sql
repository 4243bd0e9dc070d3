-- Step 4 of the store: what people rule. As in schema.sql, never changed once released.
--
-- A person's correction, merge, split, or undo of one of these is a line in action and a ruling that is asked of
-- the collector. The collector does it in one transaction with all that it changes.

-- state: asked, done, refused, or taken back (it was done, and an undo of it was done later). outcome: what an
-- undo needs to know of it; of a refused one the reason.
CREATE TABLE ruling (
    action  INTEGER PRIMARY KEY REFERENCES action (id),
    state   TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '{}'
);
CREATE INDEX ruling_asked ON ruling (action) WHERE state = 'asked';

-- What people say of an incident, laid over what its reports say. Of a field the row with the highest action
-- counts; the others are what an undo goes back to. before: how it stood when this was done.
CREATE TABLE correction (
    incident INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    field    TEXT NOT NULL,
    action   INTEGER NOT NULL REFERENCES action (id),
    value    TEXT NOT NULL,
    before   TEXT NOT NULL,
    who      TEXT NOT NULL,
    at       REAL NOT NULL,
    PRIMARY KEY (incident, field, action)
) WITHOUT ROWID;
CREATE INDEX correction_by_action ON correction (action);

-- Incidents whose reports a person has put together or taken apart: the merger takes none of them away.
CREATE TABLE ruled (
    incident INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    action   INTEGER NOT NULL REFERENCES action (id),
    PRIMARY KEY (incident, action)
) WITHOUT ROWID;
CREATE INDEX ruled_by_action ON ruled (action);
