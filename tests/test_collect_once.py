"""Every feed polled once: what is fetched, what is not fetched again, and what is recorded."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.loopback import Loopback, Page
from tests.workbench import STRIKE, Workbench, document
from tui import paths
from tui.cli import main
from tui.clock import Clock
from tui.collector import collect_once
from tui.collector.lock import alone_now
from tui.config import load
from tui.model import Kind
from tui.store.reader import Reader


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Workbench]:
    with Loopback() as server:
        yield Workbench(tmp_path, server)


def test_two_hundred_feeds_are_fetched_and_the_second_time_all_are_unchanged(bench: Workbench) -> None:
    feeds = [f"/{number}" for number in range(200)]
    for path in feeds:
        bench.server.serve(path, document(f"{STRIKE}, says {path}", f"Fog over the harbour {path}"))
    bench.watch(*feeds)
    first = bench.once()
    assert (first.feeds, first.ok, first.not_modified, first.failed) == (200, 200, 0, 0)
    assert (first.entries, first.new_reports) == (400, 400)
    with closing(Reader(bench.data / paths.STORE_NAME)) as reader:
        stored = reader.incidents(kinds=(Kind.INCIDENT,), limit=-1)
    assert first.incidents == len(stored) >= 1  # what the board shows, however many feeds told it
    second = bench.once()
    assert (second.feeds, second.ok, second.not_modified, second.failed) == (200, 0, 200, 0)
    assert (second.entries, second.new_reports, second.incidents) == (0, 0, 0)
    assert bench.server.statuses == {200: 200, 304: 200}
    assert len(bench.titles()) == 400


def test_the_summary_has_the_fields_that_scripts_read(bench: Workbench) -> None:
    bench.watch("/a")
    names = ["feeds", "ok", "not_modified", "failed", "entries", "new_reports", "incidents", "seconds"]
    assert list(bench.once().as_dict()) == names


def test_where_another_collector_is_at_work_it_says_so_by_its_exit_code(
    bench: Workbench, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.watch("/a")
    with alone_now(bench.data):
        code = main(["collect", "--once", "--config", str(bench.config), "--data", str(bench.data)])
    assert code == 3
    assert capsys.readouterr().err.startswith("frontwatch: another collector is at work on the store in ")


def test_progress_tells_each_feed(bench: Workbench) -> None:
    bench.server.serve("/a", document("One", "Two"))
    bench.watch("/a", "/missing")
    told: list[str] = []
    asyncio.run(collect_once(load(bench.config), bench.data, Clock(), told.append))
    assert sorted(line.partition(" ")[2] for line in told) == [
        "/a: 2 entries, 2 new",
        "/missing: 404: no feed at this address",
    ]


def test_a_body_that_is_the_same_without_any_validator_is_not_read_again(bench: Workbench) -> None:
    bench.server.serve("/a", Page(document("One"), etag=None))
    bench.watch("/a")
    assert bench.once().entries == 1
    again = bench.once()
    assert (again.ok, again.not_modified, again.entries) == (1, 0, 0)
    assert bench.feed("/a").entries == 1


def test_an_entry_that_came_before_is_not_told_twice(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    bench.once()
    bench.server.serve("/a", document("Two", "One"))
    again = bench.once()
    assert (again.entries, again.new_reports) == (2, 1)
    assert bench.titles() == ["One", "Two"]


def test_a_failure_is_recorded_in_words_and_the_next_success_clears_it(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    bench.once()
    good = bench.feed("/a")
    assert (good.failures, good.error, good.failing_since, good.last_ok) == (0, "", None, good.last_poll)
    bench.server.serve("/a", Page(status=503, headers={"Retry-After": "7200"}))
    bench.once()
    bench.once()
    bad = bench.feed("/a")
    assert (bad.failures, bad.error) == (2, "503: the server is not available now")
    assert bad.last_ok == good.last_ok
    assert bad.last_poll is not None and bad.failing_since is not None and bad.next_poll is not None
    assert good.last_poll is not None and good.last_poll < bad.failing_since < bad.last_poll
    assert bad.next_poll - bad.last_poll == pytest.approx(7200)
    assert (bad.etag, bad.digest, bad.entries) == ("", good.digest, 1)
    bench.server.serve("/a", document("One"))
    assert bench.once().ok == 1
    assert (bench.feed("/a").failures, bench.feed("/a").error, bench.feed("/a").failing_since) == (
        0,
        "",
        None,
    )


def test_no_304_to_a_page_that_was_no_feed_passes_for_good(bench: Workbench) -> None:
    bench.server.serve("/a", Page(b"<!doctype html><title>Log in</title>", content_type="text/html"))
    bench.watch("/a")
    for _ in range(2):
        assert bench.once().failed == 1
    assert bench.feed("/a").error == "200 but no entry: page of HTML"
    assert bench.server.statuses == {200: 2}


def test_a_feed_that_breaks_this_program_is_a_failing_feed_and_no_end_of_polling(
    bench: Workbench, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.collector.poll._newest", lambda *_: 1 / 0)
    bench.server.serve("/a", document("One"))
    bench.watch("/a", "/missing")
    assert bench.once().failed == 2
    assert bench.feed("/a").error == "fault in this program: ZeroDivisionError('division by zero')"
