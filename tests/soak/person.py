"""Who sits at the dashboard for a month: tours of all that it has, key by key, with a look at each screen."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Sequence
from typing import Final, NamedTuple

from tests.terminal import Terminal

SIZES: Final = ((80, 24), (120, 40), (200, 50), (320, 90))
AT_REST: Final = (120, 40)
"""Size of the terminal between tours."""
PATIENCE: Final = 15.0
"""Seconds after which a screen that was asked for is held to have failed."""
QUERIES: Final = (
    "drone",
    "strike severity:high",
    "rockets since:2d",
    "الحديدة",
    "Hodeidah",
    "kind:incident killed:>0",
    "convoy",
    "raid front:yemen",
)


class Step(NamedTuple):
    """Keys that are pressed one after the other, and what the screen must then say."""

    keys: tuple[str, ...]
    shows: str = ""
    """A regular expression; empty: whatever it says is right."""


def step(keys: str, shows: str = "") -> Step:
    """Keys as tmux names them, with spaces between."""
    return Step(tuple(keys.split()), shows)


BOARD: Final = r"feeds \d+/\d+[\s\S]*\? help"
HOME: Final = step("Escape", BOARD)


def tour(query: str, note: str) -> tuple[Step, ...]:
    """Everything that a dashboard has, once."""
    return (
        step("g Down Down Down j k Tab Down a"),
        step("Down s u Right Down Down a"),
        step("n Enter", r"REPORT"),
        step("Down Down PageDown N", r"(?i)note"),
        Step((f"text:{note}", "Enter"), re.escape(note[:10])),
        step("Escape", BOARD),
        step("n e", r"(?i)severity"),
        HOME,
        step("Down x u c c + + - v", r"\? help"),
        step("v", BOARD),
        step("/", r"(?i)search|filters"),
        Step((f"text:{query}",), r"\d+ (found|incident|report)|(?i:nothing|no )"),
        step("Down Down Enter"),
        step("Escape Escape Escape Escape", BOARD),
        step("m", r"(?i)zoom|closer|fit"),
        step("+ Left K - > < v v v 0 Down Down Enter"),
        step("Escape Escape Escape", BOARD),
        step("t", r"(?i)by hour|usual"),
        step("1 Left Left 2 3 Tab x y v v y x"),
        step("Escape", BOARD),
        step("L", r"(?i)log"),
        step("p p a a o o Down Down PageDown"),
        step("Escape", BOARD),
        step("F", r"Source \d+"),
        step("Down s s f f f Down Enter", r"(?i)try"),
        step("Escape Escape Escape", BOARD),
        step("H", r"(?i)handover"),
        step("[ [ ] PageDown"),
        step("Escape", BOARD),
        step("?", r"(?i)help"),
        step("PageDown PageDown Escape", BOARD),
        step("C-p", r"(?i)search|command"),
        step("Escape", BOARD),
        step("[ [ { ( Down", r"(?i)past|ago|back"),
        step("t"),
        step("Escape ) BSpace", BOARD),
        step("w"),
        step("w", BOARD),
        step("A d r g Escape", BOARD),
    )


class Person:
    """Sits at a terminal and presses keys; notes what did not come."""

    def __init__(self, terminal: Terminal, seed: int = 4) -> None:
        self._terminal = terminal
        self._dice = random.Random(seed)
        self.keys = 0
        self.screens = 0
        """Screens that were looked for and came."""
        self.tours = 0
        self.missed: list[str] = []
        """Those that did not come."""
        self.slowest = 0.0
        """Seconds that one was waited for at most."""
        self.size = AT_REST

    def tour(self) -> None:
        """One round in a terminal of the next size; at rest again after it."""
        self.resize(SIZES[self.tours % len(SIZES)])
        query = QUERIES[self.tours % len(QUERIES)]
        self.tours += 1
        for each in tour(query, f"note {self.tours} of the soak"):
            self._do(each)
        for _ in range(3):
            self.resize((self._dice.randint(70, 320), self._dice.randint(20, 90)))
            time.sleep(0.1)
        self.resize(AT_REST)
        self._do(HOME)

    def resize(self, size: tuple[int, int]) -> None:
        """Make the terminal that large."""
        self._terminal.resize(*size)
        self.size = size

    def _do(self, each: Step) -> None:
        for key in each.keys:
            words = ["-l", key.removeprefix("text:")] if key.startswith("text:") else [key]
            self._terminal.press(*words)
            self.keys += len(words[-1]) if len(words) == 2 else 1
            time.sleep(self._dice.uniform(0.04, 0.12))
        if each.shows:
            self._look(each)

    def _look(self, each: Step) -> None:
        began = time.monotonic()
        try:
            self._terminal.until(lambda screen: re.search(each.shows, screen) is not None, PATIENCE)
        except AssertionError as error:
            self.missed.append(f"tour {self.tours}, {' '.join(each.keys)}: {each.shows}\n{error}")
            self._back_to_board()
        else:
            self.screens += 1
            self.slowest = max(self.slowest, time.monotonic() - began)

    def _back_to_board(self, keys: Sequence[str] = ("Escape",) * 4) -> None:
        for key in keys:
            self._terminal.press(key)
            time.sleep(0.2)
