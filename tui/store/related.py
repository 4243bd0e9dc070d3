"""Incidents that an incident may belong with: of its front or from near by, within a day of it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from tui.clock import DAY
from tui.incidents.distance import EXACT_KM, gap, width
from tui.model import Incident, Kind, Place, Timestamp

NEAR_KM: Final = 50.0
"""Kilometres within which an incident is near, on whatever front it is."""

MOST: Final = 5
"""Incidents that are told."""

_PAGE: Final = 100


class Incidents(Protocol):
    """Where incidents are read from: the store as it is now, or as it stood."""

    def incidents(
        self,
        *,
        front: str,
        kinds: Collection[Kind] | None = None,
        before: tuple[Timestamp, int] | None = None,
        limit: int = ...,
    ) -> list[Incident]:
        """Those of a front that began last first."""


@dataclass(frozen=True, slots=True)
class Related:
    """An incident, and what it has to do with the one that was asked about."""

    incident: Incident
    km: float | None
    """How far from it, 0 where one may lie within the other; None where either place is not exact, or far."""


def related(store: Incidents, fronts: Sequence[str], incident: Incident) -> list[Related]:
    """At most :data:`MOST`: those near by first, then those of its fronts, of each the nearest in time first.

    ``fronts``: ids of those that are looked through.
    """
    found = {
        each.id: Related(each, _km(incident.place, each.place))
        for front in fronts
        for each in _within_a_day(store, front, incident)
        if each.id != incident.id
    }
    ours = set(incident.fronts)
    fitting = [each for each in found.values() if each.km is not None or ours & set(each.incident.fronts)]
    fitting.sort(key=lambda each: (each.km is None, abs(each.incident.first_seen - incident.first_seen)))
    return fitting[:MOST]


def _within_a_day(store: Incidents, front: str, incident: Incident) -> Iterator[Incident]:
    """Incidents of a front that began within a day of this one."""
    before = (incident.first_seen + DAY, 0)
    while page := store.incidents(front=front, kinds=(Kind.INCIDENT,), before=before, limit=_PAGE):
        for each in page:
            if each.first_seen < incident.first_seen - DAY:
                return
            yield each
        before = (page[-1].first_seen, page[-1].id)


def _km(one: Place | None, other: Place | None) -> float | None:
    """Kilometres between two places that are both exact and near each other."""
    if one is None or other is None or max(width(one), width(other)) > EXACT_KM:
        return None
    apart = gap(one, other)
    return apart if apart <= NEAR_KM else None
