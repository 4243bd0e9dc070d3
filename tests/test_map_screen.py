"""The map, driven as a person drives it: keys and mouse in, screen out."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import cast

import pytest
from textual import events
from textual.pilot import Pilot

from tests.watchfloor import NAQOURA, Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.geo.view import Frame
from tui.model import Incident, Place, Severity, State
from tui.screens.incident import IncidentScreen
from tui.screens.map import MapScreen

SANAA = Place("Sanaa", 15.354, 44.206)
BAGHDAD = Place("Baghdad", 33.315, 44.366)
YEMEN = Place("Yemen", 15.6, 47.5)
SIZES = [(80, 24), (120, 40), (200, 50), (320, 90)]


def tell(
    floor: Watchfloor,
    headline: str,
    place: Place | None = NAQOURA,
    *,
    front: str = "north",
    severity: Severity = Severity.MEDIUM,
    ago: float = 600.0,
) -> Incident:
    """An incident at a place."""
    told = floor.tell(headline, front=front, severity=severity, ago=ago)._replace(place=place)
    floor.writer.add([], [told])
    return told


def tell_three(floor: Watchfloor) -> list[Incident]:
    """One on each front, far from each other, the newest first."""
    return [
        tell(floor, "Drone hits Naqoura", ago=600),
        tell(floor, "Rockets at Baghdad", BAGHDAD, front="east", severity=Severity.HIGH, ago=1200),
        tell(floor, "Strike on Sanaa", SANAA, front="south", severity=Severity.CRITICAL, ago=1800),
    ]


@asynccontextmanager
async def mapping(
    floor: Watchfloor, size: tuple[int, int] = (120, 40), *, wall: bool = False
) -> AsyncIterator[tuple[MapScreen, Pilot[None]]]:
    """The map, open."""
    async with watching(floor, size, "m", wall=wall) as (app, pilot):
        assert isinstance(app.screen, MapScreen)
        yield app.screen, pilot


def shown(screen: MapScreen) -> str:
    """All that stands on the screen."""
    return text_of(cast(FrontwatchApp, screen.app))


def drawn(screen: MapScreen) -> list[str]:
    """The lines of the map itself."""
    region = screen.map.region
    lines = shown(screen).splitlines()[region.y : region.bottom]
    return [line[region.x : region.right] for line in lines]


def frame(screen: MapScreen) -> Frame:
    """What the map shows."""
    assert screen.map.frame is not None
    return screen.map.frame


def top(screen: MapScreen) -> object:
    """The screen that is seen."""
    return screen.app.screen


def spot(screen: MapScreen, place: Place) -> tuple[int, int]:
    """Where on the screen a place is."""
    x, y = frame(screen).cell(place.lat, place.lon)
    return screen.map.region.x + x, screen.map.region.y + y


def wheel_up(screen: MapScreen, x: int, y: int) -> events.MouseScrollUp:
    """A notch of the wheel over a cell of the map: the pilot has no wheel."""
    return events.MouseScrollUp(screen.map, x, y, 0, 0, 0, False, False, False)


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_every_incident_is_marked_with_its_severity_and_named(
    floor: Watchfloor, size: tuple[int, int]
) -> None:
    tell_three(floor)
    async with mapping(floor, size) as (screen, _):
        text = "\n".join(drawn(screen))
        for sign, name in (("●M", "Naqoura"), ("◆H", "Baghdad"), ("▲C", "Sanaa")):
            assert f"┃{sign} {name}" in text or f"{name} ┃{sign}" in text
        assert any("\u2801" <= character <= "\u28ff" for character in text)
        assert "ALL FRONTS  told of in 24 h · 3 incidents" in shown(screen)
        assert screen.map.region.height + screen.list.region.height > 0
        assert all(len(line) == screen.map.region.width for line in drawn(screen))


async def test_the_sign_stands_on_the_place(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, _):
        x, y = spot(screen, SANAA)
        assert shown(screen).splitlines()[y][x] == "▲"


async def test_several_at_one_place_are_one_mark_with_their_number_and_the_worst_sign(
    floor: Watchfloor,
) -> None:
    for number in range(11):
        tell(floor, f"Shelling {number}", ago=60.0 * number)
    tell(floor, "Raid", severity=Severity.HIGH, ago=3600)
    tell(floor, "Strike on Sanaa", SANAA, ago=3600)
    async with mapping(floor) as (screen, _):
        assert "◆12 Naqoura" in shown(screen)


async def test_a_place_too_wide_to_say_where_is_told_as_such_and_one_without_is_counted(
    floor: Watchfloor,
) -> None:
    tell(floor, "Strike somewhere in Yemen", YEMEN, front="south")
    tell(floor, "Strike nowhere in particular", None)
    async with mapping(floor) as (screen, _):
        assert "~Yemen" in shown(screen)
        assert "2 incidents · 1 in view · 1 without a place" in shown(screen)


async def test_what_is_new_has_a_bar_and_what_is_acknowledged_has_none(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        assert "┃▲C" in "\n".join(drawn(screen))
        await pilot.press("n", "a")
        await until(pilot, lambda: "2 new: 1 high" in shown(screen))
        await pilot.press("end", "home")
        text = "\n".join(drawn(screen))
        assert "▲C" in text
        assert "┃▲C" not in text
        await pilot.press("u")
        await until(pilot, lambda: "3 new: 1 critical, 1 high" in shown(screen))
        assert "┃▲C" in "\n".join(drawn(screen))


async def test_what_is_selected_in_the_list_is_pointed_at_on_the_map(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("down", "down")
        await pilot.pause()
        assert screen.list.selected is not None
        assert screen.list.selected.headline == "Rockets at Baghdad"
        x, y = spot(screen, BAGHDAD)
        assert shown(screen).splitlines()[y][x - 1 : x + 1] == "▶◆"


async def test_a_click_on_a_mark_selects_it_in_the_list_and_a_double_click_opens_it(
    floor: Watchfloor,
) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.click(offset=spot(screen, SANAA))
        await pilot.pause()
        assert screen.list.selected is not None
        assert screen.list.selected.headline == "Strike on Sanaa"
        await pilot.click(offset=spot(screen, SANAA), times=2)
        await pilot.pause()
        assert isinstance(screen.app.screen, IncidentScreen)
        assert screen.app.screen.incident.headline == "Strike on Sanaa"


async def test_each_click_on_a_cluster_takes_its_next_incident(floor: Watchfloor) -> None:
    first = tell(floor, "Shelling", ago=600)
    worst = tell(floor, "Raid", severity=Severity.HIGH, ago=900)
    tell(floor, "Strike on Sanaa", SANAA)
    async with mapping(floor) as (screen, pilot):
        found = []
        for _ in range(3):
            await pilot.click(offset=spot(screen, NAQOURA))
            await pilot.pause(0.6)  # longer than a double click
            assert screen.list.selected is not None
            found.append(screen.list.selected.id)
        assert found == [worst.id, first.id, worst.id]


async def test_enter_opens_what_is_selected_and_says_so_where_nothing_is(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("enter")
        assert "Nothing is selected" in shown(screen)
        await pilot.press("down", "enter")
        await pilot.pause()
        assert isinstance(screen.app.screen, IncidentScreen)
        await pilot.press("escape")
        assert top(screen) is screen


async def test_a_new_incident_moves_neither_the_view_nor_the_selection(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("down", "down")
        held, before = screen.list.selected, frame(screen)
        tell(floor, "Strike in Iran", Place("Tehran", 35.69, 51.389), severity=Severity.CRITICAL, ago=1)
        tell(floor, "Rockets at Haditha", Place("Haditha", 34.135, 42.377), front="east", ago=1)
        await until(pilot, lambda: "5 incidents" in shown(screen))
        assert frame(screen) == before
        assert screen.list.selected == held
        assert any(row.headline == "Rockets at Haditha" for row in screen.list.roll.rows)


async def test_what_is_told_again_elsewhere_moves_its_mark(floor: Watchfloor) -> None:
    told = tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        floor.writer.add([], [told[0]._replace(place=Place("Qana", 33.209, 35.299))])
        await until(pilot, lambda: "Qana" in "\n".join(drawn(screen)))
        assert "Naqoura" not in "\n".join(drawn(screen))


async def test_shelved_incidents_are_folded_away_and_counted(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("down", "s")
        await until(pilot, lambda: "1 shelved" in shown(screen))
        assert "Naqoura" not in "\n".join(drawn(screen))
        stored = screen.session.reader.incidents(limit=-1)
        assert {each.state for each in stored} == {State.NEW, State.SHELVED}


async def test_tab_goes_from_all_fronts_to_each_and_fits_the_map_to_it(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        wide = frame(screen).view.step
        await pilot.press("tab")
        assert "NORTH  told of in 24 h · 1 incident" in shown(screen)
        assert frame(screen).view.step < wide
        assert [row.headline for row in screen.list.roll.rows] == ["Drone hits Naqoura"]
        await pilot.press("shift+tab")
        assert "ALL FRONTS" in shown(screen)
        await pilot.press("tab", "tab", "tab", "tab")
        assert "ALL FRONTS" in shown(screen)


async def test_the_hours_go_from_six_to_thirty_days(floor: Watchfloor) -> None:
    tell(floor, "Newest", ago=600)
    tell(floor, "This morning", SANAA, ago=10 * 3600)
    tell(floor, "Last week", BAGHDAD, ago=5 * 86_400)
    async with mapping(floor) as (screen, pilot):
        found = []
        for key in ("less_than_sign", *["greater_than_sign"] * 3):
            await pilot.press(key)
            found.append(shown(screen).splitlines()[2].split("·")[0:2])
        assert [" ".join(part).split()[2:] for part in found] == [
            ["told", "of", "in", "6", "h", "1", "incident"],
            ["told", "of", "in", "24", "h", "2", "incidents"],
            ["told", "of", "in", "7", "d", "3", "incidents"],
            ["told", "of", "in", "30", "d", "3", "incidents"],
        ]
        await pilot.press("greater_than_sign")
        assert "30 d is the longest span of the map" in shown(screen)


async def test_keys_move_the_view_and_zero_fits_it_again(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        fitted = frame(screen)
        await pilot.press("right", "J")
        moved = frame(screen).view
        assert moved.lon > fitted.view.lon
        assert moved.lat < fitted.view.lat
        await pilot.press("left", "K")
        assert frame(screen).view.lon == pytest.approx(fitted.view.lon, abs=0.5)
        await pilot.press("plus")
        assert frame(screen).view.step < fitted.view.step
        await pilot.press("0")
        assert frame(screen) == fitted
        await pilot.press("0")
        assert "fitted to all that it shows" in shown(screen)


async def test_the_list_is_what_is_in_view_and_the_head_says_how_much_is_not(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("n")
        for _ in range(4):
            await pilot.press("plus")
        assert [row.headline for row in screen.list.roll.rows] == ["Strike on Sanaa"]
        assert "3 incidents · 1 in view" in shown(screen)
        for _ in range(8):
            await pilot.press("right")
        # What is selected stays in the list although it is out of view.
        assert [row.headline for row in screen.list.roll.rows] == ["Strike on Sanaa"]
        assert "3 incidents · 0 in view" in shown(screen)


async def test_n_goes_to_the_worst_that_is_new_wherever_it_is(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("down", "plus", "plus", "plus", "plus")
        assert not frame(screen).holds(SANAA.lat, SANAA.lon)
        await pilot.press("n")
        await pilot.pause()
        assert screen.list.selected is not None
        assert screen.list.selected.headline == "Strike on Sanaa"
        assert frame(screen).holds(SANAA.lat, SANAA.lon)
        await pilot.press("n")
        await pilot.pause()
        assert screen.list.selected.headline == "Rockets at Baghdad"


async def test_a_map_opened_on_an_incident_selects_it_and_comes_closer_to_it(floor: Watchfloor) -> None:
    told = tell_three(floor)
    async with watching(floor, (120, 40), "n") as (app, pilot):
        await pilot.press("m")
        screen = app.screen
        assert isinstance(screen, MapScreen)
        await until(pilot, lambda: screen.list.selected is not None)
        assert screen.list.selected is not None
        assert screen.list.selected.id == told[2].id
        await pilot.press("shift+left", "shift+left", "shift+left", "plus", "plus", "plus")
        frame = screen.map.frame
        assert frame is not None
        assert frame.holds(SANAA.lat, SANAA.lon)
        await pilot.press("escape", "enter", "m")
        again = app.screen
        assert isinstance(again, MapScreen)
        await until(pilot, lambda: again.list.selected is not None)


async def test_n_says_why_where_there_is_nothing_to_go_to(floor: Watchfloor) -> None:
    tell(floor, "Somewhere", None, severity=Severity.HIGH)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("n")
        assert "what is new has no place" in shown(screen)


async def test_the_wheel_zooms_under_the_pointer_and_dragging_pans(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        before = frame(screen)
        screen.map.post_message(wheel_up(screen, 10, 10))
        await pilot.pause()
        closer = frame(screen)
        assert closer.view.step == pytest.approx(before.view.step / 1.25)
        held, there = before.position(10, 10), closer.position(10, 10)
        assert there[0] == pytest.approx(held[0])
        await pilot.mouse_down(screen.map, offset=(30, 10))
        await pilot.hover(screen.map, offset=(40, 12))
        await pilot.mouse_up(screen.map, offset=(40, 12))
        await pilot.pause()
        assert frame(screen).view.lon < closer.view.lon
        assert frame(screen).view.lat > closer.view.lat
        assert screen.list.selected is None


async def test_the_map_is_found_again_as_it_was_left(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("tab", "tab", "greater_than_sign", "plus", "right")
        left = frame(screen)
        await pilot.press("escape")
        assert screen.app.screen is not screen
        await pilot.press("m")
        await pilot.pause()
        again = screen.app.screen
        assert isinstance(again, MapScreen)
        assert again is not screen
        assert frame(again) == left
        assert "EAST  told of in 7 d" in shown(again)


async def test_with_nothing_to_show_it_says_so_and_how_to_see_more(floor: Watchfloor) -> None:
    async with mapping(floor) as (screen, pilot):
        assert "No incident in view." in shown(screen)
        assert "0 incidents" in shown(screen)
        await pilot.press("down")
        assert "No incident is in view" in shown(screen)
        assert any("\u2801" <= character <= "\u28ff" for character in shown(screen))


async def test_the_lines_are_drawn_in_blocks_or_ascii_where_braille_is_not_to_be_had(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LC_ALL", "de_DE.ISO-8859-1")
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        assert not any("\u2800" <= character <= "\u28ff" for character in shown(screen))
        for glyphs, characters in (("braille", "⠁⡇⣀"), ("blocks", "▀▄▌▐█"), ("ASCII", "/\\|_")):
            await pilot.press("v")
            assert f"drawn in {glyphs} now" in shown(screen)
            assert any(character in "\n".join(drawn(screen)) for character in characters)


async def test_it_survives_every_size_and_keeps_what_a_person_chose(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        await pilot.press("down", "plus")
        held, view = screen.list.selected, frame(screen).view
        for width, height in [*SIZES, (40, 12), (20, 8), (120, 40)]:
            await pilot.resize_terminal(width, height)
            await pilot.pause()
            assert all(len(line) == screen.map.region.width for line in drawn(screen))
        assert frame(screen).view == view
        assert screen.list.selected == held


async def test_on_the_wall_nothing_is_changed(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor, wall=True) as (screen, pilot):
        assert not screen.footer.display
        await pilot.press("down", "a")
        assert "This is the wall" in shown(screen)


async def test_a_theme_of_day_and_the_terminals_own_colours_are_drawn_too(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor) as (screen, pilot):
        for theme in ("day", "terminal", "night"):
            screen.app.theme = theme
            screen.refresh_look()
            await pilot.pause()
            assert "▲C" in "\n".join(drawn(screen))


async def test_more_than_can_be_read_is_said(floor: Watchfloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tui.screens.map.MOST", 2)
    tell_three(floor)
    async with mapping(floor) as (screen, _):
        assert "only the newest 2 incidents" in shown(screen)


async def test_the_incidents_page_ends_with_a_small_map(floor: Watchfloor) -> None:
    tell_three(floor)
    async with mapping(floor, (120, 70)) as (screen, pilot):
        await pilot.press("down", "enter")
        await pilot.pause()
        await until(pilot, lambda: "WHERE" in text_of(cast(FrontwatchApp, screen.app)))
        page = text_of(cast(FrontwatchApp, screen.app)).split("WHERE")[1]
        assert "┃●M Naqoura" in page
        assert "km" in page


async def test_an_incident_without_a_place_has_no_small_map(floor: Watchfloor) -> None:
    tell(floor, "Somewhere", None, severity=Severity.HIGH)
    async with mapping(floor, (120, 70)) as (screen, pilot):
        await pilot.press("escape", "down", "enter")
        await pilot.pause()
        assert isinstance(screen.app.screen, IncidentScreen)
        assert "WHERE" not in text_of(cast(FrontwatchApp, screen.app))
