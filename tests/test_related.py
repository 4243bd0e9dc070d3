"""Incidents related to one: which they are, in what order, and how its page leads to them."""

from __future__ import annotations

from collections.abc import Collection

from tests.samples import DAY, ERBIL, HOUR, LEBANON, MINUTE, NAQOURA, NOON, incident
from tests.watchfloor import Watchfloor
from tests.watching import text_of, watching
from tui.model import Incident, Kind, Place, Timestamp
from tui.screens.incident import IncidentScreen
from tui.store.related import MOST, related

TYRE = Place("Tyre", 33.27, 35.2)
FRONTS = ("lebanon-border", "iraq-syria")


class Shelf:
    """Incidents in memory, asked for as the store is."""

    def __init__(self, *held: Incident) -> None:
        self._held = sorted(held, key=lambda each: (each.first_seen, each.id), reverse=True)

    def incidents(
        self,
        *,
        front: str,
        kinds: Collection[Kind] | None = None,
        before: tuple[Timestamp, int] | None = None,
        limit: int = 100,
    ) -> list[Incident]:
        return [
            each
            for each in self._held
            if front in each.fronts
            and (kinds is None or each.kind in kinds)
            and (before is None or (each.first_seen, each.id) < before)
        ][:limit]


def found(*others: Incident) -> list[int]:
    return [each.incident.id for each in related(Shelf(incident(1), *others), FRONTS, incident(1))]


def test_those_near_by_come_first_then_those_of_its_front_each_the_nearest_in_time() -> None:
    assert found(
        incident(2, at=NOON - 5 * HOUR, place=TYRE),
        incident(3, at=NOON + HOUR, place=LEBANON),
        incident(4, at=NOON + 2 * HOUR, place=None),
        incident(5, at=NOON - MINUTE, place=TYRE, fronts=("iraq-syria",)),
    ) == [5, 2, 3, 4]


def test_another_front_far_away_another_day_and_context_are_not_related() -> None:
    assert not found(
        incident(2, fronts=("iraq-syria",), place=ERBIL),
        incident(3, at=NOON - DAY - MINUTE),
        incident(4, at=NOON + DAY + MINUTE),
        incident(5, kind=Kind.STATEMENT, type=None, severity=None),
    )


def test_a_whole_country_is_near_nothing() -> None:
    shelf = Shelf(incident(2)._replace(fronts=("iraq-syria",), place=LEBANON))
    assert not related(shelf, FRONTS, incident(1)._replace(place=NAQOURA))


def test_no_more_are_told_than_can_be_taken_in_and_a_busy_front_is_read_to_the_end_of_the_day() -> None:
    many = [incident(2 + each, at=NOON + MINUTE * (each + 1)) for each in range(300)]
    assert found(*many) == [2, 3, 4, 5, 6][:MOST]


async def test_the_page_ends_with_them_and_enter_opens_one(floor: Watchfloor) -> None:
    floor.tell("Shelling at Naqoura", ago=2 * HOUR)
    floor.tell("Rockets near Naqoura", ago=HOUR)
    async with watching(floor, (120, 60), "down", "enter", "enter") as (app, pilot):
        assert "RELATED WITHIN A DAY" in text_of(app)
        assert "1 h before, the same place" in text_of(app)
        assert "leads down to related incidents" in text_of(app).splitlines()[-1]
        await pilot.press("down", "down", "enter")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        assert app.screen.incident.headline == "Shelling at Naqoura"
        assert "1 h later, the same place" in text_of(app)
        await pilot.press("X")
        assert "No report is selected" in text_of(app).splitlines()[-1]
        await pilot.press("escape", "X")
        assert app.screen.incident.headline == "Rockets near Naqoura"
        assert "No report is selected" in text_of(app).splitlines()[-1]  # a related incident is none


async def test_in_the_past_what_came_later_is_not_related(floor: Watchfloor) -> None:
    floor.tell("Shelling at Naqoura", ago=2 * HOUR)
    floor.tell("Rockets near Naqoura", ago=30 * MINUTE)
    async with watching(floor, (120, 60), "left_curly_bracket", "down", "enter") as (app, _):
        assert "Shelling at Naqoura" in text_of(app)
        assert "RELATED" not in text_of(app)
