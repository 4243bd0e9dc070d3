"""Colours in a real terminal: what it is sent when it has sixteen, 256 or all of them."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.terminal import Terminal, needs_tmux
from tests.watchfloor import Watchfloor
from tui.model import Severity

pytestmark = needs_tmux


@pytest.fixture
def board(tmp_path: Path) -> Iterator[list[str]]:
    """A command that shows a board with a critical and a high incident, and starts no collector of note."""
    floor = Watchfloor(tmp_path)
    floor.tell("Strike kills twelve near Naqoura", severity=Severity.CRITICAL, killed=12)
    floor.tell("Drone strike kills two near Naqoura", severity=Severity.HIGH, killed=2, ago=120.0)
    yield [sys.executable, "-m", "tui", "--config", str(floor.config), "--data", str(floor.data)]
    floor.writer.close()


def shown(tmp_path: Path, board: list[str], term: str, colorterm: str) -> str:
    """The board's screen on a terminal of that kind, with its escape sequences."""
    environment = {
        "HOME": str(tmp_path / "home"),
        "LANG": "C.UTF-8",
        "PYTHONPATH": str(Path.cwd()),
        "TERM": term,
        "COLORTERM": colorterm,
    }
    terminal = Terminal(tmp_path, (120, 40), environment)
    try:
        terminal.start(board)
        terminal.until(lambda screen: "Strike kills twelve" in screen)
        return terminal.coloured()
    finally:
        terminal.close()


def codes(screen: str) -> set[str]:
    """The parameters of every SGR sequence, each colour as one."""
    found = re.findall(r"\x1b\[([0-9;]*)m", screen)
    return {code for each in found for code in re.findall(r"[34]8;2;\d+;\d+;\d+|[34]8;5;\d+|\d+", each)}


def test_a_terminal_of_all_colours_is_sent_the_theme_as_it_is(tmp_path: Path, board: list[str]) -> None:
    sent = codes(shown(tmp_path, board, "xterm-256color", "truecolor"))
    assert "48;2;11;15;20" in sent  # the ground, #0b0f14
    assert "48;2;168;10;31" in sent  # critical's block, #a80a1f
    assert not any("8;5;" in code for code in sent)


def test_a_terminal_of_256_colours_is_sent_colours_of_those(tmp_path: Path, board: list[str]) -> None:
    sent = codes(shown(tmp_path, board, "xterm-256color", ""))
    assert "48;5;233" in sent  # the ground, #121212
    assert "48;5;124" in sent  # critical's block, #af0000
    assert not any("8;2;" in code for code in sent)


def test_a_terminal_of_sixteen_is_sent_its_own_colours_and_reversing(
    tmp_path: Path, board: list[str]
) -> None:
    sent = codes(shown(tmp_path, board, "xterm-16color", ""))
    assert {"7", "91"} <= sent  # critical's block reversed, high in bright red
    assert not any(code.startswith(("38;", "48;")) for code in sent)


def test_a_theme_that_is_none_is_told_with_those_that_are(tmp_path: Path, board: list[str]) -> None:
    environment = {"HOME": str(tmp_path / "home"), "LANG": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    terminal = Terminal(tmp_path, (120, 40), environment)
    try:
        command = shlex.join([*board, "--theme", "sepia"])
        terminal.start(["sh", "-c", f"{command}; echo left with $?; sleep 60"])
        screen = terminal.until(lambda screen: "left with" in screen)
        assert "there is no theme 'sepia': there are night, day" in screen
        assert "left with 2" in screen
    finally:
        terminal.close()
