"""A damaged store: kept under another name, what can be read saved, and a new one put in its place.

The new store is complete and on the disk before the old one is touched. From then on the rest is a few names:
a crash among them leaves a file that the next start finds, and it finishes what was begun.
"""

from __future__ import annotations

import logging
import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tui.clock import DAY, utc
from tui.incidents.standing import DAMAGED, STORE, Standing
from tui.model import Timestamp
from tui.store import standings
from tui.store.connect import Damaged, StoreError, connect, mend_of, to_disk, told
from tui.store.migrate import open_store, version_of
from tui.store.rows import report_of
from tui.store.salvage import Salvaged, salvage
from tui.words import plural

log = logging.getLogger(__name__)

MOST_A_DAY: Final = 5
"""Damaged stores that are kept within a day; after so many the disk is at fault, and none will last on it."""

_HEAD: Final = 100
"""Bytes of a database file before its first page's own."""

_JOURNALS: Final = ("-wal", "-shm", "-journal")


@dataclass(frozen=True, slots=True)
class Rescued:
    """What became of a damaged store."""

    aside: Path
    """Where it is kept, as it was found."""
    salvaged: Salvaged

    def words(self) -> str:
        """For the person."""
        return in_words(self.aside.name, self.salvaged)


def in_words(aside: str, salvaged: Salvaged) -> str:
    """What was saved of a store that is kept under the name ``aside``, in words."""
    saved, lost = salvaged.saved, salvaged.lost.total()
    acts = plural(saved["action"], "line of the log", "lines of the log")
    if not saved.total():
        return f"nothing of it could be read; the damaged file is {aside}"
    words = f"{plural(saved['report'], 'report')} and {acts} saved, "
    words += f"{plural(lost, 'place')} could not be read; " if lost else "all of it could be read; "
    return f"{words}the damaged file is {aside}"


def rescue(path: Path, now: Timestamp) -> Rescued | None:
    """Put a new store with all that can be read in the place of the damaged one at ``path``.

    The caller holds the collector's lock. ``now``: by the machine's clock. None where no damage is found, and
    nothing was done. Raises :class:`StoreError` where it can't be done; the damaged store is as it was then.
    """
    if not is_damaged(path):
        return None
    _refuse_endless(path, now)
    aside, part = _aside(path, now), _part(path)
    try:
        _drop(part)  # what a crash has left
        with _held(path):
            salvaged = _build(path, part, aside, now)
            to_disk(part)
            os.utime(part, (now, now))
            part.replace(_ready(path))
            to_disk(path.parent)
            _put(path, aside)
    except OSError as error:
        raise StoreError(f"store {path}: damaged, and not saved: {error.strerror}", _MEND) from error
    except sqlite3.Error as error:
        raise StoreError(f"store {path}: damaged, and not saved: {error}", mend_of(error)) from error
    finally:
        with suppress(OSError):
            _drop(part)
    rescued = Rescued(aside, salvaged)
    log.error("the store was damaged: %s", rescued.words())
    return rescued


_MEND: Final = "make room on the disk and the folder writable for you, then start again"


def finish(path: Path) -> bool:
    """Finish what a crash has left half done; whether there was such a thing. The caller holds the lock."""
    ready = _ready(path)
    if not ready.exists():
        return False
    aside = _aside(path, ready.stat().st_mtime)
    if path.exists() and not aside.exists():
        ready.unlink()  # the old one was not touched yet, and may have been written since
        return False
    _put(path, aside)
    return True


def _put(path: Path, aside: Path) -> None:
    """Keep the old store as ``aside``, and put the one that is ready in its place."""
    if path.exists() and not aside.exists():
        try:
            os.link(path, aside)  # so that there is no moment without a store
        except OSError:  # a file system without links
            path.rename(aside)
    # Beside the new store the journal would be taken for that one's own.
    for end in ("-wal", "-journal"):
        with suppress(FileNotFoundError):
            path.with_name(path.name + end).rename(aside.with_name(aside.name + end))
    with suppress(FileNotFoundError):
        path.with_name(path.name + "-shm").unlink()
    _ready(path).replace(path)
    to_disk(path.parent)


@contextmanager
def _held(path: Path) -> Iterator[None]:
    """No screen writes to the damaged store meanwhile, where SQLite can still say so."""
    with ExitStack() as stack:
        with suppress(Damaged):
            # The first makes the second's end no end of the last connection, at which SQLite would write.
            reading = stack.enter_context(closing(connect(path, mode="ro")))
            holding = stack.enter_context(closing(connect(path, mode="rw")))
            with told(path):
                reading.execute("SELECT count(*) FROM sqlite_master").fetchone()
                holding.execute("BEGIN IMMEDIATE")
        yield


