-- Step 6 of the store: the way back in time. As in schema.sql, never changed once released.

-- What had been published and seen of each front by some minute, newest first, from the index alone. Few lists of
-- fronts are told apart, so those with one front in them are found by a seek each.
CREATE INDEX report_by_fronts ON report (fronts, published, seen, incident) WHERE incident IS NOT NULL;

-- Which actions were on an incident: how it stood at any past minute is what they had made of it by then.
CREATE TABLE incident_action (
    incident INTEGER NOT NULL,
    action   INTEGER NOT NULL REFERENCES action (id),
    PRIMARY KEY (incident, action)
) WITHOUT ROWID;
INSERT OR IGNORE INTO incident_action
    SELECT each.value, action.id FROM action,
        json_each(CASE WHEN json_valid(action.payload) THEN action.payload END, '$.ids') AS each
    WHERE action.subject = 'incidents' AND each.type = 'integer';
CREATE TRIGGER incident_action_of_action AFTER INSERT ON action WHEN NEW.subject = 'incidents'
BEGIN
    INSERT OR IGNORE INTO incident_action
        SELECT each.value, NEW.id FROM json_each(NEW.payload, '$.ids') AS each;
END;

-- Corrections are few: those of front and kind tell in which list an incident stood, whatever its reports say.
CREATE INDEX action_correct ON action (at) WHERE verb = 'correct';

-- What search asks of each report that holds a word, without reading its text: whole reports are thirty times as large.
CREATE INDEX report_brief ON report (seq, incident, published, publisher, language, kind);
DROP INDEX report_of_none;
CREATE INDEX report_of_none ON report (seen, published, publisher, language, kind) WHERE incident IS NULL;
