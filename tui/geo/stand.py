"""How a person left the map: so it is found again, as long as the screen runs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from tui.geo.glyphs import Glyphs
from tui.geo.view import View

SPANS: Final = (6, 24, 7 * 24, 30 * 24)
"""Hours that the map can show."""


@dataclass(frozen=True, slots=True)
class Stand:
    """What is shown, and from where it is looked at."""

    glyphs: Glyphs
    front: str | None = None
    """Id of the front that is shown; None for all."""
    hours: int = 24
    """One of :data:`SPANS`."""
    view: View | None = None
    """None while nobody has moved it: it is fitted to what is shown."""


def span_words(hours: int) -> str:
    """``24 h``, ``7 d``."""
    return f"{hours} h" if hours <= 24 else f"{hours // 24} d"
