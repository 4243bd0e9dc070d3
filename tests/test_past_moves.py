"""Whatever people merge, split and take back, the past shows each report where it was."""

from __future__ import annotations

from collections import Counter
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest

from tests.test_merge import strike
from tests.watchdesk import NOW, Watchdesk, copies
from tui.incidents.rulings import Refused
from tui.model import Place, Timestamp

PEOPLE = ("ab", "cd")


def told(desk: Watchdesk) -> None:
    """Five events, each told by three."""
    for town in range(5):
        place = Place(f"Village {town}", 10.0 + town, 40.0)
        piece = strike(f"Attack on village{town} of clan{town}", hours=3 * town, places=(place,))
        desk.tell(piece, *copies(piece, 2))


def something(desk: Watchdesk, dice: Random, at: Timestamp) -> bool:
    """A merge, a split, an undo, or (True) one more report of an event."""
    ids = sorted(desk.incidents())
    who, one, other = dice.choice(PEOPLE), dice.choice(ids), dice.choice(ids)
    what = dice.choice(("merge", "split", "undo", "undo", "late"))
    with suppress(Refused):
        match what:
            case "merge":
                desk.desk.merge(one, other, who, at)
            case "split":
                keys = sorted(desk.keys(one))
                desk.desk.split(dice.sample(keys, (len(keys) + 1) // 2), who, at)
            case "undo":
                desk.desk.undo(who, at)
            case _:
                like = dice.choice(desk.reader.reports(one))
                link = f"https://late.example/{at}"
                desk.tell(like._replace(key=link, link=link, publisher="late"))
    desk.rule()
    return what == "late"


def where(desk: Watchdesk, at: Timestamp) -> dict[str, int]:
    """Of each report the incident that it was of at a past minute; none is in two."""
    past = desk.reader.past(at)
    ids = [row["id"] for row in desk.reader._rows("SELECT id FROM incident")]
    pairs = [(report.key, id) for id in ids for report in past.reports(id)]
    assert max(Counter(key for key, _ in pairs).values()) == 1
    return dict(pairs)


@pytest.mark.parametrize("seed", range(12))
def test_every_report_is_shown_where_it_was(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    with closing(Watchdesk(tmp_path / "s.db")) as desk:
        told(desk)
        stood = {NOW: desk.whereabouts()}
        by_itself = set[str]()
        for step in range(1, 25):
            before = desk.whereabouts()
            late = something(desk, dice, NOW + step)
            after = stood[NOW + step] = desk.whereabouts()
            by_itself |= {key for key, id in before.items() if late and after[key] != id}
        for at, then in stood.items():
            shown = where(desk, at)
            # Of what the merger itself has moved only that it is there; what came later has the same clock.
            assert then.keys() <= shown.keys()
            assert {key: shown[key] for key in then.keys() - by_itself} == {
                key: id for key, id in then.items() if key not in by_itself
            }


@pytest.mark.parametrize("seed", range(4))
def test_no_report_is_nowhere_when_a_clock_was_set_back(tmp_path: Path, seed: int) -> None:
    dice = Random(seed)
    with closing(Watchdesk(tmp_path / "s.db")) as desk:
        told(desk)
        for _ in range(30):
            something(desk, dice, NOW + dice.uniform(0.0, 3600.0))
        everything = desk.whereabouts().keys()
        for minute in range(0, 61, 5):
            assert where(desk, NOW + 60.0 * minute).keys() == everything
