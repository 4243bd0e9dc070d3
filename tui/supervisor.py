"""Starts the collector, watches over it and starts it again when it dies."""

from __future__ import annotations

import logging
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui import paths

log = logging.getLogger(__name__)

LOOK_EVERY: Final = 1.0
"""Seconds between looks at the collector."""
SETTLED_AFTER: Final = 30.0
"""Seconds that a collector must live for its next death to count as the first."""
LONGEST_WAIT: Final = 30.0
"""Ceiling of the back-off, seconds."""
TAKEN: Final = 3
"""Exit code of a collector that found another one at the same store."""


class Supervisor(threading.Thread):
    """Keeps one collector alive for a screen.

    Where another screen's collector is at the store it only watches, and takes over within seconds
    when that one is gone. The collector's standard input is a pipe that nobody writes to: it reaches
    its end when this process is gone, however it went, and the collector stops.
    """

    def __init__(self, command: Sequence[str], data: Path) -> None:
        super().__init__(name="supervisor", daemon=True)
        self.words = ""
        """What is wrong with the collector, for the person; empty when nothing is."""
        self._command = list(command)
        self._lock = data / paths.LOCK_NAME
        self._last_words = data / "collector.stderr"
        self._end = threading.Event()
        self._child: subprocess.Popen[bytes] | None = None
        self._deaths = 0
        self._born = 0.0

    @property
    def pid(self) -> int | None:
        """Process id of the collector that this screen started, while it lives."""
        child = self._child
        return child.pid if child is not None and child.poll() is None else None

    def run(self) -> None:
        """Until :meth:`stop`."""
        while not self._end.is_set():
            try:
                self._look()
            except OSError as error:  # a folder that went away or became read-only: said, and tried again
                self.words = f"cannot be started: {error}"
                self._end.wait(LONGEST_WAIT)

    def _look(self) -> None:
        """One look: start it, mourn it, or see that it lives."""
        if self._child is not None and self._child.poll() is not None:
            wait = self._mourn(self._child.returncode)
            self._child = None
            self._end.wait(wait)
        elif self._child is None and self._free():
            self._spawn()
        else:
            # Another's collector at the store, or ours alive for long: nothing is wrong any more.
            if self._child is None or time.monotonic() - self._born > SETTLED_AFTER:
                self._deaths, self.words = 0, ""
            self._end.wait(LOOK_EVERY)

    def stop(self) -> None:
        """End the collector that this screen started; returns when it is gone."""
        self._end.set()
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
        if child.stdin:
            child.stdin.close()

    def _free(self) -> bool:
        """Whether no collector is at the store."""
        from filelock import FileLock, Timeout  # here: the first paint need not wait for its import

        try:
            with FileLock(self._lock, timeout=0):
                return True
        except Timeout:
            return False

    def _spawn(self) -> None:
        log.info("starting the collector")
        self._born = time.monotonic()
        with self._last_words.open("wb") as last_words:
            # Its own session: a ctrl-c in the terminal is the screen's alone to deal with.
            self._child = subprocess.Popen(
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=last_words,
                start_new_session=True,
            )

    def _mourn(self, code: int) -> float:
        """Say why it ended; seconds to wait before the next start."""
        if code == TAKEN:
            return LOOK_EVERY
        self._deaths = 1 if time.monotonic() - self._born > SETTLED_AFTER else self._deaths + 1
        how = f"signal {-code}" if code < 0 else f"exit {code}"
        wait = min(LONGEST_WAIT, 2.0 ** (self._deaths - 1))
        log.error("the collector ended (%s), start %d in %.0f s", how, self._deaths, wait)
        times = f", {self._deaths} times in a row" if self._deaths > 1 else ""
        self.words = f"ended ({how}){times}; starting it again. {self._reason()}".rstrip()
        return wait

    def _reason(self) -> str:
        """The last line that it left on its standard error."""
        from tui.feeds.safe_text import safe_text  # here: the first paint need not wait for it

        try:
            lines = self._last_words.read_text(encoding="utf-8", errors="replace").split("\n")
        except OSError as error:
            return f"What it said cannot be read: {error}"
        return safe_text(next((line for line in reversed(lines) if line.strip()), ""), 200)


def collector_command(config: Path | None, data: Path, extra: Sequence[str] = ()) -> list[str]:
    """Command line of a collector that ends with the process that starts it."""
    command = [sys.executable, "-m", "tui", "--data", str(data)]
    if config is not None:
        command += ["--config", str(config)]
    return [*command, "collect", "--parent", *extra]
