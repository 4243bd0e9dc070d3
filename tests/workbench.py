"""What the tests of the collector work with: a server, a config, a data folder, and real processes."""

from __future__ import annotations

import asyncio
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Final, Self

import pytest

from tests.default_tagger import tagger_of
from tests.loopback import Loopback
from tui import paths
from tui.clock import Clock
from tui.collector import Summary, collect_once
from tui.config import load
from tui.model import FeedRecord, Heartbeat
from tui.store.connect import StoreError
from tui.store.reader import Reader

ROOT = str(Path(__file__).parents[1])
PACES: Final = {
    "tui.collector.service.BEAT_EVERY": 0.2,
    "tui.collector.service.LISTEN_EVERY": 0.05,
    "tui.collector.service.CONFIG_EVERY": 0.1,
    "tui.collector.service.LOOK_PACE": 0.2,
    "tui.collector.service.RING_EVERY": 0.1,
    "tui.collector.rounds.TICK": 0.05,
    "tui.collector.lock.LOOK_EVERY": 0.05,
}
"""Seconds of the machine between what a collector does; its own are five to twenty times as long."""
ENTRY = f"""
import sys
from pathlib import Path
from pkgutil import resolve_name
from tui.clock import Clock
from tui.collector import main
config, data, rate, *words = sys.argv[1:]
if "calm" not in words:
    for name, seconds in {PACES}.items():
        module, _, constant = name.rpartition(".")
        setattr(resolve_name(module), constant, seconds)
print("begins", flush=True)
clock = Clock(rate=float(rate))
sys.exit(main(Path(config), Path(data), clock, parent="parent" in words, wait="wait" in words))
"""
STRIKE = "Two killed in drone strike on a car near Naqoura"


def document(*items: str) -> bytes:
    """A feed with an entry for each of these titles."""
    body = "".join(f"<item><title>{item}</title><guid>{item}</guid></item>" for item in items)
    return f"<rss version='2.0'><channel><title>Desk</title>{body}</channel></rss>".encode()


class Workbench:
    """A server, a config and a data folder: what one collector has."""

    def __init__(self, folder: Path, server: Loopback) -> None:
        self.server = server
        self.config = folder / "feeds.toml"
        self.data = folder / "data"
        self.store = self.data / paths.STORE_NAME

    def watch(self, *feed_paths: str, every: str = "1m", **keys: str) -> None:
        """Write the config: one front, and a feed for each path."""
        text = '[watch]\ntitle = "Test"\n[fetch]\nallow_hosts = ["127.0.0.1"]\nper_host = 8\n'
        text += '[[fronts]]\nid = "south"\nname = "South"\nzone = "Asia/Beirut"\nterms = ["Naqoura"]\n'
        for path in feed_paths:
            text += f'[[feeds]]\nname = "{path}"\nurl = "{self.server.url(path)}"\npublisher = "{path}"\n'
            text += f'language = "en"\nreliability = "B"\nevery = "{keys.get(path.strip("/"), every)}"\n'
        beside = self.config.with_suffix(".new")
        beside.write_text(text)
        beside.replace(self.config)

    def once(self) -> Summary:
        return asyncio.run(collect_once(load(self.config), self.data, Clock()))

    def query(self, question: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(f"{self.store.as_uri()}?mode=ro", uri=True)) as db:
            return db.execute(question).fetchall()

    def titles(self) -> list[str]:
        return sorted(str(title) for (title,) in self.query("SELECT title FROM report"))

    def feed(self, path: str) -> FeedRecord:
        return next(record for record in self.feeds() if record.name == path)

    def feeds(self) -> list[FeedRecord]:
        with closing(Reader(self.store)) as reader:
            return reader.feeds()

    def heartbeat(self) -> Heartbeat | None:
        try:
            with closing(Reader(self.store)) as reader:
                return reader.heartbeat()
        except StoreError:  # a collector that starts has not made it yet
            return None

    def doing(self) -> str:
        heartbeat = self.heartbeat()
        return heartbeat.doing if heartbeat is not None else ""

    def collector(self, *words: str, rate: float = 1.0) -> Collector:
        """One in a process of its own; ``calm`` among the words: at its own paces."""
        return Collector(self, rate, words)


class Collector:
    """``main`` in a process of its own; use it as a context manager."""

    def __init__(self, bench: Workbench, rate: float, words: Sequence[str]) -> None:
        arguments = (str(bench.config), str(bench.data), str(rate), *words)
        self.process = subprocess.Popen(
            [sys.executable, "-c", ENTRY, *arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            cwd=ROOT,
        )

    def begins(self) -> None:
        """Return when it has been imported and begins."""
        assert self.process.stdout is not None
        assert self.process.stdout.readline() == b"begins\n"

    def ends(self, seconds: float = 30.0) -> int:
        """Its exit code, when it has ended."""
        return self.process.wait(seconds)

    def stop(self) -> int:
        self.process.terminate()
        return self.ends()

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.kill()
        for stream in (self.process.stdin, self.process.stdout, self.process.stderr):
            assert stream is not None
            stream.close()


def until(fulfilled: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for it; a collector needs a second or two to start."""
    end = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.02)


def hurry(patch: pytest.MonkeyPatch) -> None:
    """A collector that runs in this process does not wait either, nor build a tagger that there is."""
    patch.setattr("tui.collector.intake.Tagger", tagger_of)
    for name, seconds in PACES.items():
        patch.setattr(name, seconds)
