"""What is usual on a front: learnt from the hours that were seen, by hour of the day and weekday."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import DAY, HOUR
from tui.incidents.tempo import BASELINE, GUARD, LEAST, REACH, TRUSTED, WINDOWS, Hours, bars, learn

MONDAY = datetime(2023, 12, 4, tzinfo=UTC).timestamp()
"""Midnight, UTC."""
SKIPPED = WINDOWS[0] + GUARD


def made(count: Callable[[float], int], length: int = REACH, until: float = MONDAY) -> Hours:
    """So many incidents in the hour with that middle, every hour seen."""
    middles = [until - (ago + 0.5) * HOUR for ago in range(length)]
    return Hours(until, tuple(count(middle) for middle in middles), (True,) * length)


def with_seen(hours: Hours, seen: Sequence[bool]) -> Hours:
    return Hours(hours.until, hours.counts, tuple(seen))


def hour_of(moment: float) -> int:
    return datetime.fromtimestamp(moment, UTC).hour


def test_a_steady_front_is_usual_at_its_own_rate() -> None:
    usual = learn(made(lambda middle: 1 if hour_of(middle) % 6 == 0 else 0), "UTC")
    assert usual.trusted
    assert 24 * usual.rate == pytest.approx(4.0, rel=0.05)
    assert usual.spread == 1.0


def test_nights_are_told_from_days_by_the_fronts_own_clock() -> None:
    def by_day(middle: float) -> int:
        return 2 if 5 <= hour_of(middle) < 17 else 0  # 8 to 20 o'clock in Baghdad

    usual = learn(made(by_day), "Asia/Baghdad")
    assert usual.at(MONDAY + 12 * HOUR) > 3 * usual.at(MONDAY)
    assert usual.by_hour[12] > 1.5 > 0.5 > usual.by_hour[2]
    assert learn(made(by_day), "UTC").by_hour[6] == pytest.approx(usual.by_hour[9])


def test_a_weekday_is_told_from_the_others() -> None:
    on_fridays = made(lambda middle: 1 if datetime.fromtimestamp(middle, UTC).weekday() == 4 else 0)
    usual = learn(on_fridays, "UTC")
    assert max(usual.by_weekday) == usual.by_weekday[4] > 2.0


def test_a_handful_of_incidents_makes_no_pattern() -> None:
    usual = learn(made(lambda middle: 1 if hour_of(middle) == 3 else 0, SKIPPED + 4 * 24), "UTC")
    assert usual.by_hour[3] < 1.7  # 4 of 4 incidents at three o'clock
    assert not usual.trusted
    assert usual.known


@pytest.mark.parametrize(
    ("hours", "known", "trusted"),
    [(0, False, False), (LEAST - 1, False, False), (LEAST, True, False), (TRUSTED, True, True)],
)
def test_the_usual_is_known_after_three_days_seen_and_trusted_after_a_week(
    hours: int, known: bool, trusted: bool
) -> None:
    usual = learn(made(lambda _: 0, SKIPPED + hours), "UTC")
    assert (usual.learnt, usual.known, usual.trusted) == (hours, known, trusted)


def test_hours_in_which_the_front_was_blind_change_nothing_that_is_learnt() -> None:
    noisy = random.Random(7)
    hours = made(lambda _: 1)
    seen = [noisy.random() < 0.6 for _ in hours.counts]
    wild = tuple(count if there else 50 for count, there in zip(hours.counts, seen, strict=True))
    assert learn(Hours(hours.until, wild, tuple(seen)), "UTC") == learn(with_seen(hours, seen), "UTC")
    assert learn(with_seen(hours, seen), "UTC").rate == pytest.approx(1.0, rel=0.1)


def test_what_is_compared_is_not_what_it_is_compared_with() -> None:
    calm, wave = made(lambda _: 0), made(lambda middle: 9 if middle > MONDAY - SKIPPED * HOUR else 0)
    assert learn(calm, "UTC") == learn(wave, "UTC")


def test_an_older_war_is_forgotten() -> None:
    long_ago = made(lambda middle: 9 if middle < MONDAY - REACH * HOUR else 0, REACH + 1000)
    assert learn(long_ago, "UTC").learnt == BASELINE
    assert learn(long_ago, "UTC") == learn(made(lambda _: 0), "UTC")


def test_attacks_that_come_in_waves_spread_wider_than_chance() -> None:
    waves = learn(made(lambda middle: 1 if int(middle // DAY) % 5 == 0 else 0), "UTC")
    assert waves.spread > 3.0


def test_bars_are_of_the_clocks_hours_and_days_and_of_weeks_from_monday() -> None:
    hours = made(lambda _: 1, 10 * 24)
    usual = learn(made(lambda _: 1), "UTC")
    assert [bar.count for bar in bars(hours, "hour", usual)] == [1] * 240
    days = bars(hours, "day", usual)
    assert [bar.start for bar in days] == [MONDAY - n * DAY for n in range(10, 0, -1)]
    assert {(bar.count, bar.seen) for bar in days} == {(24, 24)}
    assert days[0].usual == pytest.approx(24.0, rel=0.05)
    weeks = bars(hours, "week", usual)
    assert [(bar.start, bar.count) for bar in weeks] == [(MONDAY - 14 * DAY, 3 * 24), (MONDAY - 7 * DAY, 168)]


def test_a_bar_nobody_saw_is_told_from_one_without_incidents() -> None:
    hours = with_seen(made(lambda _: 2, 48), [ago >= 24 for ago in range(48)])
    seen, unseen = bars(hours, "day", learn(made(lambda _: 2), "UTC"))
    assert (seen.count, seen.seen) == (48, 24)
    assert (unseen.count, unseen.seen, unseen.usual) == (0, 0, 0.0)


@given(st.lists(st.tuples(st.integers(0, 500), st.booleans()), max_size=REACH + 50))
def test_whatever_the_history_the_usual_is_above_nought_and_bars_lose_nothing(
    told: list[tuple[int, bool]],
) -> None:
    hours = Hours(MONDAY, tuple(n for n, _ in told), tuple(seen for _, seen in told))
    usual = learn(hours, "Asia/Aden")
    assert usual.rate > 0
    assert usual.spread >= 1.0
    assert sum(usual.by_hour) == pytest.approx(24)
    assert sum(usual.by_weekday) == pytest.approx(7)
    for size in ("hour", "day", "week"):
        drawn = bars(hours, size, usual)
        assert sum(bar.count for bar in drawn) == sum(n for n, seen in told if seen)
        assert sum(bar.seen for bar in drawn) == sum(seen for _, seen in told)
        assert [bar.start for bar in drawn] == sorted({bar.start for bar in drawn})
