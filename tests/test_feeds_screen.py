"""The Feeds screen: a table that sorts and filters, one feed's page, and what is wrong in words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.samples import DAY, HOUR, MINUTE, NOON, feed_record
from tests.watchfloor import Watchfloor
from tests.watching import text_of, until, watching
from tui.app import FrontwatchApp
from tui.feeds.health import OFFLINE, FeedState
from tui.model import FeedRecord, Heartbeat
from tui.store.feeds import TrialStep, add_step
from tui.widgets import feed_table
from tui.widgets.feed_table import COLUMNS, ORDERS, Row, columns_for, complaint, filtered, ordered, rows_of

GOOD = feed_record(last_poll=NOON - MINUTE, last_ok=NOON - MINUTE, next_poll=NOON + 4 * MINUTE, answers=1)


def row(**more: Any) -> Row:
    [made] = rows_of([GOOD._replace(**more)], NOON)
    return made


# The table


@pytest.mark.parametrize(
    ("fields", "state", "words"),
    [
        ({}, FeedState.FRESH, ""),
        ({"failures": 1, "error": "503: busy", "failing_since": NOON - 60}, FeedState.FRESH, "503: busy"),
        (
            {
                "failures": 9,
                "error": "DNS: no such host",
                "failing_since": NOON - HOUR,
                "last_ok": NOON - HOUR,
            },
            FeedState.FAILING,
            "DNS: no such host · since 11:00Z · held back after 9 failures",
        ),
        (
            {"status": 410, "failures": 1, "error": "410: gone for good"},
            FeedState.GONE,
            "410: gone for good",
        ),
        ({"paused_by": "ab"}, FeedState.PAUSED, "paused by ab"),
        (
            {"moved": "https://new.example/rss"},
            FeedState.MOVED,
            "moved for good: put into feeds.toml https://new.example/rss",
        ),
        (
            {"newest": NOON - 9 * DAY, "longest": 3 * DAY},
            FeedState.LATE,
            "nothing new for 9d; its longest pause was 3d",
        ),
        ({"digest": "d"}, FeedState.EMPTY, "it answers, but without a single entry"),
        (
            {"last_ok": NOON - HOUR, "next_poll": NOON - 50 * MINUTE},
            FeedState.STALE,
            "not polled since 11:00Z, 60m ago",
        ),
        (
            {"rest_until": NOON + HOUR},
            FeedState.FRESH,
            "its server asks to be left alone until 13:00Z",
        ),
        ({"took": 8.2}, FeedState.FRESH, "slow: its last answer took 8 s"),
    ],
)
def test_what_is_wrong_is_said_in_words(fields: dict[str, Any], state: FeedState, words: str) -> None:
    found = row(**fields)
    assert (found.state, complaint(found)) == (state, words)


def test_each_column_sorts_what_may_need_a_person_to_the_top() -> None:
    records = [
        GOOD._replace(url="a", name="a", newest=NOON, gap=60.0, bytes=1, stored=10, relevant=9),
        GOOD._replace(url="b", name="b", newest=NOON - DAY, gap=DAY, bytes=9, stored=10, relevant=1),
        GOOD._replace(url="c", name="c", paused_by="x", next_poll=None, interval=HOUR),
    ]
    rows = rows_of(records, NOON)
    names = {column: "".join(each.record.name for each in ordered(rows, column)) for column, _ in ORDERS}
    assert names == {
        "state": "cab",
        "feed": "abc",
        "newest": "bac",
        "gap": "bac",
        "next": "abc",
        "every": "cab",
        "size": "bac",
        "304": "abc",
        "relevant": "bac",
    }
    assert {"state", "feed", *(column.title for column in COLUMNS)} == set(names)


def test_filters_are_of_states_that_there_are() -> None:
    rows = rows_of([GOOD, GOOD._replace(url="b", paused_by="x")], NOON)
    assert feed_table.filters_of(rows) == ["all", "not fresh", "paused", "fresh"]
    assert [len(filtered(rows, name)) for name in ("all", "not fresh", "paused", "late")] == [2, 1, 1, 0]
    assert feed_table.filters_of(rows[:1]) == ["all", "fresh"]


@pytest.mark.parametrize("width", range(1, 330, 7))
def test_the_columns_never_need_more_room_than_there_is(width: int) -> None:
    columns, name = columns_for(width)
    used = feed_table.STATE + name + sum(column.width for column in columns)
    assert used <= max(width, feed_table.STATE + 1)


# The screen


@pytest.fixture
def floor(tmp_path: Path) -> Watchfloor:
    floor = Watchfloor(tmp_path)
    floor.beat()
    floor.poll(good=4)
    return floor


def change(floor: Watchfloor, number: int, **fields: Any) -> FeedRecord:
    """That feed's record, polled just now and well but for these fields, is stored."""
    record = list(floor.records.values())[number]
    good = {"last_poll": floor.now, "last_ok": floor.now, "next_poll": floor.now + 300.0}
    changed = record._replace(**{**good, **fields})
    floor.writer.save_feed(changed)
    return changed


