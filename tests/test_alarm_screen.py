"""Alarms at the desk: the bell, the flood's line, shelving."""

from __future__ import annotations

import pytest

from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.model import Severity, State, Watch
from tui.ringer import Ringer


@pytest.fixture
def rung(monkeypatch: pytest.MonkeyPatch) -> list[FrontwatchApp]:
    """The app once for every bell: without a terminal there is none to be heard."""
    heard: list[FrontwatchApp] = []
    monkeypatch.setattr(FrontwatchApp, "bell", lambda app: heard.append(app))
    return heard


def ring(floor: Watchfloor, watch: Watch) -> None:
    """What the collector does every other second."""
    Ringer(watch, floor.now - 3600).ring(floor.writer, floor.now)


async def test_a_bell_is_heard_once_and_what_is_low_is_not(
    floor: Watchfloor, rung: list[FrontwatchApp]
) -> None:
    async with watching(floor) as (app, pilot):
        floor.tell("Shells fall near Naqoura", severity=Severity.MEDIUM)
        ring(floor, app.session.watch)
        await until(pilot, lambda: "Shells fall" in text_of(app))
        assert rung == []
        floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL, killed=10)
        ring(floor, app.session.watch)
        await until(pilot, lambda: bool(rung))
        ring(floor, app.session.watch)
        floor.tell("Shells fall near Tyre", severity=Severity.MEDIUM)
        await until(pilot, lambda: "near Tyre" in text_of(app))
        assert len(rung) == 1


async def test_a_screen_that_opens_does_not_ring_for_what_rang_before(
    floor: Watchfloor, rung: list[FrontwatchApp]
) -> None:
    async with watching(floor) as (app, _):
        watch = app.session.watch
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    ring(floor, watch)
    async with watching(floor) as (app, pilot):
        floor.tell("Shells fall near Tyre", severity=Severity.MEDIUM)
        await until(pilot, lambda: "near Tyre" in text_of(app))
    assert rung == []


async def test_a_flood_is_one_line(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        for number in range(12):
            floor.tell(f"Strike number {number}", severity=Severity.CRITICAL)
        ring(floor, app.session.watch)
        await until(pilot, lambda: "FLOOD · 12 alarms in 10 min, since" in text_of(app))


async def test_s_shelves_says_until_when_and_undo_takes_it_back(floor: Watchfloor) -> None:
    told = floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "s")
        await until(pilot, lambda: "0 new" in text_of(app) and "nothing new" in text_of(app))
        shelved = app.session.reader.incident(told.id)
        assert shelved is not None and shelved.state is State.SHELVED
        assert shelved.state_until is not None
        assert shelved.state_until == pytest.approx(app.session.now() + 7200, abs=30)
        await pilot.press("S", "down", "s")  # it is folded away: S shows it
        await pilot.pause()
        assert "Nothing to shelve" in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: "shelved by" in text_of(app))
        await pilot.press("u")
        await until(pilot, lambda: "nobody has acknowledged it" in text_of(app))
        await pilot.press("s")
        await until(pilot, lambda: "shelved by" in text_of(app))


async def test_the_wall_shelves_nothing(floor: Watchfloor) -> None:
    told = floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor, wall=True) as (app, pilot):
        await pilot.press("s")
        await pilot.pause()
        assert "This is the wall" in text_of(app)
        incident = app.session.reader.incident(told.id)
        assert incident is not None and incident.state is State.NEW
