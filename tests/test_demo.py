"""The demo world: its feeds over real HTTP, its story, its labels."""

from __future__ import annotations

import http.client
import signal
import socket
import subprocess
import sys
import time
import tomllib
import unicodedata
from collections import Counter
from collections.abc import Iterator
from email.message import Message
from pathlib import Path

import pytest

from tui import config, demo
from tui.clock import Clock, ManualClock
from tui.demo import DemoProcess, DemoServer, demo_config, labelled
from tui.demo.watch import DEAD_PORT, feed_url
from tui.demo.world import HISTORY, LAST, PERIOD, Outlet, World, read_outlets, read_tellings
from tui.feeds.parse import Parsed, parse
from tui.feeds.safe_text import safe_text
from tui.model import ACT_TYPES, Kind, Severity

START = 1_700_000_000.0
HOUR = 3600.0
OUTLETS = {outlet.slug: outlet for outlet in read_outlets()}
HEALTHY = [outlet for outlet in OUTLETS.values() if not outlet.fault]
SIDES = {"axis", "israel", "us-coalition", "other", "unknown"}
SCRIPTS = {"ar": "ARABIC", "fa": "ARABIC", "he": "HEBREW", "en": "LATIN", "fr": "LATIN"}


@pytest.fixture(scope="module")
def running() -> Iterator[tuple[DemoServer, ManualClock]]:
    clock = ManualClock(START)
    server = DemoServer(clock, slow=0.0)
    server.start()
    yield server, clock
    server.close()


@pytest.fixture
def server(running: tuple[DemoServer, ManualClock]) -> DemoServer:
    return running[0]


@pytest.fixture
def clock(running: tuple[DemoServer, ManualClock]) -> ManualClock:
    running[1].time = START
    return running[1]


