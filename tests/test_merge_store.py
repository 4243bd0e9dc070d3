"""What the merger decides, as the store keeps it: every report in one incident, whatever comes late."""

from __future__ import annotations

import io
import sqlite3
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests import samples
from tests.new_store import new_writer
from tests.samples import HOUR, NOON
from tests.test_merge import reports, strike
from tui.incidents.merge import Merger
from tui.listing import list_incidents
from tui.model import Report
from tui.store.reader import Reader
from tui.store.writer import Writer

batches = st.lists(st.lists(reports, max_size=6), max_size=5)


def store(path: Path, told: Sequence[Sequence[Report]]) -> None:
    """Merges and stores the reports, batch by batch."""
    merger = Merger()
    with closing(new_writer(path)) as writer:
        writer.beat(samples.heartbeat(origin=NOON + 200 * HOUR, rate=0.0))
        for batch in told:
            for report in batch:
                merger.place(report)
            changes = merger.changes()
            placed = [(report, changes.incident_of.pop(report.key)) for report in batch]
            writer.add(placed, changes.incidents, moved=changes.incident_of, emptied=changes.emptied)


def listed(path: Path) -> bytes:
    """What ``list --json`` writes of every kind."""
    out = io.StringIO()
    with closing(Reader(path)) as reader:
        for kind in ("incident", "statement"):
            list_incidents(reader, front=None, since=0.0, kind=kind, severity=None, as_json=True, out=out)
    return out.getvalue().encode()


@settings(max_examples=25)
@given(batches)
def test_every_stored_report_is_in_one_incident_that_counts_it(told: list[list[Report]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store.db"
        store(path, told)
        with closing(sqlite3.connect(path)) as db:
            assert db.execute("SELECT count(*) FROM report WHERE incident IS NULL").fetchone() == (0,)
            assert db.execute("SELECT count(*) FROM report").fetchone() == (sum(map(len, told)),)
            rows_of = "SELECT count(*) FROM report r WHERE r.incident = i.id"
            for id, count, rows in db.execute(f"SELECT id, reports, ({rows_of}) FROM incident i").fetchall():
                assert count == rows
                shown = "SELECT count(*) FROM incident_front WHERE incident = ?"
                assert bool(db.execute(shown, (id,)).fetchone()[0]) == bool(rows)


@settings(max_examples=15)
@given(batches)
def test_two_runs_over_one_input_are_equal_to_the_byte(told: list[list[Report]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        paths = Path(folder) / "one.db", Path(folder) / "other.db"
        for path in paths:
            store(path, told)
        assert listed(paths[0]) == listed(paths[1])


def test_a_moved_report_and_an_emptied_incident_are_told_to_whoever_follows(
    writer: Writer, reader: Reader
) -> None:
    merger, first, second = Merger(), strike(), strike(hours=72)
    for report in (first, second):
        merger.place(report)
    changes = merger.changes()
    writer.add([(each, changes.incident_of[each.key]) for each in (first, second)], changes.incidents)
    one, other = sorted(changes.incidents, key=lambda incident: incident.id)
    seq = reader.seq()
    writer.add((), (one,), moved={second.key: one.id}, emptied=(other.id,))
    changed = {incident.id: incident for incident in reader.changes(seq).incidents}
    assert changed.keys() == {one.id, other.id}
    assert (changed[other.id].fronts, changed[other.id].reports) == ((), 0)
    assert [incident.id for incident in reader.incidents()] == [one.id]
    assert {report.key for report in reader.reports(one.id)} == {first.key, second.key}
    assert reader.reports(other.id) == []
    assert [incident.id for incident, _ in writer.window(0.0)] == [one.id]
    assert writer.next_incident_id() == other.id + 1
