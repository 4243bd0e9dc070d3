"""What the collector writes: all or nothing, numbered, found again as it was."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.finding import found
from tests.samples import DAY, HOUR, NOON
from tui.model import Kind, Severity, State
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.feeds import Polled
from tui.store.reader import Reader
from tui.store.writer import Writer


def test_an_incident_is_read_as_it_was_written(writer: Writer, reader: Reader) -> None:
    written = samples.incident(
        fronts=("yemen", "iraq-syria"),
        headline='صاروخ "باليستي" قرب المخا',
        language="ar",
        killed=0,
        severity=Severity.CRITICAL,
        place=samples.MOCHA,
        last_seen=NOON + HOUR,
        publishers=("b", "a"),
        reports=7,
        grade="A1",
    )
    writer.add((), [written])
    assert reader.incident(written.id) == written


def test_an_incident_with_nothing_told_is_read_as_it_was_written(writer: Writer, reader: Reader) -> None:
    written = samples.incident(
        kind=Kind.OTHER, type=None, by=None, killed=None, severity=None, place=None, grade="F6"
    )
    writer.add((), [written])
    assert reader.incident(written.id) == written


def test_reports_are_read_as_they_were_written_in_order_of_publishing(writer: Writer, reader: Reader) -> None:
    told = samples.tags("yemen", killed=3, evidence=[("Drone", 0, 5), ("Naqoura", 31, 38)])
    later, earlier = samples.report(at=NOON + HOUR, tagged=told), samples.report(at=NOON)
    writer.add([(later, 1), (earlier, 1)], [samples.incident(1, reports=2)])
    assert reader.reports(1) == [earlier, later]


def test_a_report_of_no_incident_is_stored_and_known(writer: Writer, reader: Reader, path: Path) -> None:
    lonely = samples.report("Football: a goalless draw")
    writer.add([(lonely, None)], [])
    assert writer.known({lonely.key, "another"}) == {lonely.key}
    assert reader.incidents() == []
    assert [each.report for each in found(path, "goalless")] == [lonely]


def test_known_answers_for_more_keys_than_a_statement_takes(writer: Writer) -> None:
    reports = [samples.report() for _ in range(2500)]
    writer.add([(each, None) for each in reports], [])
    assert writer.known([each.key for each in reports] + ["no"]) == {each.key for each in reports}


def test_every_row_gets_a_number_of_its_own_and_they_rise(writer: Writer, reader: Reader) -> None:
    assert reader.seq() == 0
    first = writer.add([(samples.report(), 1), (samples.report(), None)], [samples.incident(1)])
    writer.set_feeds([samples.feed()])
    second = writer.add([], [samples.incident(2)], [Polled(samples.feed_record())])
    assert (first, second) == (3, 6)
    assert reader.seq() == 6


def test_a_key_that_is_stored_already_is_refused_with_all_that_came_with_it(
    writer: Writer, reader: Reader
) -> None:
    told = samples.report()
    writer.add([(told, None)], [])
    with pytest.raises(StoreError, match="UNIQUE"):
        writer.add([(samples.report(), 1), (told, 1)], [samples.incident(1)], [Polled(samples.feed_record())])
    assert reader.incidents() == []
    assert reader.seq() == 1
    writer.add([(samples.report(), 1)], [samples.incident(1)])
    assert reader.seq() == 3


def test_ids_are_never_given_twice_even_when_the_highest_is_dropped(writer: Writer) -> None:
    assert writer.next_incident_id() == 1
    writer.add([(samples.report(), 7)], [samples.incident(7, kind=Kind.STATEMENT)])
    assert writer.next_incident_id() == 8
    writer.prune(NOON + DAY)
    assert writer.next_incident_id() == 8


def test_the_window_gives_back_what_the_merger_needs_oldest_first(writer: Writer) -> None:
    old = samples.incident(1, at=NOON - 5 * DAY)
    younger = samples.incident(3, at=NOON - HOUR, kind=Kind.STATEMENT)
    long = samples.incident(2, at=NOON - 4 * DAY, last_seen=NOON)
    reports = {each.id: samples.report(at=each.first_seen) for each in (old, younger, long)}
    writer.add([(reports[id], id) for id in reports], [old, younger, long])
    assert writer.window(NOON - DAY) == [(long, [reports[2]]), (younger, [reports[3]])]


def test_an_incident_that_is_written_again_leaves_a_front_that_it_is_no_longer_on(
    writer: Writer, reader: Reader
) -> None:
    writer.add((), [samples.incident(1, fronts=("yemen", "iraq-syria"))])
    moved = samples.incident(1, fronts=("yemen",))
    writer.add((), [moved])
    assert reader.incidents(front="iraq-syria") == []
    assert reader.incidents(front="yemen") == [moved]


def test_what_people_did_is_never_overwritten_by_the_collector(
    writer: Writer, reader: Reader, path: Path
) -> None:
    writer.add((), [samples.incident(1)])
    with closing(Desk(path)) as desk:
        desk.acknowledge([1], "ab", NOON)
    writer.add((), [samples.incident(1, reports=2, state=State.NEW)])
    stored = reader.incident(1)
    assert stored is not None
    assert (stored.reports, stored.state, stored.state_by) == (2, State.ACKNOWLEDGED, "ab")


# Feeds


def test_the_feeds_are_those_of_the_watch_in_its_order(writer: Writer, reader: Reader) -> None:
    writer.set_feeds([samples.feed("https://b.example/"), samples.feed("https://a.example/")])
    assert [record.url for record in reader.feeds()] == ["https://b.example/", "https://a.example/"]
    writer.set_feeds([samples.feed("https://a.example/")])
    assert [record.url for record in reader.feeds()] == ["https://a.example/"]


def test_a_feed_that_stays_keeps_what_is_known_of_its_polling(writer: Writer, reader: Reader) -> None:
    writer.set_feeds([samples.feed()])
    polled = samples.feed_record(last_poll=NOON, etag='W/"x"', failures=2, error="403", digest="d", entries=9)
    writer.save_feed(polled)
    given = writer.set_feeds([samples.feed(name="Renamed", every=60.0), samples.feed("https://new.example/")])
    kept, new = reader.feeds()
    assert kept == polled._replace(name="Renamed", every=60.0, terms=kept.terms)
    assert new == samples.feed_record("https://new.example/", terms=new.terms)
    assert given == {record.url: record for record in reader.feeds()}


def test_a_poll_that_comes_back_after_its_feed_was_dropped_brings_it_not_back(
    writer: Writer, reader: Reader
) -> None:
    writer.set_feeds([samples.feed("https://kept.example/")])
    writer.save_feed(samples.feed_record("https://dropped.example/"))
    assert [record.url for record in reader.feeds()] == ["https://kept.example/"]


def test_the_last_heartbeat_is_the_one_that_is_read(writer: Writer, reader: Reader) -> None:
    assert reader.heartbeat() is None
    writer.beat(samples.heartbeat())
    last = samples.heartbeat(beat=NOON + 2, rate=60.0, doing="polling Example Wire")
    writer.beat(last)
    assert reader.heartbeat() == last


def test_each_request_is_handed_out_once(writer: Writer, path: Path) -> None:
    with closing(Desk(path)) as desk:
        desk.ask_poll("https://wire.example/feed", "ab", NOON)
        desk.ask_poll(None, "cd", NOON + 1)
    asked = writer.requests()
    assert [(each.verb, each.url, each.who, each.at) for each in asked] == [
        ("poll", "https://wire.example/feed", "ab", NOON),
        ("poll", None, "cd", NOON + 1),
    ]
    assert writer.requests() == []


# Retention


def test_pruning_drops_old_reports_of_no_incident_and_old_context_but_no_incident(
    writer: Writer, reader: Reader, path: Path
) -> None:
    old, young = NOON - 100 * DAY, NOON
    kept = samples.report("Rockets at the base", at=old)
    fresh = samples.report("A minister warns again", at=young)
    writer.add(
        [
            (samples.report("Football result", at=old), None),
            (samples.report("Weather tomorrow", at=young), None),
            (kept, 1),
            (samples.report("A minister warns", at=old), 2),
            (fresh, 3),
        ],
        [
            samples.incident(1, at=old),
            samples.incident(2, at=old, kind=Kind.STATEMENT),
            samples.incident(3, at=young, kind=Kind.STATEMENT),
        ],
    )
    assert writer.prune(NOON - 90 * DAY) == 2
    assert [each.id for each in reader.incidents()] == [3, 1]
    assert reader.reports(1) == [kept]
    assert reader.reports(2) == []
    assert found(path, "football") == ()
    assert [each.report for each in found(path, "minister warns")] == [fresh]
    assert len(found(path, "weather")) == 1
    assert writer.prune(NOON - 90 * DAY) == 0


def test_an_entry_that_a_feed_still_carries_is_kept_however_old_it_is(writer: Writer) -> None:
    told = samples.report(at=NOON - 400 * DAY, seen=NOON)
    writer.add([(told, None)], [])
    assert writer.prune(NOON - 90 * DAY) == 0
    assert writer.known([told.key]) == {told.key}


def test_pruning_takes_more_than_one_batch(writer: Writer, reader: Reader) -> None:
    reports = [samples.report() for _ in range(1300)]
    context = [samples.incident(n, kind=Kind.ANALYSIS) for n in range(1, 701)]
    placed = [(each, n + 1 if n < 700 else None) for n, each in enumerate(reports)]
    writer.add(placed, context)
    assert writer.prune(NOON + 1) == 1300
    assert reader.incidents() == []
