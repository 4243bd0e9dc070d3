"""What a search found: two lines a result, in the order of the answer, with the words that matched marked."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.strip import Strip

from tui.model import Incident, Report, Timestamp
from tui.store.query import marker, marks
from tui.store.search import Answer, Found
from tui.tagging.fold import fold
from tui.themes import Ink, ink
from tui.widgets import rtl
from tui.widgets.guard import Guarded
from tui.widgets.row import CURSOR, DRAWN_ROWS, RowLook, draw_row
from tui.widgets.words import CONTEXT_SIGN, when

HEIGHT = 2
"""Lines of a result."""
INDENT = 2
"""Cells before the text, as on the board."""
LEAD = 24
"""Characters of a summary before the first word that matched."""
NAME = 24
"""Cells of the name of a source before what it said."""

Spans = list[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Told:
    """The text that shows why a result was found."""

    source: str
    """Who says it; empty for an incident's own headline."""
    text: str
    spans: Spans
    """What matched."""


def told(found: Found, pattern: re.Pattern[str] | None) -> Told:
    """The headline, the best report's title or a piece of its summary: what holds the most of the words."""
    texts: list[Told] = []
    if found.incident is not None:
        texts.append(Told("", found.incident.headline, marks(pattern, found.incident.headline)))
    report = found.report
    if report is not None:
        name = report.source if found.incident is not None else ""
        texts.append(Told(name, report.title, marks(pattern, report.title)))
        texts.append(_excerpt(name, report.summary, pattern))
    return max(texts, key=lambda each: len({fold(each.text[start:end]) for start, end in each.spans}))


def _excerpt(name: str, summary: str, pattern: re.Pattern[str] | None) -> Told:
    """The summary from a little before its first match on."""
    spans = marks(pattern, summary)
    cut = summary.rfind(" ", 0, max(0, spans[0][0] - LEAD)) + 1 if spans else 0
    if cut == 0:
        return Told(name, summary, spans)
    return Told(name, "…" + summary[cut:], [(start - cut + 1, end - cut + 1) for start, end in spans])


