"""The log's screen, notes and initials, driven as a person drives them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from textual.pilot import Pilot

from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.incidents.standing import BLIND, COVERAGE, Standing
from tui.model import Severity, State
from tui.ringer import Ringer
from tui.screens.incident import IncidentScreen
from tui.screens.log import LOADED, LogScreen

SIZES = ((80, 24), (120, 40), (200, 50), (320, 90))


def screen_of(app: FrontwatchApp) -> LogScreen:
    assert isinstance(app.screen, LogScreen)
    return app.screen


def ring(floor: Watchfloor, app: FrontwatchApp) -> None:
    Ringer(app.session.watch, floor.now - 3600).ring(floor.writer, floor.now)


def blind(floor: Watchfloor, at: float) -> None:
    floor.writer.stand([Standing(COVERAGE, "south", BLIND, at, at, "1 of 4 feeds fresh")], at)


# The log


@pytest.mark.parametrize("size", SIZES)
async def test_the_log_tells_who_did_what_to_which_incident(floor: Watchfloor, size: tuple[int, int]) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor, size) as (app, pilot):
        ring(floor, app)
        await pilot.press("down", "a", "L")
        await pilot.pause()
        row = next(line for line in text_of(app).splitlines() if "acknowledged" in line)
        assert "TST" in row
        assert "Drone kills ten" in row
        assert "collector alarm" in text_of(app)
        assert "newest first" in text_of(app)


async def test_enter_opens_the_incident_of_the_line_and_says_where_there_is_none(floor: Watchfloor) -> None:
    told = floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        app.session.desk.note(None, "All quiet", "AB", floor.now - 60)
        app.session.desk.acknowledge([told.id], "AB", floor.now - 30)
        await pilot.press("L", "enter")
        assert "No line is selected" in text_of(app)
        await pilot.press("down", "down", "enter")
        assert "This line is of no incident" in text_of(app)
        await pilot.press("up", "enter")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        assert app.screen.incident.id == told.id
        await pilot.press("escape")
        assert isinstance(app.screen, LogScreen)


async def test_each_filter_shows_its_own_and_once_more_all(floor: Watchfloor) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor) as (app, pilot):
        ring(floor, app)
        blind(floor, floor.now - 5)
        app.session.desk.note(None, "All quiet", "AB", floor.now)
        await pilot.press("L")
        parts = {"p": "All quiet", "a": "CRITICAL: Drone", "o": "South: 1 of 4 feeds"}
        for key, own in parts.items():
            await pilot.press(key)
            shown = text_of(app)
            assert [part for part in parts.values() if part in shown] == [own]
            await pilot.press(key)
            assert all(part in text_of(app) for part in parts.values())
        await pilot.press("tab")
        assert "North and the whole watch" in text_of(app)
        assert "South: 1 of 4 feeds" not in text_of(app)
        await pilot.press("tab", "tab")
        assert "CRITICAL: Drone" not in text_of(app)
        await pilot.press("tab")
        assert "all fronts" in text_of(app)
        await pilot.press("shift+tab")
        assert "South and the whole watch" in text_of(app)


async def test_a_filter_that_nothing_meets_says_so(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("L", "o")
        assert "nothing of this is in the log" in text_of(app)
        await pilot.press("down", "pagedown", "end", "enter")
        assert "No line is selected" in text_of(app)


async def test_what_comes_never_moves_the_selected_line(floor: Watchfloor) -> None:
    async with watching(floor, (100, 24)) as (app, pilot):
        desk = app.session.desk
        for number in range(40):
            desk.note(None, f"note {number:02}", "AB", floor.now - 100 + number)
        await pilot.press("L", "down", "down", "down")
        held = screen_of(app).list.selected
        assert held is not None and held.words == "note 37"
        row = next(at for at, line in enumerate(text_of(app).splitlines()) if "note 37" in line)
        for number in range(40, 45):
            desk.note(None, f"note {number:02}", "CD", floor.now)
        await until(pilot, lambda: "lines above" in text_of(app))
        assert screen_of(app).list.selected == held
        assert "note 37" in text_of(app).splitlines()[row]
        await pilot.press("home")
        await until(pilot, lambda: "note 44" in text_of(app))
        assert screen_of(app).list.selected is None


async def test_with_nothing_selected_the_newest_is_seen_as_it_comes(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("L")
        app.session.desk.note(None, "The radio is back", "CD", floor.now)
        await until(pilot, lambda: "The radio is back" in text_of(app))


async def test_the_log_reads_back_to_its_first_line_page_by_page(floor: Watchfloor) -> None:
    async with watching(floor, (80, 24)) as (app, pilot):
        count = 2 * LOADED + 17
        for number in range(count):
            app.session.desk.note(None, f"note {number}", "AB", floor.now - 90_000 + number)
        await pilot.press("L")
        screen = screen_of(app)
        for _ in range(8):
            await pilot.press("end")
            await pilot.pause()
        assert screen.list.selected is not None
        assert screen.list.selected.words == "note 0"
        assert "note 0" in text_of(app)


async def test_a_log_that_is_left_open_lets_old_lines_go_and_reads_them_again(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.log_list.KEPT_LINES", 50)
    async with watching(floor, (80, 24)) as (app, pilot):
        await pilot.press("L")
        for number in range(60):
            app.session.desk.note(None, f"note {number:02}", "AB", floor.now - 100 + number)
        await until(pilot, lambda: "note 59" in text_of(app))
        oldest = screen_of(app).list.oldest
        assert oldest is not None and oldest[0] == floor.now - 90
        await pilot.press("end")
        await pilot.pause()
        await pilot.press("end")
        assert "note 00" in text_of(app)


async def test_a_log_that_is_left_open_on_a_line_holds_no_more_than_so_many_above_it(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.widgets.log_list.KEPT_LINES", 20)
    async with watching(floor, (80, 24)) as (app, pilot):
        app.session.desk.note(None, "first of all", "AB", floor.now - 200)
        await pilot.press("L", "down")
        log = screen_of(app).list
        for number in range(60):
            app.session.desk.note(None, f"note {number:02}", "AB", floor.now - 100 + number)
            if number % 20 == 19:
                await until(pilot, lambda number=number: log.above == number)  # type: ignore[misc]  # bound
        held = len(log._lines)
        assert held <= 41
        assert log.selected is not None
        assert log.selected.words == "first of all"
        assert "59 lines above" in text_of(app)
        for _ in range(held):
            await pilot.press("up")
        assert "note 59" in text_of(app)
        assert log.above == 0
        await pilot.press("down", "end", "end")
        assert log.selected.words == "first of all"


async def test_what_another_desk_takes_back_is_drawn_so_at_once(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        app.session.desk.note(None, "Wrong word", "CD", floor.now)
        await pilot.press("L")
        app.session.desk.undo("CD", floor.now + 1)
        await until(pilot, lambda: "(taken back) Wrong word" in text_of(app))


async def test_a_resize_keeps_the_selected_line_in_view(floor: Watchfloor) -> None:
    async with watching(floor, (120, 40)) as (app, pilot):
        for number in range(60):
            app.session.desk.note(None, f"note {number:02}", "AB", floor.now - 100 + number)
        await pilot.press("L", *["down"] * 25)
        for size in ((80, 24), (320, 90), (80, 24)):
            await pilot.resize_terminal(*size)
            await pilot.pause()
            assert any("▶" in line and "note 35" in line for line in text_of(app).splitlines())


async def test_a_line_that_is_cut_is_told_in_full_below(floor: Watchfloor) -> None:
    async with watching(floor, (80, 24)) as (app, pilot):
        app.session.desk.note(None, f"{'word ' * 20}END", "AB", floor.now)
        await pilot.press("L")
        assert "END" not in text_of(app)
        await pilot.press("down")
        assert "END" in text_of(app)
        assert "by AB: note" in text_of(app)


# Notes


async def test_a_note_on_an_incident_stands_on_its_page_with_who_and_is_taken_back(floor: Watchfloor) -> None:
    floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "N")
        assert "Note on this incident:" in text_of(app)
        await pilot.press(*"Owner [called] q")
        await pilot.press("enter", "enter")
        await pilot.pause()
        assert isinstance(app.screen, IncidentScreen)
        await until(pilot, lambda: "1 NOTE" in text_of(app))
        assert "TST" in text_of(app)
        assert "Owner [called] q" in text_of(app)
        await pilot.press("u")
        await until(pilot, lambda: "1 NOTE" not in text_of(app))
        await pilot.press("N", *"Again", "enter")
        await until(pilot, lambda: "Again" in text_of(app))


async def test_a_note_from_the_log_is_on_the_watch(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("L", "N")
        assert "Note on the watch:" in text_of(app)
        await pilot.press(*"Line 2 down", "enter")
        await until(pilot, lambda: "note" in text_of(app) and "Line 2 down" in text_of(app))
        (action,) = app.session.desk.actions()
        assert (action.verb, action.subject, action.who) == ("note", "watch", "TST")


async def test_esc_leaves_the_line_and_nothing_is_written(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("L", "N", *"Nonsense", "escape")
        assert screen_of(app).footer.display
        assert "Enter open" in text_of(app)
        assert app.session.desk.actions() == []
        await pilot.press("N", "enter")
        assert "Words, or Esc:" in text_of(app)
        await pilot.press("escape", "q")
        assert app.screen is app.board


async def test_while_a_line_is_typed_no_key_does_anything_else(floor: Watchfloor) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with watching(floor) as (app, pilot):
        await pilot.press("down", "N", *"aqudFL", "tab", "down", "up", "pagedown", "f5")
        assert app.screen is app.board
        assert "aqudFL" in text_of(app)
        await pilot.press("enter")
        (action,) = app.session.desk.actions()
        assert (action.verb, action.payload["text"]) == ("note", "aqudFL")
        await pilot.press("a")
        await until(pilot, lambda: "Acknowledged 1 incident" in text_of(app))


async def test_what_is_typed_passes_the_door_for_outside_text(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("L", "N")
        prompt = screen_of(app)._prompt
        assert prompt is not None
        prompt._input.value = "a\x1b[31mred\u202e <b>bold</b>"
        await pilot.press("enter")
        (action,) = app.session.desk.actions()
        assert action.payload["text"] == "ared bold"


async def test_a_store_that_cannot_be_written_keeps_what_was_typed(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("L", "N", *"Important")
        app.session.desk.close()
        await pilot.press("enter")
        assert "Not noted" in text_of(app)
        assert "Important" in text_of(app)


# Initials


@asynccontextmanager
async def newcomer(floor: Watchfloor, **more: bool) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    """A screen at which nobody has said yet who sits there."""
    session = floor.session(initials="", **more)
    app = FrontwatchApp(session)
    try:
        async with app.run_test(size=(100, 30)) as pilot:
            await pilot.pause()
            yield app, pilot
    finally:
        session.close()


async def test_the_first_that_writes_is_asked_for_initials_and_then_done(floor: Watchfloor) -> None:
    told = floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with newcomer(floor) as (app, pilot):
        await pilot.press("down", "a")
        assert "Your initials" in text_of(app)
        await pilot.press(*"jd", "enter")
        await until(pilot, lambda: "Acknowledged 1 incident" in text_of(app))
        stored = app.session.reader.incident(told.id)
        assert stored is not None
        assert (stored.state, stored.state_by) == (State.ACKNOWLEDGED, "JD")
        await pilot.press("u")
        await until(pilot, lambda: "Undone" in text_of(app))
    async with newcomer(floor) as (app, pilot):
        app.session.memory.set("initials", "JD")
        await pilot.press("down", "a")
        await until(pilot, lambda: "Acknowledged 1 incident" in text_of(app))


async def test_esc_at_the_initials_does_nothing_at_all(floor: Watchfloor) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with newcomer(floor) as (app, pilot):
        await pilot.press("down", "a", "escape")
        await pilot.pause()
        assert app.session.desk.actions() == []
        await pilot.press("s")
        assert "Your initials" in text_of(app)


async def test_initials_are_two_to_four_letters(floor: Watchfloor) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with newcomer(floor) as (app, pilot):
        await pilot.press("down", "a", *"j1", "enter")
        assert "Two to four letters:" in text_of(app)
        assert app.session.desk.actions() == []
        await pilot.press("backspace", *"d", "enter")
        await until(pilot, lambda: "Acknowledged 1 incident" in text_of(app))
        (action,) = app.session.desk.actions()
        assert action.who == "JD"


async def test_the_login_name_is_offered(floor: Watchfloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LOGNAME", "jane.smith")
    async with newcomer(floor) as (app, pilot):
        await pilot.press("r", "enter")
        await until(pilot, lambda: "Asked the collector" in text_of(app))
        (action,) = app.session.desk.actions()
        assert action.who == "JS"


async def test_initials_are_changed_by_their_key(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("I")
        assert "TST" in text_of(app)
        await pilot.press(*"ef", "enter")
        await until(pilot, lambda: "Signed EF from now on" in text_of(app))
        assert app.session.who == "EF"


async def test_the_wall_asks_nobody(floor: Watchfloor) -> None:
    floor.tell("Drone kills ten near Naqoura", severity=Severity.CRITICAL)
    async with newcomer(floor, wall=True) as (app, pilot):
        for key in ("a", "s", "u", "N", "r", "I"):
            await pilot.press(key)
            await pilot.pause()
            assert "Your initials" not in text_of(app)
            assert "wall" in text_of(app)
        assert app.session.desk.actions() == []


async def test_what_is_typed_ahead_of_a_line_does_nothing_else(floor: Watchfloor) -> None:
    floor.tell("Strike on the harbour", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        await pilot.press("down")
        app.screen.write_note(None)  # type: ignore[attr-defined]  # the board's
        assert app.screen._prompt is not None  # type: ignore[attr-defined]  # as above
        await app.run_action("screen.acknowledge")
        assert app.session.reader.incidents()[0].state is State.NEW
        await pilot.pause()
        await pilot.press(*"all", "enter")
        await pilot.pause()
        await app.run_action("screen.acknowledge")
        assert app.session.reader.incidents()[0].state is State.ACKNOWLEDGED
