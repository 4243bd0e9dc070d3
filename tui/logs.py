"""The log: JSON lines in one file, written by every process on a store, turned over by who finds it full.

A line holds ``time`` (UTC, to the millisecond), ``level``, ``process`` (``collector`` or ``screen``),
``pid``, ``room`` (the module), ``message``, with an uncaught error its ``traceback``, and what a message's
facts add. It is one line whatever the text, no terminal acts on it, and secrets are taken out
(:mod:`tui.redact`).

Nothing that goes wrong here reaches the program: what could not be written is counted, and told in the next
line that can be.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import stat
import sys
import threading
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import Final, Protocol

from tui import paths
from tui.redact import redact
from tui.words import plural

if sys.platform != "win32":
    import fcntl

SIZE: Final = 2_000_000
"""Bytes from which a file is turned over."""
OLD_ONES: Final = 4
"""Files kept besides the one that is written: ``frontwatch.log.1`` is the newest of them."""
MESSAGE_LIMIT: Final = 2_000
TRACEBACK_LIMIT: Final = 16_000
"""Characters of each that are kept."""


def facts(**values: str | float | bool | None) -> dict[str, Mapping[str, str | float | bool | None]]:
    """What a line tells besides its words, as ``extra`` of a call: ``log.error("…", extra=facts(pid=3))``."""
    return {"facts": values}


def as_line(record: logging.LogRecord, process: str) -> str:
    """A record as one line of JSON."""
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    content: dict[str, object] = {
        "time": moment.replace("+00:00", "Z"),
        "level": record.levelname.lower(),
        "process": process,
        "pid": os.getpid(),
        "room": record.name.removeprefix("tui."),
        # Before they are cut: half a secret would not be known for one.
        "message": redact(record.getMessage())[:MESSAGE_LIMIT],
    }
    for name, value in getattr(record, "facts", {}).items():
        content[name] = redact(value)[:MESSAGE_LIMIT] if isinstance(value, str) else value
    if record.exc_info:
        # Its end: there stands what it was.
        content["traceback"] = redact(_FORMATTER.formatException(record.exc_info))[-TRACEBACK_LIMIT:]
    return inert(json.dumps(content, ensure_ascii=False, default=repr))


_FORMATTER: Final = logging.Formatter()


def inert(text: str) -> str:
    """JSON with all that a terminal may act on escaped: it reads back as what it was."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() else json.dumps(char)[1:-1] for char in text)


class LogFile(logging.Handler):
    """Appends records to the file that many processes share; mode 0600 whatever the umask.

    A line is one write to a file opened for appending, which no other process's can split. Who finds the file
    full renames it under the system's lock on that very file, so that one process alone does; the others see
    at their next line that the name leads elsewhere, and open it anew.
    """

    def __init__(self, path: Path, process: str, *, size: int = SIZE, old_ones: int = OLD_ONES) -> None:
        super().__init__()
        self.path = path
        self.process = process
        self._size = size
        self._old_ones = old_ones
        self._file: int | None = None
        self._torn = False
        self._lost = 0
        self._why = ""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record; where it can't be, it is counted."""
        try:
            line = as_line(record, self.process)
            if self._lost:
                words = f"{plural(self._lost, 'line')} could not be written: {self._why}"
                told = logging.LogRecord(__name__, logging.WARNING, "", 0, words, None, None)
                self._write(as_line(told, self.process))
                self._lost = 0
            self._write(line)
        except Exception as error:  # a full disk, a folder that is gone, a call with the wrong arguments
            self._lost += 1
            self._why = f"{type(error).__name__}: {error}"

    def close(self) -> None:
        """Let go of the file."""
        with self.lock or threading.RLock():
            self._let_go()
        super().close()

    def _write(self, line: str) -> None:
        file = self._opened()
        # What an earlier write left undone, on a disk that was full, must not swallow this line.
        body = ("\n" if self._torn else "").encode() + line.encode("utf-8", errors="replace") + b"\n"
        written = os.write(file, body)
        self._torn = written < len(body)
        if self._torn:
            raise OSError("the disk took only a part of a line")
        if os.fstat(file).st_size >= self._size:
            self._turn_over(file)

    def _opened(self) -> int:
        """The file that the name leads to now."""
        if self._file is not None:
            if self._is_at_its_name(self._file):
                return self._file
            self._let_go()
        # Not blocking: a pipe in its place would wait for somebody to read it.
        flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | getattr(os, "O_NONBLOCK", 0)
        file = os.open(self.path, flags, 0o600)
        if not stat.S_ISREG(os.fstat(file).st_mode):
            os.close(file)
            raise OSError("it is no file")
        self._file = file
        return file

    def _is_at_its_name(self, file: int) -> bool:
        try:
            named = self.path.stat()
        except FileNotFoundError:
            return False
        return os.path.samestat(named, os.fstat(file))

    def _turn_over(self, file: int) -> None:
        """Put the full file aside, unless another process is at it."""
        if sys.platform != "win32":
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        if self._is_at_its_name(file):
            for number in range(self._old_ones, 0, -1):
                newer = old_name(self.path, number - 1)
                if newer.exists():
                    newer.replace(old_name(self.path, number))
        self._let_go()

    def _let_go(self) -> None:
        """Close the file, and its lock with it."""
        if self._file is not None:
            os.close(self._file)
            self._file = None


