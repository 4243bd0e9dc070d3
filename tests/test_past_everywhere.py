"""Every screen that is opened from a board in the past shows the past: nothing on it was told later."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests import samples
from tests.samples import HOUR, MINUTE
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.model import Severity, State, Tags
from tui.screens.incident import IncidentScreen

SCREENS = {"m": "1 incident", "t": "INCIDENTS BY DAY", "L": "LOG", "H": "Handover:", "/": "SEARCH"}


@asynccontextmanager
async def an_hour_ago(
    floor: Watchfloor, *keys: str, size: tuple[int, int] = (120, 40)
) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    """The board as it stood an hour ago, after these keys: one incident then, more since."""
    old = floor.tell("Old shelling", ago=3 * HOUR, severity=Severity.HIGH)
    desk = floor.session()
    desk.desk.note(old.id, "first note", "ab", floor.now - 2 * HOUR)
    desk.desk.acknowledge((old.id,), "ab", floor.now - 10 * MINUTE)
    desk.desk.note(old.id, "later note", "ab", floor.now - 9 * MINUTE)
    desk.close()
    again = {"killed": 9, "incident_id": old.id, "sources": ("Herald",), "ago": 5 * MINUTE}
    later = floor.tell("Old shelling, now nine dead", **again)  # type: ignore[arg-type]  # of several types
    floor.writer.add([], [later._replace(first_seen=old.first_seen, reports=2)])
    floor.tell("New rockets", ago=4 * MINUTE, severity=Severity.CRITICAL)
    async with watching(floor, size, "left_curly_bracket", *keys) as (app, pilot):
        yield app, pilot


@pytest.mark.parametrize("key", SCREENS)
@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50)])
async def test_nothing_of_later_is_on_any_screen(floor: Watchfloor, key: str, size: tuple[int, int]) -> None:
    async with an_hour_ago(floor, key, size=size) as (app, pilot):
        await until(pilot, lambda: SCREENS[key] in text_of(app))
        screen = text_of(app)
        assert screen.splitlines()[0].startswith(" ◀ PAST")
        assert "Esc: back" in screen.splitlines()[0]
        for later in ("New rockets", "nine dead", "later note"):
            assert later not in screen
        await pilot.press("escape")
        await pilot.pause()
        assert app.screen is app.board


async def test_the_map_has_the_marks_of_then_and_opens_the_incident_of_then(floor: Watchfloor) -> None:
    async with an_hour_ago(floor, "m", "down") as (app, pilot):
        assert "Old shelling" in text_of(app)
        floor.tell("Newer still", ago=1)
        await until(pilot, lambda: app.session.picture.seq >= app.session.reader.seq())
        assert "Newer still" not in text_of(app)
        await pilot.press("a")
        assert "the past is not changed" in text_of(app)
        await pilot.press("enter")
        await until(pilot, lambda: "1 REPORT" in text_of(app))
        assert isinstance(app.screen, IncidentScreen)
        screen = text_of(app)
        assert "new: nobody has acknowledged it" in screen
        assert "first note" in screen
        assert "later note" not in screen


async def test_the_tally_counts_what_was_told_by_then(floor: Watchfloor) -> None:
    async with an_hour_ago(floor, "t") as (app, pilot):
        await app.workers.wait_for_complete()
        await until(pilot, lambda: "the store begins on" in text_of(app))
        told = text_of(app).partition("TALLY")[2].splitlines()[1]
        assert told.split()[:2] == ["1", "incident"]


async def test_the_log_ends_at_the_minute(floor: Watchfloor) -> None:
    async with an_hour_ago(floor, "L") as (app, pilot):
        assert "first note" in text_of(app)
        assert "acknowledged" not in text_of(app)
        await pilot.press("down", "enter")
        await until(pilot, lambda: "1 REPORT" in text_of(app))


async def test_a_search_finds_what_was_known_by_then_as_it_stood(floor: Watchfloor) -> None:
    async with an_hour_ago(floor, "/", *"shelling") as (app, pilot):
        await until(pilot, lambda: "1 incident" in text_of(app))
        assert "nine" not in text_of(app)
        await pilot.press("escape", *"killed:9")
        await until(pilot, lambda: "Nothing found" in text_of(app))
        await pilot.press("escape", *"state:new")
        await until(pilot, lambda: "1 incident" in text_of(app))
        await pilot.press("escape", *"rockets")
        await until(pilot, lambda: "Nothing found" in text_of(app))


async def test_a_report_of_no_incident_is_as_old_as_it_was(floor: Watchfloor) -> None:
    at = floor.now - 3 * HOUR
    lonely = samples.report("Lonely report", at=at, tagged=Tags())._replace(seen=at + 1.0)
    late = samples.report("Lonely too", at=floor.now - 5 * MINUTE, tagged=Tags())
    floor.writer.add([(lonely, None), (late, None)], [])
    async with an_hour_ago(floor, "/", *"lonely") as (app, pilot):
        await until(pilot, lambda: "1 other report" in text_of(app))
        await pilot.press("enter")
        await until(pilot, lambda: "of no incident" in text_of(app))
        screen = text_of(app)
        assert screen.splitlines()[0].startswith(" ◀ PAST")
        told = next(line for line in screen.splitlines() if "published" in line)
        assert told.rstrip().endswith(("1h ago", "2h ago", "118m ago", "119m ago", "120m ago"))


async def test_a_handover_of_then_is_written_and_begins_no_shift(floor: Watchfloor) -> None:
    async with an_hour_ago(floor, "H") as (app, pilot):
        assert "Which feeds failed then is not known any more." in text_of(app)
        assert "1 of them not acknowledged" in text_of(app)
        await pilot.press("w")
        assert "Written:" in text_of(app)
        assert app.session.reader.last_handovers(1) == []
        (written,) = (floor.data / "handovers").iterdir()
        assert "nine dead" not in written.read_text()


async def test_back_at_the_board_now_every_screen_shows_now_again(floor: Watchfloor) -> None:
    async with an_hour_ago(floor, "m", "escape", "backspace", "m") as (app, pilot):
        await until(pilot, lambda: "New rockets" in text_of(app))
        assert "PAST" not in text_of(app)
        stored = app.session.reader.incidents(limit=9)
        assert {each.state for each in stored} == {State.NEW, State.ACKNOWLEDGED}
