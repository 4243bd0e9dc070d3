"""Whether there are more incidents than usual: by the upper tail of a negative binomial. Pure.

After Noufaily et al. (2013, Statistics in Medicine 32, 1206-1222), the method that public health uses for
thousands of series, most of them sparse: the count is compared with the upper quantile of a negative binomial
around the usual, whose variance takes in that incidents cluster and that the usual is itself an estimate.

EARS C2 and W2 (the mean and three standard deviations of seven days) were weighed and not taken: where a
front has one incident a day or none, their deviation is nought or rests on one odd day, so that a single
incident is a surge, or ten are none; Fricker et al. (2008, Statistics in Medicine 27, 3407-3429) measure it.
From EARS come the guard days and the week without which nothing is trusted (:mod:`tui.incidents.tempo`).

A usual of nought is no special case: the prior of the rate keeps it above nought, and the fewest incidents
that can be many are set (Farrington et al. 1996 ask for five in four weeks).
"""

from __future__ import annotations

from dataclasses import dataclass
from math import exp, inf, lgamma, log, log1p
from typing import Final

from tui.incidents.tempo import WINDOWS, Hours, Usual

_NEGLIGIBLE: Final = 1e-12
"""Share of the sum so far below which further terms of a tail are left out."""
_NOUGHT: Final = 1e-9
"""A mean below which any count is out of the question: logarithms of less fail."""


@dataclass(frozen=True, slots=True)
class Excess:
    """The incidents of the last hours beside what is usual in them."""

    hours: int
    """How far back."""
    seen: int
    """In how many of those hours the front was seen: the figures are of these."""
    count: int
    usual: float
    chance: float
    """That so many or more come where all is as usual; 1 where they are no more than usual."""


def compare(hours: Hours, usual: Usual) -> tuple[Excess, ...]:
    """The last hours in each window with what is usual; none where no usual is known yet."""
    if not usual.known:
        return ()
    made = []
    for window in WINDOWS:
        seen, count = sum(hours.seen[:window]), hours.total(0, window)
        mean = usual.expected(hours, 0, window)
        made.append(Excess(window, seen, count, mean, tail(count, mean, variance_of(mean, usual))))
    return tuple(made)


def most(mean: float, variance: float, chance: float, fewest: int) -> int:
    """The highest count that is still usual: one more has that chance or less, and is ``fewest`` at least."""
    low, high = max(fewest, 1), max(fewest, 2)
    while tail(high, mean, variance) > chance:
        low, high = high, 2 * high
    while low < high:
        middle = (low + high) // 2
        if tail(middle, mean, variance) > chance:
            low = middle + 1
        else:
            high = middle
    return low - 1


def variance_of(mean: float, usual: Usual) -> float:
    """Of a count whose mean is usual: quasi-Poisson for the waves, and a Gamma's for what is an estimate."""
    return mean * (usual.spread + mean / usual.weight)


def tail(count: int, mean: float, variance: float) -> float:
    """Chance of ``count`` or more by the negative binomial of that mean and variance.

    A variance not above the mean gives the Poisson. 1 where the count is not above the mean: then nothing is
    asked of the tail.
    """
    if count <= mean or count <= 0:
        return 1.0
    if mean < _NOUGHT:
        return 0.0
    shape = mean * mean / (variance - mean) if variance > mean * (1 + 1e-9) else inf
    term = _probability(count, mean, shape)
    total, at = 0.0, count
    while term > total * _NEGLIGIBLE:
        total += term
        at += 1
        # From one term to the next, as both distributions have it.
        term *= mean / at if shape == inf else (at - 1 + shape) / at * mean / (mean + shape)
    return min(1.0, total)


def _probability(count: int, mean: float, shape: float) -> float:
    """Of exactly ``count``."""
    if shape == inf:
        return exp(count * log(mean) - mean - lgamma(count + 1))
    return exp(
        lgamma(count + shape)
        - lgamma(shape)
        - lgamma(count + 1)
        - shape * log1p(mean / shape)
        + count * (log(mean) - log(mean + shape))
    )
