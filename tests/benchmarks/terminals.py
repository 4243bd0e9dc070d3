"""A program in a pseudo-terminal, for benchmarks: what it writes, when, and what it costs."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import termios
import time
from collections.abc import Sequence
from pathlib import Path
from types import TracebackType
from typing import Self


class Program:
    """A program that believes it is in a terminal of 200 by 50 cells."""

    def __init__(self, command: Sequence[str]) -> None:
        self._main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
        environment = {**os.environ, "TERM": "xterm-256color", "COLORTERM": "truecolor"}
        self.started = time.perf_counter()
        self._child = subprocess.Popen(
            command, stdin=side, stdout=side, stderr=side, env=environment, start_new_session=True
        )
        os.close(side)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        os.killpg(self._child.pid, signal.SIGKILL)
        self._child.wait()
        os.close(self._main)

    def read(self, seconds: float) -> bytes:
        """What it writes next; empty when it writes nothing for so long."""
        ready, _, _ = select.select([self._main], [], [], seconds)
        return os.read(self._main, 65_536) if ready else b""

    def until(self, marker: bytes, seconds: float = 60.0) -> float:
        """Read until the marker has come; seconds since the program was started."""
        seen = b""
        while marker not in seen:
            piece = self.read(seconds)
            if not piece:
                raise TimeoutError(f"{marker!r} did not come in {seconds} s: {seen[-500:]!r}")
            seen += piece
        return time.perf_counter() - self.started

    def drain(self, quiet: float) -> int:
        """Read until nothing comes for so many seconds; bytes read."""
        count = 0
        while piece := self.read(quiet):
            count += len(piece)
        return count

    def press(self, key: bytes) -> None:
        """Type."""
        os.write(self._main, key)

    def cpu_seconds(self) -> float:
        """User and system time of the program itself, its children left out (Linux)."""
        line = Path(f"/proc/{self._child.pid}/stat").read_text(encoding="ascii")
        fields = line.rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def keys(program: Program, count: int) -> list[float]:
    """Press down and up by turns; milliseconds from each key to the first byte of the answer."""
    took = []
    for number in range(count):
        program.drain(0.02)
        started = time.perf_counter()
        program.press(b"\x1b[B" if number % 8 < 4 else b"\x1b[A")
        if not program.read(1.0):
            continue
        took.append((time.perf_counter() - started) * 1000)
        time.sleep(0.05)
    return took
