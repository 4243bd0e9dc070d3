"""What screens read: complete, bounded, and never by walking through a whole table."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests import samples
from tests.new_store import new_writer
from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.model import Change, Incident, Kind, Severity
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.reader import Reader
from tui.store.writer import Writer


def ids(incidents: list[Incident] | tuple[Incident, ...]) -> list[int]:
    return [incident.id for incident in incidents]


def test_a_reader_cannot_write(reader: Reader) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        reader._db.execute("DELETE FROM counter")


def test_a_reader_opens_a_store_that_nobody_has_open(path: Path) -> None:
    with closing(new_writer(path)) as writer:
        writer.add((), [samples.incident(1)])
    with closing(Reader(path)) as reader:
        assert ids(reader.incidents()) == [1]


def test_a_damaged_store_is_told_in_words(path: Path, writer: Writer) -> None:
    writer.add([(samples.report(), None) for _ in range(2000)], [])
    writer.close()
    content = path.read_bytes()
    path.write_bytes(content[:4096] + b"\x55" * (len(content) - 4096))
    with pytest.raises(StoreError, match=r"malformed.*under another name"):
        Reader(path)


# What there is


def test_incidents_come_with_the_one_that_began_last_first(writer: Writer, reader: Reader) -> None:
    times = {1: 0.0, 2: 2 * HOUR, 3: HOUR, 4: 2 * HOUR}
    writer.add((), [samples.incident(id, at=NOON + time) for id, time in times.items()])
    assert ids(reader.incidents()) == [4, 2, 3, 1]


def test_incidents_are_chosen_by_front_kind_severity_and_last_word(writer: Writer, reader: Reader) -> None:
    told = [
        samples.incident(1, fronts=("yemen",), severity=Severity.CRITICAL),
        samples.incident(2, fronts=("yemen", "iraq-syria"), severity=Severity.LOW, last_seen=NOON + HOUR),
        samples.incident(3, fronts=("iraq-syria",), kind=Kind.STATEMENT, severity=None),
        samples.incident(4, fronts=("iraq-syria",), severity=Severity.HIGH, last_seen=NOON + DAY),
    ]
    writer.add((), told)
    assert ids(reader.incidents(front="yemen")) == [2, 1]
    assert ids(reader.incidents(front="nowhere")) == []
    assert ids(reader.incidents(kinds=[Kind.INCIDENT])) == [4, 2, 1]
    assert ids(reader.incidents(kinds=[Kind.STATEMENT, Kind.DIPLOMACY])) == [3]
    assert ids(reader.incidents(kinds=[])) == []
    assert ids(reader.incidents(severity=Severity.HIGH)) == [4, 1]
    assert ids(reader.incidents(since=NOON + HOUR)) == [4, 2]
    assert ids(reader.incidents(front="iraq-syria", since=NOON + 1, severity=Severity.MEDIUM)) == [4]


rows = st.lists(
    st.tuples(
        st.integers(0, 5), st.integers(0, 3), st.sampled_from(Kind), st.sampled_from([None, *Severity])
    ),
    max_size=25,
)


@settings(max_examples=50)
@given(rows=rows, size=st.integers(1, 7), since=st.sampled_from([None, NOON + 2]))
def test_pages_together_are_the_whole_without_gap_or_repeat(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[int, int, Kind, Severity | None]],
    size: int,
    since: float | None,
) -> None:
    path = tmp_path_factory.mktemp("pages") / "s.db"
    told = [
        samples.incident(n, at=NOON + began, last_seen=NOON + began + lasted, kind=kind, severity=severity)
        for n, (began, lasted, kind, severity) in enumerate(rows, 1)
    ]
    with closing(new_writer(path)) as writer, closing(Reader(path)) as reader:
        writer.add((), told)
        expected = [each for each in told if since is None or each.last_seen >= since]
        expected.sort(key=lambda each: (each.first_seen, each.id), reverse=True)
        assert reader.incidents(since=since, limit=-1) == expected
        found: list[Incident] = []
        while page := reader.incidents(
            since=since, limit=size, before=(found[-1].first_seen, found[-1].id) if found else None
        ):
            assert len(page) <= size
            found += page
        assert found == expected


def test_counts_are_of_the_24_hours_up_to_now(writer: Writer, reader: Reader, path: Path) -> None:
    began = [30 * HOUR, 24 * HOUR, 23.5 * HOUR, 90 * MINUTE, 61 * MINUTE, 59 * MINUTE, 0.0, -MINUTE]
    told = [samples.incident(n, at=NOON - ago) for n, ago in enumerate(began, 1)]
    told[0] = told[0]._replace(last_seen=NOON - HOUR)
    context = samples.incident(20, at=NOON - HOUR, kind=Kind.STATEMENT)
    elsewhere = samples.incident(21, at=NOON - HOUR, fronts=("yemen",))
    writer.add((), [*told, context, elsewhere])
    with closing(Desk(path)) as desk:
        desk.acknowledge([4], "ab", NOON)
    counts = reader.counts("lebanon-border", NOON)
    assert counts.in_24h == 5
    assert counts.new == 5  # the first is told of an hour ago, the fourth is acknowledged
    assert counts.context_24h == 1
    assert counts.hours == (1, *[0] * 21, 2, 2)
    assert reader.counts(None, NOON).in_24h == 6
    assert reader.counts("nowhere", NOON).hours == (0,) * 24


def test_what_is_new_comes_worst_first_and_once_though_it_is_on_two_fronts(
    writer: Writer, reader: Reader
) -> None:
    both = ("yemen", "iraq-syria")
    low, high = Severity.LOW, Severity.HIGH
    told = [
        samples.incident(1, fronts=both, severity=low),
        samples.incident(2, fronts=both, severity=high),
        samples.incident(3, fronts=("yemen",), severity=high, at=NOON + MINUTE),
    ]
    writer.add((), told)
    assert reader.new(both, NOON - HOUR) == [(3, high), (2, high), (1, low)]


def test_the_newest_word_of_a_front_is_of_any_kind(writer: Writer, reader: Reader) -> None:
    assert reader.newest("yemen") is None
    writer.add(
        (),
        [
            samples.incident(1, fronts=("yemen",), last_seen=NOON + HOUR),
            samples.incident(2, fronts=("yemen",), kind=Kind.ANALYSIS, last_seen=NOON + 2 * HOUR),
            samples.incident(3, last_seen=NOON + 3 * HOUR),
        ],
    )
    assert reader.newest("yemen") == NOON + 2 * HOUR
    assert reader.newest(None) == NOON + 3 * HOUR


def test_the_clock_is_the_collectors(writer: Writer, reader: Reader) -> None:
    writer.beat(samples.heartbeat(origin=NOON, anchor=0.0, rate=0.0))
    assert reader.clock().now() == NOON


# What changed


def drain(reader: Reader, since: int, limit: int) -> tuple[int, list[Change]]:
    changes = []
    while (change := reader.changes(since, limit)).seq != since:
        assert len(change.incidents) + len(change.feeds) <= limit
        changes.append(change)
        since = change.seq
    return since, changes


def test_what_changed_is_told_once_as_it_stands(writer: Writer, reader: Reader) -> None:
    writer.add((), [samples.incident(1), samples.incident(2)])
    since, _ = drain(reader, 0, 10)
    writer.add([(samples.report(), 1)], [samples.incident(1, reports=2)])
    writer.add([(samples.report(), 1), (samples.report(), None)], [samples.incident(1, reports=3)])
    change = reader.changes(since)
    assert [(each.id, each.reports) for each in change.incidents] == [(1, 3)]
    assert reader.changes(change.seq) == Change(change.seq)


def test_an_acknowledgement_in_one_screen_is_a_change_in_every_other(
    writer: Writer, reader: Reader, path: Path
) -> None:
    writer.add((), [samples.incident(1), samples.incident(2)])
    since, version = reader.seq(), reader.version()
    with closing(Desk(path)) as desk:
        desk.acknowledge([2], "ab", NOON)
        assert reader.version() != version
        assert [(each.id, each.state_by) for each in reader.changes(since).incidents] == [(2, "ab")]
        since = reader.seq()
        desk.undo("ab", NOON)
        assert [(each.id, each.state_by) for each in reader.changes(since).incidents] == [(2, "")]


def test_the_version_stands_still_while_nobody_writes(reader: Reader) -> None:
    assert reader.version() == reader.version()


steps = st.lists(
    st.one_of(
        st.lists(st.integers(1, 30), max_size=8).map(lambda ids: ("incidents", sorted(set(ids)))),
        st.integers(0, 4).map(lambda count: ("feeds", list(range(count)))),
        st.integers(0, 3).map(lambda feed: ("poll", [feed])),
    ),
    max_size=12,
)


@settings(max_examples=50)
@given(steps=steps, limit=st.integers(1, 9), start=st.integers(0, 12))
def test_whoever_follows_the_changes_in_pieces_ends_with_what_there_is(
    tmp_path_factory: pytest.TempPathFactory, steps: list[tuple[str, list[int]]], limit: int, start: int
) -> None:
    path = tmp_path_factory.mktemp("tail") / "s.db"
    with closing(new_writer(path)) as writer, closing(Reader(path)) as reader:
        known: dict[int, Incident] = {}
        polled: dict[str, object] = {}
        since = 0
        for number, (what, which) in enumerate(steps):
            urls = [f"https://{each}.example/" for each in which]
            if what == "incidents":
                reports = [(samples.report(), None)] * (number % 2)
                writer.add(reports, [samples.incident(each, reports=number + 1) for each in which])
            elif what == "feeds":
                writer.set_feeds([samples.feed(url) for url in urls])
            else:
                writer.save_feed(samples.feed_record(urls[0], entries=number))
            if number >= start:
                since, changes = drain(reader, since, limit)
                known |= {each.id: each for change in changes for each in change.incidents}
                polled |= {each.url: each for change in changes for each in change.feeds}
        since, changes = drain(reader, since, limit)
        known |= {each.id: each for change in changes for each in change.incidents}
        polled |= {each.url: each for change in changes for each in change.feeds}
        assert since == reader.seq()
        assert sorted(known) == sorted(ids(reader.incidents()))
        assert all(reader.incident(id) == each for id, each in known.items())
        assert all(polled[record.url] == record for record in reader.feeds())


# How it is found


@pytest.fixture
def plans(writer: Writer, reader: Reader, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The query plan of everything that the reader asks from now on."""
    found: list[str] = []
    ask = reader._rows

    def explained(question: str, values: tuple[object, ...] = ()) -> list[sqlite3.Row]:
        if question.startswith("SELECT"):
            found.extend(row["detail"] for row in ask(f"EXPLAIN QUERY PLAN {question}", values))
        return ask(question, values)

    monkeypatch.setattr(reader, "_rows", explained)
    return found


