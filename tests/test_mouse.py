"""The mouse: every row, tab and pane answers a click."""

from __future__ import annotations

import pytest

from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.model import Severity
from tui.screens.incident import IncidentScreen


@pytest.fixture
def floor(floor: Watchfloor) -> Watchfloor:
    floor.tell("Drone strike near Naqoura", severity=Severity.HIGH)
    floor.tell("Rockets near Naqoura", ago=600.0)
    return floor


async def test_a_click_anywhere_in_a_pane_gives_it_the_keys(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.click(app.board.panes[2].head)
        await pilot.pause()
        assert app.board.pane.front.id == "south"
        await pilot.click(app.board.panes[1], offset=(3, 0))
        await pilot.pause()
        assert app.board.pane.front.id == "east"


async def test_a_click_selects_a_row_and_a_double_click_opens_it(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        rows = app.board.panes[0].list
        await pilot.click(rows, offset=(5, rows.row_height))
        assert rows.selected is not None
        assert rows.selected.headline == "Rockets near Naqoura"
        await pilot.click(rows, offset=(5, 0), times=2)
        await until(pilot, lambda: isinstance(app.screen, IncidentScreen))
        assert "Drone strike near Naqoura" in text_of(app)


async def test_a_click_on_a_tab_shows_its_front(floor: Watchfloor) -> None:
    async with watching(floor, (79, 20)) as (app, pilot):
        line = next(line for line in text_of(app).splitlines() if line.startswith("["))
        await pilot.click("FrontTabs", offset=(line.index("East"), 0))
        assert app.board.pane.front.id == "east"
