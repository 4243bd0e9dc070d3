"""The incidents that a map is about: which belong, which of them have a mark, how the others are counted."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from tui.geo.stand import Stand
from tui.geo.view import NEAREST_FIT, Position, View, fit
from tui.incidents.distance import width as width_of
from tui.model import Incident, Kind, State, Timestamp


class Stock:
    """Incidents of some fronts that were told of within some hours.

    Those of them that have a place and are not shelved have a mark.
    """

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._incidents: dict[int, Incident] = {}
        self._marked: tuple[Incident, ...] = ()
        self._shelved = 0

    def replace(self, stand: Stand, incidents: Iterable[Incident], now: Timestamp) -> None:
        """Hold what belongs to another stand, and nothing else."""
        self._stand = stand
        self._incidents = {incident.id: incident for incident in incidents if self._wants(incident, now)}
        self._sort_out()

    def _wants(self, incident: Incident, now: Timestamp) -> bool:
        if incident.kind is not Kind.INCIDENT or not incident.fronts:
            return False
        front = self._stand.front
        return (
            front is None or front in incident.fronts
        ) and incident.last_seen >= now - self._stand.hours * 3600.0

    def take(self, changed: Iterable[Incident], now: Timestamp, keep: int | None) -> set[int]:
        """Take in what changed, and let go of what is too old by now; ids of all that is another than before.

        The incident ``keep`` stays whatever it is: a person has selected it.
        """
        touched = set()
        for incident in changed:
            if incident.id in self._incidents or self._wants(incident, now):
                self._incidents[incident.id] = incident
                touched.add(incident.id)
        left = {
            incident.id
            for incident in self._incidents.values()
            if incident.id != keep and not self._wants(incident, now)
        }
        for id in left:
            del self._incidents[id]
        if touched or left:
            self._sort_out()
        return touched | left

    def _sort_out(self) -> None:
        folded = {each.id for each in self._incidents.values() if each.state is State.SHELVED}
        self._shelved = len(folded)
        self._marked = tuple(
            each for each in self._incidents.values() if each.place is not None and each.id not in folded
        )

    def get(self, id: int | None) -> Incident | None:
        """The incident as it is held."""
        return self._incidents.get(id) if id is not None else None

    def __len__(self) -> int:
        return len(self._incidents)

    @property
    def marked(self) -> tuple[Incident, ...]:
        """Those that have a mark: the same tuple as long as nothing has changed."""
        return self._marked

    def fitted(self, width: int, height: int, home: Callable[[], list[Position]]) -> View:
        """The view of so many cells that shows every mark; where there is none, the places of ``home``.

        Where no place is exact it shows as much as the narrowest of them is wide.
        """
        places = [each.place for each in self._marked if each.place is not None]
        if not places:
            return fit(home(), width, height)
        least = max(NEAREST_FIT, min(map(width_of, places)))
        return fit([(each.lat, each.lon) for each in places], width, height, least=least)

    @property
    def shelved(self) -> int:
        """How many are folded away."""
        return self._shelved
