"""The posture of a front: usual, elevated, surge or severe, each with its reasons in a sentence. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from tui.incidents.standing import ORDER, POSTURE, Posture, Standing
from tui.incidents.surge import Excess
from tui.incidents.tempo import Usual
from tui.model import Timestamp
from tui.policy import PosturePolicy

_STAY: Final = 4.0
"""Times the chance that raises a posture, below which it stays: a count that hovers at the threshold does not
change it to and fro (a Schmitt trigger's two thresholds)."""


@dataclass(frozen=True, slots=True)
class Signs:
    """What is known of a front at a moment: what its posture is judged by."""

    excesses: tuple[Excess, ...] = ()
    """The last hours beside the usual; none while no usual is known, and then there is a ``doubt``."""
    critical: int = 0
    """Critical incidents that began within the day."""
    tripwires: tuple[str, ...] = ()
    """Names of the tripwires that incidents of the day meet."""
    doubt: str = ""
    """What keeps the usual from being known or trusted, in words; empty where nothing does."""
    blind: bool = False
    """Whether the front can't be seen now: quiet means nothing."""
    unconfirmed: tuple[str, ...] = ()
    """Tripwires that are met only on a word that can't be relied on, each with why: not counted above."""


def step(
    before: Standing | None, front: str, signs: Signs, now: Timestamp, policy: PosturePolicy
) -> Standing:
    """How the front stands now, when it stood so ``before`` (None: never looked at).

    It rises at once. It falls when its reasons have not held for the policy's ``hold``, to what there is
    still reason for; while the front is blind it does not fall, for then there is no telling.
    """
    if before is None:
        before = Standing(POSTURE, front, Posture.USUAL, now, now, "")
    before = before._replace(met=min(before.met, now))  # a clock that was set back must not hold it for good
    stands = Posture(before.state)
    judged = judge(signs, policy, stands)
    why = "; ".join(_reasons(signs, policy, judged))
    if judged.rank > stands.rank:
        return Standing(POSTURE, front, judged, now, now, why)
    if judged is stands:
        return before._replace(met=now, words=why)
    if signs.blind:
        return before._replace(met=now)
    if now - before.met < policy.hold:
        return before
    return Standing(POSTURE, front, judged, now, now, why)


def judge(signs: Signs, policy: PosturePolicy, stands: Posture = Posture.USUAL) -> Posture:
    """The highest posture that there is reason for, where it stands so now."""
    return next(
        posture
        for posture in reversed(ORDER)
        if posture is Posture.USUAL or _holds(posture, signs, policy, stands)
    )


def _holds(posture: Posture, signs: Signs, policy: PosturePolicy, stands: Posture) -> bool:
    surges = _exceeds(Posture.SURGE, signs, policy, stands) is not None
    if posture is Posture.SEVERE:
        return bool(signs.tripwires) or (surges and signs.critical > 0)
    if posture is Posture.SURGE:
        return surges
    grave = signs.critical > 0 or bool(signs.unconfirmed)
    return grave or _exceeds(Posture.ELEVATED, signs, policy, stands) is not None


def _exceeds(
    posture: Posture, signs: Signs, policy: PosturePolicy, stands: Posture = Posture.USUAL
) -> Excess | None:
    """The window that is the least likely of those that speak for the posture."""
    chance = policy.elevated if posture is Posture.ELEVATED else policy.surge
    if posture.rank <= stands.rank:
        chance *= _STAY
    found = [one for one in signs.excesses if one.chance <= chance and one.count >= policy.fewest]
    return min(found, key=lambda one: one.chance, default=None)


def _reasons(signs: Signs, policy: PosturePolicy, posture: Posture) -> Iterator[str]:
    for name in signs.tripwires:
        yield f"tripwire {name}"
    if signs.critical:
        yield f"{signs.critical} critical in 24 h"
    yield from signs.unconfirmed
    if not signs.excesses:
        yield signs.doubt
        return
    # What speaks for the posture, else how the day goes.
    found = _exceeds(posture, signs, policy, posture) if posture is not Posture.USUAL else None
    yield _sentence(found or signs.excesses[0], signs)


def _sentence(excess: Excess, signs: Signs) -> str:
    """``9 in 6 h, usual 2.1``; with what limits it, where something does."""
    window = f"{excess.hours} h"
    if excess.seen < excess.hours:
        window = f"the {excess.seen} h seen of {excess.hours}"
    doubt = f" ({signs.doubt})" if signs.doubt else ""
    return f"{excess.count} in {window}, usual {figure(excess.usual)}{doubt}"


def doubt_of(usual: Usual) -> str:
    """``usual not known before 7 Dec``, ``not to be trusted before 11 Dec``; empty where it can be."""
    if not usual.known:
        return f"usual not known before {_day(usual.known_from)}"
    return "" if usual.trusted else f"not to be trusted before {_day(usual.trusted_from)}"


def _day(moment: Timestamp) -> str:
    """``7 Dec``, UTC."""
    day = datetime.fromtimestamp(moment, UTC)
    return f"{day.day} {day:%b}"


def figure(usual: float) -> str:
    """``2.1``, and from ten on ``14``; what is all but none, ``under 0.1``."""
    if usual < 0.1:
        return "under 0.1"
    return f"{usual:.1f}" if usual < 9.95 else f"{usual:.0f}"
