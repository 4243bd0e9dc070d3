"""Feeds put into a feeds.toml or taken out of it: every other line, comments too, stays as it was written.

The lines are found by :class:`KeyLines`, which knows where each table stands. What results is checked as
a whole, and compared with the watch as it was, before it takes the place of the file in one step.
"""

from __future__ import annotations

import codecs
import errno
import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from tui.config import files
from tui.config import values as check
from tui.config.lines import KeyLines
from tui.config.syntax import read_toml
from tui.config.watch import checked
from tui.model import Feed, Watch

Row = Mapping[str, str]
"""The keys of one ``[[feeds]]`` and their values, all of them text."""


_STAND_IN: Final = {
    "name": "-", "url": "https://example.org/", "publisher": "-", "language": "en", "reliability": "F",
}  # fmt: skip


class Refusal(Exception):
    """What cannot be done, and how it could, in words."""


def editable(path: Path) -> Watch:
    """The watch at ``path``; without feeds it is good here too, for they are to come. Raises ConfigError."""
    return _editable(files.read(path, check.printable(str(path))), path)


def _editable(text: str, path: Path) -> Watch:
    document, _ = read_toml(check.printable(str(path)), text)
    if "feeds" in document:
        return checked(text, path)
    return checked(f"{text}\n{table(_STAND_IN)}\n", path)._replace(feeds=())


def table(row: Row) -> str:
    """A row as it stands in the file."""
    # A JSON string is a basic string of TOML, but for controls that the check of values refuses anyway.
    return "\n".join(
        ["[[feeds]]", *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in row.items())]
    )


def add_feeds(path: Path, rows: Sequence[Row]) -> tuple[Feed, ...]:
    """Write a ``[[feeds]]`` for each row behind the last one of the file; gives the feeds that they are.

    Raises ConfigError where the file would have a fault, Refusal where it can't be edited, OSError where it
    can't be written. Then it is as it was.
    """
    draft, tables = _Draft(path), [table(row) for row in rows]
    if sum(map(len, tables)) > files.MAX_BYTES:
        raise Refusal(f"{len(rows)} feeds are more than a feeds.toml holds, which is at most 1 MiB")
    lines = draft.lines
    if draft.feeds:
        at = draft.span(len(draft.feeds) - 1)[1]
    else:
        at = max((number for number, line in enumerate(lines, 1) if line.strip()), default=0)
    lines[at:at] = [line for each in tables for line in ("", *each.split("\n"))]
    if lines[-1]:
        lines.append("")
    return draft.save(draft.feeds, len(rows))


def remove_feed(path: Path, url: str) -> None:
    """Take the ``[[feeds]]`` with that ``url`` out of the file; raises as :func:`add_feeds`.

    Comments above its header and below its last key stay: they may be about others.
    """
    draft = _Draft(path)
    index = next((index for index, feed in enumerate(draft.feeds) if feed.url == url), None)
    if index is None:
        raise Refusal(f"{path}: has no feed at {url} any more")
    start, end = draft.span(index)
    lines = draft.lines
    if end < len(lines) - 1 and not lines[end].strip() and not (start and lines[start - 1].strip()):
        end += 1  # of the blank lines above and below it one is enough
    del lines[start:end]
    draft.save(draft.feeds[:index] + draft.feeds[index + 1 :], 0)


def write_whole(path: Path, body: bytes) -> None:
    """Write a file so that whoever opens it finds the old one or the new one, never a half. Raises OSError.

    A symbolic link stays one, and a file that is there keeps its mode.
    """
    target = path.resolve()
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(path))
    beside = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        with beside.open("xb") as file:
            file.write(body)
            file.flush()
            os.fsync(file.fileno())
        if target.exists():
            shutil.copymode(target, beside)
        beside.replace(target)
    finally:  # also after a ctrl-c nothing stays behind
        beside.unlink(missing_ok=True)


class _Draft:
    """The lines of a config on their way to others."""

    def __init__(self, path: Path) -> None:
        self._path, self._file = path, check.printable(str(path))
        self._raw = path.read_bytes()
        text = files.read(path, self._file)
        self._keys = KeyLines(text)
        self.lines = text.split("\n")
        self._before = _editable(text, path)
        self.feeds = self._before.feeds

    def span(self, index: int) -> tuple[int, int]:
        """The lines of a feed's table, from its header to behind its last key."""
        number = self._keys.line(("feeds", index))
        start = (number or 0) - 1
        if number is None or not self.lines[start].lstrip().startswith("[["):
            raise Refusal(f"{self._file}: its feeds are a list in brackets; head each with [[feeds]] first")
        end = start + 1
        for at in range(start + 1, len(self.lines)):
            line = self.lines[at].strip()
            if line.startswith("["):
                break
            if line and not line.startswith("#"):
                end = at + 1
        return start, end

    def save(self, kept: tuple[Feed, ...], added: int) -> tuple[Feed, ...]:
        """Check the lines and put them in the file's place; gives the ``added`` feeds, behind ``kept``."""
        text = "\n".join(self.lines)
        after = checked(text, self._path)
        new = after.feeds[len(kept) :]
        if len(new) != added or after != self._before._replace(feeds=kept + new):
            raise Refusal(f"{self._file}: other parts of it would change too; edit it by hand")
        mark = codecs.BOM_UTF8 if self._raw.startswith(codecs.BOM_UTF8) else b""
        ending = "\r\n" if b"\r\n" in self._raw else "\n"
        body = mark + text.replace("\n", ending).encode()
        if len(body) > files.MAX_BYTES:
            raise Refusal(f"{self._file}: would be larger than 1 MiB, which is the most that a watch can be")
        if self._path.read_bytes() != self._raw:
            raise Refusal(f"{self._file}: was changed by somebody else in this moment; try again")
        write_whole(self._path, body)
        return new
