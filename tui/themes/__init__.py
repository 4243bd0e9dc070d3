"""Colours by role: one palette a theme, turned into Textual's theme and into the ink of our own lines.

Every pair of text and ground that we use has a contrast of 7:1 or better (WCAG 2.2, success
criterion 1.4.6); ``tests/test_themes.py`` computes it over :data:`PAIRS`.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Final

from rich.style import Style
from textual.theme import Theme

from tui.model import Severity


@dataclass(frozen=True, slots=True)
class Palette:
    """The colours of one theme, as ``#rrggbb``, by what they are for."""

    name: str
    dark: bool
    ground: str
    text: str
    muted: str
    """Times, counts, places: what is read second."""
    line: str
    """Borders of what has not the focus: no text is drawn in it."""
    focus: str
    """Border and title of the pane that has the focus."""
    selected: str
    """Ground of the selected line where the pane has the focus."""
    held: str
    """Ground of the selected line elsewhere."""
    critical_ground: str
    critical: str
    high: str
    medium: str
    low: str
    mark: str
    """Words that matched."""
    blind: str
    """Panes and feeds that cannot be trusted to be quiet."""
    fault_ground: str
    fault: str
    good: str


NIGHT: Final = Palette(
    name="night",
    dark=True,
    ground="#0b0f14",
    text="#e3e9f0",
    muted="#b2becd",
    line="#3a4757",
    focus="#8cc8ff",
    selected="#152a40",
    held="#1a222c",
    critical_ground="#a80a1f",
    critical="#ffffff",
    high="#ffb454",
    medium="#e6dca8",
    low="#b2becd",
    mark="#7fdcff",
    blind="#ffd84d",
    fault_ground="#a80a1f",
    fault="#ffffff",
    good="#8fe0a0",
)

DAY: Final = Palette(
    name="day",
    dark=False,
    ground="#fbfaf5",
    text="#14181d",
    muted="#39414b",
    line="#a8b0ba",
    focus="#003f7d",
    selected="#cfe3fa",
    held="#ebeae3",
    critical_ground="#a1001a",
    critical="#ffffff",
    high="#6e3200",
    medium="#3d3a12",
    low="#39414b",
    mark="#003f7d",
    blind="#5a4000",
    fault_ground="#a1001a",
    fault="#ffffff",
    good="#0b4a22",
)

PALETTES: Final = {palette.name: palette for palette in (NIGHT, DAY)}

PAIRS: Final = (
    *(
        (ink, ground)
        for ink in ("text", "muted", "high", "medium", "low", "mark", "blind", "focus", "good")
        for ground in ("ground", "selected", "held")
    ),
    ("critical", "critical_ground"),
    ("fault", "fault_ground"),
)
"""Every (text, ground) that a screen may draw."""


class Ink:
    """The styles that our own lines are drawn in, for one palette."""

    def __init__(self, palette: Palette) -> None:
        self.palette = palette
        self.text = Style(color=palette.text)
        self.strong = Style(color=palette.text, bold=True)
        self.muted = Style(color=palette.muted)
        self.line = Style(color=palette.line)
        self.focus = Style(color=palette.focus, bold=True)
        self.mark = Style(color=palette.mark, underline=True)
        self.blind = Style(color=palette.blind, bold=True)
        self.good = Style(color=palette.good)
        self.fault = Style(color=palette.fault, bgcolor=palette.fault_ground, bold=True)
        self.alarm = Style(color=palette.high, bold=True)
        self.ground = Style(bgcolor=palette.ground)
        self.selected = Style(bgcolor=palette.selected)
        self.held = Style(bgcolor=palette.held)
        self.severity = {
            Severity.CRITICAL: Style(color=palette.critical, bgcolor=palette.critical_ground, bold=True),
            Severity.HIGH: Style(color=palette.high, bold=True),
            Severity.MEDIUM: Style(color=palette.medium),
            Severity.LOW: Style(color=palette.low),
        }


@lru_cache
def ink(name: str) -> Ink:
    """The styles of the palette with that name; night's for a name that is none of ours."""
    return Ink(PALETTES.get(name, NIGHT))


def textual_theme(palette: Palette) -> Theme:
    """The palette as Textual's theme; each role is ``$fw-role`` in our stylesheets."""
    roles = [field.name for field in fields(palette) if field.name not in ("name", "dark")]
    variables = {f"fw-{role.replace('_', '-')}": str(getattr(palette, role)) for role in roles}
    return Theme(
        name=palette.name,
        primary=palette.focus,
        secondary=palette.muted,
        accent=palette.mark,
        warning=palette.blind,
        error=palette.high,
        success=palette.good,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.ground,
        panel=palette.held,
        dark=palette.dark,
        variables=variables,
    )
