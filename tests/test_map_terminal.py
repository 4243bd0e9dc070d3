"""The map in a real terminal: at each size, and with as many colours as the terminal has."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

import pytest

from tests.terminal import Terminal, needs_tmux
from tests.watchfloor import Watchfloor
from tui.model import Severity

pytestmark = needs_tmux

BRAILLE = range(0x2801, 0x2900)


def is_map(width: int, screen: str) -> bool:
    """Whether a map of that width is seen: what it shows, coasts, a scale, and the header to the edge."""
    dots = sum(ord(character) in BRAILLE for character in screen)
    across = len(screen.splitlines()[0]) if screen.strip() else 0
    return "told of in 24 h · 4 incidents" in screen and dots > 20 and "km " in screen and across > width - 3


@pytest.mark.parametrize(
    ("term", "colours"), [("screen", ""), ("screen-256color", ""), ("screen-256color", "truecolor")]
)
def test_the_map_is_drawn_at_every_size_and_with_as_many_colours_as_there_are(
    tmp_path: Path, term: str, colours: str
) -> None:
    floor = Watchfloor(tmp_path)
    # A feed that refuses at once: the collector lives, and asks nobody.
    quiet = floor.config.read_text(encoding="utf-8").replace("https://gazette.example", "http://127.0.0.1:9")
    floor.config.write_text(quiet, encoding="utf-8")
    for number, severity in enumerate(Severity):
        floor.tell(f"Strike {number}", severity=severity, ago=600.0 * (number + 1))
    floor.writer.close()
    settings = {"HOME": str(tmp_path / "home"), "LC_ALL": "C.UTF-8", "PYTHONPATH": str(Path.cwd())}
    terminal = Terminal(tmp_path, (120, 40), {**settings, "TERM": term, "COLORTERM": colours})
    try:
        board = [sys.executable, "-m", "tui", "--config", str(floor.config), "--data", str(floor.data)]
        terminal.start(board)
        terminal.until(lambda screen: "4 new: 1 critical, 1 high" in screen)
        terminal.press("m")
        for width, height in ((120, 40), (80, 24), (320, 90), (200, 50)):
            terminal.resize(width, height)
            terminal.until(partial(is_map, width))
        terminal.press("n")
        terminal.until(lambda screen: "▶▲4 Naqoura" in screen)
        terminal.press("Enter")
        terminal.until(lambda screen: "1 REPORT" in screen)
        terminal.press("Escape")
        terminal.until(partial(is_map, 200))
        terminal.press("q", "q")
        terminal.until(lambda _: terminal.dead())
        assert terminal.exit_code() == 0
    finally:
        terminal.close()
