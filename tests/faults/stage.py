"""What the scripts of this package have in common: a watch, its processes, and a terminal to look at them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Final, Self

from tests.faults.publisher import Publisher
from tests.terminal import Terminal
from tui import paths
from tui.clock import Clock
from tui.model import Heartbeat
from tui.store.connect import StoreError
from tui.store.reader import Reader

ROOT: Final = str(Path(__file__).parents[2])
INITIALS: Final = "KIL"
"""Who sits at the screens."""
RATE: Final = 120.0
"""Of the clock: feeds that are polled each minute are polled twice a second."""


class Stage:
    """One watch in a folder of its own; use it as a context manager: every process of it ends with it."""

    def __init__(self, folder: Path, *, data: Path | None = None, rate: float = RATE) -> None:
        self.folder = folder
        self.config = folder / "feeds.toml"
        self.data = data or folder / "data"
        self.store = self.data / paths.STORE_NAME
        self.clock = Clock(rate=rate)
        self.home = folder / "home"
        memory = self.home / ".local/state/frontwatch" / paths.MEMORY_NAME
        memory.parent.mkdir(parents=True, exist_ok=True)
        memory.write_text(json.dumps({"initials": INITIALS, "welcomed": True}))
        self.environment = {
            **{name: value for name, value in os.environ.items() if name in ("PATH", "VIRTUAL_ENV")},
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "PYTHONPATH": ROOT,
            "COLORTERM": "truecolor",
        }
        self._terminals: list[Terminal] = []
        self._processes: list[subprocess.Popen[bytes]] = []

    def watch(self, urls: Mapping[str, str], *, allow: Sequence[str] = ("127.0.0.1",)) -> None:
        """Write the config: two fronts, and a feed for each name and address."""
        text = f'[watch]\ntitle = "Fault watch"\n[fetch]\nallow_hosts = {json.dumps(list(allow))}\n'
        text += "per_host = 8\nadaptive = false\n"
        text += '[[fronts]]\nid = "south"\nname = "South"\nzone = "Asia/Beirut"\n'
        text += 'lexicons = ["lebanon-border"]\n[[fronts]]\nid = "sea"\nname = "Sea"\nzone = "Asia/Aden"\n'
        text += 'lexicons = ["yemen"]\n'
        for name, url in urls.items():
            text += f'[[feeds]]\nname = "{name}"\nurl = "{url}"\npublisher = "{name}"\nlanguage = "en"\n'
            text += 'reliability = "B"\nevery = "1m"\n'
        beside = self.config.with_suffix(".new")
        beside.write_text(text)
        beside.replace(self.config)

    def watch_publisher(self, publisher: Publisher, hosts: Sequence[str] = ("127.0.0.1",)) -> None:
        """Write a config with the feeds of a publisher, that lives at these hosts in turn."""
        self.watch(
            {
                path: f"http://{hosts[number % len(hosts)]}:{publisher.port}{path}"
                for number, path in enumerate(publisher.paths)
            },
            allow=hosts,
        )

    @property
    def clock_words(self) -> str:
        """The clock as a screen tells its collector."""
        return f"{self.clock.origin!r}:{self.clock.anchor!r}:{self.clock.rate!r}"

    def collector(self, before: Sequence[str] = (), **environment: str) -> subprocess.Popen[bytes]:
        """A collector alone, that ends with us; ``before``: the command that runs it."""
        own = [sys.executable, "-m", "tui", "--config", str(self.config), "--data", str(self.data)]
        process = subprocess.Popen(
            [*before, *own, "collect", "--parent", "--clock", self.clock_words],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            env=self.environment | environment,
        )
        self._processes.append(process)
        return process

    def screen(
        self,
        size: tuple[int, int] = (120, 30),
        *,
        before: Sequence[str] = (),
        name: str = "a",
        own: Sequence[str] = (),
        environment: Mapping[str, str] | None = None,
    ) -> Terminal:
        """A dashboard in a terminal, with a collector of its own unless one is there.

        ``own``: the words of the command, after ``python``, in place of the usual ones.
        """
        folder = Path(tempfile.mkdtemp(prefix=f"terminal-{name}-", dir=self.folder))
        terminal = Terminal(folder, size, {**self.environment, **(environment or {})})
        self._terminals.append(terminal)
        usual = ["-m", "tests.faults.screen", str(self.config), str(self.data), self.clock_words]
        return terminal.start([*before, sys.executable, *(own or usual)])

    def heartbeat(self) -> Heartbeat | None:
        """The last sign of life of any collector."""
        with suppress(StoreError), closing(Reader(self.store)) as reader:
            return reader.heartbeat()
        return None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for terminal in self._terminals:
            with suppress(subprocess.CalledProcessError, ProcessLookupError):
                os.kill(terminal.pid(), 9)
            terminal.close()
        heartbeat = self.heartbeat()  # of a screen's collector, which ends when it sees that the screen has
        if heartbeat is not None and heartbeat.pid not in [process.pid for process in self._processes]:
            until(lambda: gone(heartbeat.pid), 15.0, "a collector outlived its screen")
        for process in self._processes:
            process.kill()
            process.wait()
            if process.stdin is not None:
                process.stdin.close()


def until(holds: Callable[[], object], seconds: float = 30.0, what: str = "it did not happen") -> None:
    """Wait for it; raises AssertionError with ``what``."""
    end = time.monotonic() + seconds
    while not holds():
        if time.monotonic() > end:
            raise AssertionError(f"{what} (waited {seconds:g} s)")
        time.sleep(0.02)


def gone(pid: int) -> bool:
    """Whether no such process runs any more."""
    try:
        words = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return True
    return words.rpartition(")")[2].split()[0] == "Z"


def head(screen: str, lines: int = 2) -> str:
    """The top lines of a screen, in which a fault is told."""
    return "\n".join(line.rstrip() for line in screen.splitlines()[:lines])
