"""Faults in this program while it shows the board: told, logged, and everything else goes on."""

from __future__ import annotations

import asyncio
import logging
import sys
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import pytest
from textual.command import CommandList, CommandPalette
from textual.pilot import Pilot

from tests.terminal import Terminal, needs_tmux
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until
from tests.workbench import ROOT
from tui.app import FrontwatchApp
from tui.failures import TOLD_FOR, Failures
from tui.paths import LOG_NAME
from tui.screens import finder
from tui.screens.log import LogScreen
from tui.screens.map import MapScreen
from tui.session import Session
from tui.show import show
from tui.widgets import guard
from tui.widgets.front_pane import FrontPane, PaneHead
from tui.widgets.header import Header
from tui.widgets.incident_list import IncidentList


def fail(*_: object, **__: object) -> NoReturn:
    raise ValueError("boom")


@asynccontextmanager
async def enduring(floor: Watchfloor) -> AsyncIterator[tuple[FrontwatchApp, Pilot[None]]]:
    """The dashboard as it is run: it contains its faults."""
    session = floor.session()
    app, first = FrontwatchApp(session, contains=True), session.picture
    try:
        async with app.run_test(size=(160, 40)) as pilot:
            await until(pilot, lambda: session.picture is not first)
            yield app, pilot
    finally:
        session.close()


