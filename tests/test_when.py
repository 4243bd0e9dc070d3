"""A moment as a person types it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, HOUR, MINUTE, NOON
from tui.clock import iso
from tui.when import UNDERSTOOD, moment


@pytest.mark.parametrize(
    ("typed", "ago"),
    [
        ("8h", 8 * HOUR),
        ("90m", 90 * MINUTE),
        ("-3h", 3 * HOUR),
        ("2d", 2 * DAY),
        ("1.5h", 1.5 * HOUR),
        ("2w ago", 14 * DAY),
    ],
)
def test_an_age_counts_back_from_now(typed: str, ago: float) -> None:
    assert NOON - moment(typed, NOON) == ago


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("06:00", "2023-12-01T06:00:00Z"),
        ("12:00Z", "2023-12-01T12:00:00Z"),
        ("18:30", "2023-11-30T18:30:00Z"),
        ("2023-11-30", "2023-11-30T00:00:00Z"),
        ("2023-11-30T06:15Z", "2023-11-30T06:15:00Z"),
        (" 2023-11-30 06:15 ", "2023-11-30T06:15:00Z"),
    ],
)
def test_an_hour_is_the_last_time_it_was_so_late_and_a_date_is_utc(typed: str, meant: str) -> None:
    assert iso(moment(typed, NOON)) == meant


@pytest.mark.parametrize(
    "typed", ["", "soon", "25:00", "06:60", "7x", "2023-13-01", "2023-12-01T06:00+02:00"]
)
def test_what_is_no_time_is_answered_with_what_would_be(typed: str) -> None:
    with pytest.raises(ValueError, match="say 06:00, 8h"):
        moment(typed, NOON)


@given(st.text(max_size=30))
def test_whatever_is_typed_is_a_moment_or_told_so(typed: str) -> None:
    try:
        assert isinstance(moment(typed, NOON), float)
    except ValueError as fault:
        assert UNDERSTOOD in str(fault)
