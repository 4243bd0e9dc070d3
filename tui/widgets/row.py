"""One incident as one, two or three lines: pure, from data to strips."""

from __future__ import annotations

from typing import NamedTuple

from rich.segment import Segment
from rich.style import Style
from textual.strip import Strip

from tui.incidents.attention import is_new
from tui.model import Incident, Kind, State, Timestamp
from tui.themes import Ink
from tui.widgets import rtl
from tui.widgets.drawn import strip_on
from tui.widgets.words import CONTEXT_SIGN, SIGNS, TYPE_WORDS, when, zulu

CURSOR = "▶"
"""Points at the selected row: its ground alone would be colour alone."""

INDENT = 2
"""Cells before a headline: the bar of what is new, and a space."""

DRAWN_ROWS = 128
"""Rows of a list whose drawing is kept: more than a page has. Textual takes 1.5 KB and more for each line."""


class RowLook(NamedTuple):
    """How rows are drawn: what is the same for every row of a list."""

    width: int
    """Cells."""
    height: int
    """Lines: 1, 2 or 3."""
    ink: Ink
    now: Timestamp
    rtl_mode: rtl.Mode
    air: int = 0
    """Cells of ground behind the width."""


def draw_row(incident: Incident, look: RowLook, ground: Style, *, cursor: bool) -> list[Strip]:
    """The row's lines, each exactly as wide as ``look`` says; ``cursor`` points at the first of them."""
    first, rest = _first_line(incident, look)
    lines = [first]
    if look.height > 1:
        lines += _headline_lines(incident, look, look.height - 1)
    elif rest > 8:
        lines[0] = [*first, *_headline_runs(incident, look, rest)]
    if cursor:
        lines[0][0] = Segment(CURSOR, look.ink.focus)
    return [strip_on(ground, segments, look.width + look.air) for segments in lines]


def _text_style(incident: Incident, look: RowLook) -> Style:
    if is_new(incident, look.now):
        return look.ink.strong
    return look.ink.text if incident.kind is Kind.INCIDENT else look.ink.muted


def _sign(incident: Incident, look: RowLook) -> Segment:
    if incident.kind is not Kind.INCIDENT or incident.severity is None:
        return Segment(CONTEXT_SIGN, look.ink.muted)
    new = is_new(incident, look.now)
    style = look.ink.severity[incident.severity] if new else look.ink.text
    return Segment(SIGNS[incident.severity], style)


def _bar(incident: Incident, look: RowLook) -> Segment:
    """The bar down the side of what nobody has acknowledged, in the colour of its severity."""
    if not is_new(incident, look.now):
        return Segment(" ")
    ink = look.ink
    return Segment("┃", ink.text if incident.severity is None else ink.bars[incident.severity])


def figures(incident: Incident, now: Timestamp) -> str:
    """How many voices, what grade, how many dead: ``×4 B2 ✝2``; before them until when it is shelved."""
    until = incident.state_until if incident.state is State.SHELVED else None
    parts = [] if until is None else [f"until {zulu(until, now)}"]
    parts += [f"×{len(incident.publishers)}"] if len(incident.publishers) > 1 else []
    if incident.kind is Kind.INCIDENT:
        parts.append(incident.grade)
    if incident.killed:
        parts.append(f"✝{incident.killed}")
    return " ".join(parts)


def subject(incident: Incident, room: int) -> str:
    """What and where: ``drone · Naqoura``; where both do not fit, where: the headline says what.

    A piece of context says its kind.
    """
    what = str(incident.kind)
    if incident.kind is Kind.INCIDENT and incident.type:
        what = TYPE_WORDS.get(incident.type, incident.type)
    if incident.place is None:
        return rtl.cut(what, room)
    both = f"{what} · {incident.place.name}"
    return both if rtl.cells(both) <= room else rtl.cut(incident.place.name, room)


def _first_line(incident: Incident, look: RowLook) -> tuple[list[Segment], int]:
    """The line of facts, and how many cells of it are left for a headline (rows of one line)."""
    ink = look.ink
    tail = figures(incident, look.now)
    head = f" {when(incident.first_seen, look.now)} "
    room = look.width - 1 - 3 - len(head) - (rtl.cells(tail) + 1 if tail else 0)
    if look.height == 1:
        # The headline is what a one-line row is read for: the subject gets a fixed column.
        room = min(room, max(12, min(26, look.width // 4)))
    what = subject(incident, max(1, room))
    what += " " * max(0, room - rtl.cells(what))
    segments = [
        _bar(incident, look),
        _sign(incident, look),
        Segment(head, ink.muted),
        Segment(what, _text_style(incident, look)),
    ]
    if tail:
        segments.append(Segment(f" {tail}", ink.strong if incident.killed else ink.muted))
    used = sum(segment.cell_length for segment in segments)
    return segments, look.width - used - 2


def _headline_runs(incident: Incident, look: RowLook, width: int) -> list[Segment]:
    cut = rtl.cut(incident.headline, width)
    style = _text_style(incident, look)
    return [Segment("  "), *(Segment(text, style) for text, _ in rtl.visual(cut, (), look.rtl_mode))]


def _headline_lines(incident: Incident, look: RowLook, lines: int) -> list[list[Segment]]:
    """The headline wrapped in logical order, then each line reordered; right-to-left text stands right."""
    width = look.width - INDENT
    style = _text_style(incident, look)
    text = incident.headline
    direction = rtl.is_rtl(text)
    to_right = direction and look.rtl_mode == "visual"
    spans = rtl.wrap(text, width, lines)
    drawn = []
    for index in range(lines):
        segments = [_bar(incident, look), Segment(" ")]
        if index < len(spans):
            start, end = spans[index]
            last = index == len(spans) - 1
            piece = rtl.cut(text[start:], width) if last else text[start:end]
            runs = rtl.visual(piece, (), look.rtl_mode, rtl=direction)
            if to_right:
                # Joined letters may take fewer cells than they have characters: measured as drawn.
                segments.append(Segment(" " * (width - sum(rtl.cells(part) for part, _ in runs))))
            segments += [Segment(part, style) for part, _ in runs]
        drawn.append(segments)
    return drawn
