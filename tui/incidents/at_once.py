"""A side that is active on several fronts at once: an event of its own. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from tui.clock import iso
from tui.incidents.standing import ACTIVE, OVER, Standing
from tui.model import Timestamp
from tui.policy import PosturePolicy


@dataclass(frozen=True, slots=True)
class Attack:
    """An incident that a side is told to have done, of medium severity or worse."""

    at: Timestamp
    front: str
    """Where it belongs: of an incident on several fronts the first, so that one act is no wave."""
    by: str


def active(
    before: Mapping[str, Standing],
    attacks: Iterable[Attack],
    now: Timestamp,
    policy: PosturePolicy,
    names: Mapping[str, str],
) -> dict[str, Standing]:
    """How each side stands that is, or was ``before``, active on several fronts at once, by side.

    It begins when the side has attacked on ``active_fronts`` fronts within ``active_within``, and is over
    when it has attacked on none for as long: so it is told once, not with each attack. While it is on fewer
    fronts than that, the words say so. ``names``: of the fronts by id; an attack elsewhere is left out (its
    front may have been taken out of the watch), and one of a side that is not among ``active_sides``.
    """
    last: dict[str, dict[str, Timestamp]] = {}
    for attack in attacks:
        if policy.active_sides and attack.by not in policy.active_sides:
            continue
        if now - policy.active_within < attack.at <= now and attack.front in names:
            fronts = last.setdefault(attack.by, {})
            fronts[attack.front] = max(attack.at, fronts.get(attack.front, attack.at))
    made = {}
    for side in sorted(last.keys() | before.keys()):
        stood, fronts = before.get(side), last.get(side, {})
        goes_on = stood is not None and stood.state == ACTIVE
        if len(fronts) >= policy.active_fronts:
            since = stood.since if stood is not None and goes_on else now
            made[side] = Standing(ACTIVE, side, ACTIVE, since, now, _words(side, fronts, names))
        elif stood is not None and goes_on and fronts:
            words = f"several fronts active at once until {_hour(stood.met)}, by {side}: only "
            made[side] = stood._replace(words=words + _told(fronts, names))
        elif stood is not None and goes_on:
            quiet = f"no attack by {side} within {policy.active_within / 3600:g} h"
            made[side] = Standing(ACTIVE, side, OVER, now, stood.met, quiet)
    return made


def _words(side: str, fronts: Mapping[str, Timestamp], names: Mapping[str, str]) -> str:
    return f"{len(fronts)} fronts active at once, by {side}: {_told(fronts, names)}"


def _told(fronts: Mapping[str, Timestamp], names: Mapping[str, str]) -> str:
    """The fronts in order of the last attack on each, with its time."""
    ordered = sorted(fronts.items(), key=lambda item: (item[1], item[0]))
    return ", ".join(f"{names[front]} {_hour(at)}" for front, at in ordered)


def _hour(at: Timestamp) -> str:
    """``13:00Z``."""
    return f"{iso(at)[11:16]}Z"
