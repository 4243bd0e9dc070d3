"""What a feed's record says of it, and how far a front can be seen."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.feeds.health import FRESH_FOR, GRACE, FeedState, coverage, judge
from tui.feeds.schedule import GONE, after_poll
from tui.model import FeedRecord
from tui.policy import FetchPolicy

NOW = 1_700_000_000.0
EVERY = 300.0
STALE = FRESH_FOR * EVERY + GRACE
FEED = FeedRecord("https://example.org/feed", "Example", "example", None, every=EVERY)


def polled(ago: float, *, front: str | None = None, newest: float | None = None) -> FeedRecord:
    """A feed whose last poll was good and lies that far back."""
    return FEED._replace(front=front, last_poll=NOW - ago, last_ok=NOW - ago, newest=newest)


def test_a_feed_nobody_polled_yet_is_waiting() -> None:
    assert judge(FEED, NOW) is FeedState.WAITING


def test_a_feed_is_fresh_for_three_intervals_and_then_stale() -> None:
    assert judge(polled(STALE - 1), NOW) is FeedState.FRESH
    assert judge(polled(STALE), NOW) is FeedState.STALE


def test_freshness_goes_by_the_interval_that_is_planned() -> None:
    half_hourly = polled(1000)._replace(interval=1800.0)
    assert judge(half_hourly, NOW) is FeedState.FRESH
    assert judge(half_hourly, NOW + 3 * 1800.0) is FeedState.STALE
    busy = polled(400)._replace(interval=100.0)
    assert judge(busy, NOW) is FeedState.STALE


def test_a_feed_that_wants_no_poll_at_night_is_fresh_until_morning() -> None:
    resting = polled(0)._replace(next_poll=NOW + 6 * 3600.0)
    assert judge(resting, NOW + 6 * 3600.0) is FeedState.FRESH
    assert judge(resting._replace(failures=1), NOW + 6 * 3600.0) is FeedState.FAILING


def test_what_a_person_paused_is_paused_and_what_is_gone_is_gone() -> None:
    assert judge(FEED._replace(paused_by="ab"), NOW) is FeedState.PAUSED
    assert judge(polled(10)._replace(paused_by="ab"), NOW) is FeedState.PAUSED
    gone = polled(10)._replace(status=GONE, failures=1, error="410", paused_by="ab")
    assert judge(gone, NOW) is FeedState.GONE


def test_a_document_without_an_entry_is_an_empty_feed_and_not_an_unread_one() -> None:
    assert judge(polled(10)._replace(digest="d", entries=0), NOW) is FeedState.EMPTY
    assert judge(polled(10)._replace(digest="d", entries=1), NOW) is FeedState.FRESH
    assert judge(polled(10), NOW) is FeedState.FRESH


def test_a_feed_that_says_nothing_for_longer_than_it_ever_does_is_late() -> None:
    daily = polled(10, newest=NOW - 47 * 3600.0)._replace(longest=86_400.0)
    assert judge(daily, NOW) is FeedState.FRESH
    assert judge(daily._replace(newest=NOW - 49 * 3600.0), NOW) is FeedState.LATE
    busy = polled(10, newest=NOW - 23 * 3600.0)._replace(longest=600.0)
    assert judge(busy, NOW) is FeedState.FRESH
    assert judge(busy._replace(longest=None, newest=NOW - 1e8), NOW) is FeedState.FRESH


def test_a_feed_at_a_new_address_is_seen_but_says_so() -> None:
    moved = judge(polled(10)._replace(moved="https://example.org/new"), NOW)
    assert moved is FeedState.MOVED
    assert [state for state in FeedState if state.seen] == [FeedState.MOVED, FeedState.FRESH]


def test_one_failed_poll_does_not_take_the_freshness_away() -> None:
    record = polled(EVERY)._replace(last_poll=NOW, failures=1, error="503")
    assert judge(record, NOW) is FeedState.FRESH


def test_a_feed_that_keeps_failing_is_failing() -> None:
    record = polled(STALE)._replace(last_poll=NOW, failures=3)
    assert judge(record, NOW) is FeedState.FAILING
    assert judge(record._replace(last_ok=None), NOW) is FeedState.FAILING


@given(st.floats(60.0, 86_400.0), st.floats(0, 1), st.floats(0, 1))
def test_a_single_miss_never_shows_for_the_retry_comes_in_time(every: float, one: float, two: float) -> None:
    record = FEED._replace(every=every, last_poll=NOW, last_ok=NOW)
    policy = FetchPolicy(slowest=86_400.0)
    missed = after_poll(record, policy, failed=False, now=NOW, jitter=one)
    assert missed is not None
    record = record._replace(last_poll=missed, failures=1)
    retried = after_poll(record, policy, failed=True, now=missed, jitter=two)
    assert retried is not None
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