@pytest.mark.parametrize("front", [None, "yemen"])
@pytest.mark.parametrize("kinds", [None, [Kind.INCIDENT], [Kind.STATEMENT, Kind.ROUNDUP]])
@pytest.mark.parametrize("severity", [None, Severity.HIGH])
@pytest.mark.parametrize("since", [None, NOON])
@pytest.mark.parametrize("before", [None, (NOON, 7)])
def test_incidents_are_found_by_index_alone(
    reader: Reader,
    plans: list[str],
    front: str | None,
    kinds: list[Kind] | None,
    severity: Severity | None,
    since: float | None,
    before: tuple[float, int] | None,
) -> None:
    reader.incidents(front=front, kinds=kinds, severity=severity, since=since, before=before)
    bound = "last_seen>" if since is not None and before is None else "kind=?"
    inner = [plan for plan in plans if "incident_front" in plan]
    assert inner
    assert all("COVERING INDEX" in plan and "front=? AND kind=?" in plan for plan in inner)
    assert all(bound in plan for plan in inner)
    assert_no_table_is_walked_through(plans)


def test_counts_and_changes_and_the_rest_are_found_by_index(reader: Reader, plans: list[str]) -> None:
    reader.counts("yemen", NOON)
    reader.counts(None, NOON)
    reader.changes(0)
    reader.incident(1)
    reader.reports(1)
    reader.newest("yemen")
    reader.newest(None)
    assert len(plans) > 10
    assert_no_table_is_walked_through(plans)


def assert_no_table_is_walked_through(plans: list[str]) -> None:
    """The counter has one row; (subquery) and f are the pages that the inner questions have bounded."""
    walked = [plan for plan in plans if plan.startswith("SCAN")]
    small = ("SCAN counter", "SCAN f", "SCAN (subquery", "SCAN CONSTANT ROW", "SCAN 1", "SCAN SUBQUERY")
    assert [plan for plan in walked if not plan.startswith(small)] == []
