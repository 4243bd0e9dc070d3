"""A map as runs of text: coast and borders, marks of incidents, and names where there is room for them."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import Final

from rich.style import Style

from tui.geo.clusters import Cluster, Room, clusters
from tui.geo.glyphs import CHARACTERS, Glyphs, glyphs_for
from tui.geo.names import Name, Sort, names_in, own_places, plain
from tui.geo.raster import EMPTY, Raster, draw
from tui.geo.stand import Stand
from tui.geo.view import DOTS_X, KM_PER_DEGREE, Frame, View
from tui.geo.world import Kind
from tui.incidents.attention import is_new
from tui.incidents.distance import EXACT_KM, width
from tui.model import Incident, Place, Timestamp
from tui.session import Session
from tui.themes import Ink
from tui.widgets import rtl
from tui.widgets.page import Run
from tui.widgets.row import CURSOR
from tui.widgets.words import CONTEXT_SIGN, SIGNS

CITY: Final = "◦"
"""Stands where a city is that is named to find one's way by; no severity has it."""

VAGUE: Final = "~"
"""Before the name of a place that is too wide to say where exactly."""

CELLS_A_CITY: Final = 160
"""Cells of a map for each city that is named: more would hide the marks."""

LONGEST_NAME: Final = 24
"""Cells of a name beside a mark."""

SMALL_KM: Final = 260.0
"""Kilometres from top to bottom of a small map of an exact place; of a wide one thrice its width."""


@dataclass(frozen=True, slots=True)
class MapLook:
    """How a map is drawn."""

    ink: Ink
    glyphs: Glyphs
    rtl_mode: rtl.Mode
    now: Timestamp
    fresh: float
    """Seconds for which what is acknowledged is not yet faint."""
    own: tuple[Place, ...] = ()
    """Places of the watch's own lists."""
    selected: int | None = None
    """Id of the incident whose mark is pointed at."""


def look_of(session: Session, ink: Ink, rtl_mode: rtl.Mode, *, selected: int | None = None) -> MapLook:
    """How a session's maps are drawn, at the moment that the board shows."""
    stand = stand_of(session)
    # A map that is drawn is good for a minute: age alone draws nothing anew.
    now = session.moment() // 60 * 60
    lexicons = dict.fromkeys(each for front in session.watch.fronts for each in front.lexicons)
    own = _own_places(tuple(lexicons))
    return MapLook(ink, stand.glyphs, rtl_mode, now, stand.hours * 3600.0 / 4, own, selected)


@lru_cache(maxsize=8)
def _own_places(lexicons: tuple[str, ...]) -> tuple[Place, ...]:
    """Read once: a list that is changed shows its new cities at the next start."""
    return own_places(lexicons)


def stand_of(session: Session) -> Stand:
    """How a session's map was left, or how it begins."""
    return session.map_stand or Stand(glyphs_for(os.environ))


@dataclass(frozen=True, slots=True)
class _Piece:
    """What stands over the map on one row."""

    x: int
    cells: int
    runs: tuple[Run, ...]


class _Layer:
    """Pieces over a map, none over another."""

    def __init__(self, frame: Frame, look: MapLook) -> None:
        self._look = look
        self._rows: list[list[_Piece]] = [[] for _ in range(frame.height)]
        self.room = Room(frame.width, frame.height)

    def put(self, x: int, y: int, *runs: Run) -> None:
        """Draw runs over the map from a cell on; whoever calls has taken the room."""
        cells = sum(rtl.cells(text) for text, _ in runs)
        self._rows[y].append(_Piece(x, cells, runs))

    def put_beside(self, x: int, y: int, cells: int, name: tuple[Run, ...]) -> bool:
        """Draw a name behind, else before, what is so many cells wide, where it has room; whether it had."""
        at = self.room.beside(x, y, cells, sum(rtl.cells(text) for text, _ in name))
        if at is None:
            return False
        # No dot of a coast may stand between the two.
        gap: Run = (" ", self._look.ink.text)
        if at > x:
            self.put(at - 1, y, gap, *name)
        else:
            self.put(at, y, *name, gap)
        return True

    def name(self, text: str, style: Style) -> tuple[Run, ...]:
        """A name, which may run from right to left."""
        cut = rtl.cut(text, LONGEST_NAME)
        return tuple((part, style) for part, _ in rtl.visual(cut, (), self._look.rtl_mode))

    def row(self, y: int) -> list[_Piece]:
        """The pieces of a row, from the left."""
        return sorted(self._rows[y], key=lambda piece: piece.x)


