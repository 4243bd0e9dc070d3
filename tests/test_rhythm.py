"""How often a feed has something new, and what its documents ask for."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.feeds.hints import Hints, hints_of
from tui.feeds.rhythm import Rhythm, interval, late_from, rhythm_of

# Rhythm


def test_the_rhythm_is_the_median_gap_and_the_longest_one() -> None:
    times = [NOON - hours * HOUR for hours in (0, 1, 2, 5, 13)]
    assert rhythm_of(times, NOON) == Rhythm(2 * HOUR, 8 * HOUR)
    assert rhythm_of(reversed(times), NOON) == Rhythm(2 * HOUR, 8 * HOUR)


def test_too_few_dates_make_no_rhythm() -> None:
    assert rhythm_of([], NOON) == Rhythm()
    assert rhythm_of([NOON, NOON - HOUR, NOON - 2 * HOUR], NOON) == Rhythm()
    assert rhythm_of([NOON] * 50, NOON) == Rhythm()


def test_batches_have_the_rhythm_of_the_batches_and_what_is_dated_ahead_counts_as_now() -> None:
    batches = [NOON - day * DAY + second for day in range(5) for second in (0.0, 5.0, 40.0)]
    assert rhythm_of(batches, NOON) == Rhythm(DAY, DAY)
    ahead = [NOON + DAY, *(NOON - hours * HOUR for hours in range(1, 5))]
    assert rhythm_of(ahead, NOON) == Rhythm(HOUR, HOUR)


def test_only_the_newest_entries_count() -> None:
    old = [NOON - 100 * DAY - days * DAY for days in range(100)]
    new = [NOON - minutes * MINUTE for minutes in range(0, 400, 10)]
    assert rhythm_of(old + new, NOON) == Rhythm(10 * MINUTE, 10 * MINUTE)


@given(st.floats(60.0, 7 * DAY), st.none() | st.floats(0, 1e9), st.floats(0, 1e9))
def test_an_interval_stays_between_a_third_of_every_and_three_times_that(
    every: float, gap: float | None, silence: float
) -> None:
    assert every / 3.01 <= interval(every, gap, NOON - silence, NOON) <= every * 3.01


def test_a_feed_is_late_after_twice_its_longest_pause_but_never_within_a_day() -> None:
    assert late_from(NOON, 2 * DAY) == NOON + 4 * DAY
    assert late_from(NOON, HOUR) == NOON + DAY
    assert late_from(NOON, None) is None
    assert late_from(None, HOUR) is None


# Hints

RSS = "<?xml version='1.0'?><rss version='2.0' xmlns:sy='http://purl.org/rss/1.0/modules/syndication/'><channel>"


def channel(head: str = "", items: str = "<item><title>a</title></item>", tail: str = "") -> bytes:
    return f"{RSS}<title>Desk</title>{head}{items}{tail}</channel></rss>".encode()


def test_a_ttl_is_in_minutes() -> None:
    assert hints_of(channel("<ttl> 30 </ttl>")) == Hints(ttl=30 * MINUTE)


@pytest.mark.parametrize(
    ("words", "period"),
    [
        ("<sy:updatePeriod> hourly </sy:updatePeriod><sy:updateFrequency>1</sy:updateFrequency>", HOUR),
        ("<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>", 900.0),
        ("<sy:updatePeriod>daily</sy:updatePeriod>", DAY),
        ("<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>", DAY),
        ("<sy:updatePeriod>always</sy:updatePeriod>", None),
        ("<sy:updateFrequency>4</sy:updateFrequency>", None),
    ],
)
def test_an_update_period_is_divided_by_its_frequency(words: str, period: float | None) -> None:
    assert hints_of(channel(words)).period == period


def test_of_a_ttl_and_a_period_the_longer_holds() -> None:
    both = channel("<ttl>5</ttl><sy:updatePeriod>hourly</sy:updatePeriod>")
    assert hints_of(both).stands == HOUR
    assert hints_of(channel()).stands is None


def test_hours_and_days_to_skip_are_read() -> None:
    words = "<skipHours><hour>0</hour> <hour>23</hour><hour>24</hour><hour>77</hour></skipHours>"
    words += "<skipDays><day>Sunday</day><day>SATURDAY</day><day>Someday</day></skipDays>"
    hints = hints_of(channel(words))
    assert hints == Hints(skip_hours=frozenset({0, 23}), skip_days=frozenset({5, 6}))


def test_who_wants_every_hour_or_day_skipped_is_not_believed() -> None:
    hours = "".join(f"<hour>{hour}</hour>" for hour in range(24))
    names = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    days = "".join(f"<day>{name}</day>" for name in names)
    assert hints_of(channel(f"<skipHours>{hours}</skipHours><skipDays>{days}</skipDays>")) == Hints()


def test_hints_behind_the_items_count_and_those_in_items_comments_and_character_data_do_not() -> None:
    assert hints_of(channel(tail="<ttl>7</ttl>")) == Hints(ttl=7 * MINUTE)
    assert hints_of(channel(items="<item><title>a</title><ttl>7</ttl></item>")) == Hints()
    assert hints_of(channel("<!-- <ttl>7</ttl> -->")) == Hints()
    assert hints_of(channel("<description><![CDATA[<ttl>7</ttl>]]></description>")) == Hints()
    atom = b"<feed xmlns='http://www.w3.org/2005/Atom'><title>x</title><entry><ttl>7</ttl></entry></feed>"
    assert hints_of(atom) == Hints()


@pytest.mark.parametrize("ttl", ["0", "-5", "x", "99999999", "9999999", ""])
def test_a_ttl_that_means_nothing_is_none(ttl: str) -> None:
    assert hints_of(channel(f"<ttl>{ttl}</ttl>")) == Hints()


@given(st.binary(max_size=2000))
def test_any_bytes_can_be_read(body: bytes) -> None:
    hints = hints_of(body)
    assert replace(hints) == hints


@pytest.mark.parametrize("piece", [b"<ttl>", b"<!--", b"<skipHours>", b"<item ", b"<![CDATA[", b"</item"])
def test_a_hostile_document_is_read_and_says_nothing(piece: bytes) -> None:
    """A pattern that ran away would not come back from a mebibyte of this."""
    assert hints_of(piece * (1024 * 1024 // len(piece))) == Hints()
