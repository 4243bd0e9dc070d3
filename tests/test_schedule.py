"""When a feed is polled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.feeds.schedule import GONE, LONGEST_REST, Timetable, after_poll, at_start, interval_of
from tui.model import FeedRecord
from tui.policy import FetchPolicy

NOW = 1_700_000_000.0
POLICY = FetchPolicy()
FEED = FeedRecord("https://example.org/feed", "Example", "example", None, every=300.0)
chance = st.floats(0.0, 1.0)
seconds = st.none() | st.floats(0, 1e9)


def next_poll(failures: int = 0, rest: float | None = None, jitter: float = 0.5) -> float:
    """Seconds until the next poll."""
    record = FEED._replace(failures=failures, rest_until=None if rest is None else NOW + rest)
    when = after_poll(record, POLICY, failed=failures > 0, now=NOW, jitter=jitter)
    assert when is not None
    return when - NOW


# How often


@pytest.mark.parametrize(
    ("gap", "interval"),
    [
        (None, 300),
        (10 * MINUTE, 300),
        (5 * MINUTE, 150),
        (10.0, 100),
        (20 * MINUTE, 600),
        (3 * DAY, 900),
    ],
)
def test_busy_feeds_are_polled_sooner_and_idle_ones_later_with_every_in_the_middle(
    gap: float | None, interval: float
) -> None:
    record = FEED._replace(gap=gap, newest=NOW)
    assert interval_of(record, POLICY, NOW) == interval
    assert interval_of(record, POLICY._replace(adaptive=False), NOW) == 300


def test_a_feed_that_has_fallen_silent_is_polled_less_and_less() -> None:
    record = FEED._replace(gap=10 * MINUTE, newest=NOW)
    intervals = [interval_of(record, POLICY, NOW + silence * HOUR) for silence in (0, 1, 2, 3, 4, 24)]
    assert intervals == [300, 300, 450, 675, 900, 900]


def test_what_the_publisher_asks_for_is_kept_to_within_the_configs_bounds() -> None:
    assert interval_of(FEED._replace(ttl=HOUR), POLICY, NOW) == HOUR
    assert interval_of(FEED._replace(ttl=HOUR, max_age=2 * HOUR), POLICY, NOW) == 2 * HOUR
    assert interval_of(FEED._replace(ttl=60.0, max_age=1.0), POLICY, NOW) == 300
    assert interval_of(FEED._replace(ttl=30 * DAY), POLICY, NOW) == 6 * HOUR
    assert interval_of(FEED._replace(ttl=HOUR), POLICY._replace(slowest=900.0), NOW) == 900
    busy = FEED._replace(gap=60.0, newest=NOW)
    assert interval_of(busy, POLICY._replace(fastest=200.0), NOW) == 200


def test_what_a_person_says_of_a_feed_moves_the_bound() -> None:
    assert interval_of(FEED._replace(every=DAY), POLICY, NOW) == DAY
    assert interval_of(FEED._replace(every=60.0), POLICY._replace(fastest=600.0), NOW) == 60


@given(seconds, seconds, seconds, st.floats(60.0, 7 * DAY), st.floats(60.0, DAY), st.booleans())
def test_no_interval_is_ever_under_a_minute_or_out_of_bounds(
    gap: float | None, ttl: float | None, age: float | None, every: float, slowest: float, adaptive: bool
) -> None:
    record = FEED._replace(every=every, gap=gap, ttl=ttl, max_age=age, newest=NOW - 5.0)
    policy = FetchPolicy(fastest=60.0, slowest=slowest, adaptive=adaptive)
    assert 60.0 <= interval_of(record, policy, NOW) <= max(slowest, every)


# After a poll


def test_a_good_poll_is_followed_by_one_an_interval_later() -> None:
    assert next_poll() == 300.0
    assert next_poll(jitter=0.0) == pytest.approx(270.0)
    assert next_poll(jitter=1.0) == pytest.approx(330.0)


def test_failures_in_a_row_are_waited_out_longer_and_longer_up_to_six_intervals() -> None:
    assert [next_poll(failures) / 300.0 for failures in (1, 2, 3, 4, 5, 1000)] == [1, 2, 4, 6, 6, 6]


def test_a_server_that_asks_for_rest_gets_it_but_not_for_longer_than_a_day() -> None:
    assert next_poll(rest=3600.0) == 3600.0
    assert next_poll(failures=1, rest=3600.0) == 3600.0
    assert next_poll(rest=5.0) == 300.0
    assert next_poll(rest=1e12) == LONGEST_REST


@given(st.integers(0, 10_000), st.none() | st.floats(0, 1e12), chance, st.floats(60.0, 604_800.0))
def test_no_feed_is_polled_before_nine_tenths_of_its_interval(
    failures: int, rest: float | None, jitter: float, every: float
) -> None:
    record = FEED._replace(failures=failures, every=every, rest_until=None if rest is None else NOW + rest)
    when = after_poll(record, POLICY, failed=failures > 0, now=NOW, jitter=jitter)
    assert when is not None
    assert 0.89 * every <= when - NOW <= 1.11 * max(6.0 * every, LONGEST_REST)


def test_a_feed_that_is_gone_is_polled_no_more() -> None:
    record = FEED._replace(status=GONE, failures=1, last_poll=NOW)
    assert after_poll(record, POLICY, failed=True, now=NOW, jitter=0.5) is None
    assert at_start(record, POLICY, now=NOW, spread=10.0, jitter=0.5) is None


def test_hours_and_days_to_skip_are_waited_out() -> None:
    def after_noon(skip_hours: int = 0, skip_days: int = 0) -> float:
        """Hours from noon of a Friday to a poll that would be at a quarter past twelve."""
        record = FEED._replace(every=900.0, interval=900.0, skip_hours=skip_hours, skip_days=skip_days)
        when = after_poll(record, POLICY, failed=False, now=NOON, jitter=0.5)
        assert when is not None
        return (when - NOON) / HOUR

    assert after_noon() == 0.25
    assert after_noon(skip_hours=1 << 11 | 1 << 13) == 0.25
    assert after_noon(skip_hours=1 << 12 | 1 << 13) == 2.25
    assert after_noon(skip_days=1 << 3) == 0.25
    assert after_noon(skip_days=1 << 4) == 6.0  # all of Friday, but no longer than the slowest interval
    assert after_noon(skip_hours=(1 << 24) - 1) == 6.0


# At a start


def start(record: FeedRecord, *, spread: float = 10.0, jitter: float = 0.5) -> float:
    when = at_start(record, POLICY, now=NOW, spread=spread, jitter=jitter)
    assert when is not None
    return when


def test_a_feed_never_polled_comes_within_the_spread_of_a_start() -> None:
    assert start(FEED, jitter=0.0) == NOW
    assert start(FEED, jitter=1.0) == NOW + 10.0


def test_a_restart_keeps_to_the_stored_time() -> None:
    record = FEED._replace(last_poll=NOW - 100.0, next_poll=NOW + 200.0)
    assert start(record) == NOW + 200.0


def test_what_is_overdue_after_a_long_sleep_comes_within_the_spread() -> None:
    record = FEED._replace(last_poll=NOW - 9000.0, next_poll=NOW - 8700.0)
    assert start(record) == NOW + 5.0


def test_a_clock_that_was_set_back_holds_nothing_up() -> None:
    record = FEED._replace(last_poll=NOW + 3300.0, next_poll=NOW + 3600.0)
    assert start(record) == NOW + 5.0


def test_an_interval_that_was_made_shorter_takes_effect_at_once() -> None:
    hourly = FEED._replace(every=DAY, last_poll=NOW - 100.0, next_poll=NOW + DAY)
    assert start(hourly) == NOW + DAY
    assert start(hourly._replace(every=300.0)) == pytest.approx(NOW + 200.0)
    assert start(hourly._replace(every=60.0)) == NOW + 5.0


@given(
    chance, chance, st.integers(0, 9), st.floats(60.0, 7 * DAY), seconds, seconds, st.integers(0, 2**24 - 1)
)
def test_whatever_after_poll_plans_a_restart_right_after_it_keeps(
    jitter: float,
    other: float,
    failures: int,
    every: float,
    ttl: float | None,
    rest: float | None,
    skip: int,
) -> None:
    record = FEED._replace(last_poll=NOW, failures=failures, every=every, ttl=ttl, skip_hours=skip)
    record = record._replace(rest_until=None if rest is None else NOW + rest)
    record = record._replace(interval=interval_of(record, POLICY, NOW))
    planned = after_poll(record, POLICY, failed=failures > 0, now=NOW, jitter=jitter)
    record = record._replace(next_poll=planned)
    assert at_start(record, POLICY, now=NOW, spread=10.0, jitter=other) == planned


# The timetable


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


def test_what_is_not_admitted_stays_due_and_what_is_never_to_be_polled_is_not_handed_out() -> None:
    table = Timetable()
    for url in "abc":
        table.plan(url, 10.0)
    table.plan("c", None)
    assert table.take(10.0, lambda url: url == "b") == ["b"]
    assert table.take(10.0) == ["a"]
