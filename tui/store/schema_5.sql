-- Step 5 of the store: what closes and what is suppressed, and alarms that wait to be sent. As in schema.sql,
-- never changed once released.

-- What is shelved until when, and what is suppressed by a rule. Besides ending shelvings the collector writes
-- these states: closed (nothing was told for 24 hours) and suppressed (who: the name of the rule).
CREATE INDEX incident_state_by_state ON incident_state (state, until);

-- Every incident was looked at that was told of last before then; NULL: none was yet.
ALTER TABLE counter ADD COLUMN closed REAL;

-- Alarms on their way to outputs. queued, next_try: by the machine's clock, whatever clock the collector lives
-- by. state: waiting, sent, given up (nobody took it) or dropped (too old when it could have been sent).
CREATE TABLE message (
    id       INTEGER PRIMARY KEY AUTOINCREMENT,
    bell     INTEGER NOT NULL REFERENCES bell (id),
    output   TEXT NOT NULL,
    words    TEXT NOT NULL,
    queued   REAL NOT NULL,
    attempts INTEGER NOT NULL DEFAULT 0,
    next_try REAL NOT NULL,
    state    TEXT NOT NULL DEFAULT 'waiting'
);
CREATE INDEX message_by_state ON message (state, output, id);

-- What was judged of each incident, now with its own points (without those for posture) in place of its own
-- priority. What was judged before is known to have risen by severity or deaths alone: no points are above 99.
ALTER TABLE alarm RENAME TO alarm_3;
CREATE TABLE alarm (
    incident INTEGER PRIMARY KEY REFERENCES incident (id) ON DELETE CASCADE,
    priority TEXT NOT NULL,
    own      INTEGER NOT NULL,
    severity INTEGER NOT NULL,
    killed   INTEGER NOT NULL,
    why      TEXT NOT NULL
);
INSERT INTO alarm SELECT incident, priority, 99, severity, killed, why FROM alarm_3;
DROP TABLE alarm_3;
