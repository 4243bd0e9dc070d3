"""A section of the doctor's report."""

from __future__ import annotations

from pathlib import Path
from textwrap import wrap
from typing import Final, NamedTuple

from tui.logs import inert
from tui.redact import redact

WIDTH: Final = 100
"""Cells of a value's line."""

Value = str | int | float | bool | list[str] | dict[str, str] | dict[str, int]


class Wrong(NamedTuple):
    """A thing that is wrong."""

    what: str
    mend: str


class Section:
    """Rows of facts, and what is wrong among them. What it gives out holds no secret and no home folder."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.rows: list[tuple[str, Value]] = []
        self.wrongs: list[Wrong] = []
        self._home = _home()

    def row(self, name: str, value: Value) -> None:
        """Tell a fact."""
        self.rows.append((name, value))

    def amiss(self, what: str, mend: str) -> None:
        """Tell that something is wrong."""
        self.wrongs.append(Wrong(what, mend))

    def clean(self, text: str) -> str:
        """As it may be pasted anywhere: one line no terminal acts on, no secret, ``~`` for home."""
        shown = redact(text.replace("\n", " "))
        return inert(shown.replace(self._home, "~") if len(self._home) > 1 else shown)

    def printed(self, value: Value) -> list[str]:
        """A value as lines."""
        if isinstance(value, bool):
            return ["yes" if value else "no"]
        if isinstance(value, dict):
            return [self.clean(f"{name} {each}") for name, each in value.items()]
        if isinstance(value, list):
            return [self.clean(each) for each in value]
        return wrap(self.clean(str(value)), WIDTH, break_long_words=False, break_on_hyphens=False)

    def data(self) -> dict[str, object]:
        """The facts, by name."""
        return {name: self._data(value) for name, value in self.rows}

    def _data(self, value: Value) -> object:
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, list):
            return [self.clean(each) for each in value]
        if isinstance(value, dict):
            return {
                self.clean(name): self.clean(each) if isinstance(each, str) else each
                for name, each in value.items()
            }
        return value


def _home() -> str:
    """The home folder; empty where the system knows none."""
    try:
        return str(Path.home())
    except RuntimeError:
        return ""
