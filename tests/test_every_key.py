"""Every key of every screen does something that can be seen, or says why it can't; none breaks the screen."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest
from textual.pilot import Pilot
from textual.strip import Strip

from tests import samples
from tests.watchfloor import Watchfloor
from tests.watching import until
from tui.app import FrontwatchApp
from tui.commands import (
    BOARD,
    CHOICE,
    COMMANDS,
    EVERYWHERE,
    FEED,
    FEEDS,
    HANDOVER,
    INCIDENT,
    LOG,
    MAP,
    PAGE,
    REPORT,
    SEARCH,
    TEMPO,
)
from tui.keymap import Keymap
from tui.model import Kind, Severity, Tags
from tui.screens.search import SearchScreen

FOUND = "found"
"""Stands among the keys of a way where the search must have answered."""
WAYS = {
    BOARD: (),
    INCIDENT: ("n", "enter"),
    PAGE: ("question_mark",),
    FEEDS: ("F", "down"),
    FEED: ("F", "down", "enter"),
    TEMPO: ("t",),
    SEARCH: ("slash",),
    REPORT: ("slash", *"lonely", FOUND, "enter"),
    CHOICE: ("n", "e"),
    LOG: ("L",),
    HANDOVER: ("H",),
    MAP: ("m",),
}
"""The keys that lead from the board to each screen of the table."""
LEAVE = {"quit", "command_palette"}
"""What ends the app or opens Textual's own palette has tests of its own."""
HEADER = 2
"""Lines in which the clock ticks whatever is pressed."""


def test_every_screen_of_the_table_is_driven() -> None:
    assert {scope for command in COMMANDS for scope in command.scopes} - {EVERYWHERE} == set(WAYS)


@pytest.fixture
def floor(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Watchfloor:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.poll(good=3)
    for number in range(30):
        front = ("north", "east", "south")[number % 3]
        severity = (Severity.LOW, Severity.MEDIUM, Severity.HIGH, Severity.CRITICAL)[number % 4]
        floor.tell(f"Strike {number}", front=front, severity=severity, ago=600.0 * number, killed=number)
    floor.tell("غارة على الناقورة", ago=30.0, severity=Severity.HIGH, sources=("Gazette", "Herald"))
    lonely = samples.report("Lonely report", at=floor.now - 60, tagged=Tags())
    floor.writer.add([(lonely, None)], [])
    floor.tell("Talks go on", kind=Kind.STATEMENT, ago=90.0)
    return floor


def seen(app: FrontwatchApp) -> list[Strip]:
    return list(app.screen._compositor.render_strips())[HEADER:]


async def take(keys: Sequence[str], app: FrontwatchApp, pilot: Pilot[None]) -> None:
    """The keys of a way, one after the other."""
    for key in keys:
        if key == FOUND:
            screen = app.screen
            assert isinstance(screen, SearchScreen)
            await until(pilot, lambda screen=screen: answered(screen))  # type: ignore[misc]  # bound
        else:
            await pilot.press(key)
    await pilot.pause()


def answered(screen: SearchScreen) -> bool:
    """Whether what is shown was found by the query as it stands in the line."""
    answer = screen.line.info.answer
    return answer is not None and answer.query == screen._asked


async def back_on(scope: str, app: FrontwatchApp, pilot: Pilot[None]) -> None:
    """On that screen again, as one comes to it from the board, where the last key has left it for good."""
    if app.screen.query("Prompt"):
        await pilot.press("escape")
    if app.session.wall:
        await pilot.press("w")
    while app.screen.scope != scope and app.screen is not app.board:  # type: ignore[attr-defined]  # all are ours
        app.pop_screen()
        await pilot.pause()
    if app.screen.scope == scope:  # type: ignore[attr-defined]  # as above
        return
    await take(("escape", *WAYS[scope]), app, pilot)


SIZES = ((80, 24), (120, 40), (200, 50), (320, 90))


def each_at_one_size_and_slowly_at_all() -> list[object]:
    """Every screen at one of the three smaller sizes; at the other three of the four with the slow tests."""
    return [
        pytest.param(scope, size, marks=() if number % 3 == at else pytest.mark.slow)
        for number, scope in enumerate(WAYS)
        for at, size in enumerate(SIZES)
    ]


@pytest.mark.parametrize(("scope", "size"), each_at_one_size_and_slowly_at_all())
async def test_every_key_answers(floor: Watchfloor, scope: str, size: tuple[int, int]) -> None:
    session = floor.session()
    session.memory.set("initials", "TS")
    app = FrontwatchApp(session)
    try:
        async with app.run_test(size=size) as pilot:
            dumb = []
            for command in Keymap({}).commands_of(scope):
                for key in () if command.action in LEAVE else command.keys:
                    await back_on(scope, app, pilot)
                    app.screen.say("")  # type: ignore[attr-defined]  # as above
                    await pilot.pause()
                    before, screen = seen(app), app.screen
                    await pilot.press(key)
                    await pilot.pause()
                    if app.screen is screen and seen(app) == before:
                        dumb.append(f"{key} ({command.label})")
            assert not dumb
    finally:
        session.close()
