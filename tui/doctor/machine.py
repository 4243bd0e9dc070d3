"""The doctor's look at the machine: program, terminal, files, disk, clock."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sqlite3
import stat
import sys
from contextlib import closing
from importlib import metadata
from pathlib import Path
from typing import Final

from tui import paths
from tui.clock import Clock, iso
from tui.doctor.section import Section
from tui.exposure import exposed
from tui.log_lines import log_files

PACKAGES: Final = (
    "textual",
    "rich",
    "httpx",
    "httpcore",
    "sniffio",
    "feedparser",
    "ahocorasick-rs",
    "python-bidi",
    "platformdirs",
    "filelock",
    "shtab",
    "tzdata",
    "apprise",
)
"""What we stand on, and apprise where it is installed."""
LITTLE: Final = 200 * 1024 * 1024
"""Bytes free below which it is time to make room: a month of a large watch, and a copy of its journal."""
AHEAD: Final = 300.0
"""Seconds that what is stored may lie ahead of the machine's clock."""
MEGABYTE: Final = 1024 * 1024


def program(section: Section) -> None:
    """Which program on which Python, with which packages."""
    section.row("frontwatch", _version("frontwatch"))
    section.row("installed in", str(Path(__file__).parents[1]))
    section.row("python", f"{platform.python_version()} {platform.python_implementation()}, {sys.executable}")
    section.row("platform", f"{platform.system()} {platform.release()} {platform.machine()}")
    section.row("sqlite", sqlite3.sqlite_version)
    section.row("packages", {name: _version(name) for name in PACKAGES})


def _version(package: str) -> str:
    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return "not installed"


def terminal(section: Section) -> None:
    """What the terminal says that it can do."""
    environment = os.environ
    for name in ("TERM", "COLORTERM", "TERM_PROGRAM", "NO_COLOR", "LANG", "LC_ALL", "LC_CTYPE"):
        if name in environment:
            section.row(name, environment[name])
    size = shutil.get_terminal_size((0, 0))
    section.row("size", f"{size.columns}x{size.lines}" if size.columns else "unknown")
    encoding = locale.getpreferredencoding(False)
    section.row("encoding", encoding)
    section.row("in tmux or screen", "TMUX" in environment or "STY" in environment)
    section.row("over SSH", "SSH_CONNECTION" in environment or "SSH_TTY" in environment)
    if encoding.replace("-", "").lower() != "utf8":
        mend = "set LANG to a UTF-8 locale, as C.UTF-8 (`locale -a` lists yours)"
        section.amiss(
            f"the locale is {encoding}, not UTF-8: most of the screen's signs cannot be shown", mend
        )
    if environment.get("TERM", "") in ("", "dumb"):
        mend = "start it in a terminal, or set TERM to what yours is, as xterm-256color"
        section.amiss("TERM says that this terminal can move no cursor", mend)


def files(section: Section, config: Path, data: Path) -> None:
    """Where everything lies, how large it is, and who may read it."""
    store = data / paths.STORE_NAME
    own = {
        "data folder": data,
        "store": store,
        "store's journal": Path(f"{store}-wal"),
        "lock": data / paths.LOCK_NAME,
        "log": data / paths.LOG_NAME,
        "memory": paths.memory_file(),
    }
    _tell_file(section, "config", config.absolute())
    for name, path in own.items():
        _tell_file(section, name, path)
    for words in exposed(config.absolute(), _addresses(config), data):
        what, _, mend = words.partition("; ")
        section.amiss(what, mend)
    section.row("log files", [f"{path.name} {path.stat().st_size:,} bytes" for path in log_files(data)])


def _addresses(config: Path) -> list[str]:
    """Those of the feeds; none where the config can't be read, which its own section tells."""
    from tui.config import ConfigError, load

    try:
        return [feed.url for feed in load(config).feeds]
    except ConfigError:
        return []


def _tell_file(section: Section, name: str, path: Path) -> None:
    try:
        status = path.stat()
    except FileNotFoundError:
        section.row(name, f"{path} (not there)")
        return
    except OSError as error:
        section.row(name, f"{path} ({error.strerror})")
        section.amiss(f"{path}: {error.strerror}", "make the path to it readable for you")
        return
    size = "" if stat.S_ISDIR(status.st_mode) else f", {status.st_size:,} bytes"
    section.row(name, f"{path} (mode {stat.S_IMODE(status.st_mode):04o}{size})")


def disk(section: Section, data: Path) -> None:
    """What room there is for the store."""
    folder = next(path for path in (data, *data.absolute().parents) if path.is_dir())
    usage = shutil.disk_usage(folder)
    section.row("free", f"{usage.free // MEGABYTE:,} MB of {usage.total // MEGABYTE:,} MB")
    if usage.free < LITTLE:
        mend = "free some space there, or shorten `keep` in [watch]"
        section.amiss(f"only {usage.free // MEGABYTE:,} MB are free where the store is", mend)
    if sys.platform != "win32" and (inodes := os.statvfs(folder)).f_files:
        section.row("files free", f"{inodes.f_favail:,}")
        if not inodes.f_favail:
            section.amiss("no further file can be made on that disk", "remove files there that nobody needs")
    if not os.access(folder, os.W_OK):
        section.amiss(f"{folder} cannot be written to", "make it writable for you, or use --data DIR")


def clock(section: Section, data: Path) -> None:
    """What time it is here, and whether the store has seen a later one."""
    now = Clock().now()
    section.row("now", iso(now))
    section.row("TZ", os.environ.get("TZ", "not set"))
    store = data / paths.STORE_NAME
    if not store.exists():
        return
    from tui.store.reader import Reader

    with closing(Reader(store)) as reader:
        heartbeat = reader.heartbeat()
    if heartbeat is not None and heartbeat.beat > now + AHEAD:
        ahead = f"the collector's last sign of life, {iso(heartbeat.beat)}, lies in the future"
        section.amiss(ahead, "set the machine's clock right, and keep it so by NTP")
