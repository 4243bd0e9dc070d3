"""More incidents than usual: the tail of a negative binomial, against sums worked out the long way."""

from __future__ import annotations

from fractions import Fraction
from math import exp, factorial

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.samples import HOUR, NOON
from tui.incidents.surge import compare, tail
from tui.incidents.tempo import GUARD, LEAST, REACH, TRUSTED, WINDOWS, Hours, learn


def poisson_tail(count: int, mean: float) -> float:
    return 1.0 - sum(exp(-mean) * mean**n / factorial(n) for n in range(count))


def binomial_tail(count: int, shape: int, chance: Fraction) -> float:
    """Of the failures before the ``shape``-th success: the negative binomial by its own definition."""
    term, total = chance**shape, Fraction(0)
    for n in range(count):
        total += term
        term *= Fraction(n + shape, n + 1) * (1 - chance)
    return float(1 - total)


@pytest.mark.parametrize(("count", "mean"), [(1, 0.1), (3, 0.7), (9, 3.0), (20, 8.5), (60, 40.0)])
def test_without_waves_it_is_the_poisson_tail(count: int, mean: float) -> None:
    assert tail(count, mean, mean) == pytest.approx(poisson_tail(count, mean), rel=1e-6)


@pytest.mark.parametrize(("count", "shape", "chance"), [(4, 2, "2/3"), (12, 3, "1/2"), (40, 1, "1/8")])
def test_with_waves_it_is_the_negative_binomial_tail(count: int, shape: int, chance: str) -> None:
    p = Fraction(chance)
    mean, variance = float(shape * (1 - p) / p), float(shape * (1 - p) / p**2)
    assert tail(count, mean, variance) == pytest.approx(binomial_tail(count, shape, p), rel=1e-6)


@given(st.integers(0, 3000), st.floats(0.0, 2000.0), st.floats(1.0, 50.0))
def test_it_is_always_a_chance_and_falls_as_the_count_rises(count: int, mean: float, spread: float) -> None:
    chance = tail(count, mean, mean * spread)
    assert 0.0 <= chance <= 1.0
    assert tail(count + 1, mean, mean * spread) <= chance + 1e-9


@given(st.integers(2, 60), st.floats(0.05, 1.9), st.floats(1.1, 20.0))
def test_far_above_the_mean_waves_make_a_count_less_surprising(
    count: int, mean: float, spread: float
) -> None:
    if count > 3 * mean * spread:
        assert tail(count, mean, mean * spread) >= tail(count, mean, mean)


def hours_with(last: int, a_day: int, length: int = REACH) -> Hours:
    """So many incidents in the last hour, and so many on every day before."""
    each = [1 if ago % 24 < a_day else 0 for ago in range(length)]
    return Hours(NOON, (last, *[0] * 23, *each[24:]), (True,) * length)


def of_a_day(hours: Hours) -> tuple[int, float, float]:
    (day, *_) = compare(hours, learn(hours, "UTC"))
    assert day.hours == 24
    return day.count, day.usual, day.chance


def test_nine_where_three_are_usual_is_rare_and_three_is_not() -> None:
    count, usual, chance = of_a_day(hours_with(9, 3))
    assert (count, chance < 0.01) == (9, True)
    assert usual == pytest.approx(3.0, rel=0.1)
    assert of_a_day(hours_with(3, 3))[2] > 0.4


def test_a_front_on_which_nothing_ever_happens_needs_no_special_case() -> None:
    assert of_a_day(hours_with(0, 0))[2] == 1.0
    assert of_a_day(hours_with(1, 0))[2] > 0.001
    assert of_a_day(hours_with(4, 0))[2] < 0.0005


def test_a_short_history_makes_it_slower_to_believe() -> None:
    long, short = hours_with(3, 0), hours_with(3, 0, WINDOWS[0] + GUARD + LEAST)
    assert of_a_day(short)[2] > 3 * of_a_day(long)[2]


def test_nothing_is_compared_with_what_is_not_known() -> None:
    hours = hours_with(50, 0, WINDOWS[0] + GUARD + LEAST - 1)
    assert compare(hours, learn(hours, "UTC")) == ()


def test_blind_hours_are_left_out_of_what_is_compared() -> None:
    hours = hours_with(9, 3)
    blind = Hours(hours.until, hours.counts, tuple(ago >= 12 for ago in range(REACH)))
    day, wave = compare(blind, learn(hours, "UTC"))
    assert (day.seen, day.count, day.chance) == (12, 0, 1.0)
    assert day.usual == pytest.approx(learn(hours, "UTC").expected(hours, 12, 24))
    assert (wave.seen, wave.count, wave.usual) == (0, 0, 0.0)


def test_a_week_is_enough_to_be_trusted() -> None:
    assert learn(hours_with(0, 1, WINDOWS[0] + GUARD + TRUSTED), "UTC").trusted
    assert hours_with(0, 1).middle(0) == NOON - HOUR / 2