def draw_map(frame: Frame, marks: Sequence[Cluster], look: MapLook) -> list[list[Run]]:
    """The rows of a map, each ``frame.width`` cells wide."""
    raster = draw(frame)
    layer = _Layer(frame, look)
    _draw_scale(frame, look, layer)
    _draw_marks(frame, marks, look, layer)
    _draw_names(frame, marks, look, layer)
    styles = _line_styles(look.ink)
    grounds = _grounds(look.ink)
    rows = []
    for y in range(frame.height):
        row: list[Run] = []
        at = 0
        for piece in layer.row(y):
            row += _base(raster, frame, look, styles, y, at, piece.x)
            land = raster.land[y * frame.width + piece.x : y * frame.width + piece.x + piece.cells]
            row += _over(piece, land, grounds)
            at = piece.x + piece.cells
        row += _base(raster, frame, look, styles, y, at, frame.width)
        rows.append(row)
    return rows


def small_map(incident: Incident, columns: int, rows: int, look: MapLook) -> list[list[Run]]:
    """A map of so many cells around an incident's place; no row where it has none."""
    place = incident.place
    if place is None:
        return []
    km = max(SMALL_KM, 3 * width(place))
    view = View(place.lat, place.lon, 0.0).moved(place.lat, place.lon, km / KM_PER_DEGREE / (rows * 4))
    frame = Frame(view, columns, rows)
    return draw_map(frame, clusters((incident,), frame), look)


def _line_styles(ink: Ink) -> dict[int, Style]:
    return {Kind.COAST: ink.muted, Kind.BORDER: ink.line, Kind.FRONTIER: ink.text, EMPTY: ink.line}


def _grounds(ink: Ink) -> tuple[Style, Style]:
    """What water and land stand on. A terminal's own colours have no ground that is only a little another."""
    return ink.ground, ink.ground if ink.palette.native else ink.held


def _base(
    raster: Raster, frame: Frame, look: MapLook, styles: dict[int, Style], y: int, start: int, end: int
) -> Iterator[Run]:
    """Coast, borders and land of some cells of a row."""
    first, last = y * frame.width + start, y * frame.width + end
    characters, grounds = CHARACTERS[look.glyphs], _grounds(look.ink)
    cells = zip(raster.kinds[first:last], raster.land[first:last], raster.dots[first:last], strict=True)
    for (kind, land), group in groupby(cells, key=lambda cell: cell[:2]):
        yield "".join(characters[dots] for _, _, dots in group), styles[kind] + grounds[land]


def _over(piece: _Piece, land: bytes, grounds: tuple[Style, Style]) -> Iterator[Run]:
    """A piece on the ground that it stands on, land or water, cell by cell where each has a character."""
    at = 0
    for text, style in piece.runs:
        cells = rtl.cells(text)
        under = land[at : at + cells]
        at += cells
        if cells != len(text):
            yield text, grounds[under[0]] + style
            continue
        for ground, group in groupby(zip(under, text, strict=True), key=lambda cell: cell[0]):
            yield "".join(character for _, character in group), grounds[ground] + style


# Marks


def _draw_marks(frame: Frame, marks: Sequence[Cluster], look: MapLook, layer: _Layer) -> None:
    """Every mark; then, the selected one's first, a name beside each as far as there is room."""
    drawn = [(_is_selected(mark, look), mark, _mark_runs(mark, look)) for mark in marks]
    placed = []
    for chosen, mark, runs in sorted(drawn, key=lambda each: not each[0]):
        cells = sum(rtl.cells(text) for text, _ in runs)
        # The sign stands on the place; what comes before it stands beside.
        x = max(0, min(frame.width - cells, mark.x - (len(runs) - 1)))
        if layer.room.is_free(x, mark.y, cells) or chosen:
            layer.room.take(x, mark.y, cells)
            layer.put(x, mark.y, *runs)
            placed.append((chosen, mark, x, cells))
    for chosen, mark, x, cells in placed:
        style = _name_style(mark, look)
        name = layer.name(_mark_name(mark, look), style + look.ink.selected if chosen else style)
        layer.put_beside(x, mark.y, cells, name)


def _is_selected(mark: Cluster, look: MapLook) -> bool:
    return any(incident.id == look.selected for incident in mark.incidents)


