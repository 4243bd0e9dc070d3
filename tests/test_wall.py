"""The overview of many fronts, the wall, and what is folded away: driven by keys."""

from __future__ import annotations

import pytest

from tests.samples import HOUR
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.model import Severity, State
from tui.widgets.overview import Overview


def more_fronts(floor: Watchfloor, count: int) -> None:
    """So many fronts beside the three."""
    text = floor.config.read_text(encoding="utf-8")
    more = "".join(f'[[fronts]]\nid = "f{at}"\nname = "Front {at}"\nzone = "UTC"\n' for at in range(count))
    floor.config.write_text(text.replace("[[feeds]]", f"{more}[[feeds]]"), encoding="utf-8")


def overview_of(app: FrontwatchApp) -> Overview:
    overview = app.board.overview
    assert overview is not None
    return overview


def has_tiles(app: FrontwatchApp) -> bool:
    return app.board.overview is not None


def tiles_of(app: FrontwatchApp) -> list[str]:
    return [tile.front.id for tile in overview_of(app).tiles]


async def test_v_shows_every_front_with_the_worst_that_is_open(floor: Watchfloor) -> None:
    more_fronts(floor, 9)
    floor.tell("Minor shelling", front="f7", ago=10)
    floor.tell("Twelve killed in strike", front="f7", severity=Severity.CRITICAL, ago=HOUR)
    known = floor.tell("Rocket on a base", front="f8", severity=Severity.HIGH)
    async with watching(floor, (120, 40)) as (app, pilot):
        app.session.desk.acknowledge((known.id,), "ab", floor.now)
        await pilot.press("v")
        await pilot.pause()
        assert len(tiles_of(app)) == 12
        screen = text_of(app)
        assert all(f"FRONT {number}" in screen for number in range(9))
        assert screen.index("Twelve killed in strike") > 0
        assert "2 new · 2 in 24 h" in screen
        await until(pilot, lambda: "Rocket on a base" not in text_of(app))
        await until(pilot, lambda: "0 new · 1 in 24 h" in text_of(app))
        await pilot.press("v")
        assert not has_tiles(app)


async def test_enter_on_a_tile_goes_to_its_front(floor: Watchfloor) -> None:
    more_fronts(floor, 9)
    floor.tell("Strike on the second", front="f1")
    async with watching(floor, (80, 20)) as (app, pilot):
        await pilot.press("v", "tab", "tab", "tab", "tab", "enter")
        await pilot.pause()
        assert not has_tiles(app)
        assert app.board.pane.front.id == "f1"
        assert app.focused is app.board.pane.list
        assert "Strike on the second" in text_of(app)


async def test_arrows_go_from_tile_to_tile_by_rows_and_columns(floor: Watchfloor) -> None:
    more_fronts(floor, 9)
    async with watching(floor, (120, 40)) as (app, pilot):
        await pilot.press("v")
        await pilot.pause()
        columns = overview_of(app).styles.grid_size_columns
        await pilot.press("down", "right")
        assert app.focused is overview_of(app).tiles[columns + 1]
        await pilot.press("up", "up", "left")
        assert app.focused is overview_of(app).tiles[0]


async def test_a_click_on_a_tile_goes_to_its_front(floor: Watchfloor) -> None:
    async with watching(floor, (120, 40)) as (app, pilot):
        await pilot.press("v")
        await pilot.pause()
        await pilot.click(overview_of(app).tiles[2])
        await pilot.pause()
        assert not has_tiles(app)
        assert app.board.pane.front.id == "south"


