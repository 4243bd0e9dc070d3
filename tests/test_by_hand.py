"""Rows of the log that a hand, or another program, has written: nobody falls over them."""

from __future__ import annotations

import io
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Final, cast

import pytest

from tests.watchfloor import Watchfloor
from tests.watching import text_of
from tui.app import FrontwatchApp
from tui.clock import DAY
from tui.config import load
from tui.export import Format, export
from tui.handover import begin, hand_over
from tui.ingest import Ingest, merger_of
from tui.labelled import write_labelled
from tui.listing import list_incidents
from tui.model import Severity, Timestamp, Watch
from tui.paths import STORE_NAME
from tui.ringer import Ringer
from tui.session import Session
from tui.store.desk import Desk
from tui.store.log import Wanted
from tui.store.reader import Reader
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger
from tui.watchlog import read

BROKEN: Final = {
    "a payload cut short": "UPDATE action SET payload = '{\"ids\": [1'",
    "a payload that is a list": "UPDATE action SET payload = '[1, 2]'",
    "a payload that is null": "UPDATE action SET payload = 'null'",
    "an empty payload": "UPDATE action SET payload = '{}'",
    "ids that are none": (
        "UPDATE action SET payload = json_set(payload, '$.ids', json('[\"x\", null, {}, 1e99]'))"
    ),
    "ids that are a number": "UPDATE action SET payload = json_set(payload, '$.ids', 7)",
    "ids of nothing": "UPDATE action SET payload = json_set(payload, '$.ids', json('[99999, 99998]'))",
    "a verb of tomorrow": "UPDATE action SET verb = 'frobnicate'",
    "a note without text": "UPDATE action SET payload = json_remove(payload, '$.text') WHERE verb = 'note'",
    "a note that is a table": (
        "UPDATE action SET payload = json_set(payload, '$.text', json('{}')) WHERE verb = 'note'"
    ),
    "a handover since words": "UPDATE action SET payload = '{\"since\": \"x\"}' WHERE verb = 'handover'",
    "a handover since ever": "UPDATE action SET payload = '{\"since\": -1e300}' WHERE verb = 'handover'",
    "a shelving until words": (
        "UPDATE action SET payload = json_set(payload, '$.until', 'x') WHERE verb = 'shelve'"
    ),
    "a shelving without end": "UPDATE incident_state SET until = NULL",
    "a shelving for ever": "UPDATE incident_state SET until = 1e300 WHERE state = 'shelved'",
    "an undo of words": "UPDATE action SET subject = 'abc' WHERE verb = 'undo'",
    "an undo of nothing": "UPDATE action SET subject = '99999' WHERE verb = 'undo'",
    "an undo of too much": "UPDATE action SET subject = '99999999999999999999' WHERE verb = 'undo'",
    "times that no calendar holds": "UPDATE action SET at = 1e18",
    "times before all calendars": "UPDATE action SET at = -1e18",
    "a field of tomorrow": "UPDATE correction SET field = 'mood'",
    "a value cut short": "UPDATE correction SET value = '{', before = '{'",
    "a value that is none": "UPDATE correction SET value = '\"terrible\"'",
    "a correction of a field of tomorrow": "UPDATE action SET payload = json_set(payload, '$.field', 'mood')",
    "a correction to nonsense": "UPDATE action SET payload = json_set(payload, '$.value', json('[{}]'))",
    "a place without a name": (
        "UPDATE action SET payload = json_set(payload, '$.field', 'place', '$.value', json('{\"nme\": 1}'))"
    ),
    "a ruling of a state of tomorrow": "UPDATE ruling SET state = 'maybe'",
    "an outcome cut short": "UPDATE ruling SET outcome = '{'",
    "an outcome without keys": "UPDATE ruling SET outcome = '{}'",
    "an outcome with other keys": 'UPDATE ruling SET outcome = \'{"keys": null, "new": "x"}\'',
    "everything asked again": "UPDATE ruling SET state = 'asked'",
    "an incident in a state of tomorrow": "UPDATE incident_state SET state = 'lost'",
    "an alarm of a priority of tomorrow": "UPDATE alarm SET priority = 'odd', severity = 77",
    "a posture of tomorrow": "INSERT INTO standing VALUES ('posture', 'north', 1, 'odd', 0, 0, '')",
    "a message that nobody sends": (
        "INSERT INTO message (bell, output, words, queued, next_try, state) VALUES (1, 'x', 'w', 0, 0, 'odd')"
    ),
}
"""What stands there, and how it came there."""

ASKED: Final = {
    "of nothing": ("UPDATE action SET payload = '{}' WHERE verb IN ('correct', 'merge', 'split')",),
    "by a verb of tomorrow": ("UPDATE action SET verb = 'frob' WHERE verb IN ('correct', 'merge', 'split')",),
    "to undo words": ("UPDATE action SET subject = 'zz' WHERE verb = 'undo'",),
    "to undo nothing": ("UPDATE action SET subject = '9999' WHERE verb = 'undo'",),
}
"""Rulings that can't be done."""

RECENT: Final = 30 * DAY
"""Seconds; the report on a situation looks at each hour of its time, and nothing here is older."""


