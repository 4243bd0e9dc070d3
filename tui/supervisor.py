"""Starts the collector, watches over it and starts it again when it dies or hangs."""

from __future__ import annotations

import logging
import signal
import subprocess
import threading
import time
from collections import deque
from collections.abc import Sequence
from pathlib import Path
from typing import IO, Final, NamedTuple

from tui import paths, spawn
from tui.clock import Clock
from tui.model import Heartbeat, Timestamp

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between looks at the collector."""
STEADY_AFTER: Final = 600.0
"""Seconds for which an end counts: the back-off and what is told go by the ends within them."""
LONGEST_WAIT: Final = 30.0
"""Ceiling of the back-off, seconds."""
STARTS_WITHIN: Final = 15.0
"""Seconds after its start in which nobody wonders that a collector has said nothing yet."""
HUNG_AFTER: Final = 120.0
"""Seconds without a sign of life after which a collector that gave one is taken to hang; and"""
HUNG_AT_START: Final = 600.0
"""where it never gave one: it may be bringing a large store of an older version up to date."""
TAKEN: Final = 3
"""Exit code of a collector that found another one at the same store."""
LAST_LINES: Final = 40
LINE_LIMIT: Final = 2000
"""Lines of a collector's standard error that are kept, and bytes of one."""


class Trouble(NamedTuple):
    """That the collector of this screen ended by itself lately. Times are the machine's."""

    first: Timestamp
    """The first end that still counts."""
    last: Timestamp
    times: int
    why: str
    """How it ended the last time, and the last that it said."""
    again: Timestamp | None
    """When it is started again; None: it has been."""


class Supervisor(threading.Thread):
    """Keeps one collector alive for a screen.

    Where another screen's collector is at the store it only watches, and takes over within seconds
    when that one is gone. The collector's standard input is a pipe that nobody writes to: it reaches
    its end when this process is gone, however it went, and the collector stops.
    """

    def __init__(self, command: Sequence[str], data: Path) -> None:
        super().__init__(name="supervisor", daemon=True)
        self.trouble: Trouble | None = None
        """None where no end counts any more."""
        self._command = list(command)
        self._data = data
        self._end = threading.Event()
        self._wake = threading.Event()
        self._clock = Clock()
        self._child: subprocess.Popen[bytes] | None = None
        self._words: _LastWords | None = None
        self._ends: deque[Timestamp] = deque(maxlen=1000)
        self._born = self._heard = self._looked = 0.0
        """Readings of the monotonic clock, which stands still while the machine sleeps."""
        self._beat: Timestamp | None = None
        """Its last sign of life; None before its first."""
        self._watched_other = False

    @property
    def pid(self) -> int | None:
        """Process id of the collector that this screen started, while it lives."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    @property
    def starting(self) -> bool:
        """Whether the first collector of this screen has just been started, or is about to be."""
        if self.trouble is not None or self._watched_other:
            return False
        return not self._born or time.monotonic() - self._born < STARTS_WITHIN

    def hear(self, heartbeat: Heartbeat) -> None:
        """Take note of the last sign of life in the store, whichever collector's it is."""
        child = self._child
        if child is not None and child.pid == heartbeat.pid and heartbeat.beat != self._beat:
            self._heard, self._beat = time.monotonic(), heartbeat.beat

    def hear_nothing(self) -> None:
        """The store can't be read here: whether it lives can't be known, and it is not killed for that."""
        self._heard = time.monotonic()

    def said_since(self, moment: Timestamp) -> str:
        """The last error that the collector told since then, as on a disk that takes no sign of life."""
        words = self._words
        return words.last if words is not None and words.at > moment else ""

    def retry(self) -> None:
        """Start it now, where it waits to be started: what ended it may have been mended."""
        self._wake.set()

    def run(self) -> None:
        """Until :meth:`stop`."""
        while not self._end.is_set():
            try:
                wait = self._look()
            except OSError as error:  # a folder that went away, no process left: said, and tried again
                wait = self._mourn(f"cannot be started: {error}")
            except Exception as error:  # this thread must not end in silence: who starts a collector?
                log.exception("fault in the supervisor")
                wait = self._mourn(f"cannot be watched: {error!r}")
            self._wake.wait(wait)
            self._wake.clear()
            if self.trouble is not None and self._child is None:
                self.trouble = self.trouble._replace(again=None)

    def _look(self) -> float:
        """One look: start it, mourn it, or see that it lives; seconds to the next."""
        now = time.monotonic()
        slept, self._looked = now - self._looked > 10 * LOOK_EVERY, now
        child = self._child
        if child is None:
            if self._free():
                self._spawn()
            else:
                self._watched_other, self.trouble = True, None
            return LOOK_EVERY
        if slept:
            self._heard = now  # we were stopped, as by ctrl-z, and could not have heard it
        words = self._words
        # One that complains, of a disk that takes no sign of life, does not hang.
        silence = now - max(self._heard, words.heard if words is not None else 0.0)
        if child.poll() is None and silence > (HUNG_AT_START if self._beat is None else HUNG_AFTER):
            child.kill()
            child.wait()
            return self._bury(f"hung: no sign of life for {silence:.0f} s", tell_last=False)
        if child.returncode is None:
            self._forget()
            return LOOK_EVERY
        if child.returncode == TAKEN:
            self._bury("", tell_last=False)
            return LOOK_EVERY
        # What one said that was ended from outside is not why it ended.
        outside = child.returncode in (-signal.SIGKILL, -signal.SIGTERM)
        return self._bury(_how(child.returncode), tell_last=not outside)

    def stop(self) -> None:
        """End the collector that this screen started; returns when it is gone."""
        self._end.set()
        self._wake.set()
        self.join(timeout=5.0)
        child = self._child
        if child is None:
            return
        child.terminate()
        try:
            child.wait(timeout=5.0)
        except subprocess.TimeoutExpired:
            child.kill()
            child.wait()
        self._let_go(child)

    def _free(self) -> bool:
        """Whether no collector is at the store."""
        from filelock import FileLock, Timeout  # here: the first paint need not wait for its import

        if not self._data.is_dir():
            return True  # the collector makes it anew, for its owner alone; the lock would make it for all
        try:
            with FileLock(self._data / paths.LOCK_NAME, timeout=0, mode=0o600):
                return True
        except Timeout:
            return False

    def _spawn(self) -> None:
        log.info("the collector is started")
        # Its own session: a ctrl-c in the terminal is the screen's alone to deal with.
        child = subprocess.Popen(
            self._command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            # A crash in a library's own code tells where, on its standard error.
            env={**spawn.environment(), "PYTHONFAULTHANDLER": "1"},
        )
        assert child.stderr is not None
        self._words = _LastWords(child.stderr, self._clock)
        self._words.start()
        self._born = self._heard = time.monotonic()
        self._beat = None
        self._child = child

    def _bury(self, how: str, *, tell_last: bool) -> float:
        """Let go of a collector that has ended, ``how``: no words where it was right to. Seconds to wait.

        ``tell_last``: the last that it said is why.
        """
        child, words = self._child, self._words
        self._child = None
        if child is not None:
            self._let_go(child)
        if not how:
            return LOOK_EVERY
        last = words.last if words is not None and tell_last else ""
        if last and how.startswith("exit"):
            how = ""  # the number of a fault that is told in words says nothing more
        return self._mourn(": ".join(part for part in (how, last) if part))

    def _let_go(self, child: subprocess.Popen[bytes]) -> None:
        if child.stdin:
            child.stdin.close()
        if self._words is not None:
            self._words.join(timeout=1.0)

    def _mourn(self, why: str) -> float:
        """Note an end; seconds to wait before the next start."""
        now = self._clock.now()
        self._ends.append(now)
        self._drop_old(now)
        from tui.logs import facts  # here: the first paint need not wait for it

        times = len(self._ends)
        wait = back_off(times)
        log.error("the collector ended: %s", why, extra=facts(ends_in_10_min=times, starts_again_in=wait))
        self.trouble = Trouble(self._ends[0], now, times, why, now + wait)
        return wait

    def _forget(self) -> None:
        """What lies far enough back counts no more."""
        self._drop_old(self._clock.now())
        if self.trouble is not None and not self._ends:
            log.info("the collector has been steady for %.0f minutes", STEADY_AFTER / 60)
            self.trouble = None

    def _drop_old(self, now: Timestamp) -> None:
        # A clock that was put back leaves ends in the future: they count no more either.
        while self._ends and not 0 <= now - self._ends[0] <= STEADY_AFTER:
            self._ends.popleft()