def _mark_runs(mark: Cluster, look: MapLook) -> list[Run]:
    """``┃◆H`` for one incident that is new, ``◆12`` for twelve of which the worst is high.

    The bar has the colour of the worst that nobody has acknowledged.
    """
    worst = mark.incidents[0]
    new = [incident for incident in mark.incidents if is_new(incident, look.now)]
    sign, letter = (SIGNS[worst.severity] if worst.severity else CONTEXT_SIGN).split()
    body = sign + (letter if len(mark.incidents) == 1 else str(len(mark.incidents)))
    style = _name_style(mark, look)
    if worst in new and worst.severity is not None:
        style = look.ink.severity[worst.severity] + Style(bold=True)  # colour is for what needs a person
    if _is_selected(mark, look):
        return [(CURSOR, look.ink.focus + look.ink.selected), (body, look.ink.selected + style)]
    if new:
        urgent = look.ink.severity[new[0].severity] if new[0].severity is not None else look.ink.strong
        return [("┃", Style(color=urgent.bgcolor or urgent.color)), (body, style)]
    return [(body, style)]


def _age_style(mark: Cluster, look: MapLook) -> Style:
    newest = max(incident.last_seen for incident in mark.incidents)
    return look.ink.text if look.now - newest < look.fresh else look.ink.muted


def _name_style(mark: Cluster, look: MapLook) -> Style:
    if any(is_new(incident, look.now) for incident in mark.incidents):
        return look.ink.strong
    return _age_style(mark, look)


def _mark_name(mark: Cluster, look: MapLook) -> str:
    """``Naqoura``, ``~Yemen``, ``Naqoura +3``: the place of what is selected, else of the worst."""
    chosen = (incident for incident in mark.incidents if incident.id == look.selected)
    place = next(chosen, mark.incidents[0]).place
    if place is None:
        return ""
    name = plain(place.name) if width(place) <= EXACT_KM else VAGUE + plain(place.name)
    others = len(mark.places) - 1
    return f"{name} +{others}" if others else name


# Names to find one's way by


def _draw_names(frame: Frame, marks: Sequence[Cluster], look: MapLook, layer: _Layer) -> None:
    told = {plain(place) for mark in marks for place in mark.places}
    cities = frame.width * frame.height // CELLS_A_CITY
    for name in names_in(frame, look.own):
        if name.text in told:
            continue
        if name.sort is Sort.CITY:
            cities -= cities > 0 and _draw_city(frame, name, look, layer)
        else:
            _draw_area(frame, name, look, layer)


def _draw_city(frame: Frame, name: Name, look: MapLook, layer: _Layer) -> bool:
    """A city and its name, where both have room; whether they had."""
    x, y = frame.cell(name.lat, name.lon)
    if not layer.room.is_free(x, y, 1):
        return False
    if not layer.put_beside(x, y, 1, layer.name(name.text, look.ink.muted)):
        return False
    layer.room.take(x, y, 1)
    layer.put(x, y, (CITY, look.ink.muted))
    return True


def _draw_area(frame: Frame, name: Name, look: MapLook, layer: _Layer) -> None:
    """The name of a country in capitals, of a sea in italics, in the middle of it."""
    country = name.sort is Sort.COUNTRY
    text = name.text.upper() if country else name.text
    x, y = frame.cell(name.lat, name.lon)
    cells = rtl.cells(text)
    start = x - cells // 2
    for row in (y, y - 1, y + 1):
        if layer.room.is_free(start - 2, row, cells + 4):
            layer.room.take(start - 1, row, cells + 2)
            layer.put(start, row, (text, look.ink.muted if country else look.ink.muted + Style(italic=True)))
            return


def _draw_scale(frame: Frame, look: MapLook, layer: _Layer) -> None:
    """How far a kilometre is, in the lower left corner: ``├─ 200 km ─┤``."""
    km_a_cell = DOTS_X * frame.view.step * KM_PER_DEGREE
    most = min(30, frame.width // 3) * km_a_cell
    lengths = [digit * 10**power for power in range(-1, 5) for digit in (1, 2, 5)]
    km = max((length for length in lengths if length <= most), default=0)
    words = f" {km:g} km "
    cells = round(km / km_a_cell) if km else 0
    if cells >= len(words) + 2:
        x, y = 1, frame.height - 1
        layer.room.take(x, y, cells)
        layer.put(x, y, ("├" + words.center(cells - 2, "─") + "┤", look.ink.muted))
