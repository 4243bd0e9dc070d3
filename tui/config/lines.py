"""Where a key stands in the text of a TOML file: tomllib gives the values, this gives the lines."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import Final

KeyPath = tuple[str | int, ...]
"""A place in the document: table names, keys and positions in arrays (from 0), outermost first."""

_FILLER: Final = re.compile(r"(?:[ \t\n]|#[^\n]*)*")
_KEY_PART: Final = re.compile(r"""[ \t]*(?:"((?:\\.|[^"\\])*)"|'([^']*)'|([A-Za-z0-9_-]+))[ \t]*""")
_EQUALS: Final = re.compile(r"=[ \t]*")
_SCALAR: Final = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\])*"'
    r"|'[^']*'"
    r"|[^,\]}\n#]+",
    re.DOTALL,
)
_CLOSING: Final = {"[": "]", "{": "}"}


class KeyLines:
    """Line numbers (from 1) of the tables, keys and array items of one document.

    ``text`` must be one that tomllib has accepted, with bare line feeds: nothing is checked again here.
    """

    def __init__(self, text: str) -> None:
        self._text = text
        self._at = 0
        self._breaks: list[int] = []
        self._lines: dict[KeyPath, int] = {}
        self._array_tables: dict[KeyPath, int] = {}
        self._read = False

    def line(self, path: KeyPath) -> int | None:
        """The line of ``path``, else of the nearest table around it; None where that is the whole file.

        A quoted key that is written with escapes is found by its table.
        """
        if not self._read:  # only a file with a fault is read for them: a start need not wait for it
            self._read = True
            self._breaks = [match.start() for match in re.finditer("\n", self._text)]
            self._document()
        while path:
            if path in self._lines:
                return self._lines[path]
            path = path[:-1]
        return None

    def _document(self) -> None:
        table: KeyPath = ()
        self._take(_FILLER)
        while self._at < len(self._text):
            if self._text.startswith("[", self._at):
                table = self._header()
            else:
                self._pair(table)
            self._take(_FILLER)

    def _header(self) -> KeyPath:
        """Read ``[table]`` or ``[[array of tables]]``; the path under which its keys stand."""
        start = self._at
        brackets = 2 if self._text.startswith("[[", start) else 1
        self._at += brackets
        *outer, last = self._key()
        self._at += brackets
        path: KeyPath = ()
        for part in outer:
            path = self._inside((*path, part))
            self._note(path, start)
        path = (*path, last)
        if brackets == 2:
            self._array_tables[path] = self._array_tables.get(path, 0) + 1
            self._note(path, start)
        path = self._inside(path)
        self._note(path, start)
        return path

    def _inside(self, path: KeyPath) -> KeyPath:
        """``path``, or its newest item where it is an array of tables."""
        count = self._array_tables.get(path)
        return path if count is None else (*path, count - 1)

    def _pair(self, table: KeyPath) -> None:
        start = self._at
        path = table
        for part in self._key():  # a dotted key is the first line of each table that it opens
            path = (*path, part)
            self._note(path, start)
        self._take(_EQUALS)
        self._value(path)

    def _value(self, path: KeyPath) -> None:
        opening = self._text[self._at]
        if opening not in _CLOSING:
            self._take(_SCALAR)
            return
        self._at += 1
        self._take(_FILLER)
        index = 0
        while self._text[self._at] != _CLOSING[opening]:
            if opening == "{":
                self._pair(path)
            else:
                self._note((*path, index), self._at)
                self._value((*path, index))
            index += 1
            self._take(_FILLER)
            if self._text[self._at] == ",":
                self._at += 1
                self._take(_FILLER)
        self._at += 1

    def _key(self) -> tuple[str, ...]:
        """The parts of a bare, quoted or dotted key."""
        parts = []
        while True:
            quoted, literal, bare = self._take(_KEY_PART).groups()
            parts.append(bare or literal or quoted or "")
            if not self._text.startswith(".", self._at):
                return tuple(parts)
            self._at += 1

    def _note(self, path: KeyPath, at: int) -> None:
        self._lines.setdefault(path, bisect_left(self._breaks, at) + 1)

    def _take(self, pattern: re.Pattern[str]) -> re.Match[str]:
        match = pattern.match(self._text, self._at)
        assert match is not None, "tomllib accepted what this scanner does not know"
        self._at = match.end()
        return match