async def test_a_new_incident_reaches_its_tile(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("v")
        await pilot.pause()
        assert text_of(app).count("Nothing is new.") == 3
        floor.tell("Tanker hit off Mocha", front="south", severity=Severity.HIGH)
        await until(pilot, lambda: "Tanker hit off Mocha" in text_of(app))
        assert text_of(app).count("Nothing is new.") == 2


@pytest.mark.parametrize("size", [(60, 17), (80, 24), (100, 20)])
async def test_a_wall_that_has_no_room_for_all_panes_shows_tiles_and_never_turns_a_page(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    for front in ("north", "east", "south"):
        floor.tell(f"Strike in the {front}", front=front)
    async with watching(floor, size, wall=True) as (app, pilot):
        await pilot.pause()
        screen = text_of(app)
        assert tiles_of(app) == ["north", "east", "south"]
        assert all(f"Strike in the {front}" in screen for front in ("north", "east", "south"))
        await pilot.press("enter")
        assert "The wall has no cursor" in text_of(app)
        assert has_tiles(app)


async def test_a_wall_with_room_shows_the_panes_with_rows_of_three_lines(floor: Watchfloor) -> None:
    async with watching(floor, (140, 24), wall=True) as (app, pilot):
        assert not has_tiles(app)
        assert {pane.list.row_height for pane in app.board.panes} == {3}
        await pilot.press("v")
        assert has_tiles(app)
        await pilot.press("w")
        assert not has_tiles(app)


async def test_the_overview_goes_back_in_time_too(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=3 * HOUR)
    floor.tell("New rockets", ago=60)
    async with watching(floor) as (app, pilot):
        await pilot.press("v", "left_curly_bracket")
        await pilot.pause()
        assert "Old shelling" in text_of(app)
        assert "New rockets" not in text_of(app)
        assert all(tile.has_class("-past") for tile in overview_of(app).tiles)


async def test_what_is_shelved_is_folded_away_counted_and_shown_when_asked_for(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=600)
    incident = floor.tell("Sirens again", severity=Severity.LOW)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "s")
        await until(pilot, lambda: "1 shelved" in text_of(app))
        assert "Sirens again" not in text_of(app)
        selected = app.board.pane.list.selected
        assert selected is not None
        assert selected.headline == "Old shelling"
        await pilot.press("S")
        screen = text_of(app)
        assert "Sirens again" in screen
        assert "until" in next(line for line in screen.splitlines() if "· L" in line)
        await pilot.press("S")
        assert "Sirens again" not in text_of(app)
        await pilot.press("u")
        await until(pilot, lambda: "1 new above" in text_of(app))
        await pilot.press("escape")
        assert "Sirens again" in text_of(app)
        assert "shelved" not in text_of(app)
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.NEW
        await pilot.press("S")
        assert "Nothing told of here in 24 hours is shelved" in text_of(app)


async def test_a_page_of_which_everything_is_shelved_is_not_the_end(floor: Watchfloor) -> None:
    shelved = [floor.tell(f"Sirens {number}", ago=HOUR + number).id for number in range(120)]
    floor.tell("Old shelling", ago=9 * HOUR)
    desk = floor.session()
    desk.desk.shelve(shelved, floor.now + HOUR, "ab", floor.now)
    desk.close()
    async with watching(floor) as (app, _):
        assert "Old shelling" in text_of(app)
        assert "120 shelved" in text_of(app)


async def test_the_overview_survives_every_size_and_keeps_its_tile(floor: Watchfloor) -> None:
    more_fronts(floor, 9)
    floor.tell("Strike on the second", front="f1")
    async with watching(floor, (120, 40)) as (app, pilot):
        await pilot.press("v", "tab", "tab", "tab", "tab")
        for size in ((80, 24), (40, 10), (320, 90), (20, 5), (1, 1), (200, 50)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert app.focused is overview_of(app).tiles[4]
        assert "Strike on the second" in text_of(app)


async def test_in_the_overview_a_key_that_wants_a_line_says_that_there_is_none(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "v")
        for key in ("a", "s", "o", "c", "S", "pagedown"):
            await pilot.press(key)
            assert "no lines: Enter goes to a front" in text_of(app), key
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.NEW
        await pilot.press("n")
        await pilot.pause()
        assert not has_tiles(app)
        assert app.board.pane.list.selected is not None
