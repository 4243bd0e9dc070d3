"""The doctor's look at the watch: config, store, collector, feeds, log."""

from __future__ import annotations

import os
import sqlite3
import time
from collections import Counter
from contextlib import closing
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from tui import paths
from tui.clock import Clock, iso
from tui.doctor.section import Section
from tui.log_lines import read_log
from tui.redact import redact
from tui.words import plural

CHECK_SECONDS: Final = 10.0
"""Seconds that the check of the store may take; looked at after every"""
CHECK_STEPS: Final = 10_000
"""steps of SQLite's machine."""
SILENT: Final = 30.0
"""Seconds without a sign of life from which on the board says so."""
FAULTS: Final = 20
FAILING: Final = 10
"""Faults of the log, and failing feeds, that are told one by one."""
_TABLES: Final = ("report", "incident", "feed", "action", "event", "bell", "message")


def config(section: Section, path: Path) -> None:
    """Whether the config can be read, and what it asks for; of its addresses the hosts alone."""
    from tui.config import ConfigError, load

    try:
        watch = load(path)
    except ConfigError as error:
        for fault in error.faults:
            section.amiss(f"{fault.where}: {fault.what}", fault.mend)
        return
    section.row("built-in", path == paths.builtin_config())
    section.row("title", watch.title)
    section.row("fronts", [front.id for front in watch.fronts])
    section.row("feeds", len(watch.feeds))
    hosts = Counter(urlsplit(feed.url).hostname or "?" for feed in watch.feeds)
    told = (f"{host} ×{count}" if count > 1 else host for host, count in sorted(hosts.items()))
    section.row("hosts", ", ".join(told))
    section.row("addresses with a secret", sum(redact(feed.url) != feed.url for feed in watch.feeds))
    outputs = [
        f"{output.name}: {output.env} is {'set' if os.environ.get(output.env) else 'not set in this shell'}"
        for output in watch.alarms.to
    ]
    section.row("alarm outputs", outputs)
    section.row("kept", f"{watch.keep / 86_400:g} days")


def store(section: Section, data: Path) -> None:
    """Whether the store can be read and is whole, and what is in it."""
    from tui.store.connect import StoreError, connect
    from tui.store.migrate import VERSION, version_of

    path = data / paths.STORE_NAME
    if not path.exists():
        section.row("store", "none yet: the first start makes it")
        return
    try:
        with closing(connect(path, mode="ro")) as db:
            section.row("schema", f"{version_of(db, path)} (this program's is {VERSION})")
            section.row("size", f"{_pages(db):,} bytes, of them free {_pages(db, 'freelist_count'):,}")
            section.row("rows", {table: _count(db, table) for table in _TABLES if _has(db, table)})
            if _has(db, "report"):
                # Each by itself is one look into the index, both at once a walk through every report.
                each = "SELECT (SELECT min(seen) FROM report), (SELECT max(seen) FROM report)"
                oldest, newest = db.execute(each).fetchone()
                span = "no report" if oldest is None else f"{iso(oldest)} to {iso(newest)}"
                section.row("reports seen", span)
            _check(section, db)
    except StoreError as error:
        section.amiss(error.what, error.mend)
    except sqlite3.Error as error:
        section.amiss(
            f"store {path}: {error}", "start frontwatch: it sets a damaged store aside and mends it"
        )


def _pages(db: sqlite3.Connection, what: str = "page_count") -> int:
    (count,) = db.execute(f"PRAGMA {what}").fetchone()
    (size,) = db.execute("PRAGMA page_size").fetchone()
    return int(count) * int(size)


def _has(db: sqlite3.Connection, table: str) -> bool:
    return db.execute("SELECT 1 FROM sqlite_master WHERE name = ?", (table,)).fetchone() is not None


def _count(db: sqlite3.Connection, table: str) -> int:
    (count,) = db.execute(f"SELECT count(*) FROM {table}").fetchone()  # noqa: S608 - a name of ours
    return int(count)


