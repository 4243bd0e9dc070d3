"""The incidents of one pane in their order: newest first, and never reordered by an update."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Sequence

from tui.model import Incident


def _key(incident: Incident) -> tuple[float, int]:
    return (-incident.first_seen, -incident.id)


class Roll:
    """Incidents by first report, newest first, each once.

    An incident keeps its place when more is told of it, unless its first report turns out to be
    earlier: what a person is looking at must not move.
    """

    def __init__(self, incidents: Iterable[Incident] = ()) -> None:
        self._rows: list[Incident] = []
        self._keys: list[tuple[float, int]] = []
        self._by_id: dict[int, Incident] = {}
        self.replace(incidents)

    def replace(self, incidents: Iterable[Incident]) -> None:
        """Hold these incidents and no others."""
        self._by_id = {incident.id: incident for incident in incidents}
        self._rows = sorted(self._by_id.values(), key=_key)
        self._keys = [_key(incident) for incident in self._rows]

    def put(self, incident: Incident) -> None:
        """Add an incident, or bring one that is held up to date."""
        self.drop(incident.id)
        key = _key(incident)
        index = bisect_left(self._keys, key)
        self._rows.insert(index, incident)
        self._keys.insert(index, key)
        self._by_id[incident.id] = incident

    def drop(self, incident_id: int) -> None:
        """Take an incident out, if it is held."""
        index = self.index(incident_id)
        if index is not None:
            del self._rows[index], self._keys[index]
            del self._by_id[incident_id]

    def trim(self, most: int) -> None:
        """Let the oldest go where more than ``most`` are held."""
        for incident in self._rows[most:]:
            del self._by_id[incident.id]
        del self._rows[most:], self._keys[most:]

    def index(self, incident_id: int | None) -> int | None:
        """Where the incident stands; None where it is not held."""
        incident = self._by_id.get(incident_id) if incident_id is not None else None
        return None if incident is None else bisect_left(self._keys, _key(incident))

    def get(self, incident_id: int | None) -> Incident | None:
        """The incident as it is held."""
        return self._by_id.get(incident_id) if incident_id is not None else None

    def __len__(self) -> int:
        return len(self._rows)

    def __getitem__(self, index: int) -> Incident:
        return self._rows[index]

    @property
    def rows(self) -> Sequence[Incident]:
        """All of them, newest first."""
        return self._rows
