-- The store, version 1. Later versions are steps in migrate.py; this file is never changed once released.
--
-- Times are seconds since 1970-01-01T00:00Z. Severity is its rank, 1 low to 4 critical. Lists are JSON.
-- Who writes what: the collector everything but what people do (incident_state, action, request).
--
-- An incident row is a digest of its reports, which are never changed: the board as it stood at any past
-- minute is the digest of the reports seen by then, with the actions that were taken by then.

-- seq: raised inside the write transaction for every row that a screen may show, so "what changed since N"
-- is an index range. incident: the highest id ever given, for an id is never given twice.
CREATE TABLE counter (
    id       INTEGER PRIMARY KEY CHECK (id = 1),
    seq      INTEGER NOT NULL,
    incident INTEGER NOT NULL
);
INSERT INTO counter VALUES (1, 0, 0);

CREATE TABLE incident (
    id         INTEGER PRIMARY KEY,
    seq        INTEGER NOT NULL,
    kind       TEXT NOT NULL,
    fronts     TEXT NOT NULL,
    headline   TEXT NOT NULL,
    language   TEXT NOT NULL,
    type       TEXT,
    by         TEXT,
    killed     INTEGER,
    severity   INTEGER,
    place      TEXT,
    lat        REAL,
    lon        REAL,
    first_seen REAL NOT NULL,
    last_seen  REAL NOT NULL,
    publishers TEXT NOT NULL,
    reports    INTEGER NOT NULL,
    grade      TEXT NOT NULL
);
CREATE UNIQUE INDEX incident_by_seq ON incident (seq);

-- A row for each front of an incident, and one for front '' that stands for all of them: the same two
-- indexes answer for a pane and for the whole watch.
CREATE TABLE incident_front (
    incident   INTEGER NOT NULL REFERENCES incident (id) ON DELETE CASCADE,
    front      TEXT NOT NULL,
    kind       TEXT NOT NULL,
    severity   INTEGER,
    first_seen REAL NOT NULL,
    last_seen  REAL NOT NULL,
    PRIMARY KEY (incident, front)
) WITHOUT ROWID;
CREATE INDEX incident_front_by_first ON incident_front (front, kind, first_seen, incident, last_seen, severity);
CREATE INDEX incident_front_by_last ON incident_front (front, kind, last_seen, first_seen, incident, severity);

-- Where an incident stands with the people on watch; no row: new. The collector never writes here.
CREATE TABLE incident_state (
    incident INTEGER PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    state    TEXT NOT NULL,
    who      TEXT NOT NULL,
    at       REAL NOT NULL,
    action   INTEGER NOT NULL REFERENCES action (id)
);

CREATE TABLE report (
    seq         INTEGER PRIMARY KEY,
    key         TEXT NOT NULL UNIQUE,
    incident    INTEGER REFERENCES incident (id),
    source      TEXT NOT NULL,
    publisher   TEXT NOT NULL,
    reliability TEXT NOT NULL,
    language    TEXT NOT NULL,
    link        TEXT NOT NULL,
    title       TEXT NOT NULL,
    summary     TEXT NOT NULL,
    published   REAL NOT NULL,
    seen        REAL NOT NULL,
    fronts      TEXT NOT NULL,
    kind        TEXT NOT NULL,
    type        TEXT,
    by          TEXT,
    killed      INTEGER,
    severity    INTEGER,
    places      TEXT NOT NULL,
    evidence    TEXT NOT NULL
);
CREATE INDEX report_by_incident ON report (incident, published, seq) WHERE incident IS NOT NULL;
CREATE INDEX report_of_none ON report (seen) WHERE incident IS NULL;

-- Folded words of each report (rowid = report.seq). It keeps its own copy of them: an index without one
-- can be pruned only by giving it the very same words again, which a later fold would not.
CREATE VIRTUAL TABLE report_words USING fts5 (title, summary, tokenize = "unicode61 remove_diacritics 0");

CREATE TABLE feed (
    url           TEXT PRIMARY KEY,
    seq           INTEGER NOT NULL,
    position      INTEGER NOT NULL,
    name          TEXT NOT NULL,
    publisher     TEXT NOT NULL,
    front         TEXT,
    every         REAL NOT NULL,
    last_poll     REAL,
    last_ok       REAL,
    next_poll     REAL,
    newest        REAL,
    failures      INTEGER NOT NULL DEFAULT 0,
    failing_since REAL,
    error         TEXT NOT NULL DEFAULT '',
    etag          TEXT NOT NULL DEFAULT '',
    last_modified TEXT NOT NULL DEFAULT '',
    digest        TEXT NOT NULL DEFAULT '',
    entries       INTEGER NOT NULL DEFAULT 0
);
CREATE UNIQUE INDEX feed_by_seq ON feed (seq);

CREATE TABLE heartbeat (
    id      INTEGER PRIMARY KEY CHECK (id = 1),
    pid     INTEGER NOT NULL,
    started REAL NOT NULL,
    beat    REAL NOT NULL,
    origin  REAL NOT NULL,
    anchor  REAL NOT NULL,
    rate    REAL NOT NULL,
    doing   TEXT NOT NULL
);

-- What people did, in order, never deleted. subject is what it was done to ("incidents", a feed's url);
-- payload says which, and how they stood before. undone_by is the action that took it back.
CREATE TABLE action (
    id        INTEGER PRIMARY KEY AUTOINCREMENT,
    at        REAL NOT NULL,
    who       TEXT NOT NULL,
    verb      TEXT NOT NULL,
    subject   TEXT NOT NULL,
    payload   TEXT NOT NULL,
    undone_by INTEGER REFERENCES action (id)
);
CREATE INDEX action_by_time ON action (at, id);
CREATE INDEX action_by_who ON action (who, id) WHERE undone_by IS NULL;

-- What people ask of the collector; a row goes when the collector takes it.
CREATE TABLE request (
    id   INTEGER PRIMARY KEY AUTOINCREMENT,
    verb TEXT NOT NULL,
    url  TEXT,
    who  TEXT NOT NULL,
    at   REAL NOT NULL
);
