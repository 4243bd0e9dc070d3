"""The collector as it is run: a real process, real HTTP, a real store, and real kills."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loopback import Loopback, Page
from tests.workbench import ENTRY, ROOT, STRIKE, Workbench, document, hurry, until
from tui import paths
from tui.clock import Clock
from tui.collector import Taken, run
from tui.feeds.health import DOWN
from tui.store.connect import StoreError
from tui.store.desk import Desk


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    hurry(monkeypatch)
    with Loopback() as server:
        yield Workbench(tmp_path, server)


def test_two_collectors_do_not_share_a_store(bench: Workbench) -> None:
    bench.watch("/a")
    with bench.collector():
        until(bench.heartbeat)
        with pytest.raises(Taken, match="another collector is at work"):
            bench.once()
        with bench.collector() as second:
            assert second.ends() == 3
            assert second.process.stderr is not None
            assert b"another collector is at work" in second.process.stderr.read()


def test_a_collector_that_waits_takes_over_from_one_that_was_killed(bench: Workbench) -> None:
    bench.watch("/a")
    with bench.collector() as first:
        until(bench.heartbeat)
        with bench.collector("wait") as second:
            second.begins()
            time.sleep(0.5)  # ten looks of it whether it may
            assert second.process.poll() is None
            beat = bench.heartbeat()
            assert beat is not None and beat.pid == first.process.pid
            first.kill()
            until(lambda: (now := bench.heartbeat()) is not None and now.pid == second.process.pid, 5.0)
            assert second.stop() == 0


def test_feeds_are_polled_on_their_schedule_and_what_is_new_is_stored(bench: Workbench) -> None:
    bench.server.serve("/a", document(STRIKE))
    bench.watch("/a")
    with bench.collector(rate=600.0) as collector:
        bench.server.wait_for("/a", 2)
        bench.server.serve("/a", document("Clash near Naqoura", STRIKE))
        until(lambda: len(bench.titles()) == 2)
        until(lambda: bench.doing() == "watching 1 feed")
        assert collector.stop() == 0
    [polls] = [bench.server.count("/a")]
    assert polls >= 3


def test_the_heartbeat_tells_the_clock_and_never_stops_for_a_heavy_document(bench: Workbench) -> None:
    bench.server.serve("/a", b"<rss version='2.0'><channel>" + b"<item><title>a</title></item>" * 60_000)
    bench.watch("/a")
    with bench.collector(rate=60.0):
        bench.server.wait_for("/a")
        until(bench.heartbeat)
        beats = set()

        def beats_on() -> bool:
            heartbeat = bench.heartbeat()
            assert heartbeat is not None
            beats.add(heartbeat.beat)
            assert heartbeat.rate == 60.0
            return len(beats) > 15  # for three seconds: the document takes longer

        until(beats_on)
    gaps = [late - early for early, late in zip(sorted(beats), sorted(beats)[1:], strict=False)]
    assert max(gaps) < 2.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_once_although_a_request_hangs(bench: Workbench, number: signal.Signals) -> None:
    bench.server.serve("/slow", Page(document("x"), delay=30.0))
    bench.watch("/slow")
    with bench.collector() as collector:
        bench.server.wait_for("/slow")
        started = time.monotonic()
        collector.process.send_signal(number)
        assert collector.ends() == 0
        assert time.monotonic() - started < 2.0


def test_a_collector_of_a_screen_stops_when_its_standard_input_ends(bench: Workbench) -> None:
    bench.server.serve("/slow", Page(document("x"), delay=30.0))
    bench.watch("/slow")
    with bench.collector("parent") as collector:
        bench.server.wait_for("/slow")
        assert collector.process.stdin is not None
        collector.process.stdin.close()
        started = time.monotonic()
        assert collector.ends() == 0
        assert time.monotonic() - started < 2.0


SCREEN = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", *sys.argv[1:]], stdin=subprocess.PIPE)
print(child.pid, flush=True)
child.wait()
"""


