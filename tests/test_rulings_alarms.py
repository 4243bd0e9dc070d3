"""A person who rules is no news: nothing rings for it, and what comes after it does."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from tests import samples
from tests.samples import HOUR, MOCHA, NOON, RED_SEA
from tests.test_merge import strike
from tests.test_ringer import WATCH
from tests.watchdesk import NOW, Watchdesk, copies
from tui.incidents.alarms import Bell, Cause
from tui.model import Kind, Report, Severity
from tui.ringer import Ringer

GRAVE: dict[str, Any] = {"severity": Severity.CRITICAL, "killed": 12}


@pytest.fixture
def desk(path: Path) -> Iterator[Watchdesk]:
    with closing(Watchdesk(path)) as desk:
        yield desk


def late(title: str = "Drone strike kills two near Naqoura", **more: Any) -> Report:
    """Told an hour before now, so that it may ring."""
    return strike(title, hours=100, **more)


def ring(desk: Watchdesk) -> list[Bell]:
    return Ringer(WATCH, NOON).ring(desk.writer, NOW)


def test_a_severity_raised_by_hand_does_not_ring_and_what_is_worse_later_does(desk: Watchdesk) -> None:
    piece = late()
    desk.tell(piece)
    assert ring(desk) == []
    desk.desk.correct(1, "severity", Severity.CRITICAL, "ab", NOW)
    desk.rule()
    assert ring(desk) == []
    (more,) = copies(piece, 1)
    desk.tell(more._replace(tags=more.tags._replace(killed=30)))
    assert [bell.cause for bell in ring(desk)] == [Cause.DEAD]


def test_the_dead_raised_by_hand_do_not_ring(desk: Watchdesk) -> None:
    desk.tell(late(severity=Severity.HIGH, killed=2), *copies(late(severity=Severity.HIGH), 3))
    ring(desk)
    desk.desk.correct(1, "killed", 40, "ab", NOW)
    desk.rule()
    assert ring(desk) == []


def test_context_that_a_person_calls_a_critical_incident_does_not_ring(desk: Watchdesk) -> None:
    desk.tell(samples.report("War declared", at=NOW - HOUR, tagged=samples.tags(kind=Kind.STATEMENT)))
    desk.desk.correct(1, "kind", Kind.INCIDENT, "ab", NOW)
    desk.desk.correct(1, "severity", Severity.CRITICAL, "ab", NOW)
    desk.rule()
    assert desk.incident(1).severity is Severity.CRITICAL
    assert ring(desk) == []


def test_neither_merge_nor_split_nor_their_undo_rings(desk: Watchdesk) -> None:
    tanker: dict[str, Any] = {"fronts": ("yemen",), "places": (MOCHA, RED_SEA)}
    grave = late("Missile kills twelve on tanker off Mocha", **tanker, **GRAVE)
    desk.tell(late())
    keys = desk.tell(grave, *copies(grave, 2))
    assert {bell.cause for bell in ring(desk)} == {Cause.NEW}
    desk.desk.merge(1, 2, "ab", NOW)
    desk.rule()
    assert (desk.incident(1).severity, ring(desk)) == (Severity.CRITICAL, [])
    desk.desk.split(keys[1:], "ab", NOW)
    desk.rule()
    assert (desk.incident(3).severity, ring(desk)) == (Severity.CRITICAL, [])
    for _ in range(2):
        desk.desk.undo("ab", NOW)
        desk.rule()
        assert ring(desk) == []
    assert {id: each.reports for id, each in desk.incidents().items()} == {1: 1, 2: 3}


def test_two_that_confirm_each_other_when_they_are_merged_do_not_ring(desk: Watchdesk) -> None:
    one = late(severity=Severity.HIGH)
    other = late("Naqoura: warplane fires at farm, army says", severity=Severity.HIGH, type="air-strike")
    desk.tell(one)
    desk.tell(other._replace(publisher="other", tags=other.tags._replace(places=(), killed=5, by="other")))
    assert sorted(desk.incidents()) == [1, 2]
    before = ring(desk)
    desk.desk.merge(1, 2, "ab", NOW)
    desk.rule()
    assert desk.incident(1).grade < "B3"
    assert (before, ring(desk)) == ([], [])


@pytest.mark.parametrize("heir", [2, 3])
def test_what_rang_does_not_ring_again_under_another_id_that_takes_it_over(
    desk: Watchdesk, heir: int
) -> None:
    """As where a late report re-opens the choice: all reports of one go to a new id, or to another's."""
    desk.tell(late(**GRAVE))
    desk.tell(strike("Missile lands in sea off Mocha", hours=99, fronts=("yemen",), places=(MOCHA,)))
    assert [bell.incident for bell in ring(desk)] == [1]
    moved = dict.fromkeys(desk.keys(1), heir)
    desk.writer.add((), [desk.incident(1)._replace(id=heir)], moved=moved, emptied=(1,))
    assert moved.keys() <= desk.keys(heir)
    assert ring(desk) == []
    assert desk.reader.levels([heir])[heir].killed == 12