async def test_a_fault_in_a_key_is_told_and_the_next_key_works(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    floor.tell("Tanker hit")
    async with enduring(floor) as (app, pilot):
        monkeypatch.setattr(IncidentList, "select", fail)
        monkeypatch.setattr(IncidentList, "move", fail)
        await pilot.press("down")
        await until(pilot, lambda: "failed at" in text_of(app))
        assert "ValueError: boom; written to the log" in text_of(app)
        monkeypatch.undo()
        await pilot.press("down", "enter")
        await until(pilot, lambda: "Gazette" in text_of(app))
    assert "Traceback" in caplog.text


async def test_a_line_that_cannot_be_drawn_leaves_the_rest_of_the_board(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.tell("Tanker hit", front="south")
    async with enduring(floor) as (app, pilot):
        draws = PaneHead.draw
        monkeypatch.setattr(guard, "RETRY_AFTER", 0.05)

        def north_fails(head: PaneHead, y: int) -> Any:
            return fail() if head._front.id == "north" else draws(head, y)

        monkeypatch.setattr(PaneHead, "draw", north_fails)
        app.screen.refresh(layout=True)
        for head in app.query(PaneHead):
            head.refresh()
        await until(pilot, lambda: "This failed: ValueError. It is in the log." in text_of(app))
        await until(pilot, lambda: "FAULT the pane of North failed at" in text_of(app))
        board = text_of(app)
        assert "Tanker hit" in board
        assert "1 new · 1 in 24 h" in board
        monkeypatch.setattr(PaneHead, "draw", draws)
        await until(pilot, lambda: "This failed" not in text_of(app))


async def test_a_pane_that_could_not_take_what_is_new_is_blind_and_reads_it_again(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with enduring(floor) as (app, pilot):
        merges, shows = IncidentList.merge, IncidentList.show
        north = next(pane for pane in app.query(FrontPane) if pane.front.id == "north")

        def north_fails(incidents: IncidentList, *args: Any, **more: Any) -> Any:
            return fail() if incidents is north.list else merges(incidents, *args, **more)

        def north_fails_again(incidents: IncidentList, *args: Any, **more: Any) -> Any:
            return fail() if incidents is north.list else shows(incidents, *args, **more)

        monkeypatch.setattr(IncidentList, "merge", north_fails)
        monkeypatch.setattr(IncidentList, "show", north_fails_again)
        floor.tell("Base shelled", front="north")
        floor.tell("Tanker hit", front="south")
        await until(pilot, lambda: "Tanker hit" in text_of(app) and "NORTH ── BLIND" in text_of(app))
        assert text_of(app).count("BLIND") == 1
        monkeypatch.undo()
        floor.tell("Port closed", front="east")
        await until(pilot, lambda: "Base shelled" in text_of(app))
        await until(pilot, lambda: "BLIND" not in text_of(app))


@pytest.mark.parametrize("parts", [("compose",), ("on_mount",), ("compose", "on_mount")])
async def test_a_screen_that_does_not_come_up_leaves_the_one_below(
    parts: tuple[str, ...], floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.tell("Tanker hit")
    async with enduring(floor) as (app, pilot):
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, LogScreen))
        below = app.screen
        for part in parts:
            monkeypatch.setattr(MapScreen, part, fail, raising=False)
        await pilot.press("m")
        await until(pilot, lambda: "FAULT the map screen failed" in text_of(app))
        await until(pilot, lambda: app.screen is below)
        await pilot.pause()
        assert app.screen_stack == [app.board, below]
        monkeypatch.undo()
        await pilot.press("escape")
        assert "Tanker hit" in text_of(app)
        await pilot.press("m")
        await until(pilot, lambda: isinstance(app.screen, MapScreen))


async def in_the_palette(app: FrontwatchApp, pilot: Pilot[None], *keys: str) -> None:
    await pilot.press("ctrl+p")
    await until(pilot, lambda: isinstance(app.screen, CommandPalette))
    await pilot.press(*keys)


@pytest.mark.parametrize(
    ("where", "part"),
    [
        (finder, "commands_of"),
        (CommandPalette, "compose"),
        (CommandPalette, "_on_mount"),
        (CommandPalette, "_refresh_command_list"),
        (CommandPalette, "_stop_no_matches_countdown"),
        (CommandList, "render_line"),
    ],
)
async def test_a_fault_in_the_palette_leaves_the_board_and_its_keys(
    where: object, part: str, floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    floor.tell("Tanker hit")
    async with enduring(floor) as (app, pilot):
        monkeypatch.setattr(where, part, fail)
        await pilot.press("ctrl+p", "z")
        await until(pilot, lambda: "FAULT " in app.session.failures.told())
        monkeypatch.undo()
        await pilot.press("escape")  # lets go of a line, where the palette is gone already
        await until(pilot, lambda: app.screen is app.board)
        await until(pilot, lambda: "failed at" in text_of(app))
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, LogScreen))
        await in_the_palette(app, pilot, *"right-to", "down", "enter", "enter")
        await until(pilot, lambda: app.rtl_mode == "terminal")


async def test_a_command_of_the_palette_that_fails_is_told(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with enduring(floor) as (app, pilot):
        monkeypatch.setattr(FrontwatchApp, "action_rtl", fail)
        await in_the_palette(app, pilot, *"right-to", "down", "enter", "enter")
        await until(pilot, lambda: "FAULT" in text_of(app) and "ValueError: boom" in text_of(app))
        assert app.screen is app.board
        await pilot.press("L")
        await until(pilot, lambda: isinstance(app.screen, LogScreen))


async def test_what_fails_in_a_timer_a_task_and_a_worker_is_told(floor: Watchfloor) -> None:
    async with enduring(floor) as (app, pilot):

        async def sink() -> None:
            fail()

        app.board.set_timer(0.001, fail)
        await until(pilot, lambda: "FAULT the board screen failed" in text_of(app))
        app.run_worker(sink(), exit_on_error=True)
        await until(pilot, lambda: "(2 faults)" in text_of(app))
        asyncio.get_running_loop().call_soon(fail)
        await until(pilot, lambda: "(3 faults)" in text_of(app))
        assert app.is_running


def test_a_thread_that_ends_by_a_fault_is_told(floor: Watchfloor, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threading, "excepthook", threading.excepthook)
    session = floor.session()
    monkeypatch.setattr("sys.unraisablehook", lambda _: None)
    try:
        session.open_log()
        thread = threading.Thread(target=fail, name="seeker")
        thread.start()
        thread.join()
        assert "FAULT the thread seeker failed" in session.failures.told()
    finally:
        session.close()
        logging.captureWarnings(False)
        for handler in [each for each in logging.getLogger().handlers if hasattr(each, "process")]:
            logging.getLogger().removeHandler(handler)
            handler.close()


async def test_a_clock_that_fails_is_told_once_a_minute_in_the_log_however_often_it_ticks(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    async with enduring(floor) as (app, pilot):
        monkeypatch.setattr(Header, "draw", fail)
        for _ in range(5):
            app.board.header.refresh()
            await pilot.pause()
        assert app.is_running
        assert "This failed" in text_of(app)
    told = [each.getMessage() for each in caplog.records if each.name == "tui.failures"]
    assert told == ["the board screen failed: ValueError: boom"]


def test_a_failure_is_told_for_ten_minutes_with_how_many_there_were(monkeypatch: pytest.MonkeyPatch) -> None:
    failures = Failures()
    assert failures.told() == ""
    failures.note("the pane of North", KeyError("x"))
    failures.note("the pane of North", KeyError("x"))
    told = failures.told()
    assert told.startswith("FAULT the pane of North failed at ")
    assert told.endswith(": KeyError: 'x' (2 faults); written to the log")
    now = failures._clock.now()
    monkeypatch.setattr(failures._clock, "now", lambda: now + TOLD_FOR + 1)
    assert failures.told() == ""


def test_a_failure_is_told_in_one_line_that_no_terminal_acts_on_and_without_secrets() -> None:
    failures = Failures()
    failures.note(
        "the map screen", ValueError("no \x1b[2J at https://me:hunter2@a.example/\nand more\nof it")
    )
    told = failures.told()
    assert told.isprintable()
    assert r"ValueError: no \u001b[2J at https://***@a.example/; written" in told


async def test_a_fault_comes_out_where_faults_are_not_contained(floor: Watchfloor) -> None:
    session = floor.session()
    app = FrontwatchApp(session)
    with pytest.raises(ValueError, match="boom"):
        async with app.run_test() as pilot:
            app.board.set_timer(0.001, fail)
            await until(pilot, lambda: not app.is_running)
    session.close()


BROKEN = """
import sys
from tui.cli import main
from tui.screens.board import BoardScreen
def compose(screen):
    raise ValueError("the board is broken: https://me:hunter2@feeds.example/rss")
BoardScreen.compose = compose
sys.exit(main(["--offline", "--data", sys.argv[1]]))
"""


def test_a_fault_in_leaving_is_logged_and_told_in_a_line(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for stream in (sys.stdin, sys.stdout, sys.stderr):
        monkeypatch.setattr(stream, "isatty", lambda: True)
    monkeypatch.setattr(FrontwatchApp, "run", lambda app: None)
    monkeypatch.setattr(Session, "close", fail)
    assert show(floor.config, floor.data, ()) == 1
    (line,) = capsys.readouterr().err.splitlines()
    assert line.startswith("frontwatch: ended by a fault in this program (ValueError: boom).")
    assert "Traceback" in (floor.data / LOG_NAME).read_text(encoding="utf-8")


@needs_tmux
def test_what_the_board_itself_cannot_outlive_ends_in_a_sentence_and_a_clean_terminal(tmp_path: Path) -> None:
    data = tmp_path / "data"
    terminal = Terminal(tmp_path, (120, 40), {"HOME": str(tmp_path), "PYTHONPATH": ROOT})
    try:
        says_how = '"$0" -c "$1" "$2"; echo "left with $?"; read line'
        terminal.start(["sh", "-c", says_how, sys.executable, BROKEN, str(data)])
        screen = terminal.until(lambda screen: "left with 1" in screen)
        assert terminal.modes() == "0 0"
        shown = "".join(terminal.screen().split())  # wherever the lines were wrapped
    finally:
        terminal.close()
    assert "frontwatch:endedbyafaultinthisprogram(ValueError:theboardisbroken" in shown
    assert "`frontwatchdoctor`" in shown
    assert "Traceback" not in screen
    logged = (data / LOG_NAME).read_text(encoding="utf-8")
    assert "Traceback" in logged
    assert "hunter2" not in logged + shown