def test_a_collector_ends_with_a_screen_that_was_killed(bench: Workbench) -> None:
    bench.watch("/a")
    arguments = [ENTRY, str(bench.config), str(bench.data), "1", "parent"]
    command = [sys.executable, "-c", SCREEN, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as screen:
        assert screen.stdout is not None
        pid = int(screen.stdout.readline())
        until(bench.heartbeat)
        screen.kill()
    until(lambda: not _alive(pid), 5.0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("kills", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_kills_while_it_writes_lose_nothing_and_double_nothing(bench: Workbench, kills: int) -> None:
    """Every look at a feed finds more in it; whatever was told before a kill is there at the end, once."""
    feeds = [f"/{number}" for number in range(8)]
    bench.watch(*feeds)
    told = 0

    def tell_more() -> None:
        nonlocal told
        told += 25
        for path in feeds:
            bench.server.serve(path, document(*(f"{STRIKE} {n}, {path}" for n in range(told))))

    tell_more()
    for number in range(kills):
        asked = len(bench.server.asked)
        with bench.collector(rate=600.0) as collector:
            until(lambda asked=asked: len(bench.server.asked) > asked + 10)  # type: ignore[misc]  # a default
            tell_more()
            time.sleep(0.05 + 0.037 * (number % 11))
            collector.kill()
    bench.once()
    expected = sorted(f"{STRIKE} {n}, {path}" for n in range(told) for path in feeds)
    assert bench.titles() == expected
    assert bench.query("PRAGMA integrity_check") == [("ok",)]
    wrong = """
        SELECT i.id FROM incident i LEFT JOIN report r ON r.incident = i.id
        GROUP BY i.id HAVING i.reports <> count(r.key)
    """
    assert bench.query(wrong) == []
    assert bench.query("SELECT key FROM report WHERE incident NOT IN (SELECT id FROM incident)") == []


def test_a_restart_makes_no_burst(bench: Workbench) -> None:
    feeds = [f"/{number}" for number in range(10)]
    for path in feeds:
        bench.server.serve(path, document("One"))
    bench.watch(*feeds, every="1h")
    bench.once()
    with bench.collector():
        until(lambda: bench.doing().startswith("watching"))
        time.sleep(1.0)
    assert len(bench.server.asked) == 10


def test_a_poll_that_is_asked_for_comes_at_once(bench: Workbench) -> None:
    for path in ("/a", "/b"):
        bench.server.serve(path, document("One"))
    bench.watch("/a", "/b", every="1h")
    bench.once()
    with bench.collector():
        until(lambda: bench.doing().startswith("watching"))
        with closing(Desk(bench.store)) as people:
            people.ask_poll(bench.server.url("/a"), "ann", Clock().now())
            bench.server.wait_for("/a", 2)
            assert bench.server.count("/b") == 1
            people.ask_poll(None, "ann", Clock().now())
            bench.server.wait_for("/a", 3)
            bench.server.wait_for("/b", 2)


def test_a_changed_config_is_taken_up_and_a_faulty_one_told_while_the_old_goes_on(bench: Workbench) -> None:
    for path in ("/a", "/b"):
        bench.server.serve(path, document(f"News of {path}"))
    bench.watch("/a")
    with bench.collector(rate=600.0) as collector:
        bench.server.wait_for("/a")
        good = bench.config.read_text()
        bench.config.write_text(good.replace("Asia/Beirut", "Asia/Nowhere"))
        until(lambda: bench.doing().startswith("config: "))
        assert "feeds.toml line" in bench.doing()
        asked = bench.server.count("/a")
        bench.server.wait_for("/a", asked + 2)
        bench.watch("/b")
        bench.server.wait_for("/b")
        until(lambda: bench.doing() == "watching 1 feed")
        until(lambda: "News of /b" in bench.titles())
        asked = bench.server.count("/a")
        bench.server.wait_for("/b", bench.server.count("/b") + 2)
        assert bench.server.count("/a") == asked
        assert collector.stop() == 0
    assert [record.name for record in bench.feeds()] == ["/b"]


def test_a_faulty_config_at_the_start_is_told_with_every_fault(bench: Workbench) -> None:
    bench.watch("/a")
    bench.config.write_text(bench.config.read_text().replace("Asia/Beirut", "Asia/Nowhere") + "unknown = 1\n")
    with bench.collector() as collector:
        assert collector.ends() == 1
        assert collector.process.stderr is not None
        words = collector.process.stderr.read().decode()
    assert "Asia/Nowhere" in words
    assert "unknown" in words
    assert "Traceback" not in words


def test_a_store_that_is_none_is_told_kept_and_a_new_one_begun(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    bench.data.mkdir()
    bench.store.write_bytes(b"somebody's letters" * 100)
    with bench.collector() as collector:
        until(lambda: bench.heartbeat() is not None and bench.titles() == ["One"])
        assert collector.stop() == 0
        assert collector.process.stderr is not None
        words = collector.process.stderr.read().decode()
    (kept,) = bench.data.glob("frontwatch-damaged-*.db")
    assert kept.read_bytes() == b"somebody's letters" * 100
    assert kept.name in words
    assert "Traceback" not in words


def test_what_the_store_cannot_take_is_told_and_stored_when_it_can(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    bench.once()
    with closing(sqlite3.connect(bench.store)) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
        db.commit()
    bench.server.serve("/a", document("Two", "One"))
    with pytest.raises(StoreError, match="disk is full"):
        bench.once()
    with bench.collector(rate=600.0) as collector:
        until(lambda: "disk is full: free some space" in bench.doing())
        assert bench.titles() == ["One"]
        with closing(sqlite3.connect(bench.store)) as db:
            db.execute("DROP TRIGGER full")
        until(lambda: bench.titles() == ["One", "Two"])
        until(lambda: bench.doing() == "watching 1 feed")
        assert collector.stop() == 0


def test_a_folder_that_cannot_be_had_is_told(bench: Workbench) -> None:
    bench.watch("/a")
    bench.data.write_text("a file stands in its place")
    with pytest.raises(StoreError, match="choose another folder with --data"):
        bench.once()
    with bench.collector() as collector:
        assert collector.ends() == 1
        assert collector.process.stderr is not None
        assert b"choose another folder with --data" in collector.process.stderr.read()


def test_nothing_it_writes_can_be_read_by_others(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    umask = os.umask(0)
    try:
        with bench.collector() as collector:
            bench.server.wait_for("/a")
            until(bench.titles)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in bench.data.iterdir()}
            assert collector.stop() == 0
    finally:
        os.umask(umask)
    assert {paths.STORE_NAME, paths.LOCK_NAME, paths.LOG_NAME} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(bench.data.stat().st_mode) == 0o700


def test_the_log_tells_of_a_fault_once_and_of_its_end(bench: Workbench) -> None:
    bench.server.serve("/a", Page(status=500))
    bench.watch("/a")
    with bench.collector(rate=600.0) as collector:
        bench.server.wait_for("/a", 3)
        bench.server.serve("/a", document("One"))
        until(bench.titles)
        assert collector.stop() == 0
    log = (bench.data / paths.LOG_NAME).read_text()
    assert log.count("/a: 500: the server has a fault of its own") == 1
    assert log.count("/a: good again") == 1
    assert json.loads(log.splitlines()[-1])["message"] == "the collector has stopped"


async def _while_running(bench: Workbench, clock: Clock, story: Callable[[], None]) -> None:
    """``story`` told in a thread while a collector runs here."""
    stop = asyncio.Event()
    running = asyncio.create_task(run(bench.config, bench.data, clock, stop=stop))
    try:
        await asyncio.to_thread(story)
    finally:
        stop.set()
        await running


def test_after_a_sleep_what_is_overdue_is_polled_without_a_stampede(
    bench: Workbench,
) -> None:
    feeds = [f"/{number}" for number in range(12)]
    for path in feeds:
        bench.server.serve(path, document("One"))
    bench.watch(*feeds, every="1h")
    clock = Clock()

    def all_are_polled() -> bool:
        polled = [abs((record.last_poll or 0.0) - clock.now()) < 600.0 for record in bench.feeds()]
        return polled == [True] * 12

    def story() -> None:
        until(bench.heartbeat)
        until(all_are_polled)
        clock.origin += 8 * 3600.0
        asked = len(bench.server.asked)
        until(lambda: len(bench.server.asked) > asked)
        started = time.monotonic()
        until(all_are_polled)
        assert time.monotonic() - started > 0.4
        clock.origin -= 24 * 3600.0
        until(all_are_polled)

    asyncio.run(_while_running(bench, clock, story))
    assert [bench.server.count(path) for path in feeds] == [3] * 12


def test_a_lost_network_is_no_feeds_fault_and_when_it_is_back_nothing_waits_for_its_back_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    monkeypatch.setattr("tui.collector.rounds.PROBE_EVERY", 0.2)
    with Loopback() as away:
        pass  # its port is free again: nothing listens there
    bench = Workbench(tmp_path, away)
    bench.watch("/quick", "/1", "/2", "/3", every="7d", quick="1m")

    def story() -> None:
        until(lambda: bench.doing().startswith("network down since "))
        assert bench.doing().endswith("Z: no server can be reached")
        heartbeat = bench.heartbeat()
        assert heartbeat is not None and heartbeat.network == DOWN
        until(lambda: not any(record.error or record.failures for record in bench.feeds()))
        server = Loopback(port=away.port)
        for path in ("/quick", "/1", "/2", "/3"):
            server.serve(path, document("One"))  # before it answers: a probe comes soon, and 404 is an answer
        with server:
            for path in ("/quick", "/1", "/2", "/3"):
                server.wait_for(path)
            until(lambda: all(record.answers for record in bench.feeds()))
            until(lambda: "down" not in bench.doing())

    asyncio.run(_while_running(bench, Clock(rate=60.0), story))
