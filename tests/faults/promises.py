"""What holds of a store whatever was done to the programs that write it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.publisher import NUMBER, Publisher


@dataclass
class Ledger:
    """What was confirmed, and so must be there for good."""

    acknowledged: set[int] = field(default_factory=set)
    """Incidents whose acknowledgement :class:`tui.store.desk.Desk` confirmed."""
    notes: set[str] = field(default_factory=set)
    seq: int = 0
    reports: int = 0
    actions: int = 0
    """The least number of lines in the log of actions."""

    def check(self, store: Path, publisher: Publisher, *, deep: bool = False) -> list[str]:
        """What is broken, in words; what is found becomes what must be there at the next look.

        ``deep``: SQLite's whole check, indexes against tables too, in place of the quick one.
        """
        with closing(sqlite3.connect(f"{store.as_uri()}?mode=ro", uri=True, timeout=20.0)) as db:
            db.execute("BEGIN")
            broken = self._sound(db, deep=deep)
            broken += self._entries(db, publisher)
            broken += self._acts(db)
            broken += self._forward(db)
        return broken

    def _sound(self, db: sqlite3.Connection, *, deep: bool) -> list[str]:
        ask = "PRAGMA integrity_check" if deep else "PRAGMA quick_check"
        found = [row[0] for row in db.execute(ask)]
        broken = [] if found == ["ok"] else [f"{ask}: {found[:3]}"]
        questions = {
            "rows that refer to none": "SELECT count(*) FROM pragma_foreign_key_check",
            "reports stored twice": "SELECT count(*) - count(DISTINCT title) FROM report",
            "incidents that miscount their reports": "SELECT count(*) FROM incident i WHERE reports <> "
            "(SELECT count(*) FROM report WHERE incident = i.id)",
            "incidents on no front": "SELECT count(*) FROM incident i WHERE reports > 0 AND NOT EXISTS "
            "(SELECT 1 FROM incident_front WHERE incident = i.id)",
            "reports that search does not know": "SELECT count(*) FROM report WHERE seq NOT IN "
            "(SELECT id FROM report_words_docsize)",
            "words of no report": "SELECT count(*) FROM report_words_docsize WHERE id NOT IN "
            "(SELECT seq FROM report)",
            "rows numbered past the counter": "SELECT count(*) FROM (SELECT seq FROM incident UNION ALL "
            "SELECT seq FROM report UNION ALL SELECT seq FROM feed) WHERE seq > (SELECT seq FROM counter)",
            "incident ids past the counter": "SELECT count(*) FROM incident WHERE id > "
            "(SELECT incident FROM counter)",
        }
        for words, question in questions.items():
            (count,) = db.execute(question).fetchone()
            if count:
                broken.append(f"{words}: {count}")
        return broken

    def _entries(self, db: sqlite3.Connection, publisher: Publisher) -> list[str]:
        """A document whose validator is stored is never asked for again: all of it must be here."""
        stored = stored_numbers(db)
        broken = []
        for name, etag in db.execute("SELECT name, etag FROM feed WHERE etag <> ''"):
            version = int(etag.strip('"v'))
            missing = set(publisher.documents.get((name, version), ())) - stored
            if missing:
                broken.append(f"{name} is not asked again for {len(missing)} entries that are not stored")
        return broken

    def _acts(self, db: sqlite3.Connection) -> list[str]:
        # By the log and not by how they stand: what was quiet for a day is closed since.
        acknowledged = (
            "SELECT ids.value FROM action, json_each(payload, '$.ids') AS ids WHERE verb = 'acknowledge'"
        )
        found = {row[0] for row in db.execute(acknowledged)}
        told = {
            row[0]
            for row in db.execute("SELECT json_extract(payload, '$.text') FROM action WHERE verb = 'note'")
        }
        broken = []
        if lost := self.acknowledged - found:
            broken.append(f"confirmed acknowledgements that are gone: {sorted(lost)[:5]}")
        if unsaid := self.notes - told:
            broken.append(f"confirmed notes that are gone: {sorted(unsaid)[:5]}")
        (actions,) = db.execute("SELECT count(*) FROM action").fetchone()
        if actions < self.actions:
            broken.append(f"{self.actions} lines of the log were confirmed, {actions} are there")
        return broken

    def _forward(self, db: sqlite3.Connection) -> list[str]:
        (seq,) = db.execute("SELECT seq FROM counter").fetchone()
        (reports,) = db.execute("SELECT count(*) FROM report").fetchone()
        broken = [f"seq fell from {self.seq} to {seq}"] if seq < self.seq else []
        broken += [f"reports fell from {self.reports} to {reports}"] if reports < self.reports else []
        self.seq, self.reports = seq, reports
        return broken


def stored_numbers(db: sqlite3.Connection) -> set[int]:
    """Numbers of the dispatches in a store."""
    found = (NUMBER.search(title) for (title,) in db.execute("SELECT title FROM report"))
    return {int(number[1]) for number in found if number is not None}