def is_damaged(path: Path) -> bool:
    """Whether what is in the file is not what was written. It takes a second or two a gigabyte."""
    if not path.exists():
        return False
    try:
        with closing(connect(path, mode="ro")) as db:
            if not version_of(db, path):
                return False
            with told(path):
                (verdict,) = db.execute("PRAGMA quick_check(1)").fetchone()
                return verdict != "ok" or _has_bad_rows(db)
    except Damaged:
        return True


def _has_bad_rows(db: sqlite3.Connection) -> bool:
    """Whether some rows, in sound pages, are none that we wrote. If most are, this program is at fault."""
    good = bad = 0
    for row in db.execute("SELECT * FROM report"):
        try:
            report_of(row)
            good += 1
        except Damaged:
            bad += 1
    return 0 < bad < max(good, 2)


def _build(path: Path, part: Path, aside: Path, now: Timestamp) -> Salvaged:
    """A new store in ``part`` with what can be read of that at ``path``, and a line about it in its log."""
    open_store(part).close()
    with closing(sqlite3.connect(part, isolation_level=None)) as target:
        target.row_factory = sqlite3.Row
        target.execute("PRAGMA foreign_keys = OFF")
        target.execute("PRAGMA journal_mode = DELETE")  # one file, without a journal beside it
        salvaged = _read(path, part, target)
        clock = _clock(target, now)
        target.execute("DELETE FROM standing WHERE kind = ?", (STORE,))
        standing = Standing(STORE, STORE, DAMAGED, clock, clock, in_words(aside.name, salvaged))
        standings.put(target, clock, [standing])
        (verdict,) = target.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise StoreError(f"store {path}: what was saved of it is not sound: {verdict}", _MEND)
    return salvaged


def _read(path: Path, part: Path, target: sqlite3.Connection) -> Salvaged:
    """Whatever the old store gives; where SQLite does not know it for one, what it gives under a new head."""
    with closing(connect(path, mode="ro")) as source, suppress(Damaged):
        version_of(source, path)
        return salvage(source, target)
    copy = _copy_beside(part)
    try:
        for end in ("", "-wal"):
            with suppress(FileNotFoundError):
                shutil.copyfile(path.with_name(path.name + end), copy.with_name(copy.name + end))
        _put_head_on(copy, part)
        with closing(connect(copy, mode="rw")) as source:
            return salvage(source, target)
    finally:
        _drop(copy)


def _put_head_on(copy: Path, good: Path) -> None:
    """Give a file the first hundred bytes of a store of ours: how large a page is, and that it is a store.

    See "Database File Format", 1.3, of SQLite.
    """
    head = bytearray(good.read_bytes()[:_HEAD])
    pages = copy.stat().st_size // int.from_bytes(head[16:18], "big")
    head[18:20] = b"\2\2"  # it has a write-ahead journal
    head[28:32] = pages.to_bytes(4, "big")
    head[32:40] = bytes(8)  # no free pages that anybody knows of
    with copy.open("r+b") as file:
        file.write(head)


def _clock(target: sqlite3.Connection, now: Timestamp) -> Timestamp:
    """``now`` by the clock that the collector lived by: the log of a store is told by that."""
    row = target.execute("SELECT origin, anchor, rate FROM heartbeat").fetchone()
    return now if row is None else float(row["origin"] + (now - row["anchor"]) * row["rate"])


def _refuse_endless(path: Path, now: Timestamp) -> None:
    kept = path.parent.glob(f"{path.stem}-damaged-*{path.suffix}")
    recent = [each for each in kept if now - each.stat().st_ctime < DAY]
    if len(recent) >= MOST_A_DAY:
        raise StoreError(
            f"store {path}: damaged, for the {len(recent) + 1}th time within a day",
            "check that disk, or choose another folder with --data; move the damaged files away to try again",
        )


def _aside(path: Path, at: Timestamp) -> Path:
    """The name under which a store that was found damaged then is kept."""
    return path.with_name(f"{path.stem}-damaged-{utc(at):%Y%m%dT%H%M%SZ}{path.suffix}")


def _part(path: Path) -> Path:
    return path.with_name(f".{path.name}.rescue-part")


def _ready(path: Path) -> Path:
    return path.with_name(f".{path.name}.rescued")


def _copy_beside(part: Path) -> Path:
    return part.with_name(part.name + "-read")


def _drop(part: Path) -> None:
    for each in (part, _copy_beside(part)):
        for end in ("", *_JOURNALS):
            each.with_name(each.name + end).unlink(missing_ok=True)