class ResultList(Guarded, ScrollView, can_focus=False, inherit_bindings=False):
    """The results of an answer; one of them is selected wherever there is any."""

    DEFAULT_CSS = """
    ResultList { overflow-x: hidden; scrollbar-gutter: stable; scrollbar-size-vertical: 1;
        background: $fw-ground; }
    """

    @dataclass
    class Opened(Message):
        """A person asks to open a result."""

        found: Found

    def __init__(self, now: Callable[[], Timestamp], rtl_mode: Callable[[], rtl.Mode]) -> None:
        super().__init__()
        self._now = now
        self._rtl_mode = rtl_mode
        self._found: list[Found] = []
        self._pattern: re.Pattern[str] | None = None
        self._at = 0
        self._strips: dict[tuple[object, ...], list[Strip]] = {}

    def show(self, answer: Answer) -> None:
        """Hold the results of an answer; the selection is on the best, or stays where it is still found."""
        before = self.selected
        self._found = list(answer.found)
        self._pattern = marker(answer.query)
        places = [_key(each) for each in self._found]
        self._at = places.index(_key(before)) if before and self._at and _key(before) in places else 0
        self._strips.clear()
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._found) * HEIGHT)
        self._into_view()
        self.refresh()

    def bring_up_to_date(self, changed: Iterable[Incident]) -> None:
        """Show incidents as they stand now; none comes, goes or moves."""
        by_id = {incident.id: incident for incident in changed}
        self._found = [
            replace(each, incident=by_id.get(each.incident.id, each.incident)) if each.incident else each
            for each in self._found
        ]
        self._strips.clear()
        self.refresh()

    def redraw(self) -> None:
        """The theme or the ordering of right-to-left text has changed."""
        self._strips.clear()
        self.refresh()

    @property
    def selected(self) -> Found | None:
        """The result under the cursor; None where nothing was found."""
        return self._found[self._at] if self._found else None

    @property
    def page(self) -> int:
        """Results in view."""
        return max(1, self.size.height // HEIGHT)

    def move(self, rows: int) -> bool:
        """Move the cursor; whether it could."""
        before = self._at
        self._at = max(0, min(len(self._found) - 1, self._at + rows))
        self._into_view()
        self.refresh()
        return self._at != before

    def _into_view(self) -> None:
        top, height, y = self._at * HEIGHT, self.size.height, self.scroll_offset.y
        if top < y:
            self.scroll_to(y=top, animate=False, force=True)
        elif top + HEIGHT > y + height:
            self.scroll_to(y=top + HEIGHT - height, animate=False, force=True)

    # Drawing

    def render_line(self, y: int) -> Strip:
        """One line of the view."""
        style, width = ink(self.app.theme), self.scrollable_content_region.width
        index, line = divmod(y + self.scroll_offset.y, HEIGHT)
        if index >= len(self._found):
            return Strip.blank(width, style.ground)
        cursor = index == self._at
        ground = style.selected if cursor else style.ground
        return self._row(index, width, ground, cursor)[line].adjust_cell_length(width, ground)

    def _row(self, index: int, width: int, ground: Style, cursor: bool) -> list[Strip]:
        now = self._now()
        key = (index, width, cursor, int(now // 60), self._rtl_mode(), self.app.theme)
        strips = self._strips.get(key)
        if strips is None:
            if len(self._strips) > DRAWN_ROWS:
                self._strips.clear()
            look = RowLook(width - 1, HEIGHT, ink(self.app.theme), now, self._rtl_mode())
            strips = self._strips[key] = self._draw(self._found[index], look, ground, cursor)
        return strips

    def _draw(self, found: Found, look: RowLook, ground: Style, cursor: bool) -> list[Strip]:
        if found.incident is not None:
            head = draw_row(found.incident, look, ground, cursor=cursor)[0]
        else:
            assert found.report is not None  # a result is never neither
            head = _strip(_report_line(found.report, look, cursor), look.width, ground)
        return [head, _strip(_text_line(told(found, self._pattern), look), look.width, ground)]

    # Events

    def on_resize(self, event: events.Resize) -> None:
        """Keep the selected result in view."""
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._found) * HEIGHT)
        self._into_view()

    def on_click(self, event: events.Click) -> None:
        """A click selects, a double click opens."""
        index = (event.y + self.scroll_offset.y) // HEIGHT
        if 0 <= index < len(self._found):
            self.move(index - self._at)
            if event.chain == 2:
                self.post_message(self.Opened(self._found[index]))


def _key(found: Found) -> tuple[int | None, str]:
    return (None, found.report.key) if found.incident is None and found.report else (_id(found), "")


def _id(found: Found) -> int | None:
    return found.incident.id if found.incident else None


def _strip(segments: Sequence[Segment], width: int, ground: Style) -> Strip:
    return Strip(segments).adjust_cell_length(width).apply_style(ground)


def _report_line(report: Report, look: RowLook, cursor: bool) -> list[Segment]:
    """The first line of a report of no incident: when, who, and what sort of text."""
    style = look.ink
    head = f" {when(report.published, look.now)} "
    tail = f"  {report.tags.kind}, no incident"
    room = max(1, look.width - 4 - len(head) - len(tail))
    name = [part for part, _ in rtl.visual(rtl.cut(report.source, room), (), look.rtl_mode)]
    return [
        Segment(CURSOR, style.focus) if cursor else Segment(" "),
        Segment(CONTEXT_SIGN, style.muted),
        Segment(head, style.muted),
        *(Segment(part, style.muted) for part in name),
        Segment(tail, style.muted),
    ]


def _text_line(told: Told, look: RowLook) -> list[Segment]:
    """The text that shows why, cut to the line; right-to-left text stands right, its source left."""
    style: Ink = look.ink
    source = f"{rtl.cut(told.source, NAME)}: " if told.source else ""
    room = max(1, look.width - INDENT - rtl.cells(source))
    text = rtl.cut(told.text, room)
    inside = [(start, min(end, len(text)), style.mark) for start, end in told.spans if start < len(text)]
    direction = rtl.is_rtl(told.text)
    runs = rtl.visual(text, inside, look.rtl_mode, rtl=direction)
    segments = [Segment(" " * INDENT)]
    segments += [Segment(part, style.muted) for part, _ in rtl.visual(source, (), look.rtl_mode, rtl=False)]
    if direction and look.rtl_mode == "visual":
        segments.append(Segment(" " * (room - sum(rtl.cells(part) for part, _ in runs))))
    return segments + [Segment(part, style.text + mark if mark else style.text) for part, mark in runs]
