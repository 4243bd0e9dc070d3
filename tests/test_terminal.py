"""The whole of it in a real terminal: the demo's server, a collector, a store, and the board in tmux."""

from __future__ import annotations

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from tests.terminal import Terminal, needs_tmux
from tui.paths import STORE_NAME
from tui.store.reader import Reader

pytestmark = needs_tmux

DEMO = [sys.executable, "-m", "tui", "demo"]


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    environment = {"HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    terminal = Terminal(tmp_path, (120, 40), environment)
    yield terminal
    terminal.close()


def feeds_up(screen: str) -> int:
    """How many feeds the header says are fresh."""
    found = re.search(r"feeds (\d+)/\d+", screen)
    return int(found[1]) if found else 0


def fits(width: int, screen: str) -> bool:
    """Whether every front is on the board and the header ends at the window's edge."""
    fronts = all(front in screen for front in ("LEBANON", "SYRIA", "YEMEN"))
    return fronts and width - 2 <= len(screen.splitlines()[0]) <= width


def lives(screen: str) -> bool:
    """Whether incidents are on the board, most feeds are fresh and no front is blind."""
    return feeds_up(screen) >= 20 and screen.count("┃") > 10 and "BLIND" not in screen


def test_the_demo_shows_life_takes_keys_and_leaves_the_terminal_clean(terminal: Terminal) -> None:
    terminal.start(DEMO)
    screen = terminal.until(lives)
    assert "DEMO" in screen
    for front in ("LEBANON", "IRAQ / SYRIA", "YEMEN"):
        assert front in screen
    terminal.press("n")
    terminal.press("Enter")
    terminal.until(lambda screen: "REPORT" in screen and "grade" in screen)
    terminal.press("a")
    terminal.until(lambda screen: "Your initials" in screen)
    terminal.press("j", "s", "Enter")
    terminal.until(lambda screen: "Acknowledged 1 incident" in screen)
    terminal.press("Escape")
    for width, height in ((80, 24), (320, 90), (200, 50), (120, 40)):
        terminal.resize(width, height)
        terminal.until(partial(fits, width))
    terminal.press("C-p")
    terminal.until(lambda screen: "Search for commands" in screen)
    terminal.press("Escape")
    terminal.until(lambda screen: "Search for commands" not in screen)
    terminal.press("q")
    terminal.until(lambda _: terminal.dead())
    assert terminal.exit_code() == 0
    assert terminal.modes() == "0 0"


def test_a_killed_collector_is_told_started_again_and_nothing_is_lost_or_doubled(
    terminal: Terminal, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    terminal.start([*DEMO, "--data", str(data)])
    terminal.until(lives)
    reader = Reader(data / STORE_NAME)
    before = {report.key for incident in reader.incidents(limit=-1) for report in reader.reports(incident.id)}
    first = reader.heartbeat()
    assert first is not None
    os.kill(first.pid, signal.SIGKILL)
    terminal.until(lambda screen: "COLLECTOR down since" in screen and "killed (signal 9)" in screen)

    def another() -> bool:
        heartbeat = reader.heartbeat()
        return heartbeat is not None and heartbeat.pid != first.pid

    terminal.until(lambda screen: another() and "COLLECTOR" not in screen)
    after: list[str] = []  # by report: a late one may move another to the incident that is rightly its own
    for incident in reader.incidents(limit=-1):
        reports = reader.reports(incident.id)
        assert len(reports) == incident.reports
        after += [report.key for report in reports]
    assert len(set(after)) == len(after)
    assert before <= set(after)
    reader.close()


def test_the_collector_ends_with_the_screen_that_started_it_however_that_goes(
    terminal: Terminal, tmp_path: Path
) -> None:
    data = tmp_path / "data"
    terminal.start([*DEMO, "--data", str(data)])
    terminal.until(lives)
    reader = Reader(data / STORE_NAME)
    heartbeat = reader.heartbeat()
    reader.close()
    assert heartbeat is not None
    os.kill(terminal.pid(), signal.SIGKILL)
    end = time.monotonic() + 10.0
    while time.monotonic() < end:
        try:
            os.kill(heartbeat.pid, 0)
        except ProcessLookupError:
            return
        time.sleep(0.1)
    raise AssertionError("the collector outlived its screen by ten seconds")


def test_sigterm_leaves_the_terminal_clean(terminal: Terminal) -> None:
    terminal.start(DEMO)
    terminal.until(lambda screen: "FRONTWATCH" in screen)
    os.kill(terminal.pid(), signal.SIGTERM)
    terminal.until(lambda _: terminal.dead())
    assert terminal.exit_code() == 0
    assert terminal.modes() == "0 0"