class _LastWords(threading.Thread):
    """Reads what a collector says on its standard error, so that it never waits for a full pipe."""

    def __init__(self, pipe: IO[bytes], clock: Clock) -> None:
        super().__init__(name="last words", daemon=True)
        self.at = 0.0
        """When it last said something, by ``clock``; and"""
        self.heard = 0.0
        """by the monotonic clock."""
        self._pipe = pipe
        self._clock = clock
        self._lines: deque[str] = deque(maxlen=LAST_LINES)

    def run(self) -> None:
        """Until the pipe ends."""
        with self._pipe:
            while line := self._pipe.readline(LINE_LIMIT):
                if text := line.decode("utf-8", errors="replace").strip():
                    self._lines.append(text)
                    self.at, self.heard = self._clock.now(), time.monotonic()

    @property
    def last(self) -> str:
        """The line that says what it was: the interpreter's own where it crashed, else the last."""
        from tui.feeds.safe_text import safe_text  # here: the first paint need not wait for it
        from tui.redact import redact

        lines = list(self._lines)
        fatal = (line for line in lines if line.startswith("Fatal Python error"))
        return safe_text(redact(next(fatal, lines[-1] if lines else "")), 300)


def back_off(times: int) -> float:
    """Seconds to wait after an end which is the so-manieth within ten minutes."""
    return min(LONGEST_WAIT, 2.0 ** min(times - 1, 10))


_SIGNALS: Final = {
    "SIGKILL": "killed (signal 9), as the system does when memory runs out",
    "SIGTERM": "ended by somebody (signal 15)",
}


def _how(code: int) -> str:
    """How a process ended, by its return code."""
    if code >= 0:
        return f"exit {code}"
    name = signal.Signals(-code).name if -code in set(signal.Signals) else f"signal {-code}"
    return _SIGNALS.get(name, f"crashed ({name})")


def collector_command(config: Path | None, data: Path, extra: Sequence[str] = ()) -> list[str]:
    """Command line of a collector that ends with the process that starts it."""
    command = [*spawn.command("tui"), "--data", str(data)]
    if config is not None:
        command += ["--config", str(config)]
    return [*command, "collect", "--parent", *extra]