@dataclass(frozen=True)
class Post:
    """A watch on which people have done everything that can be done once."""

    config: Path
    data: Path
    now: Timestamp

    @property
    def store(self) -> Path:
        return self.data / STORE_NAME

    @property
    def watch(self) -> Watch:
        return load(self.config)

    def copy(self, folder: Path, *statements: str) -> Post:
        """The same, with what a hand has changed."""
        shutil.copytree(self.data, folder / "data")
        post = Post(self.config, folder / "data", self.now)
        with closing(sqlite3.connect(post.store, isolation_level=None)) as db:
            for statement in statements:
                db.execute(statement)
        return post

    def collect(self) -> None:
        """What the collector does besides polling."""
        with closing(Writer(self.store)) as writer:
            ingest = Ingest(cast(Tagger, None), merger_of(writer, self.now), writer)
            ingest.rule(self.now)
            Ringer(self.watch, self.now - 9000.0).ring(writer, self.now + 10.0)

    def undo_everything(self) -> None:
        with closing(Desk(self.store)) as desk:
            while desk.undo("TST", self.now):
                pass

    def read_everything(self) -> str:
        """What every report to people and every file for programs says."""
        out = io.StringIO()
        with closing(Reader(self.store)) as reader:
            list_incidents(reader, front=None, since=1e9, kind=None, severity=None, as_json=True, out=out)
            out.write(hand_over(reader, self.watch, begin(reader, self.now), self.now, "TST").markdown())
            for format in Format:
                export(reader, self.watch, format, front=None, since=self.now - RECENT, out=out)
            write_labelled(reader, out)
            reader.rulings()
            for id in (None, "north"):
                out.writelines(line.words for line in read(reader, self.watch.fronts, Wanted(front=id)))
            for ago in (1.0, 26.0, 35.0, 100.0, 5000.0):
                past = reader.past(self.now - ago)
                for front in self.watch.fronts:
                    past.counts(front.id)
                    for incident in past.incidents(front=front.id):
                        assert past.reports(incident.id)
        return out.getvalue()


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    floor = Watchfloor(tmp_path_factory.mktemp("floor"))
    post, now = Post(floor.config, floor.data, floor.now), floor.now
    severities = (Severity.CRITICAL, Severity.HIGH, Severity.LOW)
    ids = [
        floor.tell(
            f"Drone strike {number} hits a house",
            severity=severities[number % 3],
            front=("north", "east", "south")[number % 3],
            ago=3600.0 * number + 120.0,
            sources=("Gazette", "Herald"),
        ).id
        for number in range(8)
    ]
    with closing(Desk(post.store)) as desk:
        desk.acknowledge([ids[0]], "TST", now - 50)
        desk.shelve([ids[1]], now + 7200, "TST", now - 40)
        desk.note(ids[0], "a note", "TST", now - 30)
        desk.note(None, "a note on the watch", "TST", now - 29)
        desk.correct(ids[2], "severity", Severity.HIGH, "TST", now - 28)
        desk.correct(ids[3], "fronts", ("south",), "TST", now - 27)
        desk.merge(ids[4], ids[5], "TST", now - 26)
        desk.split([floor.writer.reports(ids[6])[0].key], "TST", now - 25)
        desk.hand_over(now - 28_800, "file x.md", "TST", now - 20)
        post.collect()
        for ago in (10, 9):
            desk.undo("TST", now - ago)
            post.collect()
        desk.correct(ids[7], "killed", 4, "TST", now - 3)
    floor.writer.close()
    yield post


def rows(post: Post, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(post.store)) as db:
        return db.execute(question).fetchall()


@pytest.mark.parametrize("name", BROKEN)
def test_it_is_survived_by_every_report_the_collector_and_undo(post: Post, tmp_path: Path, name: str) -> None:
    broken = post.copy(tmp_path, BROKEN[name])
    reports = rows(post, "SELECT key FROM report ORDER BY key")
    told = broken.read_everything()
    assert all(f"Drone strike {number} hits a house" in told for number in range(8))
    broken.collect()
    broken.undo_everything()
    broken.collect()
    assert rows(broken, "SELECT key FROM report ORDER BY key") == reports
    assert rows(broken, "SELECT count(*) FROM ruling WHERE state = 'asked'") == [(0,)]


@pytest.mark.parametrize("name", ASKED)
def test_a_ruling_that_cannot_be_read_is_refused_with_the_reason_and_holds_up_none(
    post: Post, tmp_path: Path, name: str
) -> None:
    asked = post.copy(tmp_path, *ASKED[name], "UPDATE ruling SET state = 'asked'")
    asked.collect()
    with closing(Reader(asked.store)) as reader:
        assert reader.pending() == 0
        refused = [ruled for ruled in reader.rulings() if ruled.refused]
    assert refused


@pytest.mark.parametrize("name", list(BROKEN)[::6])
async def test_log_handover_and_past_are_drawn(post: Post, tmp_path: Path, name: str) -> None:
    broken = post.copy(tmp_path, BROKEN[name])
    session = Session(broken.config, broken.data, collector=None)
    session.memory.set("initials", "TST")
    try:
        app = FrontwatchApp(session)
        async with app.run_test(size=(120, 40)) as pilot:
            for key in ("L", "q", "H", "q", "left_square_bracket", "backspace", "j", "enter", "u", "e"):
                await pilot.press(key)
                await pilot.pause()
                assert text_of(app)
    finally:
        session.close()


def test_a_shelving_of_before_they_had_an_end_ends(post: Post, tmp_path: Path) -> None:
    broken = post.copy(tmp_path, BROKEN["a shelving without end"])
    broken.collect()
    assert rows(broken, "SELECT count(*) FROM incident_state WHERE state = 'shelved'") == [(0,)]
