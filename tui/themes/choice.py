"""Which theme is on: the one asked for, else the watch's, else the one that was on last."""

from __future__ import annotations

from tui.memory import Memory
from tui.palette import IN_256, NIGHT, PALETTES, TERMINAL, Palette, theme_names
from tui.policy import ScreenPolicy

TRUE_COLOUR = "truecolor"
COLOURS_256 = "256"
"""What Rich calls the terminals that can show a palette of ours; any other has sixteen colours or none."""


class ThemeChoice:
    """The theme that is on, and what this terminal shows of it."""

    def __init__(self, policy: ScreenPolicy, memory: Memory, *, asked: str, colours: str | None) -> None:
        self._policy = policy
        self._memory = memory
        self._colours = colours
        remembered = memory.get("theme", "")
        known = theme_names(policy.themes)
        wanted = (asked, policy.theme, remembered)
        self.name = next((name for name in wanted if name in known), NIGHT.name)

    @property
    def palettes(self) -> list[Palette]:
        """Every palette that may come on, so that the screen knows it."""
        return [*PALETTES.values(), *IN_256.values(), *self._policy.themes]

    @property
    def few_colours(self) -> bool:
        """Whether this terminal can show its own theme only."""
        return self._colours not in (TRUE_COLOUR, COLOURS_256)

    @property
    def palette(self) -> Palette:
        """The colours to draw in: those of the theme as far as this terminal has them."""
        if self.few_colours:
            return TERMINAL
        if self._colours == COLOURS_256 and self.name in IN_256:
            return IN_256[self.name]
        own = {palette.name: palette for palette in self._policy.themes}
        return own.get(self.name) or PALETTES[self.name]

    def choose(self, name: str) -> str:
        """Put a theme on; says what came of it."""
        if self.few_colours:
            return "This terminal shows 16 colours or fewer: only its own theme can be read in them."
        self.name = name
        self._memory.set("theme", name)
        told = f"Theme {name}."
        if self._policy.theme not in ("", name):
            told += f" The next start is {self._policy.theme} again: [screen] of the config says so."
        return told

    def following(self) -> str:
        """The theme after this one."""
        names = theme_names(self._policy.themes)
        return names[(names.index(self.name) + 1) % len(names)]

    def take(self, policy: ScreenPolicy) -> None:
        """The watch has another policy now: a theme that it newly names comes on."""
        named, self._policy = policy.theme != self._policy.theme and policy.theme, policy
        if named:
            self.name = named
        elif self.name not in theme_names(policy.themes):
            self.name = NIGHT.name