def listed(app: FrontwatchApp) -> list[str]:
    """The names of the feeds, in the order of their rows."""
    lines = [line.split() for line in text_of(app).splitlines()]
    return [f"{words[1]} {words[2]}" for words in lines if len(words) > 2 and words[1] == "Feed"]


async def test_the_table_sorts_and_filters_and_says_how(floor: Watchfloor) -> None:
    change(floor, 2, failures=4, error="DNS: no such host", last_ok=floor.now - 9000, failing_since=floor.now)
    change(floor, 1, newest=floor.now - 5000)
    async with watching(floor) as (app, pilot):
        await pilot.press("F")
        assert listed(app) == ["Feed 2", "Feed 0", "Feed 1", "Feed 3"]
        await pilot.press("s", "s")
        assert "sorted by newest" in text_of(app)
        assert listed(app)[0] == "Feed 1"
        await pilot.press("f")
        assert listed(app) == ["Feed 2"]
        assert "only what is not fresh: 1 of 4" in text_of(app)
        floor.poll(good=4)
        await until(pilot, lambda: "No feed is not fresh now." in text_of(app))


async def test_a_feed_is_paused_and_polled_again_and_that_can_be_undone(floor: Watchfloor) -> None:
    async with watching(floor) as (app, pilot):
        await pilot.press("F", "p")
        assert "Select a feed first" in text_of(app)
        await pilot.press("j", "p")
        assert "Paused: it is not polled" in text_of(app)
        assert app.session.reader.feeds()[0].paused_by == "TST"
        assert [request.verb for request in floor.writer.requests()] == ["pause"]
        await until(pilot, lambda: "paused by TST" in text_of(app))
        await pilot.press("u")
        assert app.session.reader.feeds()[0].paused_by == ""
        assert [request.verb for request in floor.writer.requests()] == ["resume"]
        await pilot.press("j", "p", "p")
        assert "Polled again from now on" in text_of(app)
        await pilot.press("u")
        assert [bool(record.paused_by) for record in app.session.reader.feeds()].count(True) == 1


async def test_one_feed_is_polled_by_hand_but_not_offline_and_not_sooner_than_its_server_wants(
    floor: Watchfloor,
) -> None:
    resting = change(floor, 1, rest_until=floor.now + 7200, error="429", failures=1, failing_since=floor.now)
    async with watching(floor) as (app, pilot):
        await pilot.press("F", "j", "r")
        [request] = floor.writer.requests()
        assert (request.verb, request.url) == ("poll", app.session.reader.feeds()[0].url)
        await pilot.press("j", "r")
        assert "its server wants to be left alone" in text_of(app)
        assert [each.url for each in floor.writer.requests()] == [resting.url]
        floor.writer.beat(Heartbeat(1, floor.now, floor.now, floor.now, floor.now, 1.0, "", network=OFFLINE))
        await until(pilot, lambda: "OFFLINE: nothing is polled" in text_of(app))
        await pilot.press("r")
        assert "Not polled: the collector is offline" in text_of(app)
        assert floor.writer.requests() == []


