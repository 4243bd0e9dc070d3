"""Who sits at the dashboard for a month: tours of all that it has, key by key, with a look at each screen."""

from __future__ import annotations

import random
import re
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from tests.terminal import Terminal

SIZES: Final = ((80, 24), (120, 40), (200, 50), (320, 90))
STORM: Final = tuple((70 + 13 * number % 251, 20 + 29 * number % 71) for number in range(24))
"""Sizes that come in between. Textual remembers by size what it worked out, up to a bound: about 75 KB for
each that it never had before. New ones all along would be growth that nobody's terminal has."""
AT_REST: Final = (120, 40)
"""Size of the terminal while the person rests, and"""
REST: Final = 1.0
"""seconds until what came of the last key is done."""
PATIENCE: Final = 60.0
"""Seconds that a screen is waited for before it is asked for once more, and then held to have failed."""
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
    way: tuple[str, ...] = ()
    """What leads from the board to where they are pressed."""


def step(keys: str, shows: str = "", way: str = "") -> Step:
    """Keys as tmux names them, with spaces between."""
    return Step(tuple(keys.split()), shows, tuple(way.split()))


BOARD: Final = r"[╭┏╔][─━═] .{0,4}LEB"
"""In the present: the past has a frame of its own."""
HOME: Final = step("Escape", BOARD)


def tour(query: str, note: str) -> tuple[tuple[Step, ...], ...]:
    """Everything that a dashboard has, once; on the board at the end of each part."""
    incidents = (
        step("g Down Down Down j k Tab Down a"),
        step("Down s u Right Down Down a"),
        step("n Enter", r"(?m)^ severity "),
        step("Down Down PageDown N", r"(?i)note", way="n Enter"),
        Step((f"text:{note}", "Enter"), r"Noted"),
        step("Escape", BOARD),
        step("n e", r"(?i)severity"),
        HOME,
        step("Down x u c c + + - v", r"\? help"),
        step("v", BOARD),
        step("/", r"(?m)^ /( |$)"),
        Step((f"text:{query}",), r"\d+\+? (incident|context|other)|(?i:nothing|no )"),
        step("Down Down Enter"),
        step("Escape Escape Escape Escape", BOARD),
    )
    screens = (
        step("m", r"told of in"),
        step("+ Left K - > < v v v 0 Down Down Enter"),
        step("Escape Escape Escape", BOARD),
        step("t", r"(?i)by hour|usual"),
        step("1 Left Left 2 3 Tab x y v v y x"),
        step("Escape", BOARD),
        step("L", r"(?i)log"),
        step("p p a a o o Down Down PageDown"),
        step("Escape", BOARD),
        step("F", r"Source \d+"),
        step("Down s s f f f Down Enter", r"(?i)try|No feed is", way="F"),
        step("Escape Escape Escape", BOARD),
    )
    rest = (
        step("H", r"(?i)handover"),
        step("[ [ ] PageDown"),
        step("Escape", BOARD),
        step("?", r"(?i)help"),
        step("PageDown PageDown Escape", BOARD),
        step("C-p", r"(?i)search|command"),
        step("Escape", BOARD),
        step("[ [ { ( Down", r"◀ PAST"),
        step("t"),
        step("Escape ) BSpace", BOARD),
        step("w"),
        step("w", BOARD),
        step("A d r g Escape", BOARD),
    )
    return incidents, screens, rest


@dataclass
class Diary:
    """What a person did, and saw."""

    tours: int = 0
    keys: int = 0
    screens: int = 0
    """Screens that were looked for and came."""
    slowest: float = 0.0
    """Seconds that one was waited for at most."""
    again: list[str] = field(default_factory=list)
    """Keys that had to be pressed once more, and"""
    missed: list[str] = field(default_factory=list)
    """those that brought nothing then, either."""


class Person:
    """Sits at a terminal, presses keys and looks what comes."""

    def __init__(self, terminal: Terminal, seed: int = 4) -> None:
        self._terminal = terminal
        self._dice = random.Random(seed)
        self.diary = Diary()

    def tour(self) -> Iterator[None]:
        """One round in a terminal of the next size; yields at each rest, on the board in the usual size."""
        size = SIZES[self.diary.tours % len(SIZES)]
        query = QUERIES[self.diary.tours % len(QUERIES)]
        self.diary.tours += 1
        for part in tour(query, f"note {self.diary.tours} of the soak"):
            self.resize(size)
            for each in part:
                self._do(each)
            self.resize(self._dice.choice(STORM))
            time.sleep(0.1)
            self.resize(AT_REST)
            self._do(HOME)
            time.sleep(REST)
            yield

    def resize(self, size: tuple[int, int]) -> None:
        """Make the terminal that large."""
        self._terminal.resize(*size)

    def _do(self, each: Step) -> None:
        self._press(*each.keys)
        if not each.shows or self._comes(each):
            return
        # By this clock an hour passes in two seconds: what was selected may be closed before it is opened.
        self.diary.again.append(" ".join(each.keys))
        print(f"AGAIN: {self.diary.again[-1]}\n{self._terminal.screen()}", flush=True)
        if not each.keys[0].startswith("text:"):  # what is typed is there already
            self._press("Escape", "Escape", "Escape", "Escape", *each.way, *each.keys)
        if not self._comes(each):
            self.diary.missed.append(f"tour {self.diary.tours}, {' '.join(each.keys)}: {each.shows}")
            print(f"NOT SEEN: {self.diary.missed[-1]}\n{self._terminal.screen()}", flush=True)
            self._press("Escape", "Escape", "Escape", "Escape")

    def _comes(self, each: Step) -> bool:
        began = time.monotonic()
        try:
            self._terminal.until(lambda screen: re.search(each.shows, screen) is not None, PATIENCE)
        except AssertionError:
            return False
        self.diary.screens += 1
        self.diary.slowest = max(self.diary.slowest, time.monotonic() - began)
        return True

    def _press(self, *keys: str) -> None:
        for key in keys:
            words = ["-l", key.removeprefix("text:")] if key.startswith("text:") else [key]
            self._terminal.press(*words)
            self.diary.keys += len(words[-1]) if len(words) == 2 else 1
            # What follows an Esc sooner is taken for a key with Alt, as every terminal sends that.
            time.sleep(0.3 if key == "Escape" else self._dice.uniform(0.02, 0.08))
