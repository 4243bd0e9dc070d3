"""The line above the map: what is shown, and how much of it is in view."""

from __future__ import annotations

from collections.abc import Callable

from rich.segment import Segment

from tui.widgets import rtl
from tui.widgets.drawn import DrawnLines
from tui.widgets.words import plural


class MapHead(DrawnLines):
    """One line: which fronts and hours are shown, and how many incidents have no place on the map."""

    DEFAULT_CSS = "MapHead { height: 1; background: $fw-ground; }"

    def __init__(self, words: Callable[[], tuple[str, str, tuple[str, ...]]]) -> None:
        super().__init__()
        self._words = words

    def draw(self, y: int) -> list[Segment]:
        """The line: the counts in as many words as there is room for."""
        front, span, counts = self._words()
        name = f" {rtl.cut(front.upper(), max(1, self.size.width // 2))}"
        rest = f"  told of in {span} · "
        room = self.size.width - rtl.cells(name) - len(rest)
        told = next((words for words in counts if rtl.cells(words) <= room), counts[-1])
        return [Segment(name, self.ink.focus), Segment(rest, self.ink.muted), Segment(told, self.ink.text)]


def in_words(shown: int, in_view: int, nowhere: int, shelved: int, most: int) -> tuple[str, ...]:
    """How many incidents there are and how many of them are not in view: the longest words first.

    ``most``: how many are read; where there are so many, older ones may be missing.
    """
    cut = shown + nowhere + shelved >= most
    parts = [f"{'only the newest ' if cut else ''}{plural(shown + nowhere, 'incident')}"]
    seen = [f"{in_view} in view"] if in_view != shown or nowhere else []
    rest = [f"{nowhere} without a place"] if nowhere else []
    folded = [f"{shelved} shelved"] if shelved else []
    return (
        " · ".join([*parts, *seen, *rest, *folded]),
        " · ".join([*parts, *seen, *rest]),
        " · ".join([*parts, *rest]),
        parts[0],
    )