async def test_the_wall_pauses_nothing(floor: Watchfloor) -> None:
    async with watching(floor, wall=True) as (app, pilot):
        await pilot.press("F", "j", "p", "r")
        await pilot.press("enter", "y", "p", "r")
        assert floor.writer.requests() == []
        assert "This is the wall" in text_of(app)


async def one_feed(pilot: Pilot[None]) -> None:
    await pilot.press("F", "j", "enter")
    await pilot.pause()


async def test_a_feeds_page_says_how_it_does_and_why_it_is_polled_when_it_is(floor: Watchfloor) -> None:
    change(
        floor,
        0,
        interval=3600.0,
        ttl=3600.0,
        gap=1200.0,
        longest=DAY,
        newest=floor.now - 600,
        skip_hours=0b11,
        skip_days=1 << 6,
        answers=10,
        unchanged=7,
        entries=20,
        bytes=2048,
        took=0.25,
    )
    async with watching(floor, size=(120, 40)) as (app, pilot):
        await one_feed(pilot)
        screen = " ".join(text_of(app).split())
        for words in (
            "https://feed0.example/rss",
            "1 h: the config says 5 min, an entry comes each 20m, its publisher asks for 1 h,",
            "and for none in the hours 0, 1 (UTC), and for none on Sunday",
            "an entry each 20m (median), the longest pause 24h",
            "20 entries in 2K; the last answer took 0.2 s",
            "10 good ones, 70% of them 304: unchanged",
        ):
            assert words in screen


async def test_a_feed_that_fails_again_and_again_says_how_far_it_is_held_back(floor: Watchfloor) -> None:
    change(
        floor, 0, interval=1200.0, failures=3, error="503 Service Unavailable", failing_since=floor.now - 9
    )
    async with watching(floor, size=(120, 40)) as (app, pilot):
        await pilot.press("F", "j")
        assert "503 Service Unavailable · held back after 3 failures" in text_of(app)
        await pilot.press("enter")
        await until(
            pilot, lambda: "20 min, held back to 1 h 20 min after 3 failures in a row:" in text_of(app)
        )


async def test_a_try_is_asked_for_and_its_steps_come_up_as_they_are_made(floor: Watchfloor) -> None:
    async with watching(floor, size=(120, 40)) as (app, pilot):
        await one_feed(pilot)
        assert "y fetches it now and shows each step" in text_of(app)
        await pilot.press("y")
        assert "Asked: the collector begins within a second." in text_of(app)
        [request] = floor.writer.requests()
        assert (request.verb, request.url) == ("try", "https://feed0.example/rss")
        for step in (
            TrialStep(floor.now, "DNS", "feed0.example is 203.0.113.7", True),
            TrialStep(floor.now, "header", "server: nginx", None),
            TrialStep(floor.now, "fault", "TLS: certificate expired 3 days ago", False),
        ):
            floor.writer.show(lambda db, step=step: add_step(db, "https://feed0.example/rss", step))  # type: ignore[misc]
        await until(pilot, lambda: "✗ fault" in text_of(app))
        screen = text_of(app)
        assert screen.index("✓ DNS") < screen.index("· header") < screen.index("TLS: certificate expired")
        await pilot.press("y")
        assert "✓ DNS" not in text_of(app)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 50), (320, 90)])
async def test_both_fit_every_terminal_and_follow_a_resize(floor: Watchfloor, size: tuple[int, int]) -> None:
    change(floor, 1, moved="https://a-very-long-name-of-a-host.example/feeds/of/the/desk/main.xml")
    async with watching(floor, size=size) as (app, pilot):
        await pilot.press("F")
        assert "moved" in text_of(app)
        await one_feed(pilot)
        await pilot.resize_terminal(60, 20)
        await pilot.press("escape")
        assert "4 FEEDS, 3 FRESH" in text_of(app)
