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


async def test_a_dead_network_is_one_line_and_a_dead_host_is_its_feeds_fault(
    tmp_path: Path, server: Loopback
) -> None:
    bench = Workbench(tmp_path, server)
    bench.watch(*(f"/{number}" for number in range(5)))
    watch = load(bench.config)
    dead = [feed._replace(url=f"http://127.0.0.{2 + n}:9/rss") for n, feed in enumerate(watch.feeds)]
    told: list[str] = []
    hosts = tuple(f"127.0.0.{2 + n}" for n in range(5))
    policy = watch.fetch._replace(allow_hosts=(*watch.fetch.allow_hosts, *hosts))
    cut_off = watch._replace(feeds=tuple(dead), fetch=policy)
    assert await probe(cut_off, told.append, lambda *_: None) == 5
    assert [line.partition(" (")[0] for line in told] == ["FAULT  no server answers: the network is down"]
    server.serve("/0", document("One"))
    told.clear()
    some = cut_off._replace(feeds=(watch.feeds[0], *dead[1:]))
    assert await probe(some, told.append, lambda *_: None) == 4
    assert [line[:5] for line in told] == ["good ", *["FAULT"] * 4]


def test_a_bar_fills_as_feeds_are_done() -> None:
    assert bar(0, 4, "a").startswith("[......")
    assert bar(2, 4, "Naharnet") == f"[{'#' * 15}{'.' * 15}] 2/4 Naharnet"
    assert "." not in bar(4, 4, "a")