def _check(section: Section, db: sqlite3.Connection) -> None:
    """SQLite's own look at every page, as far as it comes in the time."""
    end = time.monotonic() + CHECK_SECONDS
    db.set_progress_handler(lambda: time.monotonic() > end, CHECK_STEPS)
    try:
        found = [str(words) for (words,) in db.execute("PRAGMA quick_check(5)")]
    except sqlite3.OperationalError as error:
        if "interrupted" not in str(error):
            raise
        section.row("check", f"not finished in {CHECK_SECONDS:g} s; nothing wrong so far")
        return
    finally:
        db.set_progress_handler(None, 0)
    section.row("check", "whole" if found == ["ok"] else found)
    if found != ["ok"]:
        section.amiss(f"the store is damaged: {found[0]}", "start frontwatch: it sets it aside and mends it")


def collector(section: Section, data: Path) -> None:
    """Whether one is at work, and how long ago it said so."""
    held = _held(data / paths.LOCK_NAME)
    section.row("at work", held)
    path = data / paths.STORE_NAME
    if not path.exists():
        return
    from tui.feeds.health import DOWN
    from tui.store.reader import Reader

    with closing(Reader(path)) as reader:
        heartbeat = reader.heartbeat()
    if heartbeat is None:
        section.row("last sign of life", "none yet")
        return
    silence = Clock().now() - heartbeat.beat
    section.row("last sign of life", f"{iso(heartbeat.beat)}, {silence:.0f} s ago, process {heartbeat.pid}")
    section.row("started", iso(heartbeat.started))
    section.row("doing", heartbeat.doing or "nothing told")
    section.row("network", heartbeat.network or "up")
    if held and heartbeat.network == DOWN:
        section.amiss("no server of any feed can be reached", "look whether this machine's network is up")
    if heartbeat.rate != 1.0:
        section.row("its clock", f"runs at {heartbeat.rate:g}: a demo or a replay")
    if held and silence > SILENT:
        mend = (
            "look at the log below; a collector that hangs is started again after two minutes by its screen"
        )
        section.amiss(f"the collector holds the store and has been silent for {silence:.0f} s", mend)


def _held(lock: Path) -> bool:
    """Whether a collector holds its lock; nothing is made for the question."""
    if not lock.exists():
        return False
    from filelock import FileLock, Timeout

    try:
        with FileLock(lock, timeout=0):
            return False
    except Timeout:
        return True


def feeds(section: Section, data: Path) -> None:
    """How the feeds do, and what the failing ones say."""
    path = data / paths.STORE_NAME
    if not path.exists():
        return
    from tui.feeds.health import FeedState, judge
    from tui.store.reader import Reader

    with closing(Reader(path)) as reader:
        records, now = reader.feeds(), reader.clock().now()
    states = Counter(judge(record, now) for record in records)
    section.row("states", {state.value: states[state] for state in FeedState if states[state]})
    failing = sorted((record for record in records if record.failures), key=lambda each: -each.failures)
    told = [
        f"{each.name}: {each.error or 'no reason told'} ({plural(each.failures, 'time')})" for each in failing
    ]
    section.row("failing", told[:FAILING] + [f"and {len(told) - FAILING} more"] * (len(told) > FAILING))
    if records and len(failing) * 2 > len(records):
        words = f"{len(failing)} of {len(records)} feeds failed when they were last polled"
        section.amiss(words, "`frontwatch check` polls each and says how to mend it")


def log(section: Section, data: Path) -> None:
    """The last faults that it tells of."""
    found = read_log(data, FAULTS, "error")
    section.row("file", str(data / paths.LOG_NAME))
    section.row("lines that cannot be read", found.spoilt)
    section.row("last faults", [text for line in found.lines for text in _last_of(str(line))])


def _last_of(told: str) -> list[str]:
    """A line of the log with where its traceback ends: what lies between is in the log."""
    head, *below = told.split("\n")
    return [head, *below[-3:]]
