"""Nothing moves under the eye, and what is looked at is right: pages, titles, ages, the footer."""

from __future__ import annotations

import pytest

from tests.samples import HOUR, MINUTE
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.model import Severity, State
from tui.screens.incident import IncidentScreen
from tui.widgets.words import row_age


def line_of(text: str, words: str) -> int:
    return next(at for at, line in enumerate(text.splitlines()) if words in line)


async def test_a_page_that_gets_longer_above_keeps_the_selected_report_on_its_line(floor: Watchfloor) -> None:
    told = floor.tell("Shelling at Naqoura", ago=HOUR, sources=("Gazette", "Herald", "Courier"))
    async with watching(floor, (100, 24), "down", "enter", "down", "down", "down") as (app, pilot):
        page = app.screen
        assert isinstance(page, IncidentScreen)
        before = line_of(text_of(app), "Courier  B")
        app.session.desk.note(told.id, "Rang the desk", "TST", floor.now)
        app.session.desk.acknowledge([told.id], "TST", floor.now)
        await until(pilot, lambda: page.incident.state is State.ACKNOWLEDGED)
        await pilot.pause()
        assert line_of(text_of(app), "Courier  B") == before


async def test_what_is_out_of_sight_above_is_told_though_nobody_need_acknowledge_it(
    floor: Watchfloor,
) -> None:
    floor.tell("Old shelling", ago=900)
    async with watching(floor, (120, 40), "down") as (app, pilot):
        newer = floor.tell("Rockets fired", ago=1)
        await until(pilot, lambda: "1 new above" in text_of(app))
        app.session.desk.acknowledge([newer.id], "ELSE", floor.now)
        await until(pilot, lambda: "── 1 above" in text_of(app))
        assert "Old shelling" in text_of(app)


async def test_titles_have_their_words_again_when_the_terminal_grows(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=900)
    async with watching(floor, (60, 20)) as (app, pilot):
        app.board.refresh_picture()  # panes that are not shown have no room for any word
        await pilot.resize_terminal(320, 90)
        await pilot.pause()
        titles = text_of(app).splitlines()[2]
        assert all(name in titles for name in ("NORTH", "EAST", "SOUTH"))


async def test_what_was_drawn_in_a_minute_before_is_drawn_again_when_somebody_looks(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.tell("Old shelling", front="east", ago=10 * MINUTE + 5)
    async with watching(floor) as (app, pilot):
        await pilot.pause()
        rows, drawn = app.board.panes[1].list, list[str]()
        monkeypatch.setattr(rows, "_now", lambda: floor.now)
        rows.catch_up()
        await pilot.pause()
        monkeypatch.setattr(rows, "refresh", lambda *_, **__: drawn.append("drawn"))
        rows.catch_up()
        assert not drawn
        monkeypatch.setattr(rows, "_now", lambda: floor.now + MINUTE)
        app.board.refresh_picture()
        assert not drawn  # time alone is no reason
        app.board.on_key()
        assert drawn == ["drawn"]


def test_an_age_on_a_row_never_takes_more_than_three_cells() -> None:
    ages = {row_age(seconds) for seconds in range(0, 40 * 86_400, 37)}
    assert max(map(len, ages)) == 3
    assert row_age(100 * MINUTE) == row_age(119 * MINUTE) == "1h"
    assert row_age(99 * MINUTE) == "99m"
    assert row_age(2 * HOUR) == "2h"


async def test_screens_show_the_past_with_the_board_and_one_that_cannot_says_so(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=2 * HOUR)
    floor.tell("New rockets", ago=MINUTE)
    async with watching(floor, (120, 40), "left_curly_bracket") as (app, pilot):
        for door in ("m", "t", "L", "H", "slash"):
            await pilot.press(door)
            await pilot.pause()
            assert "◀ PAST" in text_of(app).splitlines()[0]
            await pilot.press("escape")
            await pilot.pause()
        await pilot.press("F")
        await pilot.pause()
        assert "NOW ▶ this screen; the board stands at" in text_of(app).splitlines()[0]
        await pilot.press("escape", "backspace", "m")
        await pilot.pause()
        assert "◀ PAST" not in text_of(app)


async def test_what_comes_meanwhile_is_said_once_and_leaves_room_for_answers(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=2 * HOUR)
    async with watching(floor, (120, 40), "left_curly_bracket") as (app, pilot):
        floor.tell("Raid", ago=1, severity=Severity.HIGH)
        await until(pilot, lambda: "1 more critical or high since" in text_of(app))
        await pilot.press("a")
        assert "the past is not changed" in text_of(app)
        floor.tell("Old talk", ago=3 * HOUR)
        seq = app.session.picture.seq
        await until(pilot, lambda: app.session.picture.seq != seq)
        assert "the past is not changed" in text_of(app)
        floor.tell("Second raid", ago=1, severity=Severity.HIGH)
        await until(pilot, lambda: "2 more critical or high since" in text_of(app))


async def test_no_key_is_offered_that_leads_where_one_is(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=2 * HOUR)
    async with watching(floor, (200, 40)) as (app, pilot):
        for key, label in (("m", "m map"), ("t", "t tempo"), ("L", "L log"), ("H", "H handover")):
            assert label in text_of(app).splitlines()[-1]
            await pilot.press(key)
            await pilot.pause()
            assert label not in text_of(app).splitlines()[-1]
            await pilot.press("escape")
            await pilot.pause()
