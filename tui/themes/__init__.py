"""A palette turned into Textual's theme and into the ink of our own lines."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from rich.style import Style
from textual.theme import BUILTIN_THEMES, Theme

from tui.model import Severity
from tui.palette import DAY, IN_256, NIGHT, PALETTES, ROLES, Palette

__all__ = ["DAY", "NIGHT", "PALETTES", "Ink", "Palette", "ink", "know", "textual_theme"]

_known: Final = {**PALETTES, **{palette.name: palette for palette in IN_256.values()}}
"""Every palette that a line may be drawn in, by its name."""


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
        self.alarm = Style(color=palette.high, bold=True)
        self.ground = Style(bgcolor=palette.ground)
        # A ground that the terminal does not know by a colour of its own is told by reversing.
        turned = True if palette.native else None
        self.fault = Style(color=palette.fault, bgcolor=palette.fault_ground, bold=True, reverse=turned)
        self.selected = Style(bgcolor=palette.selected, reverse=turned)
        self.held = Style(bgcolor=palette.held, underline=turned)
        self.bar = Style(bgcolor=palette.held)
        self.severity = {
            Severity.CRITICAL: Style(
                color=palette.critical, bgcolor=palette.critical_ground, bold=True, reverse=turned
            ),
            Severity.HIGH: Style(color=palette.high, bold=True),
            Severity.MEDIUM: Style(color=palette.medium),
            Severity.LOW: Style(color=palette.low),
        }
        self.bars = {rank: Style(color=style.bgcolor or style.color) for rank, style in self.severity.items()}
        """The bar beside what is new: in the colour that tells its severity."""


_inks: Final[dict[str, Ink]] = {}


def know(palettes: Iterable[Palette]) -> None:
    """Make a watch's own palettes known by their names."""
    for palette in palettes:
        _known[palette.name] = palette
        _inks.pop(palette.name, None)


def ink(name: str) -> Ink:
    """The styles of the palette with that name; night's for a name that is none of ours."""
    made = _inks.get(name)
    if made is None:
        made = _inks[name] = Ink(_known.get(name, NIGHT))
    return made


def textual_theme(palette: Palette) -> Theme:
    """The palette as Textual's theme; each role is ``$fw-role`` in our stylesheets."""

    def colour(value: str) -> str:
        return f"ansi_{value}" if palette.native else value

    # Textual's own parts (palette, inputs) need roles that only a theme of the terminal's colours has.
    textuals = BUILTIN_THEMES["ansi-dark"].variables if palette.native else {}
    ours = {f"fw-{role.replace('_', '-')}": colour(getattr(palette, role)) for role in ROLES}
    return Theme(
        name=palette.name,
        primary=colour(palette.focus),
        secondary=colour(palette.muted),
        accent=colour(palette.mark),
        warning=colour(palette.blind),
        error=colour(palette.high),
        success=colour(palette.good),
        foreground=colour(palette.text),
        background=colour(palette.ground),
        surface=colour(palette.ground),
        panel=colour(palette.held),
        dark=palette.dark,
        variables={**textuals, **ours},
        ansi=palette.native,
    )
