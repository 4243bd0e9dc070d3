"""A whole store to one file and back, by SQLite's online backup; nothing is lost on the way.

A copy is taken of one snapshot: the store may be written all along, and whoever writes never waits. It is
written beside its place, checked, brought to the disk and only then named, so that the name never stands for
half a copy.
"""

from __future__ import annotations

import errno
import os
import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from typing import Final

from tui.clock import utc
from tui.model import Timestamp
from tui.store.alarms import COLLECTOR
from tui.store.connect import RESCUE, Damaged, StoreError, connect, mend_of, to_disk, told
from tui.store.migrate import Newer, open_store, version_of

_PAGES: Final = 2048
"""Pages a step of copying takes, 8 MB: so often a person may interrupt it, and learns how far it is."""

_PATIENCE: Final = 1.0
"""Seconds to wait for whoever just has the store, before it counts as in use."""

_JOURNALS: Final = ("-wal", "-shm", "-journal")
"""What SQLite writes beside a store: it belongs to that store and to no other of the same name."""

_BACKUP: Final = "name a file that `frontwatch backup` wrote"

Progress = Callable[[int, int], None]
"""Told after each step of copying how many pages are done, and of how many."""


@dataclass(frozen=True, slots=True)
class Copy:
    """What a copy of a store holds."""

    bytes: int
    version: int
    """Of the store's schema."""
    incidents: int
    reports: int
    actions: int
    """Lines in the log of what people did; what the collector does by itself is not counted."""


@dataclass(frozen=True, slots=True)
class Restored:
    """What is in the store now, and where the one is that was there; None where there was none."""

    copy: Copy
    aside: Path | None


def back_up(store: Path, target: Path, *, force: bool = False, progress: Progress | None = None) -> Copy:
    """Copies the store to the new file ``target``, which its owner alone can read; ``force`` replaces one.

    The copy is one file without journals, of the store's own version, sound by SQLite's ``quick_check``.
    Raises :class:`StoreError`; what was at ``target`` before is still there then.
    """
    with _placed(store):
        if not store.exists():
            raise StoreError(f"there is no store at {store}", "name its folder with --data")
    _refuse_target(store, target, force=force)
    with closing(connect(store, mode="ro")) as source, _beside(target) as part:
        if not version_of(source, store):
            raise StoreError(f"the store {store} is empty", "there is nothing to back up")
        _copy(source, part, f"copying {store} to {target}", progress)
        held = _inspect(part, store, "quick_check", RESCUE)
        to_disk(part)
        _refuse_target(store, target, force=force)  # something may have come there meanwhile
        part.replace(target)
        to_disk(target.absolute().parent)
    return held


def restore(file: Path, store: Path, now: Timestamp, progress: Progress | None = None) -> Restored:
    """Makes ``store`` what the backup ``file`` holds, brought up to date.

    The caller holds the collector's lock. The store that is there is kept beside it, under a name with the
    time ``now``, and replaced in one transaction: a crash leaves the one or the other. Raises
    :class:`StoreError`, also where a screen has the store open; the store is as it was then.
    """
    _refuse_source(file, store)
    with _beside(store) as part:
        with closing(_source(file)) as source:
            _copy(source, part, f"copying {file} to {store.parent}", progress)
        _inspect(part, file, "integrity_check")
        _upgrade(part, file)
        held = _inspect(part, file, "quick_check")
        to_disk(part)
        aside = _put(part, store, _aside(store, now))
        to_disk(store.absolute().parent)
    return Restored(held, aside)


def _upgrade(part: Path, file: Path) -> None:
    """Brings a copy of ``file`` up to date, in one file again."""
    try:
        open_store(part).close()
    except StoreError as error:
        raise StoreError(error.what.replace(str(part), str(file)), _BACKUP) from error
    _alone(part).close()


def _put(part: Path, store: Path, aside: Path) -> Path | None:
    """Makes the copy the store; returns ``aside`` where it keeps what was there."""
    present = _present(store)
    if present is None:
        kept = _move(store, aside)
        part.replace(store)
        return kept
    with closing(present):
        _keep(present, store, aside)
        # In one transaction, not by another name: a screen that starts just now has the old file open.
        with closing(connect(part, mode="ro")) as new, told(store):
            new.backup(present)
    return aside


def _refuse_target(store: Path, target: Path, *, force: bool) -> None:
    """Raises where the backup may not be written."""
    with _placed(target):
        if target.is_dir():
            raise StoreError(
                f"{target} is a folder", f"name a file in it, as {target / 'frontwatch-backup.db'}"
            )
        if not target.exists():
            return
        if target.samefile(store) or target.name in {store.name + end for end in _JOURNALS}:
            raise StoreError(f"{target} is the store, or a journal of it", "name another file")
        if not target.is_file():
            raise StoreError(f"{target} is no plain file", "name another one")
        if not force:
            raise StoreError(f"{target} is there already", "name another file, or replace it with --force")


def _refuse_source(file: Path, store: Path) -> None:
    """Raises where that can't be a backup."""
    with _placed(file):
        if not file.exists():
            raise StoreError(f"there is no file {file}", _BACKUP)
        if not file.is_file():
            raise StoreError(f"{file} is no plain file", _BACKUP)
        if store.exists() and file.samefile(store):
            raise StoreError(f"{file} is the store itself", _BACKUP)
        if not os.access(file, os.R_OK):
            raise StoreError(f"{file} may not be read by you", "ask whoever owns it for a copy")


