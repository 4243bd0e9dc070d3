"""From a feed's entries to stored incidents, with the real tagger, merger and store."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.finding import found
from tests.samples import DAY, HOUR, NOON
from tui.incidents.merge import Merger
from tui.ingest import NEWS_AGE, Ingest, Taken, key_of, merger_of
from tui.model import Incident, Kind
from tui.store.connect import StoreError
from tui.store.reader import Reader
from tui.store.writer import Writer
from tui.tagging.tagger import Tagger

STRIKE = "Drone strike kills two people near Naqoura in southern Lebanon"
AGAIN = "Two people killed by drone strike near Naqoura, southern Lebanon"
FOOTBALL = "Goalless draw in the cup final"


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return Tagger(samples.FRONTS)


@pytest.fixture
def ingest(tagger: Tagger, writer: Writer) -> Ingest:
    return Ingest(tagger, Merger(), writer)


def only(incidents: list[Incident]) -> Incident:
    (incident,) = incidents
    return incident


def test_two_feeds_tell_one_strike_and_one_incident_is_stored(
    ingest: Ingest, reader: Reader, path: Path
) -> None:
    first = ingest.take(samples.feed(), [samples.entry(STRIKE), samples.entry(FOOTBALL)], NOON + HOUR)
    other = samples.feed("https://daily.example/rss", publisher="daily", reliability="A")
    second = ingest.take(other, [samples.entry(AGAIN, at=NOON + HOUR)], NOON + 2 * HOUR)
    assert (first.new_reports, len(first.incidents)) == (2, 1)
    assert (second.new_reports, len(second.incidents)) == (1, 1)
    incident = only(reader.incidents())
    assert incident == only(list(second.touched))
    assert (incident.fronts, incident.kind, incident.killed) == (("lebanon-border",), Kind.INCIDENT, 2)
    assert (incident.publishers, incident.grade) == (("example-wire", "daily"), "A2")
    assert (incident.first_seen, incident.last_seen) == (NOON, NOON + HOUR)
    assert [report.title for report in reader.reports(incident.id)] == [STRIKE, AGAIN]
    assert [each.incident for each in found(path, "goalless")] == [None]


def test_an_entry_that_was_seen_is_not_taken_again(ingest: Ingest, reader: Reader) -> None:
    entries = [samples.entry(STRIKE), samples.entry(STRIKE), samples.entry(FOOTBALL)]
    assert ingest.take(samples.feed(), entries, NOON).new_reports == 2
    seq = reader.seq()
    assert ingest.take(samples.feed(), entries, NOON + HOUR) == Taken(0)
    assert reader.seq() == seq


def test_two_feeds_of_one_publisher_are_one_voice(ingest: Ingest, reader: Reader) -> None:
    for url in ("https://wire.example/feed", "https://wire.example/world"):
        ingest.take(samples.feed(url), [samples.entry(STRIKE)], NOON)
    incident = only(reader.incidents())
    assert (incident.publishers, incident.reports, incident.grade) == (("example-wire",), 2, "B3")


def test_the_feeds_record_is_saved_with_its_entries_and_without_any(
    ingest: Ingest, writer: Writer, reader: Reader
) -> None:
    writer.set_feeds([samples.feed()])
    polled = samples.feed_record(last_poll=NOON, entries=1)
    ingest.take(samples.feed(), [samples.entry(STRIKE)], NOON, polled)
    # What it brought the store counts by itself.
    assert reader.feeds() == [polled._replace(stored=1, relevant=1)]
    failed = polled._replace(failures=1, error="timeout: no answer in 20 s")
    assert ingest.take(samples.feed(), [], NOON + HOUR, failed) == Taken(0)
    assert reader.feeds() == [failed._replace(stored=1, relevant=1)]


@pytest.mark.parametrize("published", [None, NOON + DAY])
def test_an_entry_without_a_date_or_from_the_future_is_of_now(
    ingest: Ingest, reader: Reader, published: float | None
) -> None:
    ingest.take(samples.feed(), [samples.entry(STRIKE, at=published)], NOON)
    incident = only(reader.incidents())
    assert (incident.first_seen, incident.last_seen) == (NOON, NOON)
    assert [each.dated_when_seen for each in reader.reports(incident.id)] == [True]


def test_what_is_older_than_a_week_at_first_sight_is_stored_but_on_no_board(
    ingest: Ingest, reader: Reader, path: Path
) -> None:
    old = samples.entry(STRIKE, at=NOON - NEWS_AGE - 1)
    assert ingest.take(samples.feed(), [old], NOON) == Taken(1)
    assert reader.incidents() == []
    assert [each.report.published for each in found(path, "naqoura") if each.report] == [NOON - NEWS_AGE - 1]
    ingest.take(samples.feed(), [samples.entry(AGAIN, at=NOON - NEWS_AGE)], NOON)
    incident = only(reader.incidents())
    assert [each.dated_when_seen for each in reader.reports(incident.id)] == [False]


def test_a_keys_feed_and_id_make_it(ingest: Ingest) -> None:
    one, other = samples.feed("https://one.example/"), samples.feed("https://other.example/")
    entry = samples.entry(STRIKE)
    assert key_of(one, entry) == key_of(one, entry._replace(title="corrected"))
    assert len({key_of(one, entry), key_of(other, entry), key_of(one, entry._replace(id="x"))}) == 3
    assert key_of(one, entry._replace(id="\ud800")) != key_of(one, entry)


def test_after_a_restart_a_late_report_joins_the_incident_it_is_of(
    ingest: Ingest, tagger: Tagger, writer: Writer, reader: Reader
) -> None:
    ingest.take(samples.feed(), [samples.entry(STRIKE)], NOON)
    restarted = Ingest(tagger, merger_of(writer, NOON + HOUR), writer)
    late = samples.feed("https://daily.example/rss", publisher="daily")
    restarted.take(late, [samples.entry(AGAIN, at=NOON + HOUR)], NOON + HOUR)
    assert only(reader.incidents()).publishers == ("example-wire", "daily")


def test_what_could_not_be_stored_can_be_given_again_and_is_counted_once(
    ingest: Ingest, reader: Reader, path: Path
) -> None:
    ingest.take(samples.feed(), [samples.entry(STRIKE)], NOON)
    late = samples.feed("https://daily.example/rss", publisher="daily")
    entries = [samples.entry(AGAIN, at=NOON + HOUR)]
    with closing(sqlite3.connect(path)) as other:
        other.execute(
            "CREATE TRIGGER full BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
        with pytest.raises(StoreError, match="free some space"):
            ingest.take(late, entries, NOON + HOUR)
        assert only(reader.incidents()).reports == 1
        other.execute("DROP TRIGGER full")
    assert ingest.take(late, entries, NOON + HOUR).new_reports == 1
    incident = only(reader.incidents())
    assert (incident.reports, len(reader.reports(incident.id))) == (2, 2)
