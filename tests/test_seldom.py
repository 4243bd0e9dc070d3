"""What fails each second is in the log once a minute, and drives nothing else out of it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import NoReturn

import pytest

from tests.loopback import Loopback
from tests.test_collector import _while_running
from tests.workbench import Workbench, hurry, until
from tui import seldom
from tui.clock import Clock
from tui.seldom import Seldom
from tui.store.connect import StoreError
from tui.store.writer import Writer


def test_the_same_words_are_due_once_in_so_many_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("time.monotonic", lambda: now)
    told = Seldom(60.0)
    assert told.due("disk", "full")
    assert not told.due("disk", "full")
    assert told.due("disk", "gone")
    now += 60.0
    assert told.due("disk", "full")


def test_words_that_are_never_the_same_do_not_add_up() -> None:
    told = Seldom(60.0)
    for number in range(seldom.MANY * 3):
        assert told.due(str(number))
    assert len(told._silent_until) <= seldom.MANY


def test_a_collector_complains_of_one_thing_once_a_minute_and_tries_on(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    hurry(monkeypatch)
    tries: list[str] = []

    def full(*_: object) -> NoReturn:
        tries.append("asked")
        raise StoreError("store s.db: disk is full", "free some space", fault="disk is full")

    monkeypatch.setattr(Writer, "requests", full)
    bench = Workbench(tmp_path, server)
    bench.watch("/a")
    asyncio.run(_while_running(bench, Clock(), lambda: until(lambda: len(tries) >= 5)))
    told = [record.getMessage() for record in caplog.records if "heard" in record.getMessage()]
    assert told == ["the screens can't be heard: disk is full: free some space"]
