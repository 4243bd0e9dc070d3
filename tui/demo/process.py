"""The demo server in a process of its own, so that it never takes time from the screen's."""

from __future__ import annotations

import subprocess
from types import TracebackType
from typing import Self

from tui import spawn
from tui.clock import Clock


class DemoProcess:
    """``python -m tui.demo`` as a child: it ends when it is closed, and also when this process dies."""

    def __init__(self, clock: Clock) -> None:
        self._child = subprocess.Popen(
            [*spawn.command("tui.demo"), repr(clock.origin), repr(clock.anchor), repr(clock.rate)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=spawn.environment(),
        )
        assert self._child.stdout is not None
        line = self._child.stdout.readline()
        if not line:
            raise OSError(f"the demo's feed server did not start (exit code {self._child.wait()})")
        self.port = int(line)

    def close(self) -> None:
        """Let it end and wait until it has."""
        self._child.communicate()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
