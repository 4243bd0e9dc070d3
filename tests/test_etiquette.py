"""How the collector treats servers, over real HTTP: what they ask for, refuse, and send elsewhere."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests import samples
from tests.loopback import Loopback, Page
from tests.test_collector import _while_running
from tests.workbench import STRIKE, Workbench, document, hurry, until
from tui.clock import Clock
from tui.collector import run
from tui.feeds.health import OFFLINE
from tui.feeds.hosts import BREAK_AFTER
from tui.model import FeedRecord
from tui.store.desk import Desk
from tui.store.feeds import TrialStep
from tui.store.reader import Reader
from tui.store.writer import Writer


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workbench]:
    hurry(monkeypatch)
    with Loopback() as server:
        yield Workbench(tmp_path, server)


def planned(record: FeedRecord) -> float:
    """Seconds from its last poll to the next."""
    assert record.next_poll is not None and record.last_poll is not None
    return record.next_poll - record.last_poll


def with_channel(head: str) -> bytes:
    return document("One").replace(b"<title>Desk</title>", b"<title>Desk</title>" + head.encode())


# What a publisher asks for


def test_a_ttl_and_a_max_age_make_the_interval_longer_and_the_board_knows(bench: Workbench) -> None:
    bench.server.serve("/ttl", with_channel("<ttl>30</ttl>"))
    bench.server.serve("/age", Page(document("One"), headers={"Cache-Control": "public, max-age=3600"}))
    bench.server.serve(
        "/spent", Page(document("One"), headers={"Cache-Control": "max-age=900", "Age": "600"})
    )
    bench.server.serve("/plain", document("One"))
    bench.watch("/ttl", "/age", "/spent", "/plain")
    bench.once()
    intervals = {record.name: record.interval for record in bench.feeds()}
    assert intervals == {"/ttl": 1800, "/age": 3600, "/spent": 300, "/plain": 60}
    assert 0.9 * 1800 <= planned(bench.feed("/ttl")) <= 1.1 * 1800
    bench.once()
    assert bench.feed("/ttl").interval == 1800
    assert (bench.feed("/ttl").answers, bench.feed("/ttl").unchanged) == (2, 1)


def test_retry_after_is_kept_to_whatever_answer_it_comes_with(bench: Workbench) -> None:
    rest = {"Retry-After": "7200"}
    for path, status in (("/403", 403), ("/429", 429), ("/503", 503)):
        bench.server.serve(path, Page(status=status, headers=rest))
    bench.server.serve("/302", Page(status=302, headers={**rest, "Location": "/good"}))
    bench.server.serve("/good", document("One"))
    bench.watch("/403", "/429", "/503", "/302")
    bench.once()
    assert [round(planned(record)) for record in bench.feeds()] == [7200] * 4


def test_an_empty_document_is_told_apart_from_an_unchanged_one(bench: Workbench) -> None:
    bench.server.serve("/a", document())
    bench.watch("/a")
    first, second = bench.once(), bench.once()
    assert (first.ok, second.not_modified) == (1, 1)
    assert (bench.feed("/a").entries, bench.feed("/a").digest != "") == (0, True)


# Validators


def conditional(bench: Workbench, path: str) -> list[bool]:
    """Of each request for it, whether it came with a validator."""
    asked = [asked.headers for asked in bench.server.asked if asked.path == path]
    return ["if-none-match" in headers or "if-modified-since" in headers for headers in asked]


def test_other_terms_in_the_config_ask_for_the_whole_document(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    bench.once()
    bench.once()
    bench.watch("/a", every="2m")
    bench.once()
    bench.config.write_text(bench.config.read_text().replace("[fetch]", "[fetch]\nmax_entries = 7"))
    bench.once()
    bench.once()
    assert conditional(bench, "/a") == [False, True, False, False, True]


def test_a_304_never_clears_a_failure_that_the_server_made(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    bench.once()
    bench.server.serve("/a", Page(status=500))
    bench.once()
    bench.server.serve("/a", Page(status=304))  # whatever it is asked
    bench.once()
    assert bench.feed("/a").failures == 2
    bench.server.serve("/a", document("One"))
    bench.once()
    assert bench.feed("/a").failures == 0
    assert conditional(bench, "/a") == [False, True, False, False]


# Moved and gone


def test_a_redirect_for_good_is_a_suggestion_and_one_for_now_is_none(bench: Workbench) -> None:
    def redirect(path: str, status: int, to: str) -> None:
        bench.server.serve(path, Page(status=status, headers={"Location": to}))

    bench.server.serve("/new", document("One"))
    redirect("/301", 301, "/308")
    redirect("/308", 308, "/new")
    redirect("/302", 302, "/new")
    redirect("/mixed", 301, "/302")
    redirect("/away", 302, "/301")
    redirect("/dead", 301, "/nowhere")
    bench.watch("/301", "/302", "/mixed", "/away", "/dead", "/new")
    for _ in range(2):  # the second time a 304
        bench.once()
        moved = {record.name: record.moved for record in bench.feeds() if record.moved}
        assert moved == {"/301": bench.server.url("/new")}
    bench.server.serve("/301", document("Back again"))
    bench.once()
    assert bench.feed("/301").moved == ""


def test_a_feed_that_is_gone_is_asked_no_more_until_somebody_does_or_its_config_changes(
    bench: Workbench,
) -> None:
    bench.server.serve("/gone", Page(status=410))
    bench.server.serve("/a", document("One"))
    bench.watch("/gone", "/a")
    with bench.collector(rate=600.0) as collector:
        bench.server.wait_for("/a", 4)
        assert bench.server.count("/gone") == 1
        gone = bench.feed("/gone")
        assert (gone.next_poll, gone.error) == (None, "410: gone for good: take it out of feeds.toml")
        with closing(Desk(bench.store)) as people:
            people.ask_poll(bench.server.url("/gone"), "ann", Clock().now())
        bench.server.wait_for("/gone", 2)
        bench.server.serve("/gone", document("Back"))
        bench.watch("/gone", "/a", gone="2m")
        bench.server.wait_for("/gone", 3)
        until(lambda: bench.feed("/gone").status == 200)
        assert collector.stop() == 0


# Hosts


def test_a_429_holds_every_feed_of_its_host_and_a_503_only_its_own(bench: Workbench) -> None:
    rest = {"Retry-After": "72000"}  # two minutes of the machine, as the clock runs here
    bench.server.serve("/503", Page(status=503, headers=rest))
    for path in ("/a", "/b", "/elsewhere"):
        bench.server.serve(path, document("One"))
    bench.watch("/503", "/a", "/b", "/elsewhere")
    text = bench.config.read_text().replace('["127.0.0.1"]', '["127.0.0.1", "localhost"]')
    elsewhere = bench.server.url("/elsewhere", host="localhost")
    bench.config.write_text(text.replace(bench.server.url("/elsewhere"), elsewhere))

    def asked() -> int:
        """Requests to the host that is to be left alone."""
        return len(bench.server.asked) - bench.server.count("/elsewhere")

    def while_another_host_is_asked(times: int) -> None:
        bench.server.wait_for("/elsewhere", bench.server.count("/elsewhere") + times)

    with bench.collector(rate=600.0) as collector:
        bench.server.wait_for("/a", 2)
        bench.server.wait_for("/b", 2)
        assert bench.server.count("/503") == 1
        bench.server.serve("/a", Page(status=429, headers=rest))
        until(lambda: bench.feed("/a").status == 429)
        until(lambda: bench.feed("/b").rest_until is not None)  # a feed that is held says so
        while_another_host_is_asked(2)  # and what was under way is done
        before = asked()
        while_another_host_is_asked(3)
        assert asked() == before
        collector.stop()
    with bench.collector(rate=600.0):
        while_another_host_is_asked(3)
        assert asked() == before


def test_a_dead_host_is_asked_by_one_feed_at_a_time_and_at_full_speed_when_it_is_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    hurry(monkeypatch)
    with Loopback() as away:
        pass  # its port is free again: nothing listens there
    with Loopback() as alive:
        bench = Workbench(tmp_path, alive)
        dead = [f"/{number}" for number in range(8)]
        alive.serve("/alive", document("One"))
        bench.watch("/alive", *dead, every="1m")
        text = bench.config.read_text().replace('["127.0.0.1"]', '["127.0.0.1", "localhost"]')
        text = text.replace("per_host = 8", "per_host = 2")
        for path in dead:
            text = text.replace(f'"{alive.url(path)}"', f'"{away.url(path, host="localhost")}"')
        bench.config.write_text(text)

        def told() -> list[str]:
            return [record.error for record in bench.feeds() if record.error]

        def story() -> None:
            until(bench.heartbeat)
            until(lambda: len(told()) == len(dead))
            polled = sum(record.failures > 0 for record in bench.feeds())
            assert BREAK_AFTER <= polled <= BREAK_AFTER + 1
            waits = "waits: localhost does not answer (refused: nothing listens there)"
            assert told().count(waits) == len(dead) - polled
            with Loopback(port=away.port) as server:
                for path in dead:
                    server.serve(path, document("One"))
                until(lambda: all(server.count(path) for path in dead))
                until(lambda: not told())

        asyncio.run(_while_running(bench, Clock(rate=60.0), story))


# The network


def test_offline_polls_nothing_and_says_so(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a")
    old = samples.report("Of no incident", at=time.time() - 900 * samples.DAY)
    with closing(Writer(bench.store)) as writer:
        writer.add([(old, None)], ())

    async def for_a_while() -> None:
        stop = asyncio.Event()
        running = asyncio.create_task(run(bench.config, bench.data, Clock(), stop=stop, offline=True))
        await asyncio.to_thread(until, lambda: bench.doing() == "offline: nothing is polled")
        with closing(Desk(bench.store)) as people:
            people.ask_poll(None, "ann", Clock().now())
            people.ask_try(bench.server.url("/a"), "ann", Clock().now())
        await asyncio.to_thread(until, lambda: steps(bench, "/a"))
        stop.set()
        await running

    asyncio.run(for_a_while())
    heartbeat = bench.heartbeat()
    assert heartbeat is not None and heartbeat.network == OFFLINE
    assert bench.server.asked == []
    assert bench.query("SELECT title FROM report") == [("Of no incident",)]  # what is stored stays
    record = bench.feed("/a")
    assert (record.last_poll, record.failures, record.error) == (None, 0, "")
    assert [step.words for step in steps(bench, "/a")] == [
        "not fetched: the collector is offline, by --offline"
    ]


# What people do


def test_a_paused_feed_is_not_polled_and_goes_on_where_it_was(bench: Workbench) -> None:
    for path in ("/a", "/b"):
        bench.server.serve(path, document("One"))
    bench.watch("/a", "/b")
    with bench.collector(rate=600.0) as collector, closing(Desk(bench.store)) as people:
        bench.server.wait_for("/a", 2)
        url = bench.server.url("/a")
        assert people.pause(url, "ann", Clock().now())
        assert not people.pause(url, "bob", Clock().now())
        until(lambda: bench.query("SELECT 1 FROM request") == [])
        bench.server.wait_for("/b", bench.server.count("/b") + 2)  # and what was under way is done
        asked = bench.server.count("/a")
        bench.server.wait_for("/b", bench.server.count("/b") + 4)
        assert (bench.server.count("/a"), bench.feed("/a").paused_by) == (asked, "ann")
        people.ask_poll(None, "ann", Clock().now())
        bench.server.wait_for("/b", bench.server.count("/b") + 2)
        assert bench.server.count("/a") == asked
        people.ask_poll(url, "ann", Clock().now())
        bench.server.wait_for("/a", asked + 1)
        undone = people.undo("ann", Clock().now())
        assert undone is not None and undone.verb == "pause"
        bench.server.wait_for("/a", asked + 3)
        assert bench.feed("/a").paused_by == ""
        assert collector.stop() == 0


def steps(bench: Workbench, path: str) -> list[TrialStep]:
    with closing(Reader(bench.store)) as reader:
        return reader.trial(bench.server.url(path))


def trial(bench: Workbench, path: str) -> dict[str, str]:
    """The steps of a trial of it by a collector, the last of each name."""
    with bench.collector(rate=60.0), closing(Desk(bench.store)) as people:
        until(bench.heartbeat)
        until(lambda: bench.doing().startswith("watching"))
        people.ask_try(bench.server.url(path), "ann", Clock().now())
        until(lambda: any(step.name == "end" for step in steps(bench, path)))
    return {step.name: step.words for step in steps(bench, path)}


def test_a_trial_shows_each_step_of_a_good_fetch_and_stores_nothing(bench: Workbench) -> None:
    items = f"<item><title>{STRIKE}</title><pubDate>Fri, 01 Dec 2023 10:00:00 GMT</pubDate></item>"
    body = document("Fog").replace(b"</channel>", items.encode() + b"</channel>")
    page = Page(body, headers={"Cache-Control": "max-age=7200"})
    bench.server.serve("/a", Page(document("Quiet")))
    bench.watch("/a", every="7d")
    bench.once()
    bench.server.serve("/a", page)
    told = trial(bench, "/a")
    assert told["address"] == "may be asked"
    assert told["connection"] == "open to 127.0.0.1"
    assert told["request"].startswith("GET /a at 127.0.0.1, as frontwatch/")
    assert told["status"] == "200: ok"
    assert told["reader"] == "feedparser; the lean one refused it: an entry without an absolute link"
    assert told["document"] == "“Desk”, 2 entries"
    assert told["asks"] == "to be polled every 2h at most"
    assert told["newest"].endswith(STRIKE)
    assert told["relevant"] == "1 of 2 on a front of this watch"
    assert told["end"] == "a good feed"
    assert bench.titles() == ["Quiet"]
    assert bench.feed("/a").answers == 1


@pytest.mark.parametrize(
    ("page", "step", "words"),
    [
        (Page(status=404), "fault", "404: no feed at this address"),
        (
            Page(
                b"<!doctype html><link rel=alternate type=application/rss+xml href=/feed>",
                content_type="text/html",
            ),
            "document",
            "200 but no entry: page of HTML; did you mean ",
        ),
        (Page(raw=b""), "fault", "broken answer: Server disconnected without sending a response."),
    ],
)
def test_a_trial_says_where_a_fetch_goes_wrong(bench: Workbench, page: Page, step: str, words: str) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a", every="7d")
    bench.once()
    bench.server.serve("/a", page)
    told = trial(bench, "/a")
    assert told[step].startswith(words)
    assert told["end"] == "not good: see above"


def test_a_trial_says_when_a_document_was_read_the_lean_way(bench: Workbench) -> None:
    body = document("Quiet").replace(b"</item>", b"<link>https://a.example/1</link></item>")
    bench.server.serve("/a", body)
    bench.watch("/a", every="7d")
    bench.once()
    told = trial(bench, "/a")
    assert told["reader"] == "lean"
    assert told["end"] == "a good feed"


def test_a_shorter_interval_in_the_config_takes_effect_at_once(bench: Workbench) -> None:
    bench.server.serve("/a", document("One"))
    bench.watch("/a", every="7d")
    with bench.collector(rate=600.0):
        until(lambda: bench.doing().startswith("watching") and bench.server.count("/a") == 1)
        bench.watch("/a", every="1m")
        bench.server.wait_for("/a", 3)


def test_reports_are_counted_with_those_on_a_front(bench: Workbench) -> None:
    bench.server.serve("/a", document(STRIKE, "Fog over the harbour"))
    bench.watch("/a")
    bench.once()
    bench.watch("/a", every="2m")
    bench.once()
    record = bench.feed("/a")
    assert (record.stored, record.relevant) == (2, 1)
    assert record.bytes == len(document(STRIKE, "Fog over the harbour"))
    assert record._replace(paused_by="") == record
