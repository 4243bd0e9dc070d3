"""The log: actions, events and bells in one order, paged, filtered and told in words."""

from __future__ import annotations

import random
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.samples import HOUR, MINUTE, NOON
from tui.incidents.alarms import Bell, Cause, Muted
from tui.incidents.standing import ACTIVE, BLIND, COVERAGE, FRESH, POSTURE, Posture, Standing
from tui.model import Severity
from tui.policy import Priority
from tui.store.desk import Desk
from tui.store.log import Only, Wanted
from tui.store.migrate import open_store
from tui.store.reader import Reader
from tui.store.writer import Writer
from tui.watchlog import Line, read

NORTH, SOUTH = "lebanon-border", "yemen"


@pytest.fixture
def desk(writer: Writer, path: Path) -> Iterator[Desk]:
    writer.add(
        (), [samples.incident(1), samples.incident(2, fronts=(SOUTH,), headline="Tanker hit off Mocha")]
    )
    with closing(Desk(path)) as desk:
        yield desk


def lines(reader: Reader, wanted: Wanted | None = None) -> list[Line]:
    """The whole log, the oldest first, as it reads."""
    return read(reader, samples.FRONTS, wanted or Wanted(), limit=-1)[::-1]


def told(reader: Reader, wanted: Wanted | None = None) -> list[tuple[str, str, str]]:
    return [(line.who, line.what, line.words) for line in lines(reader, wanted)]


def ring(writer: Writer, *bells: Bell) -> None:
    writer.judge(0, {}, bells, now=NOON)


def bell(incident: int, at: float, muted: Muted = Muted.NO, cause: Cause = Cause.NEW) -> Bell:
    return Bell(at, incident, Priority.HIGH, cause, muted, f"HIGH: incident {incident}")


def change(writer: Writer, kind: str, subject: str, state: str, words: str, at: float) -> None:
    writer.stand([Standing(kind, subject, state, at, at, words)], at)


