"""What a feed's record says of it, and how far a front can be seen."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from tui.feeds.health import FRESH_FOR, GRACE, FeedState, coverage, judge
from tui.feeds.schedule import after_poll
from tui.model import FeedRecord

NOW = 1_700_000_000.0
EVERY = 300.0
STALE = FRESH_FOR * EVERY + GRACE
FEED = FeedRecord("https://example.org/feed", "Example", "example", None, every=EVERY)


def polled(ago: float, *, front: str | None = None, newest: float | None = None) -> FeedRecord:
    """A feed whose last poll was good and lies that far back."""
    return replace(FEED, front=front, last_poll=NOW - ago, last_ok=NOW - ago, newest=newest)


def test_a_feed_nobody_polled_yet_is_waiting() -> None:
    assert judge(FEED, NOW) is FeedState.WAITING


def test_a_feed_is_fresh_for_three_intervals_and_then_late() -> None:
    assert judge(polled(STALE - 1), NOW) is FeedState.FRESH
    assert judge(polled(STALE), NOW) is FeedState.LATE


def test_one_failed_poll_does_not_take_the_freshness_away() -> None:
    record = replace(polled(EVERY), last_poll=NOW, failures=1, error="503")
    assert judge(record, NOW) is FeedState.FRESH


def test_a_feed_that_keeps_failing_is_failing() -> None:
    record = replace(polled(STALE), last_poll=NOW, failures=3)
    assert judge(record, NOW) is FeedState.FAILING
    assert judge(replace(record, last_ok=None), NOW) is FeedState.FAILING


@given(st.floats(60.0, 86_400.0), st.floats(0, 1), st.floats(0, 1))
def test_a_single_miss_never_shows_for_the_retry_comes_in_time(every: float, one: float, two: float) -> None:
    record = replace(FEED, every=every, last_poll=NOW, last_ok=NOW)
    missed = after_poll(record, failed=False, now=NOW, retry_after=None, jitter=one)
    record = replace(record, last_poll=missed, failures=1)
    retried = after_poll(record, failed=True, now=missed, retry_after=None, jitter=two)
    assert judge(record, retried + 20.0) is FeedState.FRESH


def test_coverage_of_a_front_counts_its_own_feeds_and_the_general_ones() -> None:
    records = [
        polled(10, newest=NOW - 500),
        polled(10, front="yemen", newest=NOW - 90),
        polled(10, front="lebanon-border", newest=NOW - 5),
        polled(STALE, front="yemen"),
    ]
    yemen = coverage(records, "yemen", NOW)
    assert (yemen.fresh, yemen.total, yemen.newest, yemen.blind) == (2, 3, NOW - 90, False)
    everything = coverage(iter(records), None, NOW)
    assert (everything.fresh, everything.total, everything.newest) == (3, 4, NOW - 5)


def test_a_front_goes_blind_when_the_feed_is_lost_that_leaves_it_under_half() -> None:
    records = [polled(10), polled(STALE + 100), polled(STALE + 300), polled(STALE + 200)]
    seen = coverage(records, None, NOW)
    assert (seen.fresh, seen.blind, seen.blind_since) == (1, True, NOW - 100)


def test_half_is_enough_to_see_by() -> None:
    seen = coverage([polled(10), polled(STALE + 100)], None, NOW)
    assert (seen.blind, seen.blind_since) == (False, None)


def test_what_was_never_seen_is_blind_since_no_time() -> None:
    seen = coverage([FEED, FEED, polled(10)], None, NOW)
    assert (seen.blind, seen.blind_since) == (True, None)
    nothing = coverage([], "yemen", NOW)
    assert (nothing.total, nothing.blind, nothing.blind_since, nothing.newest) == (0, True, None, None)


@given(st.lists(st.none() | st.floats(0, 5000), max_size=12))
def test_blind_since_is_when_it_turned_blind(agos: list[float | None]) -> None:
    records = [FEED if ago is None else polled(ago) for ago in agos]
    seen = coverage(records, None, NOW)
    if seen.blind_since is not None:
        assert coverage(records, None, seen.blind_since + 0.001).blind
        assert not coverage(records, None, seen.blind_since - 0.001).blind
