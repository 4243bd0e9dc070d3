"""Colours by role, a palette a theme: data and the arithmetic of contrast, no drawing.

Every pair of text and ground that we draw has a contrast of 7:1 or better (WCAG 2.2, success criterion
1.4.6); ``tests/test_themes.py`` computes it over :data:`PAIRS`.
"""

# Annotations are not postponed here: a NamedTuple would compile each of them anew at every start.

from collections.abc import Iterable
from typing import Final, NamedTuple

LEAST_CONTRAST: Final = 7.0
"""WCAG 2.2, success criterion 1.4.6 (AAA), for text of the usual size."""


class Palette(NamedTuple):
    """The colours of one theme by what they are for, as ``#rrggbb``.

    In a ``native`` palette they are names of the terminal's own sixteen (``bright_red``) or ``default``.
    """

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
    native: bool = False
    """Whether the colours are the terminal's own: what they look like is then its owner's affair."""


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

HIGH_CONTRAST: Final = Palette(
    name="high-contrast",
    dark=True,
    ground="#000000",
    text="#ffffff",
    muted="#e8e8e8",
    line="#8a8a8a",
    focus="#afe4ff",
    selected="#00234d",
    held="#121212",
    critical_ground="#870000",
    critical="#ffffff",
    high="#ffc850",
    medium="#ffffaf",
    low="#e8e8e8",
    mark="#87ffff",
    blind="#ffe600",
    fault_ground="#870000",
    fault="#ffffff",
    good="#87ffaf",
)
"""Every pair at 10:1 or better."""

COLOUR_BLIND: Final = Palette(
    name="colour-blind",
    dark=True,
    ground="#05070a",
    text="#e8edf2",
    muted="#c9d1da",
    line="#47525f",
    focus="#a3d6f3",
    selected="#0d2238",
    held="#141a21",
    critical_ground="#863b00",
    critical="#ffffff",
    high="#eaad26",
    medium="#a3d6f3",
    low="#dee3e8",
    mark="#a3d6f3",
    blind="#f5ec7c",
    fault_ground="#863b00",
    fault="#ffffff",
    good="#5dc1a6",
)
"""The hues of Okabe and Ito ("Color Universal Design", 2008), each made as light or dark as 7:1 asks."""

TERMINAL: Final = Palette(
    name="terminal",
    dark=True,
    ground="default",
    text="default",
    muted="default",
    line="default",
    focus="bright_blue",
    selected="default",
    held="default",
    critical_ground="default",
    critical="default",
    high="bright_red",
    medium="default",
    low="default",
    mark="default",
    blind="magenta",
    fault_ground="default",
    fault="default",
    good="default",
    native=True,
)
"""The terminal's own colours: sentences in its text colour, signs in the few of its sixteen that can be seen
on black and on white alike; grounds are told by reversing."""

_IN_256: Final = (
    NIGHT._replace(
        ground="#121212",
        text="#eeeeee",
        muted="#bcbcbc",
        line="#585858",
        selected="#00005f",
        held="#303030",
        low="#bcbcbc",
        good="#87d787",
    ),
    DAY._replace(
        text="#1c1c1c",
        muted="#444444",
        line="#949494",
        focus="#005f87",
        selected="#d7d7ff",
        held="#e4e4e4",
        critical_ground="#af0000",
        high="#870000",
        medium="#5f5f00",
        low="#444444",
        mark="#005f87",
        blind="#870087",
        good="#005f00",
    ),
    HIGH_CONTRAST._replace(focus="#afd7ff", selected="#00005f", high="#ffaf5f", blind="#ffff00"),
    COLOUR_BLIND._replace(
        ground="#080808",
        text="#eeeeee",
        muted="#d0d0d0",
        selected="#00005f",
        held="#262626",
        critical_ground="#870000",
        fault_ground="#870000",
        high="#ffaf00",
        low="#d0d0d0",
        blind="#ffff5f",
        good="#5faf87",
    ),
)
"""The four again in colours that xterm's 256 can tell apart: Rich's rounding would make day's high and medium
one colour, and night's held line its ground."""

PALETTES: Final = {palette.name: palette for palette in (NIGHT, DAY, HIGH_CONTRAST, COLOUR_BLIND, TERMINAL)}
IN_256: Final = {palette.name: palette._replace(name=f"{palette.name}-256") for palette in _IN_256}
"""By the name of the theme that each stands for where a terminal has 256 colours."""
ROLES: Final = tuple(name for name in Palette._fields if name not in ("name", "dark", "native"))

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


def theme_names(own: Iterable[Palette]) -> tuple[str, ...]:
    """The themes that there are, in the order in which they follow each other: ours, then a watch's own."""
    return (*PALETTES, *(palette.name for palette in own))


def luminance(colour: str) -> float:
    """Relative luminance of ``#rrggbb``, 0 to 1, after WCAG 2.2."""
    channels = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (
        each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(first: str, second: str) -> float:
    """Contrast of two ``#rrggbb``, 1 to 21, after WCAG 2.2."""
    dark, light = sorted((luminance(first), luminance(second)))
    return (light + 0.05) / (dark + 0.05)


def too_faint(palette: Palette) -> list[tuple[str, str, float]]:
    """The pairs of a palette that have too little contrast: text, ground and how much they have."""
    if palette.native:
        return []
    measured = (
        (ink, ground, contrast(getattr(palette, ink), getattr(palette, ground))) for ink, ground in PAIRS
    )
    return [each for each in measured if each[2] < LEAST_CONTRAST]


def complaints(themes: Iterable[Palette]) -> list[str]:
    """What can hardly be read in a watch's own themes, in words."""
    return [
        f"[themes.{palette.name}] {text} on {ground} has a contrast of {ratio:.1f}:1; "
        f"what is read all day needs {LEAST_CONTRAST:g}:1"
        for palette in themes
        for text, ground, ratio in too_faint(palette)
    ]


def own_palette(name: str, base: Palette, colours: dict[str, str]) -> Palette:
    """A palette that is another one but for some roles."""
    changed = base._replace(name=name, **colours)  # type: ignore[arg-type]  # roles are text, all of them
    return changed._replace(dark=luminance(changed.ground) < 0.18)
