"""What the commands do that are about the store as a file; as in :mod:`tui.run`."""

from __future__ import annotations

import argparse
import sys
import time
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Final

from tui import paths
from tui.run import DONE, FAULT

if TYPE_CHECKING:
    from tui.store.backup import Copy, Progress
    from tui.store.retention import Room

_LOOK_EVERY: Final = 0.2
"""Seconds between looks whether the collector has done what it was asked."""

_PATIENCE: Final = 60.0
"""Seconds that the command waits for the collector; it goes on without anybody waiting."""

_WORTH: Final = 0.1
"""Part of the store that must hold nothing for writing it anew to be worth its while."""


def backup(arguments: argparse.Namespace) -> int:
    """A copy of the store, while everything runs."""
    from tui.store.backup import back_up

    held = back_up(_store(arguments), arguments.file, force=arguments.force, progress=_progress())
    print(f"{arguments.file}: {_words(held)}")
    return DONE


def restore(arguments: argparse.Namespace) -> int:
    """A backup in place of the store."""
    from tui.clock import Clock
    from tui.collector.lock import Taken, alone_now
    from tui.store.backup import restore
    from tui.store.connect import StoreError

    store = _store(arguments)
    try:
        with alone_now(store.parent):
            done = restore(arguments.file, store, Clock().now(), _progress())
    except Taken as taken:
        mend = "close every dashboard on it and stop its collector, then try again"
        raise StoreError(f"the store {store} is in use", mend) from taken
    print(f"{store}: {_words(done.copy)}, from {arguments.file}")
    if done.aside is not None:
        _talk(f"what was there before is kept as {done.aside}")
    return DONE


def prune(arguments: argparse.Namespace) -> int:
    """What the watch does not keep, dropped now, and room given back."""
    from tui.clock import STALE_HEARTBEAT, Clock
    from tui.collector.lock import Taken, alone_now
    from tui.config import find, load
    from tui.store.reader import Reader

    store, keep = _store(arguments), load(find(arguments.config)).keep
    with closing(Reader(store)) as reader:
        heartbeat, clock = reader.heartbeat(), Clock()
        if heartbeat is not None and clock.now() - heartbeat.beat < STALE_HEARTBEAT:
            clock = reader.clock()  # that of the collector at work; of a replay long ago it means nothing
        before = clock.now() - keep
    was = _room(store, before)
    if arguments.dry_run:
        older = f"are of no incident and older than {keep / 86_400:g} days"
        print(f"{was.overdue} of {was.reports} reports {older}: to be dropped")
        print(f"{_size(was.free)} of {_size(was.bytes)} hold nothing")
        return DONE
    try:
        with alone_now(store.parent):
            _prune_here(store, before, was)
    except Taken:
        if not _ask(store, before):
            _talk(
                "the collector was asked to, and has not done it yet, or keeps more by its own config: "
                "`frontwatch prune --dry-run` tells"
            )
            return FAULT
    now = _room(store, before)
    dropped = f"dropped {was.reports - now.reports} of {was.reports} reports"
    print(f"{dropped}; the store took {_size(was.bytes)}, now {_size(now.bytes)}")
    if now.free > _WORTH * now.bytes:
        _talk(
            f"{_size(now.free)} of them hold nothing and will be used again; to give them back to the disk, "
            "prune when neither a dashboard nor a collector runs"
        )
    return DONE


def _prune_here(store: Path, before: float, was: Room) -> None:
    """In the place of a collector, of which there is none."""
    from tui.store.connect import StoreError
    from tui.store.writer import Writer

    with closing(Writer(store)) as writer:
        dropped = writer.prune(before)
        if dropped or was.free:
            try:
                writer.compact()
            except StoreError as error:
                room = f"{_size(was.bytes)} beside it and in the folder for temporary files"
                mend = f"{error.mend}; nothing is lost, but to write it anew takes {room}"
                raise StoreError(error.what, mend) from error


def _ask(store: Path, before: float) -> bool:
    """Ask the collector, and wait until it has; whether it has."""
    from tui.clock import Clock
    from tui.store.desk import Desk

    with closing(Desk(store)) as desk:
        desk.ask_prune("a command", Clock().now())
    end = time.monotonic() + _PATIENCE
    while _is_overdue(store, before):
        if time.monotonic() > end:
            return False
        time.sleep(_LOOK_EVERY)
    return True


def _is_overdue(store: Path, before: float) -> bool:
    from tui.store.connect import connect, told
    from tui.store.retention import batch

    with closing(connect(store, mode="ro")) as db, told(store):
        return batch(db, before) is not None


def _room(store: Path, before: float) -> Room:
    from tui.store.connect import connect, told
    from tui.store.retention import room

    with closing(connect(store, mode="ro")) as db, told(store):
        return room(db, before)


def _store(arguments: argparse.Namespace) -> Path:
    data: Path = arguments.data or paths.data_dir()
    return data / paths.STORE_NAME


def _words(held: Copy) -> str:
    """What a copy holds, as ``812 incidents, 3214 reports, 55 acts of people, 12.3 MB, version 7``."""
    from tui.words import plural

    told: tuple[str, ...] = (plural(held.incidents, "incident"), plural(held.reports, "report"))
    told += (f"{plural(held.actions, 'act')} of people", _size(held.bytes), f"version {held.version}")
    return ", ".join(told)


def _progress() -> Progress | None:
    """How much of a copy is done, on one line of the terminal; None where none looks."""
    if not sys.stderr.isatty():
        return None

    def tell(done: int, of: int) -> None:
        words = f"{done / of:.0%} copied" if done < of else ""
        print(f"\r\x1b[K{words}", end="", file=sys.stderr, flush=True)

    return tell


def _talk(words: str) -> None:
    print(words, file=sys.stderr, flush=True)


def _size(count: int) -> str:
    """``12.3 MB``."""
    return f"{count / 1e6:.1f} MB" if count >= 100_000 else f"{count / 1e3:.0f} kB"
