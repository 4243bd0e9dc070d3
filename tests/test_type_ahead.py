"""What is typed ahead of what it is for: it goes where it would have gone, had it been typed slowly."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from textual import events
from textual.keys import _character_to_key
from textual.pilot import Pilot
from textual.widgets import Input

from tests.terminal import Terminal, needs_tmux
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.model import Severity, State
from tui.screens.search import SearchScreen


def burst(pilot: Pilot[None], *keys: str) -> None:
    """All of these at once, as a terminal hands on what was typed while the app was busy."""
    for key in keys:
        single = len(key) == 1
        event = events.Key(_character_to_key(key) if single else key, key if single else None)
        event.set_sender(pilot.app)
        pilot.app.post_message(event)


def paste(pilot: Pilot[None], text: str) -> None:
    pilot.app.post_message(events.Paste(text))


async def test_initials_typed_in_one_go_with_the_key_that_asks_for_them(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        app.session.memory.set("initials", "")
        await pilot.press("n")
        burst(pilot, "a", "backspace", "backspace", *"JS", "enter")
        await until(pilot, lambda: "Acknowledged 1 incident" in text_of(app))
        assert app.session.initials == "JS"
        stored = app.session.reader.incident(incident.id)
        assert stored is not None
        assert stored.state is State.ACKNOWLEDGED


async def test_a_note_typed_in_one_go_with_the_initials_before_it(floor: Watchfloor) -> None:
    incident = floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    async with watching(floor) as (app, pilot):
        app.session.memory.set("initials", "")
        await pilot.press("n")
        burst(pilot, "N", *"JS", "enter", *"called the naval desk", "enter", "a")
        await until(pilot, lambda: "Acknowledged 1 incident" in text_of(app))
        assert [note.payload["text"] for note in app.session.reader.notes((incident.id,))[incident.id]] == [
            "called the naval desk"
        ]


async def test_a_time_typed_in_one_go_and_the_key_after_it(floor: Watchfloor) -> None:
    floor.tell("Old shelling", ago=5 * 3600)
    async with watching(floor) as (app, pilot):
        burst(pilot, "T", *"3h", "enter", "right_square_bracket")
        await until(pilot, lambda: app.session.as_of is not None)
        assert app.session.now() - 3 * 3600 < (app.session.as_of or 0) < app.session.now() - 2.5 * 3600


@pytest.mark.parametrize("opens", ["t", "H"])
async def test_a_line_on_a_screen_that_the_burst_opens_itself(floor: Watchfloor, opens: str) -> None:
    floor.tell("Tanker hit off Mocha", ago=7200)
    async with watching(floor) as (app, pilot):
        burst(pilot, opens, "s", *"never", "enter")
        await until(pilot, lambda: "Say 06:00" in text_of(app))
        assert text_of(app).splitlines()[-1].rstrip().endswith("never")


async def test_a_query_typed_in_one_go_is_found(floor: Watchfloor) -> None:
    floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        burst(pilot, "/", *"tanker mocha")
        await until(pilot, lambda: "1 incident" in text_of(app))
        assert isinstance(app.screen, SearchScreen)
        assert app.screen.input.value == "tanker mocha"


async def test_a_query_pasted_behind_the_key_is_found(floor: Watchfloor) -> None:
    floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        burst(pilot, "/")
        paste(pilot, "tanker mocha")
        await until(pilot, lambda: "1 incident" in text_of(app))


async def test_of_several_lines_that_are_pasted_none_is_lost(floor: Watchfloor) -> None:
    floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        burst(pilot, "/")
        paste(pilot, "tanker\nmocha\r\n")
        await until(pilot, lambda: "1 incident" in text_of(app))
        assert isinstance(app.screen, SearchScreen)
        assert app.screen.input.value == "tanker mocha"


async def test_a_command_of_the_palette_typed_in_one_go(floor: Watchfloor) -> None:
    floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        burst(pilot, "ctrl+p", *"tempo")
        await until(pilot, lambda: [each.value for each in app.screen.query(Input)] == ["tempo"])


async def test_what_is_typed_behind_the_key_that_leaves_is_dropped(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        burst(pilot, "m", "q", *"jkN", "enter", "q")
        await until(pilot, lambda: not app.is_running)
    assert app.return_code == 0


async def test_a_thousand_keys_in_one_go_keep_their_order(floor: Watchfloor) -> None:
    words = "".join(f"{number:03d}" for number in range(100))
    async with watching(floor) as (app, pilot):
        app.session.memory.set("initials", "TST")
        await pilot.press("L")
        burst(pilot, "N", *words)
        await until(pilot, lambda: words[-60:] in text_of(app))


async def test_what_never_takes_keys_does_not_kill_the_keyboard(
    floor: Watchfloor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.screens.type_ahead.PATIENCE", 10)
    monkeypatch.setattr("tui.screens.type_ahead.takes_keys", lambda screen: False)
    floor.tell("Tanker hit off Mocha")
    async with watching(floor) as (app, pilot):
        burst(pilot, "down", "enter")
        await until(pilot, lambda: "REPORT" in text_of(app))


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    environment = {"HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    terminal = Terminal(tmp_path, (120, 40), environment)
    yield terminal
    terminal.close()


@needs_tmux
def test_in_a_terminal_a_burst_of_keys_signs_and_acknowledges(floor: Watchfloor, terminal: Terminal) -> None:
    floor.tell("Tanker hit off Mocha", severity=Severity.HIGH)
    words = ["--config", str(floor.config), "--data", str(floor.data), "--offline"]
    terminal.start([sys.executable, "-m", "tui", *words])
    terminal.until(lambda screen: "Tanker hit" in screen)
    terminal.press("n", "a", "BSpace", "BSpace", "J", "S", "Enter")
    terminal.until(lambda screen: "Acknowledged 1 incident" in screen)
    terminal.press("N", *"navaldesk", "Enter")
    terminal.until(lambda screen: "Noted." in screen)
    terminal.press("/", *"tanker", "Enter")
    terminal.until(lambda screen: "1 REPORT" in screen and "navaldesk" in screen)