def ask(port: int, path: str, **headers: str) -> tuple[int, Message, bytes]:
    """Status, headers and body of one GET; a header's underscores stand for hyphens."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request(
        "GET", path, headers={name.replace("_", "-"): value for name, value in headers.items()}
    )
    answer = connection.getresponse()
    body = answer.read()
    connection.close()
    return answer.status, answer.headers, body


def read(server: DemoServer, slug: str) -> Parsed:
    """The feed of this outlet as the collector would read it, redirects followed."""
    url = f"{server.url}/feeds/{slug}.xml"
    status, headers, body = ask(server.port, f"/feeds/{slug}.xml")
    if status == 301:
        url = headers["Location"]
        status, headers, body = ask(server.port, url.removeprefix(server.url))
    assert status == 200
    return parse(body, headers["Content-Type"], url, 2000)


@pytest.mark.parametrize("outlet", [o for o in HEALTHY if o.slug != "loud-bazaar"], ids=lambda o: o.slug)
@pytest.mark.parametrize("hours", [0.0, 12.0, 50.0])
def test_a_feed_parses_to_what_its_outlet_has_published_by_then(
    server: DemoServer, clock: ManualClock, outlet: Outlet, hours: float
) -> None:
    clock.time = START + hours * HOUR
    parsed = read(server, outlet.slug)
    meant = World(START).items(outlet.slug, clock.time)
    assert parsed.fault == ""
    assert parsed.title == f"{outlet.name} (demo)"
    assert [(e.title, e.summary, e.link, e.published) for e in parsed.entries] == [
        (item.telling.title, item.telling.summary, server.url + item.path, item.published) for item in meant
    ]
    assert meant, "an outlet that is well has news at any time"


def test_feeds_come_in_three_formats_and_three_encodings() -> None:
    assert {outlet.format for outlet in HEALTHY} == {"rss", "atom", "rdf"}
    assert {outlet.encoding for outlet in HEALTHY} == {"utf-8", "windows-1256", "iso-8859-1"}


def test_new_entries_appear_as_the_clock_goes_on(server: DemoServer, clock: ManualClock) -> None:
    before = {entry.id for entry in read(server, "meridian-red-sea").entries}
    clock.time += 5 * HOUR
    fresh = [e for e in read(server, "meridian-red-sea").entries if e.id not in before]
    assert len(fresh) > 5
    assert all(entry.published is not None and START < entry.published <= clock.time for entry in fresh)


def test_within_ten_minutes_of_the_start_something_new_is_told_on_every_front() -> None:
    fresh = [told for told in read_tellings() if 0 < told.at <= 600 and told.kind == "incident"]
    assert {front for told in fresh for front in told.fronts} == {"lebanon-border", "iraq-syria", "yemen"}


def test_an_unchanged_feed_answers_304_to_either_validator_until_it_has_news(
    server: DemoServer, clock: ManualClock
) -> None:
    path = "/feeds/meridian-world.xml"
    status, headers, _ = ask(server.port, path)
    assert status == 200
    by_tag = {"If_None_Match": headers["ETag"]}
    by_date = {"If_Modified_Since": headers["Last-Modified"]}
    for validators in (by_tag, by_date):
        status, answered, body = ask(server.port, path, **validators)
        assert (status, body) == (304, b"")
        assert answered["ETag"] == headers["ETag"]
    clock.time += HOUR
    for validators in (by_tag, by_date, {"If_Modified_Since": "no date"}):
        assert ask(server.port, path, **validators)[0] == 200


def test_every_feed_that_is_well_stays_the_same_while_the_clock_stands(
    server: DemoServer, clock: ManualClock
) -> None:
    for outlet in HEALTHY:
        path = f"/{'moved' if outlet.moved else 'feeds'}/{outlet.slug}.xml"
        tag = ask(server.port, path)[1]["ETag"]
        assert ask(server.port, path, If_None_Match=tag)[0] == 304, outlet.slug


def test_the_broken_outlets_are_broken_as_meant(server: DemoServer, clock: ManualClock) -> None:
    broken = {outlet.fault: outlet.slug for outlet in OUTLETS.values() if outlet.fault}
    assert set(broken) == {"page", "truncated", "unavailable", "refused"}
    page = read(server, broken["page"])
    assert (page.entries, page.fault) == ((), "page of HTML")
    assert ask(server.port, f"/feeds/{broken['unavailable']}.xml")[0] == 503
    whole = World(START).items(broken["truncated"], clock.time)
    assert len(read(server, broken["truncated"]).entries) < len(whole)
    assert (
        feed_url(OUTLETS[broken["refused"]], server.port)
        == f"http://127.0.0.1:{DEAD_PORT}/feeds/{broken['refused']}.xml"
    )
    with pytest.raises(ConnectionRefusedError):
        socket.create_connection(("127.0.0.1", DEAD_PORT), timeout=5).close()


def test_the_slow_outlet_takes_its_time_and_the_others_do_not_wait_for_it(clock: ManualClock) -> None:
    server = DemoServer(clock, slow=0.5)
    server.start()
    begun = time.monotonic()
    waiting = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    waiting.request("GET", "/feeds/quotidien-du-cap.xml")
    assert ask(server.port, "/feeds/litani-post.xml")[0] == 200
    assert time.monotonic() - begun < 0.5
    assert waiting.getresponse().status == 200
    assert time.monotonic() - begun >= 0.5
    waiting.close()
    server.close()


def test_closing_lets_go_of_requests_that_wait(clock: ManualClock) -> None:
    server = DemoServer(clock, slow=60.0)
    server.start()
    waiting = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    waiting.request("GET", "/feeds/quotidien-du-cap.xml")
    server.close()
    with pytest.raises((http.client.RemoteDisconnected, ConnectionResetError)):
        waiting.getresponse()
    waiting.close()


def test_a_server_that_was_never_started_closes() -> None:
    DemoServer(ManualClock(START)).close()


def test_the_link_of_an_item_opens_a_page_that_says_it_is_invented(server: DemoServer) -> None:
    item = World(START).items("ufuq-wire", START)[0]
    status, headers, body = ask(server.port, item.path)
    assert (status, headers["Content-Type"]) == (200, "text/html; charset=utf-8")
    assert item.telling.title in body.decode()
    assert 'dir="rtl"' in body.decode()
    assert "invented" in body.decode()


@pytest.mark.parametrize(
    "path",
    [
        "/",
        "/feeds/nobody.xml",
        "/news/naqoura-car.99.0",
        "/news/x.0.-1",
        "/news/naqoura-car.0.12345678901",
        "/../../etc/passwd",
    ],
)
def test_anything_else_is_not_found(server: DemoServer, path: str) -> None:
    assert ask(server.port, path)[0] == 404


def test_the_hostile_outlet_sends_what_it_should_and_nothing_of_it_passes(
    server: DemoServer, clock: ManualClock
) -> None:
    body = ask(server.port, "/feeds/loud-bazaar.xml")[2].decode()
    for poison in ("\x1b[2J", "\x9b2J", "\u202e", "\u200b", "&lt;script&gt;"):
        assert poison in body
    clock.time += 11 * HOUR
    parsed = read(server, "loud-bazaar")
    sent = World(START).items("loud-bazaar", clock.time)
    assert max(len(item.telling.title) for item in sent) >= 5_000
    assert len(parsed.entries) == len(sent) == 10
    shown = [text for entry in parsed.entries for text in (entry.title, entry.summary)]
    assert not [char for text in shown for char in text if unicodedata.category(char)[0] == "C"]
    assert max(map(len, shown)) <= 1_000
    assert "Red drone strike near Naqoura" in shown
    assert "Bold claims about Tyre" in shown


def test_five_languages_are_told_each_in_its_own_script() -> None:
    told = Counter(OUTLETS[telling.outlet].language for telling in read_tellings())
    assert set(told) == set(SCRIPTS)
    assert min(told.values()) >= 40
    for telling in read_tellings():
        if not telling.hostile:
            script = SCRIPTS[OUTLETS[telling.outlet].language]
            assert any(script in unicodedata.name(char) for char in telling.title), telling.title


def test_all_texts_but_the_hostile_ones_pass_the_door_unchanged() -> None:
    for telling in read_tellings():
        if not telling.hostile:
            assert safe_text(telling.title, 300) == telling.title
            assert safe_text(telling.summary, 1_000) == telling.summary


def test_only_the_hostile_outlet_is_hostile() -> None:
    assert {telling.outlet for telling in read_tellings() if telling.hostile} == {"loud-bazaar"}
    assert all(telling.hostile for telling in read_tellings() if telling.outlet == "loud-bazaar")


def test_the_story_goes_round_with_the_times_moved_on_and_no_id_doubled() -> None:
    world = World(START)
    seen: dict[tuple[str, str], float] = {}
    for hour in range(int(3 * PERIOD / HOUR)):
        for slug in OUTLETS:
            for item in world.items(slug, START - HISTORY + hour * HOUR, last=1_000):
                assert seen.setdefault((slug, item.id), item.published) == item.published
                assert world.find(item.id) == item
    told = len(read_tellings())
    by_round = Counter(int((published - START + HISTORY) // PERIOD) for published in seen.values())
    assert by_round[0] == by_round[1] == told
    assert len({item_id for _, item_id in seen}) == len(seen)


def test_the_day_behind_the_start_and_the_half_day_ahead_are_all_of_the_story() -> None:
    for telling in read_tellings():
        assert -HISTORY <= telling.at < PERIOD - HISTORY, telling
    assert World(START).items("meridian-world", START - HISTORY - 1) == []


def test_no_feed_is_so_busy_that_the_first_poll_misses_history() -> None:
    for slug in OUTLETS:
        assert len(World(START).items(slug, START, last=1_000)) <= LAST, slug


def test_nothing_is_told_twice_by_one_outlet() -> None:
    told = Counter((telling.outlet, telling.title) for telling in read_tellings())
    assert told.most_common(1)[0][1] == 1


def test_events_have_names_of_their_own_and_outlets_that_exist() -> None:
    firsts = Counter((telling.event, telling.number) for telling in read_tellings())
    assert firsts.most_common(1)[0][1] == 1
    assert all(telling.outlet in OUTLETS for telling in read_tellings())
    assert all(char.isascii() and (char.isalnum() or char == "-") for event, _ in firsts for char in event)


def test_every_event_is_told_from_its_beginning_in_order_of_time() -> None:
    reports: dict[str, list[float]] = {}
    for telling in read_tellings():
        reports.setdefault(telling.event, []).append(telling.at)
    for event, times in reports.items():
        assert times == sorted(times), event
        assert times[-1] - times[0] <= 4 * HOUR, event


def test_story_files_hold_no_key_that_nobody_reads() -> None:
    labels = {"fronts", "kind", "type", "by", "severity", "section"}
    for path in (Path(demo.__file__).parent / "stories").glob("*.toml"):
        for event in tomllib.loads(path.read_text("utf-8"))["event"]:
            assert set(event) <= labels | {"id", "at", "report"}
            for report in event["report"]:
                assert set(report) <= labels | {
                    "feed", "after", "title", "summary", "killed", "repeat", "hostile"
                }  # fmt: skip


def test_labels_are_well_formed_after_the_tagging_guide() -> None:
    lines = list(labelled())
    assert len({line["id"] for line in lines}) == len(lines) >= 350
    assert {line["severity"] for line in lines} == {*Severity, None}
    assert {line["type"] for line in lines} == {*ACT_TYPES, None}
    assert {line["kind"] for line in lines} == {*Kind}
    for line in lines:
        on_front = line["kind"] == "incident" and line["fronts"]
        assert bool(on_front) == (line["type"] in ACT_TYPES) == (line["by"] in SIDES), line
        assert (line["event"] is not None) == (line["kind"] == "incident"), line
        assert set(line["fronts"]) <= {"lebanon-border", "iraq-syria", "yemen"}
        if line["kind"] != "incident":
            assert line["killed"] is None and line["severity"] is None, line
        if on_front:
            dead, severity = line["killed"] or 0, Severity(line["severity"])
            assert dead < 10 or severity is Severity.CRITICAL, line
            assert dead == 0 or severity.rank >= Severity.HIGH.rank, line


def test_the_story_has_what_a_watch_meets() -> None:
    events: dict[str, list[dict[str, object]]] = {}
    for line in labelled():
        if line["event"]:
            events.setdefault(line["event"], []).append(line)
    assert max(len({line["lang"] for line in reports}) for reports in events.values()) == 5
    assert max(len(reports) for reports in events.values()) >= 9
    rising = [
        reports for reports in events.values() if len({line["killed"] for line in reports} - {None, 0}) > 1
    ]
    assert len(rising) >= 5
    contradicted = [reports for reports in events.values() if len({line["by"] for line in reports}) > 1]
    assert len(contradicted) >= 5


def test_yemen_has_a_surge_and_after_it_comes_a_quiet_night() -> None:
    begun = {
        told.event: told.at for told in reversed(read_tellings()) if "yemen" in told.fronts and told.type
    }
    in_surge = sum(3 * HOUR <= at < 9 * HOUR for at in begun.values())
    before = sum(at < 0 for at in begun.values())
    assert in_surge / 6 > 3 * before / 24
    told = [telling.at for telling in read_tellings()]
    assert (
        sum(12 * HOUR <= at < 18 * HOUR for at in told) < sum(6 * HOUR <= at < 12 * HOUR for at in told) / 4
    )


def test_the_watch_of_the_demo_is_a_good_one(tmp_path: Path) -> None:
    path = tmp_path / "feeds.toml"
    path.write_text(demo_config(8_000), "utf-8")
    watch = config.load(path)
    assert watch.title == "Demo watch"
    assert watch.fetch.allow_hosts == ("127.0.0.1",)
    assert len(watch.feeds) == len(OUTLETS) >= 34
    dedicated = Counter(feed.front for feed in watch.feeds)
    assert [front.id for front in watch.fronts] == ["lebanon-border", "iraq-syria", "yemen"]
    assert all(4 <= dedicated[front.id] <= 7 for front in watch.fronts)
    assert {feed.reliability for feed in watch.feeds} == set("ABCDEF")
    assert Counter(feed.publisher for feed in watch.feeds).most_common(2)[1][1] == 2
    assert sum(1 for outlet in OUTLETS.values() if outlet.fault) == 4


def test_as_a_process_it_serves_by_the_clock_that_it_is_given_and_ends_when_let_go() -> None:
    clock = Clock(START, rate=3_600.0)
    with DemoProcess(clock) as child:
        path = "/feeds/meridian-world.xml"
        status, headers, body = ask(child.port, path)
        assert status == 200
        newest = parse(body, headers["Content-Type"], f"http://127.0.0.1:{child.port}{path}", 2000).entries[0]
        assert newest.published is not None
        assert START - 4 * HOUR < newest.published <= clock.now()
    with pytest.raises(ConnectionRefusedError):
        ask(child.port, path)


def test_the_process_ends_when_the_one_that_wanted_it_is_killed() -> None:
    program = (
        "import os, signal\n"
        "from tui.clock import Clock\n"
        "from tui.demo import DemoProcess\n"
        "print(DemoProcess(Clock()).port, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    parent = subprocess.run([sys.executable, "-c", program], capture_output=True, check=False)
    assert parent.returncode == -signal.SIGKILL
    deadline = time.monotonic() + 10
    with pytest.raises(ConnectionRefusedError):
        while time.monotonic() < deadline:
            socket.create_connection(("127.0.0.1", int(parent.stdout)), timeout=5).close()
            time.sleep(0.02)
