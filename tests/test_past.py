"""The store as it stood at a past minute: what was on the board then is what the past shows of it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import samples
from tests.new_store import new_writer
from tests.samples import DAY, HOUR, MINUTE, MOCHA, NOON
from tests.test_merge import strike
from tests.watchdesk import NOW, Watchdesk, copies
from tui.follow import past_picture
from tui.incidents.alarms import Bell, Cause, Muted
from tui.incidents.attention import Turn, Verb
from tui.incidents.standing import ACTIVE, BLIND, COVERAGE, OVER, POSTURE, Posture, Standing
from tui.incidents.story import Story
from tui.model import Incident, Kind, Severity, State, Timestamp
from tui.policy import Priority
from tui.store.desk import Desk
from tui.store.migrate import APPLICATION_ID, STEPS, open_store
from tui.store.past import Past
from tui.store.reader import Reader
from tui.store.rows import Counts
from tui.store.writer import Writer

NORTH, EAST = "lebanon-border", "iraq-syria"
FRONTS = samples.FRONTS[:2]
WHO = ("ab", "cd")


@dataclass
class Board:
    """All that the board shows of two fronts at a moment."""

    rows: dict[tuple[str, bool], list[Incident]] = field(default_factory=dict)
    counts: dict[str, Counts] = field(default_factory=dict)
    new: list[tuple[int, Severity]] = field(default_factory=list)
    newest: dict[str, Timestamp | None] = field(default_factory=dict)


def board(view: Reader | Past, now: Timestamp, *, page: int = 1000) -> Board:
    """As the screens read it: page after page, with context and without."""
    seen = Board()
    for front in (NORTH, EAST):
        for context in (False, True):
            rows: list[Incident] = []
            while True:
                more = view.incidents(
                    front=front,
                    kinds=None if context else (Kind.INCIDENT,),
                    before=(rows[-1].first_seen, rows[-1].id) if rows else None,
                    limit=page,
                )
                rows += more
                if not more:
                    break
            seen.rows[front, context] = rows
        seen.counts[front] = view.counts(front) if isinstance(view, Past) else view.counts(front, now)
        seen.newest[front] = view.newest(front)
    seen.new = view.new((NORTH, EAST), now - DAY)
    return seen


class Watched:
    """A store in which things happen at whole minutes, and what the board showed at each of them."""

    def __init__(self, path: Path) -> None:
        self.writer, self.desk = new_writer(path), Desk(path)
        self.reader = Reader(path)
        self.now = NOON
        self.stories: list[Story] = []
        self.live: list[tuple[Timestamp, Board]] = []

    def close(self) -> None:
        for each in (self.writer, self.desk, self.reader):
            each.close()

    def told(self, which: int, fronts: tuple[str, ...], late: float, severity: Severity, killed: int) -> None:
        """A report, published ``late`` seconds before it is seen; of a new incident if there is none."""
        if which >= len(self.stories):
            kind = Kind.STATEMENT if which % 5 == 4 else Kind.INCIDENT
            self.stories.append(Story(len(self.stories) + 1, kind))
        story = self.stories[min(which, len(self.stories) - 1)]
        tags = samples.tags(*fronts, kind=story.kind, severity=severity, killed=killed or None)
        publisher = f"p{killed}"
        report = samples.report(at=self.now, tagged=tags, published=self.now - late, publisher=publisher)
        story.add(report)
        self.writer.add([(report, story.id)], [story.incident()])

    def look(self) -> None:
        """Remember what the board shows."""
        self.live.append((self.now, board(self.reader, self.now)))


ARRIVAL = st.tuples(
    st.just("told"),
    st.integers(0, 12),
    st.sampled_from([(NORTH,), (EAST,), (NORTH, EAST)]),
    st.sampled_from([0.0, MINUTE, 2 * HOUR, 30 * HOUR]),
    st.sampled_from(list(Severity)),
    st.integers(0, 3),
)
TURNS = (Verb.SUPPRESS, Verb.UNSUPPRESS, Verb.REOPEN)
ACT = st.tuples(
    st.sampled_from(["acknowledge", "shelve", "undo", "unshelve", "close", *TURNS]),
    st.integers(1, 12),
    st.sampled_from(WHO),
)
HAPPENINGS = st.lists(st.tuples(st.sampled_from([1, 10, 90, 1500]), st.one_of(ARRIVAL, ACT)), max_size=25)


@settings(max_examples=60)
@given(HAPPENINGS, st.sampled_from([1, 3, 1000]))
def test_the_past_shows_what_the_board_showed_whatever_came_in_whatever_order(
    happenings: list[tuple[int, tuple[object, ...]]], page: int
) -> None:
    with TemporaryDirectory() as folder, closing(Watched(Path(folder) / "s.db")) as watched:
        for minutes, (what, *values) in happenings:
            watched.now += minutes * MINUTE
            match what, values:
                case "told", (which, fronts, late, severity, killed):
                    watched.told(which, fronts, late, severity, killed)  # type: ignore[arg-type]  # as ARRIVAL says
                case "acknowledge", (int(incident), str(who)):
                    watched.desk.acknowledge((incident,), who, watched.now)
                case "shelve", (int(incident), str(who)):
                    watched.desk.shelve((incident,), watched.now + 2 * HOUR, who, watched.now)
                case "undo", (_, str(who)):
                    watched.desk.undo(who, watched.now)
                case "unshelve", _:
                    watched.writer.unshelve(watched.now)
                case "close", _:
                    watched.writer.close_quiet(watched.now)
                case str(verb), (int(incident), _) if incident <= len(watched.stories):
                    turn = Turn(incident, Verb(verb), State.NEW, "drills" if verb == Verb.SUPPRESS else "")
                    watched.writer.turn([turn], watched.now)
            watched.look()
        for at, shown in watched.live:
            assert board(watched.reader.past(at), at, page=page) == shown


@pytest.fixture
def desk(path: Path) -> Iterator[Watchdesk]:
    with closing(Watchdesk(path)) as desk:
        yield desk


def at(minutes: float) -> Timestamp:
    return NOW + minutes * MINUTE


def rows_of(view: Reader | Past) -> dict[int, tuple[Incident, set[str]]]:
    """Every incident with the keys of its reports, as a reader or the past shows it."""
    fronts = (NORTH, EAST, "yemen")
    rows = {each.id: each for front in fronts for each in view.incidents(front=front, limit=99)}
    acts = {each.id for front in fronts for each in view.incidents(front=front, kinds=(Kind.INCIDENT,))}
    assert acts == {id for id, row in rows.items() if row.kind is Kind.INCIDENT}
    return {id: (row, {report.key for report in view.reports(id)}) for id, row in rows.items()}


def test_corrections_merges_and_splits_count_from_the_minute_at_which_they_were_made(desk: Watchdesk) -> None:
    desk.tell(strike(), strike("Missile hits tanker off Mocha", hours=5, fronts=("yemen",), places=(MOCHA,)))
    (one, two) = desk.incidents()
    desk.tell(samples.report("Party warns of war", tagged=samples.tags(kind=Kind.STATEMENT)))
    (context,) = desk.incidents().keys() - {one, two}
    other, *_ = desk.tell(*copies(strike(), 2))
    acts: tuple[Callable[[Timestamp], object], ...] = (
        lambda when: desk.desk.correct(one, "severity", Severity.CRITICAL, "ab", when),
        lambda when: desk.desk.correct(one, "fronts", (EAST,), "ab", when),
        lambda when: desk.desk.undo("ab", when),
        lambda when: desk.desk.merge(one, two, "ab", when),
        lambda when: desk.desk.undo("ab", when),
        lambda when: desk.desk.split([other], "ab", when),
        lambda when: desk.desk.correct(two, "kind", Kind.STATEMENT, "ab", when),
        lambda when: desk.desk.undo("ab", when),
        lambda when: desk.desk.correct(context, "kind", Kind.INCIDENT, "ab", when),
        lambda when: desk.desk.undo("ab", when),
    )
    live = [rows_of(desk.reader)]
    for minute, act in enumerate(acts, 1):
        act(at(minute))
        desk.rule()
        live.append(rows_of(desk.reader))
    assert len(live[-1]) == 4
    for minute, then in enumerate(live):
        assert rows_of(desk.reader.past(at(minute))) == then, f"minute {minute}"


def test_what_nobody_had_seen_yet_is_not_in_the_past(desk: Watchdesk) -> None:
    desk.tell(strike())
    before, after = desk.reader.past(NOW - 1), desk.reader.past(NOW)
    assert (before.incident(1), before.reports(1), rows_of(before)) == (None, [], {})
    assert after.incident(1) == desk.incident(1)


def test_the_past_knows_postures_sides_bells_and_blindness_of_then(writer: Writer, reader: Reader) -> None:
    def stand(kind: str, subject: str, state: str, when: Timestamp, words: str = "") -> None:
        writer.stand([Standing(kind, subject, state, when, when, words)], when)

    def bell(when: Timestamp) -> Bell:
        return Bell(when, 1, Priority.HIGH, Cause.NEW, Muted.NO, "rockets")

    stand(POSTURE, NORTH, Posture.SURGE, NOON, "9 in 6 h, usual 2.1")
    stand(ACTIVE, "axis", ACTIVE, NOON + MINUTE)
    stand(POSTURE, NORTH, Posture.USUAL, NOON + HOUR)
    stand(ACTIVE, "axis", OVER, NOON + HOUR)
    stand(COVERAGE, EAST, BLIND, NOON + MINUTE)
    writer.saw({(front.id, int(NOON // HOUR)): HOUR for front in FRONTS})
    flood = Bell(NOON, 1, Priority.HIGH, Cause.FLOOD, Muted.NO, "flood")
    writer.judge(0, {}, [*[bell(NOON - 300 + number) for number in range(12)], flood], now=NOON)

    then = past_picture(reader.past(NOON + 2 * MINUTE), FRONTS)
    north, east = then.figures[NORTH], then.figures[EAST]
    assert north.posture is not None
    assert (north.posture.state, north.posture.words) == (Posture.SURGE, "9 in 6 h, usual 2.1")
    assert [side.subject for side in then.active] == ["axis"]
    assert (then.flood, then.in_window) == (NOON, 12)
    assert not north.coverage.blind
    assert (east.coverage.blind, east.coverage.blind_since) == (True, NOON + MINUTE)

    before = past_picture(reader.past(NOON - MINUTE), FRONTS)
    assert (before.figures[NORTH].posture, before.active, before.flood) == (None, (), None)

    later = past_picture(reader.past(NOON + 5 * HOUR), FRONTS)
    stood = later.figures[NORTH].posture
    assert stood is not None
    assert (stood.state, later.active, later.flood) == (Posture.USUAL, (), None)
    assert later.figures[NORTH].coverage.blind  # nobody watched in that hour


def test_a_front_on_which_nothing_ever_was_is_empty_without_a_search(writer: Writer, reader: Reader) -> None:
    report = samples.report()
    story = Story(1, Kind.INCIDENT)
    story.add(report)
    writer.add([(report, 1)], [story.incident()])
    past = reader.past(NOON)
    assert (past.incidents(front="nowhere"), past.newest("nowhere")) == ([], None)
    assert past.counts("nowhere") == Counts(0, 0, 0, (0,) * 24)


def test_an_older_store_learns_which_actions_were_on_which_incident(path: Path) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in STEPS[:5]:
            db.executescript(step)
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        db.execute("PRAGMA user_version = 5")
        for verb, subject, payload in (
            ("acknowledge", "incidents", '{"ids": [7, 8], "before": "new"}'),
            ("poll", "feeds", "{}"),
            ("shelve", "incidents", '{"ids": [8], "until": 1}'),
        ):
            act = "INSERT INTO action (at, who, verb, subject, payload) VALUES (0, 'ab', ?, ?, ?)"
            db.execute(act, (verb, subject, payload))
    with closing(open_store(path)) as db:
        found = db.execute(
            "SELECT incident, action FROM incident_action ORDER BY incident, action"
        ).fetchall()
    assert [tuple(row) for row in found] == [(7, 1), (8, 1), (8, 3)]