def old_name(path: Path, number: int) -> Path:
    """The name of a log that was turned over ``number`` times; 0 is the one that is written."""
    return path.with_name(f"{path.name}.{number}") if number else path


class _Talk(logging.Formatter):
    """A line for a person at a terminal."""

    def __init__(self, form: str) -> None:
        super().__init__(form, "%Y-%m-%dT%H:%M:%SZ")

    def formatTime(self, record: logging.LogRecord, datefmt: str | None = None) -> str:
        """In UTC."""
        return datetime.fromtimestamp(record.created, UTC).strftime(datefmt or "")

    def format(self, record: logging.LogRecord) -> str:
        """As it may stand on a terminal."""
        return "\n".join(inert(redact(line)) for line in super().format(record).split("\n"))


ThreadEnded = Callable[[str, BaseException], None]
"""Called with what ended, in words, and by what."""


def start_log(
    data: Path,
    process: str,
    *,
    talk: bool = False,
    last_words: bool = False,
    thread_ended: ThreadEnded | None = None,
) -> LogFile:
    """Log what this process does to the file in ``data``, and what a thread of it ends by. Once a process.

    ``talk``: to standard error as well. ``last_words``: only its errors there, for who started it.
    """
    handlers: list[logging.Handler] = [file := LogFile(data / paths.LOG_NAME, process)]
    if talk or last_words:
        stream = logging.StreamHandler(sys.stderr)
        stream.setLevel(logging.INFO if talk else logging.ERROR)
        form = "%(asctime)s %(levelname)s %(name)s: %(message)s" if talk else "%(message)s"
        stream.setFormatter(_Talk(form))
        handlers.append(stream)
    for handler in handlers:
        logging.getLogger().addHandler(handler)
    logging.getLogger("tui").setLevel(logging.INFO)
    logging.captureWarnings(True)
    threading.excepthook = partial(_thread_ended, thread_ended or _log_end)
    sys.unraisablehook = _unraisable
    return file


class _Unraisable(Protocol):
    """What the interpreter says of an error that nobody could be told, as in a destructor."""

    exc_type: type[BaseException]
    exc_value: BaseException | None
    exc_traceback: TracebackType | None
    object: object


def _thread_ended(tell: ThreadEnded, args: threading.ExceptHookArgs) -> None:
    error, name = args.exc_value, args.thread.name if args.thread is not None else "?"
    if isinstance(error, OSError) and error.errno == errno.EIO and name.startswith("textual-"):
        logging.getLogger(__name__).info("the terminal is gone: %s", error)  # closed, or its line dropped
    elif error is not None:
        tell(f"the thread {name}", error)


def _log_end(what: str, error: BaseException) -> None:
    logging.getLogger(__name__).critical("%s ended by a fault", what, exc_info=error)


def _unraisable(told: _Unraisable) -> None:
    words = "a fault that nobody could be told of, at %r"
    logging.getLogger(__name__).error(words, told.object, exc_info=told.exc_value)
