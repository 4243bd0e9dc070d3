"""The line below a query: what is wrong and where, how to go on, how it was read, what it found."""

from __future__ import annotations

from dataclasses import dataclass

from rich.segment import Segment
from rich.style import Style

from tui.store.complete import Completion
from tui.store.query import Query, QueryError
from tui.store.search import LOOSENED, Answer
from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.words import plural

SPELLINGS = 4
"""Spellings of a name that are shown, before the rest is counted."""
GAP = 2
WIDE = 100
"""Cells from which on the line has room to say how many results are listed."""


@dataclass(frozen=True, slots=True)
class Info:
    """What the line tells of a query."""

    query: Query | None = None
    answer: Answer | None = None
    """None while the query waits for it."""
    fault: QueryError | None = None
    caret: int = 0
    """Cell of the line in which the fault begins."""
    completion: Completion | None = None
    chosen: int | None = None
    """The candidate that Tab has put in."""
    trouble: str = ""
    """Why the store could not be asked."""


class SearchInfo(DrawnLines):
    """One line; the counts stand right."""

    DEFAULT_CSS = "SearchInfo { height: 1; background: $fw-ground; }"

    def __init__(self, mode: rtl.Mode) -> None:
        super().__init__()
        self.info = Info()
        self.rtl_mode: rtl.Mode = mode

    def show(self, info: Info) -> None:
        """Tell this from now on."""
        self.info = info
        self.refresh()

    def draw(self, y: int) -> list[Segment]:
        """The line."""
        info, width = self.info, self.size.width
        counts = counted(info.answer, width) if info.answer is not None and not info.fault else ""
        room = max(1, width - rtl.cells(counts) - 1 - GAP)
        left = self._left(info, room)
        used = sum(segment.cell_length for segment in left)
        pad = Segment(" " * max(0, width - used - rtl.cells(counts) - 1))
        return [*left, pad, Segment(counts, self.ink.strong)]

    def _left(self, info: Info, room: int) -> list[Segment]:
        if info.trouble:
            return [Segment(f" {rtl.cut(info.trouble, room - 1)}", self.ink.fault)]
        if info.fault is not None:
            return self._fault(info.fault, info.caret, room)
        if info.completion is not None:
            return self._completion(info.completion, info.chosen, room)
        if info.answer is not None and not info.answer.total:
            return self._nothing(info.answer, room)
        return self._names(info.query, room) if info.query is not None else []

    def _fault(self, fault: QueryError, caret: int, room: int) -> list[Segment]:
        """A caret below what is wrong and the words behind it; the words alone where there is no room."""
        words = rtl.cut(str(fault), room - GAP)
        start = min(caret, max(0, room - rtl.cells(words) - GAP))
        if start < caret:
            return [Segment(" " * (start + 1)), *self._runs(words, self.ink.alarm)]
        return [Segment(" " * caret), Segment("^ ", self.ink.alarm), *self._runs(words, self.ink.alarm)]

    def _completion(self, completion: Completion, chosen: int | None, room: int) -> list[Segment]:
        """The candidates, as many as fit, from the chosen one's on."""
        segments = [Segment(" Tab ", self.ink.focus)]
        used = 5
        first = 0 if chosen is None else max(0, chosen - 2)
        for index, candidate in enumerate(completion.candidates[first:], first):
            note = f" {candidate.note}" if candidate.note and candidate.text[-1:] != ":" else ""
            size = rtl.cells(candidate.text + note) + GAP
            if used + size > room:
                segments.append(Segment("…", self.ink.muted))
                break
            style = self.ink.focus if index == chosen else self.ink.text
            segments += self._runs(candidate.text, style)
            segments += [*self._runs(note, self.ink.muted), Segment(" " * GAP)]
            used += size
        return segments

    def _nothing(self, answer: Answer, room: int) -> list[Segment]:
        looser = [
            f"without {part} there {'is' if count == 1 else 'are'} {count}{'+' if count >= LOOSENED else ''}"
            for part, count in answer.looser
        ]
        words = " Nothing found" + (f"; {', '.join(looser)}" if looser else ".")
        return self._runs(rtl.cut(words, room), self.ink.text)

    def _names(self, query: Query, room: int) -> list[Segment]:
        """How names were read: ``Hudaydah = Hodeidah, الحديدة, +4``."""
        said: list[str] = []
        for term in query.wanted:
            if term.alike is None:
                continue
            shown = _varied(term.alike.written)
            more = len(term.alike.written) - len(shown)
            said += [" · " if said else " ", query.said(term), " = "]
            said += [part for name in shown for part in (name, ", ")][:-1]
            said += [f", +{more}"] if more else []
        segments: list[Segment] = []
        for part in said:
            cut = rtl.cut(part, room) if part.strip() else part
            # Each name by itself: as one text, two names from right to left would change places.
            segments += self._runs(cut, self.ink.muted)
            room -= rtl.cells(cut)
            if room <= 0 or cut != part:
                break
        return segments

    def _runs(self, words: str, style: Style) -> list[Segment]:
        return [Segment(part, style) for part, _ in rtl.visual(words, (), self.rtl_mode, rtl=False)]


def _varied(written: tuple[str, ...]) -> list[str]:
    """A few spellings, of each script the first ones in turn."""
    scripts: dict[str, list[str]] = {}
    for each in written:
        letter = next((char for char in each if char.isalpha()), "a")
        script = "latin" if letter < "\u0590" else "hebrew" if letter < "\u0600" else "arabic"
        scripts.setdefault(script, []).append(each)
    shown: list[str] = []
    for place in range(SPELLINGS):
        shown += [names[place] for names in scripts.values() if place < len(names)]
    return shown[:SPELLINGS]


def counted(answer: Answer, width: int) -> str:
    """``214 incidents, 40 context, 31 other reports``; with a plus where there are more than were met."""
    more = "+" if answer.at_least else ""
    said = ", ".join(
        f"{count:,}{more} {plural(count, one, many).partition(' ')[2]}"
        for count, one, many in (
            (answer.incidents, "incident", ""),
            (answer.context, "context", "context"),
            (answer.others, "other report", ""),
        )
        if count
    )
    listed = len(answer.found)
    return f"{said}; {listed} listed" if listed < answer.total and width >= WIDE else said
