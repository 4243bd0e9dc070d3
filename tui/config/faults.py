"""The faults of a config: what is wrong, where it stands and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from tui.config import values
from tui.config.errors import ConfigError, Fault
from tui.config.lines import KeyLines, KeyPath

_EMPTY: Final[Mapping[str, object]] = {}
ARRAY_TABLES: Final = ("fronts", "feeds", "tripwires", "actor", "term", "veto", "place", "default")
"""The tables of which a file has several, each under a header in double brackets."""


def header(name: str, value: object = _EMPTY) -> str:
    """How the line reads that opens a table with this value; the bare name where it is no table."""
    shown = values.printable(name, 60)
    if name in ARRAY_TABLES or isinstance(value, list):
        return f"[[{shown}]]"
    return f"[{shown}]" if isinstance(value, Mapping) else shown


class Faults:
    """Collects the faults of one document and says where each stands."""

    def __init__(self, file: str, document: Mapping[str, object], lines: KeyLines) -> None:
        self._file = file
        self._document = document
        self._lines = lines
        self._found: list[tuple[int, Fault]] = []
        self._seen: dict[tuple[str, str, str], KeyPath] = {}

    def add(self, at: KeyPath, what: str, mend: str) -> None:
        """Note one at ``at``; an empty path is the whole file."""
        line = self._lines.line(at)
        place = self._named(at)
        where = f"{self._file} line {line}, {place}" if line else f"{self._file} {place}".rstrip()
        self._found.append((line or 0, Fault(where, what, mend)))

    def once(self, at: KeyPath, value: str) -> None:
        """Note a fault where ``value`` has stood under the same key of an earlier table."""
        table, key = str(at[0]), str(at[-1])
        first = self._seen.setdefault((table, key, value), at)
        if first != at:
            line = self._lines.line(first)
            self.add(
                at,
                f"is also the {key} of {self._named(first[:-1])} (line {line})",
                "change or delete one of them",
            )

    def adopt(self, at: KeyPath, found: tuple[Fault, ...]) -> None:
        """Note the faults of a file that is named at ``at``: they keep their own places."""
        line = self._lines.line(at) or 0
        self._found += [(line, fault) for fault in found]

    def raise_any(self) -> None:
        """Raise ConfigError if a fault was noted, its faults in the order of the file."""
        if self._found:
            raise ConfigError(tuple(fault for _, fault in sorted(self._found, key=lambda pair: pair[0])))

    def _named(self, at: KeyPath) -> str:
        """``[[feeds]] #3 "Naharnet" url`` for ``("feeds", 2, "url")``."""
        if not at:
            return ""
        table, rest = str(at[0]), at[1:]
        if table in ARRAY_TABLES:
            words = [header(table)]
            if rest and isinstance(rest[0], int):
                words += [f"#{rest[0] + 1}", *self._own_name(table, rest[0])]
                rest = rest[1:]
        else:
            words = [header(table, self._document.get(table, {}))]
        words += [f"#{part + 1}" if isinstance(part, int) else values.printable(part, 60) for part in rest]
        return " ".join(words)

    def _own_name(self, table: str, index: int) -> list[str]:
        """What a table calls itself, in quotes, if it does."""
        rows = self._document[table]
        row = rows[index] if isinstance(rows, list) else None
        name = row.get("name", row.get("id")) if isinstance(row, dict) else None
        return [values.shown(name)] if isinstance(name, str) else []
