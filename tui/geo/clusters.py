"""Incidents that fall on one cell or beside it become one mark; and which names have room beside marks."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from tui.geo.view import Frame
from tui.model import Incident

NEAR: Final = (
    *((x, 0) for x in range(-3, 4)),
    *((x, y) for y in (-1, 1) for x in (-1, 0, 1)),
)
"""Cells, relative to a mark's own, in which another incident joins it: a mark is three cells wide."""


@dataclass(frozen=True, slots=True)
class Cluster:
    """One mark of a map."""

    x: int
    """Cell, as is ``y``: that of its first incident."""
    y: int
    incidents: tuple[Incident, ...]
    """The worst first, of equals the newest."""

    @property
    def places(self) -> tuple[str, ...]:
        """Names of its places, each once, in the order of its incidents."""
        return tuple(dict.fromkeys(incident.place.name for incident in self.incidents if incident.place))


def worst_first(incident: Incident) -> tuple[int, float, int]:
    """A key to sort by: the worst first, of equals those that began last."""
    rank = incident.severity.rank if incident.severity else 0
    return (-rank, -incident.first_seen, -incident.id)


def clusters(incidents: Iterable[Incident], frame: Frame) -> list[Cluster]:
    """The marks of a frame, the worst first. What has no place, or none in the frame, has none.

    Each incident, in that order, joins the mark that it falls beside, or makes one.
    """
    marks: list[tuple[int, int, list[Incident]]] = []
    taken: dict[tuple[int, int], list[Incident]] = {}
    for incident in sorted(incidents, key=worst_first):
        if incident.place is None:
            continue
        x, y = frame.cell(incident.place.lat, incident.place.lon)
        if not (0 <= x < frame.width and 0 <= y < frame.height):
            continue
        held = taken.get((x, y))
        if held is None:
            held = []
            marks.append((x, y, held))
            for right, down in NEAR:
                taken.setdefault((x + right, y + down), held)
        held.append(incident)
    return [Cluster(x, y, tuple(held)) for x, y, held in marks]


class Room:
    """Which cells of a map are taken."""

    def __init__(self, width: int, height: int) -> None:
        self._rows = [bytearray(width) for _ in range(height)]
        self._width = width

    def is_free(self, x: int, y: int, cells: int) -> bool:
        """Whether so many cells from there on are on the map and not taken."""
        if not 0 <= y < len(self._rows) or x < 0 or x + cells > self._width:
            return False
        return not any(self._rows[y][x : x + cells])

    def take(self, x: int, y: int, cells: int) -> None:
        """Take them, as far as they are on the map."""
        if 0 <= y < len(self._rows):
            start, end = max(0, x), min(self._width, x + cells)
            self._rows[y][start:end] = b"\1" * max(0, end - start)

    def beside(self, x: int, y: int, cells: int, text: int) -> int | None:
        """Take room for a text behind, else before, something that is so many cells wide.

        The column at which it begins; None where there is no room. A cell of air stays on each side of it.
        """
        for start, near in ((x + cells, x + cells + 1), (x - text - 2, x - text - 1)):
            if self.is_free(start, y, text + 2) or (
                self.is_free(near, y, text) and near + text == self._width
            ):
                self.take(near, y, text)
                return near
        return None
