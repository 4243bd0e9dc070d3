"""What a word of the command line may be: each check gives its value or says what is wrong."""

from __future__ import annotations

import argparse
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn

if TYPE_CHECKING:
    Commands = argparse._SubParsersAction[argparse.ArgumentParser]
    Add = Callable[..., argparse.ArgumentParser]
    """``tui.cli._add``: a command with its name, what runs it, its sentence of help and an example."""

FASTEST: Final = 1_000_000.0
"""Seconds of a replayed file in one second."""
_ACTING: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]")
"""Controls, ends of lines and what changes the direction of text."""


class Parser(argparse.ArgumentParser):
    """Quotes what was typed harmlessly: a file's name may come out of anybody's archive."""

    def error(self, message: str) -> NoReturn:
        """Say what is wrong, and leave."""
        from tui.config.values import printable  # here: only what is wrong needs it

        super().error(printable(message))


class Version(argparse.Action):
    """``--version``, asked of the installation only then: it costs 30 ms."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        """Say it and leave."""
        from importlib.metadata import PackageNotFoundError, version

        try:
            print(f"frontwatch {version('frontwatch')}")
        except PackageNotFoundError:
            print("frontwatch, not installed: run from a checkout")
        parser.exit()


def speak() -> None:
    """Have standard output take any text: as UTF-8 where it is no terminal, else with escapes."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        encoding = None if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")


def path(words: str) -> Path:
    """A path. Messages name it, so it may hold nothing that a terminal acts on."""
    if _ACTING.search(words):
        raise argparse.ArgumentTypeError(f"{words!r} has a control character in its name: rename the file")
    return Path(words)


def clock_words(words: str) -> object:
    """The clock of ``origin:anchor:rate``, as a screen tells its collector."""
    from tui.clock import Clock

    origin, anchor, rate = (float(part) for part in words.split(":"))
    return Clock(origin, anchor=anchor, rate=rate)


def count(words: str) -> int:
    """A number of things, 1 to 1000."""
    if not words.isdecimal() or not 0 < int(words) <= 1000:
        raise argparse.ArgumentTypeError(f"{words!r} is no count: say 1 to 1000")
    return int(words)


def speed(words: str) -> float | None:
    """None for ``max``."""
    if words == "max":
        return None
    try:
        speed = float(words)
    except ValueError:
        speed = 0.0
    if not 0 < speed <= FASTEST:
        raise argparse.ArgumentTypeError(f"{words!r} is no speed: say 1 to {FASTEST:.0f}, or max")
    return speed


def when(words: str) -> str:
    """A moment as :func:`tui.when.moment` understands it: what it is, the store's clock says later."""
    from tui.when import moment

    try:
        moment(words, 0.0)
    except ValueError as fault:
        raise argparse.ArgumentTypeError(str(fault)) from None
    return words