def _source(file: Path) -> sqlite3.Connection:
    """A connection to a backup, or to a copy of a store that somebody made, with its journals beside it."""
    # One without journals is read as it is: SQLite would write beside it, which not every disk allows.
    alone = not any(file.with_name(file.name + end).exists() for end in _JOURNALS)
    source = connect(file, mode="ro", immutable=alone)
    try:
        if not version_of(source, file):
            raise StoreError(f"{file} is empty", _BACKUP)
    except StoreError as error:
        source.close()
        mend = "update frontwatch on this machine" if isinstance(error, Newer) else _BACKUP
        raise StoreError(error.what, mend) from error
    return source


def _present(store: Path) -> sqlite3.Connection | None:
    """The store that is there, held against everybody; None where there is none that SQLite can read."""
    if not store.exists() or not store.stat().st_size:
        return None
    try:
        present = _alone(store)
    except Damaged:
        return None  # no other program could have opened it either
    try:
        with suppress(Newer):  # as after going back to an older program: it is kept beside like any other
            version_of(present, store)
    except StoreError:
        present.close()
        raise
    return present


def _alone(store: Path) -> sqlite3.Connection:
    """A store that nobody else has open, nor can open while this lasts; what its journal held is in it."""
    present = connect(store, mode="rw")
    try:
        with told(store):
            present.execute(f"PRAGMA busy_timeout = {_PATIENCE * 1000:.0f}")
            present.execute("PRAGMA locking_mode = EXCLUSIVE")
            # SQLite leaves its write-ahead journal only for whoever has the store to himself.
            present.execute("PRAGMA journal_mode = DELETE")
            present.execute("BEGIN EXCLUSIVE")
            present.execute("COMMIT")
    except StoreError as error:
        present.close()
        if "locked" not in error.what:
            raise
        mend = "close every dashboard on it and stop its collector, then try again"
        raise StoreError(f"the store {store} is in use", mend) from error
    return present


def _keep(present: sqlite3.Connection, store: Path, aside: Path) -> None:
    """A copy of the store that is there, whatever its state."""
    with _beside(aside) as part:
        _copy(present, part, f"copying {store} to {aside}", None)
        to_disk(part)
        part.replace(aside)


def _move(store: Path, aside: Path) -> Path | None:
    """Sets aside what SQLite can't read, its journals first: a new store would take them for its own."""
    for end in _JOURNALS:
        with suppress(FileNotFoundError):
            store.with_name(store.name + end).rename(aside.with_name(aside.name + end))
    with suppress(FileNotFoundError):
        return store.rename(aside)
    return None


def _aside(store: Path, now: Timestamp) -> Path:
    """A name beside the store that nothing has."""
    stem = f"{store.stem}-before-restore-{utc(now):%Y%m%dT%H%M%SZ}"
    names = (store.with_name(f"{stem}{f'-{n}' * (n > 1)}{store.suffix}") for n in count(1))
    return next(name for name in names if not name.exists())


def _copy(source: sqlite3.Connection, part: Path, doing: str, progress: Progress | None) -> None:
    """Copies every page of one snapshot into the empty file ``part``."""

    def step(_: int, left: int, of: int) -> None:
        if progress is not None:
            progress(of - left, of)

    try:
        with closing(connect(part, mode="rw")) as target:
            target.execute("PRAGMA journal_mode = OFF")  # nobody reads it before it is whole
            target.execute("PRAGMA synchronous = OFF")  # brought to the disk at the end, at once
            # While we are in a transaction, what others write doesn't make the copy begin anew.
            source.execute("BEGIN")
            source.execute("SELECT count(*) FROM sqlite_master").fetchone()
            try:
                source.backup(target, pages=_PAGES, progress=step)
            finally:
                source.execute("ROLLBACK")
            target.execute("PRAGMA journal_mode = DELETE")
    except sqlite3.Error as error:
        raise StoreError(f"{doing}: {error}", mend_of(error)) from error


def _inspect(part: Path, named: Path, check: str, mend: str = "take an earlier backup") -> Copy:
    """What a copy of ``named`` holds; raises where it is not sound, for then ``named`` is not either."""
    try:
        with closing(connect(part, mode="ro")) as db:
            (verdict,) = db.execute(f"PRAGMA {check}(1)").fetchone()
            if verdict != "ok":
                raise sqlite3.DatabaseError(verdict.splitlines()[-1])
            counts = [
                int(db.execute(f"SELECT count(*) FROM {table}").fetchone()[0])  # noqa: S608 - ours
                for table in ("incident WHERE reports > 0", "report", f"action WHERE who <> '{COLLECTOR}'")
            ]
            return Copy(part.stat().st_size, version_of(db, part), *counts)
    except sqlite3.DatabaseError as error:
        raise StoreError(f"{named} is damaged: {error}", mend) from error


@contextmanager
def _beside(target: Path) -> Iterator[Path]:
    """An empty file of mode 0600 beside ``target``; gone at the end, unless it has another name by then."""
    with _placed(target):
        handle, name = tempfile.mkstemp(".part", f".{target.name}.", target.parent)
        os.close(handle)
        part = Path(name)
        try:
            yield part
        finally:
            for end in ("", *_JOURNALS):
                part.with_name(part.name + end).unlink(missing_ok=True)


@contextmanager
def _placed(path: Path) -> Iterator[None]:
    """Turns what the system raises into a :class:`StoreError` that names the place."""
    try:
        yield
    except OSError as error:
        mend = _MENDS.get(error.errno or 0, "choose another place")
        raise StoreError(f"{path}: {error.strerror}", mend) from error


_MENDS: Final = {
    errno.ENOENT: "make the folder first",
    errno.ENOTDIR: "a file stands where a folder should: choose another place",
    errno.ENOSPC: "free some space on that disk",
    errno.EDQUOT: "free some of your space on that disk",
    errno.EACCES: "choose a folder that you may write to",
    errno.EPERM: "choose a folder that you may write to",
    errno.EROFS: "choose a folder that you may write to",
}
