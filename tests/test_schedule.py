"""When a feed is polled."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tui.feeds.schedule import LONGEST_REST, Timetable, after_poll, at_start
from tui.model import FeedRecord

NOW = 1_700_000_000.0
FEED = FeedRecord("https://example.org/feed", "Example", "example", None, every=300.0)
chance = st.floats(0.0, 1.0)


def next_poll(failures: int = 0, retry_after: float | None = None, jitter: float = 0.5) -> float:
    """Seconds until the next poll."""
    record = replace(FEED, failures=failures)
    failed = failures > 0
    return after_poll(record, failed=failed, now=NOW, retry_after=retry_after, jitter=jitter) - NOW


def test_a_good_poll_is_followed_by_one_an_interval_later() -> None:
    assert next_poll() == 300.0
    assert next_poll(jitter=0.0) == pytest.approx(270.0)
    assert next_poll(jitter=1.0) == pytest.approx(330.0)


def test_failures_in_a_row_are_waited_out_longer_and_longer_up_to_six_intervals() -> None:
    assert [next_poll(failures) / 300.0 for failures in (1, 2, 3, 4, 5, 1000)] == [1, 2, 4, 6, 6, 6]


def test_a_server_that_asks_for_rest_gets_it_but_not_for_more_than_a_day() -> None:
    assert next_poll(retry_after=3600.0) == 3600.0
    assert next_poll(failures=1, retry_after=3600.0) == 3600.0
    assert next_poll(retry_after=5.0) == 300.0
    assert next_poll(retry_after=1e12) == LONGEST_REST


@given(st.integers(0, 10_000), st.none() | st.floats(0, 1e12), chance, st.floats(60.0, 604_800.0))
def test_no_feed_is_polled_before_nine_tenths_of_its_interval(
    failures: int, retry_after: float | None, jitter: float, every: float
) -> None:
    record = replace(FEED, failures=failures, every=every)
    when = after_poll(record, failed=failures > 0, now=NOW, retry_after=retry_after, jitter=jitter)
    assert 0.89 * every <= when - NOW <= max(6.7 * every, LONGEST_REST)


def test_a_feed_never_polled_comes_within_the_spread_of_a_start() -> None:
    assert at_start(FEED, now=NOW, spread=10.0, jitter=0.0) == NOW
    assert at_start(FEED, now=NOW, spread=10.0, jitter=1.0) == NOW + 10.0


def test_a_restart_keeps_to_the_stored_time() -> None:
    record = replace(FEED, last_poll=NOW - 100.0, next_poll=NOW + 200.0)
    assert at_start(record, now=NOW, spread=10.0, jitter=0.5) == NOW + 200.0


def test_what_is_overdue_after_a_long_sleep_comes_within_the_spread() -> None:
    record = replace(FEED, last_poll=NOW - 9000.0, next_poll=NOW - 8700.0)
    assert at_start(record, now=NOW, spread=10.0, jitter=0.5) == NOW + 5.0


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    record = replace(FEED, last_poll=NOW + 3300.0, next_poll=NOW + 3600.0)
    assert at_start(record, now=NOW, spread=10.0, jitter=0.5) == NOW + 5.0


@given(chance, chance)
def test_whatever_after_poll_plans_a_restart_right_after_it_keeps(jitter: float, other: float) -> None:
    record = replace(FEED, last_poll=NOW, failures=4)
    planned = after_poll(record, failed=True, now=NOW, retry_after=None, jitter=jitter)
    assert at_start(replace(record, next_poll=planned), now=NOW, spread=10.0, jitter=other) == planned


def test_a_timetable_hands_out_what_is_due_once_and_the_longest_overdue_first() -> None:
    table = Timetable()
    table.plan("b", 20.0)
    table.plan("a", 10.0)
    table.plan("c", 30.0)
    assert table.take(25.0) == ["a", "b"]
    assert table.take(25.0) == []
    table.plan("a", 40.0)
    table.done("a")
    assert table.take(39.0) == ["c"]
    assert table.take(40.0) == ["a"]


def test_a_poll_asked_for_during_a_poll_follows_it() -> None:
    table = Timetable()
    table.plan("a", 0.0)
    assert table.take(1.0) == ["a"]
    table.plan("a", 1.0)
    assert table.take(2.0) == []
    table.done("a")
    assert table.take(2.0) == ["a"]
