"""The collector as it is run: a real process, real HTTP, a real store, and real kills."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Self

import pytest

from tests.loopback import Loopback, Page
from tui import paths
from tui.clock import Clock
from tui.collector import Summary, Taken, collect_once, run
from tui.config import load
from tui.model import FeedRecord, Heartbeat
from tui.store.connect import StoreError
from tui.store.desk import Desk
from tui.store.reader import Reader

ROOT = str(Path(__file__).parents[1])
ENTRY = """
import sys
from pathlib import Path
from tui.clock import Clock
from tui.collector import main
config, data, rate, *words = sys.argv[1:]
clock = Clock(rate=float(rate))
sys.exit(main(Path(config), Path(data), clock, parent="parent" in words, wait="wait" in words))
"""


def document(*items: str) -> bytes:
    """A feed with an entry for each of these titles."""
    body = "".join(f"<item><title>{item}</title><guid>{item}</guid></item>" for item in items)
    return f"<rss version='2.0'><channel><title>Desk</title>{body}</channel></rss>".encode()


STRIKE = "Two killed in drone strike on a car near Naqoura"


class Desktop:
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
        return Collector(self, rate, words)


class Collector:
    """``main`` in a process of its own; use it as a context manager."""

    def __init__(self, desktop: Desktop, rate: float, words: Sequence[str]) -> None:
        arguments = (str(desktop.config), str(desktop.data), str(rate), *words)
        self.process = subprocess.Popen(
            [sys.executable, "-c", ENTRY, *arguments], stdin=subprocess.PIPE, stderr=subprocess.PIPE, cwd=ROOT
        )

    def ends(self, seconds: float = 10.0) -> int:
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
        for stream in (self.process.stdin, self.process.stderr):
            assert stream is not None
            stream.close()


def until(fulfilled: Callable[[], object], seconds: float = 20.0) -> None:
    """Wait for it; a collector needs a second or two to start."""
    end = time.monotonic() + seconds
    while not fulfilled():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desktop]:
    with Loopback() as server:
        yield Desktop(tmp_path, server)


def test_two_hundred_feeds_are_fetched_and_the_second_time_all_are_unchanged(desk: Desktop) -> None:
    feeds = [f"/{number}" for number in range(200)]
    for path in feeds:
        desk.server.serve(path, document(f"{STRIKE}, says {path}", f"Fog over the harbour {path}"))
    desk.watch(*feeds)
    first = desk.once()
    assert (first.feeds, first.ok, first.not_modified, first.failed) == (200, 200, 0, 0)
    assert (first.entries, first.new_reports) == (400, 400)
    assert first.incidents >= 1
    second = desk.once()
    assert (second.feeds, second.ok, second.not_modified, second.failed) == (200, 0, 200, 0)
    assert (second.entries, second.new_reports, second.incidents) == (0, 0, 0)
    assert desk.server.statuses == {200: 200, 304: 200}
    assert len(desk.titles()) == 400


def test_the_summary_has_the_fields_that_scripts_read(desk: Desktop) -> None:
    desk.watch("/a")
    names = ["feeds", "ok", "not_modified", "failed", "entries", "new_reports", "incidents", "seconds"]
    assert list(desk.once().as_dict()) == names


def test_progress_tells_each_feed(desk: Desktop) -> None:
    desk.server.serve("/a", document("One", "Two"))
    desk.watch("/a", "/missing")
    told: list[str] = []
    asyncio.run(collect_once(load(desk.config), desk.data, Clock(), told.append))
    assert sorted(line.partition(" ")[2] for line in told) == [
        "/a: 2 entries, 2 new",
        "/missing: 404: no feed at this address",
    ]


def test_a_body_that_is_the_same_without_any_validator_is_not_read_again(desk: Desktop) -> None:
    desk.server.serve("/a", Page(document("One"), etag=None))
    desk.watch("/a")
    assert desk.once().entries == 1
    again = desk.once()
    assert (again.ok, again.not_modified, again.entries) == (1, 0, 0)
    assert desk.feed("/a").entries == 1


def test_an_entry_that_came_before_is_not_told_twice(desk: Desktop) -> None:
    desk.server.serve("/a", document("One"))
    desk.watch("/a")
    desk.once()
    desk.server.serve("/a", document("Two", "One"))
    again = desk.once()
    assert (again.entries, again.new_reports) == (2, 1)
    assert desk.titles() == ["One", "Two"]


def test_a_failure_is_recorded_in_words_and_the_next_success_clears_it(desk: Desktop) -> None:
    desk.server.serve("/a", document("One"))
    desk.watch("/a")
    desk.once()
    good = desk.feed("/a")
    assert (good.failures, good.error, good.failing_since, good.last_ok) == (0, "", None, good.last_poll)
    desk.server.serve("/a", Page(status=503, headers={"Retry-After": "7200"}))
    desk.once()
    desk.once()
    bad = desk.feed("/a")
    assert (bad.failures, bad.error) == (2, "503: the server is not available now")
    assert bad.last_ok == good.last_ok
    assert bad.last_poll is not None and bad.failing_since is not None and bad.next_poll is not None
    assert good.last_poll is not None and good.last_poll < bad.failing_since < bad.last_poll
    assert bad.next_poll - bad.last_poll == pytest.approx(7200)
    assert (bad.etag, bad.digest, bad.entries) == (good.etag, good.digest, 1)
    desk.server.serve("/a", document("One"))
    assert desk.once().not_modified == 1
    assert (desk.feed("/a").failures, desk.feed("/a").error, desk.feed("/a").failing_since) == (0, "", None)


def test_no_304_to_a_page_that_was_no_feed_passes_for_good(desk: Desktop) -> None:
    desk.server.serve("/a", Page(b"<!doctype html><title>Log in</title>", content_type="text/html"))
    desk.watch("/a")
    for _ in range(2):
        assert desk.once().failed == 1
    assert desk.feed("/a").error == "a page of HTML, not a feed"
    assert desk.server.statuses == {200: 2}


def test_two_collectors_do_not_share_a_store(desk: Desktop) -> None:
    desk.watch("/a")
    with desk.collector():
        until(desk.heartbeat)
        with pytest.raises(Taken, match="another collector is at work"):
            desk.once()
        with desk.collector() as second:
            assert second.ends() == 3
            assert second.process.stderr is not None
            assert b"another collector is at work" in second.process.stderr.read()


def test_a_collector_that_waits_takes_over_from_one_that_was_killed(desk: Desktop) -> None:
    desk.watch("/a")
    with desk.collector() as first:
        until(desk.heartbeat)
        with desk.collector("wait") as second:
            time.sleep(2.0)
            assert second.process.poll() is None
            beat = desk.heartbeat()
            assert beat is not None and beat.pid == first.process.pid
            first.kill()
            until(lambda: (now := desk.heartbeat()) is not None and now.pid == second.process.pid, 5.0)
            assert second.stop() == 0


def test_feeds_are_polled_on_their_schedule_and_what_is_new_is_stored(desk: Desktop) -> None:
    desk.server.serve("/a", document(STRIKE))
    desk.watch("/a")
    with desk.collector(rate=600.0) as collector:
        desk.server.wait_for("/a", 2)
        desk.server.serve("/a", document("Clash near Naqoura", STRIKE))
        until(lambda: len(desk.titles()) == 2)
        until(lambda: desk.doing() == "watching 1 feed")
        assert collector.stop() == 0
    [polls] = [desk.server.count("/a")]
    assert polls >= 3


def test_the_heartbeat_tells_the_clock_and_never_stops_for_a_heavy_document(desk: Desktop) -> None:
    desk.server.serve("/a", b"<rss version='2.0'><channel>" + b"<item><title>a</title></item>" * 60_000)
    desk.watch("/a")
    with desk.collector(rate=60.0):
        until(desk.heartbeat)
        beats = set()
        end = time.monotonic() + 5.0
        while time.monotonic() < end:
            heartbeat = desk.heartbeat()
            assert heartbeat is not None
            beats.add(heartbeat.beat)
            assert heartbeat.rate == 60.0
            time.sleep(0.1)
    gaps = [late - early for early, late in zip(sorted(beats), sorted(beats)[1:], strict=False)]
    assert gaps
    assert max(gaps) < 4.0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_it_at_once_although_a_request_hangs(desk: Desktop, number: signal.Signals) -> None:
    desk.server.serve("/slow", Page(document("x"), delay=30.0))
    desk.watch("/slow")
    with desk.collector() as collector:
        desk.server.wait_for("/slow")
        started = time.monotonic()
        collector.process.send_signal(number)
        assert collector.ends() == 0
        assert time.monotonic() - started < 2.0


def test_a_collector_of_a_screen_stops_when_its_standard_input_ends(desk: Desktop) -> None:
    desk.server.serve("/slow", Page(document("x"), delay=30.0))
    desk.watch("/slow")
    with desk.collector("parent") as collector:
        desk.server.wait_for("/slow")
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


def test_a_collector_ends_with_a_screen_that_was_killed(desk: Desktop) -> None:
    desk.watch("/a")
    arguments = [ENTRY, str(desk.config), str(desk.data), "1", "parent"]
    command = [sys.executable, "-c", SCREEN, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT) as screen:
        assert screen.stdout is not None
        pid = int(screen.stdout.readline())
        until(desk.heartbeat)
        screen.kill()
    until(lambda: not _alive(pid), 5.0)


def _alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("kills", [3, pytest.param(60, marks=pytest.mark.slow)])
def test_kills_while_it_writes_lose_nothing_and_double_nothing(desk: Desktop, kills: int) -> None:
    """Every look at a feed finds more in it; whatever was told before a kill is there at the end, once."""
    feeds = [f"/{number}" for number in range(8)]
    desk.watch(*feeds)
    told = 0

    def tell_more() -> None:
        nonlocal told
        told += 25
        for path in feeds:
            desk.server.serve(path, document(*(f"{STRIKE} {n}, {path}" for n in range(told))))

    tell_more()
    for number in range(kills):
        asked = len(desk.server.asked)
        with desk.collector(rate=600.0) as collector:
            until(lambda asked=asked: len(desk.server.asked) > asked + 10)  # type: ignore[misc]  # a default
            tell_more()
            time.sleep(0.05 + 0.037 * (number % 11))
            collector.kill()
    desk.once()
    expected = sorted(f"{STRIKE} {n}, {path}" for n in range(told) for path in feeds)
    assert desk.titles() == expected
    assert desk.query("PRAGMA integrity_check") == [("ok",)]
    wrong = """
        SELECT i.id FROM incident i LEFT JOIN report r ON r.incident = i.id
        GROUP BY i.id HAVING i.reports <> count(r.key)
    """
    assert desk.query(wrong) == []
    assert desk.query("SELECT key FROM report WHERE incident NOT IN (SELECT id FROM incident)") == []


def test_a_restart_makes_no_burst(desk: Desktop) -> None:
    feeds = [f"/{number}" for number in range(10)]
    for path in feeds:
        desk.server.serve(path, document("One"))
    desk.watch(*feeds, every="1h")
    desk.once()
    with desk.collector():
        until(lambda: desk.doing().startswith("watching"))
        time.sleep(1.0)
    assert len(desk.server.asked) == 10


def test_a_poll_that_is_asked_for_comes_at_once(desk: Desktop) -> None:
    for path in ("/a", "/b"):
        desk.server.serve(path, document("One"))
    desk.watch("/a", "/b", every="1h")
    desk.once()
    with desk.collector():
        until(lambda: desk.doing().startswith("watching"))
        with closing(Desk(desk.store)) as people:
            people.ask_poll(desk.server.url("/a"), "ann", Clock().now())
            desk.server.wait_for("/a", 2)
            assert desk.server.count("/b") == 1
            people.ask_poll(None, "ann", Clock().now())
            desk.server.wait_for("/a", 3)
            desk.server.wait_for("/b", 2)


def test_a_changed_config_is_taken_up_and_a_faulty_one_told_while_the_old_goes_on(desk: Desktop) -> None:
    for path in ("/a", "/b"):
        desk.server.serve(path, document(f"News of {path}"))
    desk.watch("/a")
    with desk.collector(rate=600.0) as collector:
        desk.server.wait_for("/a")
        good = desk.config.read_text()
        desk.config.write_text(good.replace("Asia/Beirut", "Asia/Nowhere"))
        until(lambda: desk.doing().startswith("config: "))
        assert "feeds.toml line" in desk.doing()
        asked = desk.server.count("/a")
        desk.server.wait_for("/a", asked + 2)
        desk.watch("/b")
        desk.server.wait_for("/b")
        until(lambda: desk.doing() == "watching 1 feed")
        until(lambda: "News of /b" in desk.titles())
        asked = desk.server.count("/a")
        desk.server.wait_for("/b", desk.server.count("/b") + 2)
        assert desk.server.count("/a") == asked
        assert collector.stop() == 0
    assert [record.name for record in desk.feeds()] == ["/b"]


def test_a_faulty_config_at_the_start_is_told_with_every_fault(desk: Desktop) -> None:
    desk.watch("/a")
    desk.config.write_text(desk.config.read_text().replace("Asia/Beirut", "Asia/Nowhere") + "unknown = 1\n")
    with desk.collector() as collector:
        assert collector.ends() == 1
        assert collector.process.stderr is not None
        words = collector.process.stderr.read().decode()
    assert "Asia/Nowhere" in words
    assert "unknown" in words
    assert "Traceback" not in words


def test_a_store_that_is_none_is_told_and_left_as_it_is(desk: Desktop) -> None:
    desk.watch("/a")
    desk.data.mkdir()
    desk.store.write_bytes(b"somebody's letters" * 100)
    with desk.collector() as collector:
        assert collector.ends() == 1
        assert collector.process.stderr is not None
        words = collector.process.stderr.read().decode()
    assert str(desk.store) in words
    assert "Traceback" not in words
    assert desk.store.read_bytes() == b"somebody's letters" * 100


def test_what_the_store_cannot_take_is_told_and_stored_when_it_can(desk: Desktop) -> None:
    desk.server.serve("/a", document("One"))
    desk.watch("/a")
    desk.once()
    with closing(sqlite3.connect(desk.store)) as db:
        db.execute(
            "CREATE TRIGGER full BEFORE INSERT ON report BEGIN SELECT RAISE(ABORT, 'disk is full'); END"
        )
        db.commit()
    desk.server.serve("/a", document("Two", "One"))
    with pytest.raises(StoreError, match="disk is full"):
        desk.once()
    with desk.collector(rate=600.0) as collector:
        until(lambda: "disk is full: free some space" in desk.doing())
        assert desk.titles() == ["One"]
        with closing(sqlite3.connect(desk.store)) as db:
            db.execute("DROP TRIGGER full")
        until(lambda: desk.titles() == ["One", "Two"])
        until(lambda: desk.doing() == "watching 1 feed")
        assert collector.stop() == 0


def test_a_folder_that_cannot_be_had_is_told(desk: Desktop) -> None:
    desk.watch("/a")
    desk.data.write_text("a file stands in its place")
    with pytest.raises(StoreError, match="choose another folder with --data"):
        desk.once()
    with desk.collector() as collector:
        assert collector.ends() == 1
        assert collector.process.stderr is not None
        assert b"choose another folder with --data" in collector.process.stderr.read()


def test_nothing_it_writes_can_be_read_by_others(desk: Desktop) -> None:
    desk.server.serve("/a", document("One"))
    desk.watch("/a")
    umask = os.umask(0)
    try:
        with desk.collector() as collector:
            desk.server.wait_for("/a")
            until(desk.titles)
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in desk.data.iterdir()}
            assert collector.stop() == 0
    finally:
        os.umask(umask)
    assert {paths.STORE_NAME, paths.LOCK_NAME, paths.LOG_NAME} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(desk.data.stat().st_mode) == 0o700


def test_the_log_tells_of_a_fault_once_and_of_its_end(desk: Desktop) -> None:
    desk.server.serve("/a", Page(status=500))
    desk.watch("/a")
    with desk.collector(rate=600.0) as collector:
        desk.server.wait_for("/a", 3)
        desk.server.serve("/a", document("One"))
        until(desk.titles)
        assert collector.stop() == 0
    log = (desk.data / paths.LOG_NAME).read_text()
    assert log.count("/a: 500: the server has a fault of its own") == 1
    assert log.count("/a: good again") == 1
    assert log.rstrip().endswith("the collector has stopped")


async def _while_running(desk: Desktop, clock: Clock, story: Callable[[], None]) -> None:
    """``story`` told in a thread while a collector runs here."""
    stop = asyncio.Event()
    running = asyncio.create_task(run(desk.config, desk.data, clock, stop=stop))
    try:
        await asyncio.to_thread(story)
    finally:
        stop.set()
        await running


def test_after_a_sleep_what_is_overdue_is_polled_without_a_stampede(
    desk: Desktop,
) -> None:
    feeds = [f"/{number}" for number in range(12)]
    for path in feeds:
        desk.server.serve(path, document("One"))
    desk.watch(*feeds, every="1h")
    clock = Clock()

    def all_are_polled() -> bool:
        polled = [abs((record.last_poll or 0.0) - clock.now()) < 600.0 for record in desk.feeds()]
        return polled == [True] * 12

    def story() -> None:
        until(desk.heartbeat)
        until(all_are_polled)
        clock.origin += 8 * 3600.0
        asked = len(desk.server.asked)
        until(lambda: len(desk.server.asked) > asked)
        started = time.monotonic()
        until(all_are_polled)
        assert time.monotonic() - started > 0.4
        clock.origin -= 24 * 3600.0
        until(all_are_polled)

    asyncio.run(_while_running(desk, clock, story))
    assert [desk.server.count(path) for path in feeds] == [3] * 12


def test_when_the_network_is_back_the_feeds_do_not_wait_for_their_back_off(
    tmp_path: Path,
) -> None:
    with Loopback() as away:
        pass  # its port is free again: nothing listens there
    desk = Desktop(tmp_path, away)
    desk.watch("/quick", "/1", "/2", "/3", every="7d", quick="1m")

    def story() -> None:
        until(lambda: desk.doing() == "no server can be reached: is the network up?")
        assert desk.feed("/1").error == "refused: nothing listens there"
        with Loopback(port=away.port) as server:
            for path in ("/quick", "/1", "/2", "/3"):
                server.serve(path, document("One"))
            for path in ("/quick", "/1", "/2", "/3"):
                server.wait_for(path)
            until(lambda: not any(record.error for record in desk.feeds()))

    asyncio.run(_while_running(desk, Clock(rate=60.0), story))


def test_a_feed_that_breaks_this_program_is_a_failing_feed_and_no_end_of_polling(
    desk: Desktop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.collector.poll._newest", lambda *_: 1 / 0)
    desk.server.serve("/a", document("One"))
    desk.watch("/a", "/missing")
    assert desk.once().failed == 2
    assert desk.feed("/a").error == "fault in this program: ZeroDivisionError('division by zero')"
