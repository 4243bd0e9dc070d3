"""The priority of an alarm: from severity, posture of the front and corroboration, with its reason. Pure.

Three priorities, after EEMUA 191: about 5% critical, 15% high and 80% low, so that the rare ones are
believed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tui.incidents.standing import Posture
from tui.model import Incident, Severity
from tui.policy import Priority

_SEVERITY: Final = {Severity.CRITICAL: 4, Severity.HIGH: 2, Severity.MEDIUM: 1, Severity.LOW: 0}
_HIGH_FROM: Final = 3
_CRITICAL_FROM: Final = 4
_CONFIRMED: Final = 2
"""Admiralty credibility at or below which independent accounts agree."""
_WIDELY: Final = 8
"""Publishers that tell a confirmed incident, from which it is heard of whatever its severity."""
_IMPROBABLE: Final = 5
"""Admiralty credibility that contradictions lower an account to."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A priority and why it is that."""

    priority: Priority
    points: int
    why: str
    """``high severity; told independently (B2); Yemen: surge``."""


def judge(incident: Incident, postures: Iterable[tuple[str, Posture]] = (), doubt: str = "") -> Judged:
    """The priority of an incident; ``postures``: name and posture of each front that it is on.

    A point up where independent accounts agree, one where a front it is on is in a surge or worse, one down
    where the account is improbable; and one, where it lacks just that to be high, for what everybody tells:
    the news of the day may have killed nobody. So a critical severity is critical on one source's word, for
    there is no time to wait for a second, and a high one where it is confirmed and its front is in a surge.
    With ``doubt`` of the tripwires that make it critical (:mod:`tui.incidents.trust`) it is high at most.
    """
    severity = incident.severity or Severity.LOW
    points, why = _SEVERITY[severity], [f"{severity} severity"]
    credibility = int(incident.grade[1:]) if incident.grade[1:].isdecimal() else 6
    if credibility <= _CONFIRMED:
        points += 1
        why.append(f"told independently ({incident.grade})")
    elif credibility == _IMPROBABLE:
        points -= 1
        why.append(f"improbable ({incident.grade})")
    else:
        why.append(f"not confirmed ({incident.grade})")
    busy = next(((name, one) for name, one in postures if one.rank >= Posture.SURGE.rank), None)
    if busy is not None:
        points += 1
        why.append(f"{busy[0]}: {busy[1]}")
    if points == _HIGH_FROM - 1 and credibility <= _CONFIRMED and len(incident.publishers) >= _WIDELY:
        points += 1
        why.append(f"told by {len(incident.publishers)} publishers")
    if doubt:
        points = min(points, _CRITICAL_FROM - 1)
        why.append(f"high at most: {doubt}")
    return Judged(_of(points), points, "; ".join(why))


def _of(points: int) -> Priority:
    if points >= _CRITICAL_FROM:
        return Priority.CRITICAL
    return Priority.HIGH if points >= _HIGH_FROM else Priority.LOW
