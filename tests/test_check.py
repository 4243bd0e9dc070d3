"""``frontwatch check``: what is wrong with each feed, and what can be mended."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.loopback import Loopback, Page
from tests.workbench import Workbench, document
from tui.check import bar, probe
from tui.config import load
from tui.feeds import health


async def test_faults_and_what_can_be_mended_are_told_in_the_watchs_order(
    tmp_path: Path, server: Loopback, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "SLOW", 0.3)
    bench = Workbench(tmp_path, server)
    server.serve("/good", document("One"))
    server.serve("/empty", document())
    server.serve("/slow", Page(document("One"), delay=0.5))
    server.serve("/moved", Page(status=301, headers={"Location": "/good"}))
    server.serve("/page", Page(b"<!doctype html><html><body>Sign in</body></html>", "text/html"))
    bench.watch("/good", "/moved", "/404", "/page", "/empty", "/slow")
    told: list[str] = []
    steps: list[tuple[int, int]] = []
    faults = await probe(load(bench.config), told.append, lambda done, total, _: steps.append((done, total)))
    assert faults == 2
    assert steps == [(number, 6) for number in range(1, 7)]
    assert told[:-1] == [
        "good   /good  1 entries",
        "good   /moved  1 entries",
        f"note   /moved  moved for good: put into feeds.toml {server.url('/good')}",
        f"FAULT  /404  404: no feed at this address  {server.url('/404')}",
        f"FAULT  /page  200 but no entry: page of HTML  {server.url('/page')}",
        "good   /empty  0 entries",
        "note   /empty  it answers, but without a single entry",
        "good   /slow  1 entries",
    ]
    assert told[-1].startswith("note   /slow  slow: ")


def test_a_bar_fills_as_feeds_are_done() -> None:
    assert bar(0, 4, "a").startswith("[......")
    assert bar(2, 4, "Naharnet") == f"[{'#' * 15}{'.' * 15}] 2/4 Naharnet"
    assert "." not in bar(4, 4, "a")
