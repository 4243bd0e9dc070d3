"""A real terminal for the tests: tmux, with its own server, driven by keys and read by its screen."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Self

import pytest

needs_tmux = pytest.mark.skipif(shutil.which("tmux") is None, reason="tmux is not installed here")


class Terminal:
    """One tmux session of one window."""

    def __init__(self, folder: Path, size: tuple[int, int], environment: Mapping[str, str]) -> None:
        self._socket = str(folder / "tmux.sock")
        self._environment = dict(environment)
        self._size = size

    def start(self, command: Sequence[str]) -> Self:
        """Run a command in the window; the window stays when the command ends."""
        width, height = self._size
        settings = [f"{name}={value}" for name, value in self._environment.items()]
        line = shlex.join(["env", *settings, *command])
        self._tmux("-f", "/dev/null", "new-session", "-d", "-x", str(width), "-y", str(height), line)
        self._tmux("set-option", "-g", "remain-on-exit", "on")
        return self

    def press(self, *keys: str) -> None:
        """Type keys, as tmux names them."""
        self._tmux("send-keys", *keys)

    def resize(self, width: int, height: int) -> None:
        """Make the window another size."""
        self._tmux("resize-window", "-x", str(width), "-y", str(height))

    def screen(self) -> str:
        """What stands in the window."""
        return self._tmux("capture-pane", "-p")

    def said(self) -> str:
        """What the command has left, with what has scrolled away, on one line."""
        lines = self._tmux("capture-pane", "-p", "-J", "-S", "-").splitlines()
        return " ".join(line.strip() for line in lines if line.strip())

    def coloured(self) -> str:
        """What stands in the window, with the escape sequences that colour it."""
        return self._tmux("capture-pane", "-p", "-e")

    @property
    def socket(self) -> str:
        """Where the server of the session listens, for another client."""
        return self._socket

    def follow_size(self) -> None:
        """Be as large as the client that is attached."""
        self._tmux("set-option", "-g", "window-size", "latest")

    def until(self, holds: Callable[[str], bool], seconds: float = 60.0) -> str:
        """Wait until the screen is so; the screen."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            screen = self.screen()
            if holds(screen):
                return screen
            time.sleep(0.06)
        raise AssertionError(f"still not so after {seconds} s:\n{self.screen()}")

    def dead(self) -> bool:
        """Whether the command has ended."""
        return self._tmux("list-panes", "-F", "#{pane_dead}").strip() == "1"

    def exit_code(self) -> int:
        """What the command ended with."""
        return int(self._tmux("list-panes", "-F", "#{pane_dead_status}").strip() or 0)

    def pid(self) -> int:
        """Process id of the command."""
        return int(self._tmux("list-panes", "-F", "#{pane_pid}").strip())

    def modes(self) -> str:
        """Whether the terminal is left in the alternate screen, and with the mouse caught."""
        return self._tmux("list-panes", "-F", "#{alternate_on} #{mouse_any_flag}").strip()

    def close(self) -> None:
        """End the session and its server."""
        subprocess.run(["tmux", "-S", self._socket, "kill-server"], capture_output=True, check=False)

    def _tmux(self, *words: str) -> str:
        # Not the process's own environment: readline, which pytest loads, puts COLUMNS and LINES there.
        environment = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
        done = subprocess.run(
            ["tmux", "-S", self._socket, *words], capture_output=True, text=True, check=True, env=environment
        )
        return done.stdout