def test_what_people_did_the_collector_saw_and_what_rang_stand_in_order_of_time(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    change(writer, POSTURE, NORTH, Posture.SURGE, "9 in 6 h, usual 2.1", NOON + 3)
    ring(writer, bell(1, NOON + 1), bell(2, NOON + 5, Muted.LIMIT))
    desk.acknowledge([1], "AB", NOON + 2)
    desk.shelve([2], NOON + HOUR, "CD", NOON + 4)
    assert told(reader) == [
        ("collector", "alarm", "HIGH: incident 1"),
        ("AB", "acknowledged", "Drone strike hits a house near Naqoura"),
        ("collector", "posture", "Lebanon border: usual → surge: 9 in 6 h, usual 2.1"),
        ("CD", "shelved", "until 13:00Z: Tanker hit off Mocha"),
        ("collector", "alarm, muted", "HIGH: incident 2 (not rung: limit)"),
    ]


def test_every_kind_of_line_has_words(writer: Writer, reader: Reader, desk: Desk) -> None:
    change(writer, ACTIVE, "axis", ACTIVE, "2 fronts active at once: axis", NOON)
    change(writer, COVERAGE, SOUTH, BLIND, "1 of 4 feeds fresh", NOON + 1)
    change(writer, COVERAGE, SOUTH, FRESH, "4 of 4 feeds fresh", NOON + 2)
    writer.unwatched(NOON + 2, NOON + 3, "nobody watched from 12:00Z to 12:01Z")
    ring(writer, bell(1, NOON + 4, cause=Cause.FLOOD))
    desk.note(None, "The radio is silent", "AB", NOON + 5)
    desk.note(2, "Owner called", "AB", NOON + 6)
    desk.ask_poll(None, "AB", NOON + 7)
    desk.hand_over(NOON, "file handover.md", "AB", NOON + 8)
    desk.correct(1, "severity", Severity.HIGH, "AB", NOON + 9)
    desk.correct(2, "fronts", (NORTH, SOUTH), "AB", NOON + 10)
    desk.merge(1, 2, "AB", NOON + 11)
    assert [(what, words) for _, what, words in told(reader)] == [
        ("active", "2 fronts active at once: axis"),
        ("blind", "Yemen / Red Sea: 1 of 4 feeds fresh"),
        ("sees again", "Yemen / Red Sea: 4 of 4 feeds fresh"),
        ("nobody watched", "nobody watched from 12:00Z to 12:01Z"),
        ("watched again", "nobody watched from 12:00Z to 12:01Z"),
        ("flood", "HIGH: incident 1"),
        ("note", "The radio is silent"),
        ("note", "Owner called  · Tanker hit off Mocha"),
        ("poll asked", "every feed"),
        ("handover", "since 1 Dec 2023 12:00Z, file handover.md"),
        ("corrected", "severity medium → high: Drone strike hits a house near Naqoura"),
        ("corrected", "fronts Yemen / Red Sea → Lebanon border, Yemen / Red Sea: Tanker hit off Mocha"),
        ("merged", "Tanker hit off Mocha into Drone strike hits a house near Naqoura"),
    ]


def test_a_verb_or_kind_of_a_newer_program_is_told_plainly(path: Path, reader: Reader, desk: Desk) -> None:
    with closing(open_store(path)) as newer:
        newer.execute(
            "INSERT INTO action (at, who, verb, subject, payload) VALUES (?, 'EF', 'lock', 'incidents', ?)",
            (NOON, '{"ids": [1, 2]}'),
        )
        newer.execute(
            "INSERT INTO event (seq, at, kind, subject, before, state, words) "
            "VALUES (9, ?, 'weather', 'north', 'dry', 'wet', 'it rains')",
            (NOON + 1,),
        )
    assert told(reader) == [
        ("EF", "lock", "Drone strike hits a house near Naqoura and 1 more"),
        ("collector", "weather", "north: dry → wet: it rains"),
    ]


def test_what_was_taken_back_says_so_and_by_what(reader: Reader, desk: Desk) -> None:
    desk.acknowledge([1, 2], "AB", NOON)
    desk.undo("AB", NOON + 1)
    acknowledged, undo = lines(reader)
    assert (acknowledged.undone, undo.undoes) == (True, acknowledged.action)
    assert undo.words == "acknowledged: Drone strike hits a house near Naqoura and 1 more"
    assert undo.incidents == (1, 2)


def test_a_front_that_was_taken_out_of_the_watch_is_told_as_removed(writer: Writer, reader: Reader) -> None:
    writer.stand([Standing(POSTURE, "old-front", Posture.SURGE, NOON, NOON, "9 in 6 h")], NOON)
    (line,) = lines(reader)
    assert line.words.startswith("old-front (removed): ")


def test_an_incident_that_is_gone_leaves_its_line(reader: Reader, desk: Desk, path: Path) -> None:
    with closing(open_store(path)) as store:
        store.execute(
            "INSERT INTO action (at, who, verb, subject, payload) VALUES (?, 'AB', ?, 'incidents', ?)",
            (NOON, "acknowledge", '{"ids": [77]}'),
        )
    assert told(reader) == [("AB", "acknowledged", "incident 77")]


def test_each_filter_keeps_its_own(writer: Writer, reader: Reader, desk: Desk) -> None:
    change(writer, POSTURE, NORTH, Posture.SURGE, "many", NOON)
    change(writer, COVERAGE, SOUTH, BLIND, "1 of 4", NOON)
    ring(writer, bell(1, NOON), bell(2, NOON))
    desk.shelve([1], NOON + MINUTE, "AB", NOON)
    writer.unshelve(NOON + HOUR)
    kept = {only: [what for _, what, _ in told(reader, Wanted(only))] for only in Only}
    assert kept == {
        Only.ALL: ["posture", "blind", "alarm", "alarm", "shelved", "unshelved"],
        Only.PEOPLE: ["shelved"],
        Only.ALARMS: ["alarm", "alarm"],
        Only.OUTAGES: ["blind"],
    }


def test_one_front_shows_its_own_and_what_is_of_the_whole_watch(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    change(writer, POSTURE, NORTH, Posture.SURGE, "many", NOON)
    change(writer, POSTURE, SOUTH, Posture.SURGE, "many", NOON)
    change(writer, ACTIVE, "axis", ACTIVE, "2 fronts at once", NOON)
    ring(writer, bell(1, NOON), bell(2, NOON))
    desk.acknowledge([1], "AB", NOON)
    desk.undo("AB", NOON)
    desk.note(None, "All quiet", "AB", NOON)
    of = {front: [what for _, what, _ in told(reader, Wanted(front=front))] for front in (NORTH, SOUTH)}
    assert of == {
        NORTH: ["posture", "active", "alarm", "acknowledged", "took back", "note"],
        SOUTH: ["posture", "active", "alarm", "note"],
    }


@pytest.mark.parametrize("seed", range(3))
def test_pages_make_up_the_whole_log_whatever_falls_together(
    writer: Writer, reader: Reader, desk: Desk, seed: int
) -> None:
    chance = random.Random(seed)
    for number in range(120):
        at = NOON + chance.randrange(20)  # many of one moment, and not in the order in which they are stored
        match chance.randrange(3):
            case 0:
                ring(writer, bell(1 + number % 2, at))
            case 1:
                desk.note(None, f"note {number}", "AB", at)
            case _:
                change(writer, POSTURE, NORTH, list(Posture)[number % 4], f"word {number}", at)
    whole = read(reader, samples.FRONTS, Wanted(), limit=-1)
    paged: list[Line] = []
    while page := read(reader, samples.FRONTS, Wanted(), paged[-1].place if paged else None, limit=7):
        paged += page
    assert paged == whole
    assert [line.place for line in whole] == sorted({line.place for line in whole}, reverse=True)


def test_what_is_stored_later_is_found_although_it_happened_earlier(
    writer: Writer, reader: Reader, desk: Desk
) -> None:
    desk.note(None, "second", "AB", NOON + 9)
    ends = reader.log_ends()
    assert reader.log_after(Wanted(), ends) == ([], ends)
    ring(writer, bell(1, NOON))
    desk.note(None, "third", "AB", NOON + 10)
    found, later = reader.log_after(Wanted(), ends)
    assert [line.at for line in found] == [NOON + 10, NOON]
    assert reader.log_after(Wanted(Only.PEOPLE), later)[0] == []


def test_notes_of_an_incident_are_those_not_taken_back(reader: Reader, desk: Desk) -> None:
    desk.note(1, "first", "AB", NOON)
    desk.note(1, "wrong", "AB", NOON + 1)
    desk.note(2, "of another", "CD", NOON + 2)
    desk.undo("AB", NOON + 3)
    assert [(note.who, note.payload["text"]) for note in reader.notes((1,))[1]] == [("AB", "first")]


def test_a_note_is_told_to_every_screen_on_the_store(reader: Reader, desk: Desk) -> None:
    seq = reader.seq()
    desk.note(1, "first", "AB", NOON)
    assert [incident.id for incident in reader.changes(seq).incidents] == [1]
    seq = reader.seq()
    desk.undo("AB", NOON)
    assert [incident.id for incident in reader.changes(seq).incidents] == [1]


def test_a_bell_of_a_newer_version_is_told_as_one_whose_cause_is_not_known(
    path: Path, writer: Writer, reader: Reader, desk: Desk
) -> None:
    ring(writer, bell(1, NOON))
    with closing(open_store(path)) as db:
        db.execute("UPDATE bell SET cause = 'omen', muted = 'the moon', priority = 'ultra'")
    (found,) = reader.bells()
    assert (found.cause, found.muted, found.priority) == (Cause.UNKNOWN, Muted.UNKNOWN, Priority.CRITICAL)
    assert told(reader) == [("collector", "alarm, muted", "HIGH: incident 1 (not rung: unknown reason)")]
