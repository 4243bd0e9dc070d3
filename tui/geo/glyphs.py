"""The dots of a cell as a character: braille, or what a terminal has that lacks it."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Glyphs(StrEnum):
    """What lines are drawn with."""

    BRAILLE = "braille"
    BLOCKS = "blocks"
    ASCII = "ASCII"


LEFT: Final = 0x01 | 0x02 | 0x04 | 0x40
UPPER: Final = 0x01 | 0x02 | 0x08 | 0x10
"""Dots of the left and of the upper half of a cell, after :data:`tui.geo.raster.BITS`."""


def _block(dots: int) -> str:
    """Full and half blocks only: the older quarters are in no console's font."""
    if not dots:
        return " "
    left, right = dots & LEFT, dots & ~LEFT
    upper, lower = dots & UPPER, dots & ~UPPER
    if not lower:
        return "▀"
    if not upper:
        return "▄"
    if not right:
        return "▌"
    return "▐" if not left else "█"


def _letter(dots: int) -> str:
    """The ASCII character that goes the same way."""
    if not dots:
        return " "
    left, right = dots & LEFT, (dots & ~LEFT) >> 3
    # The two columns as rows 0 to 3 from the top: dots 1, 2, 3 and 7, and those beside them.
    rows_left = [row for row, bit in enumerate((1, 2, 4, 0x40)) if left & bit]
    rows_right = [row for row, bit in enumerate((1, 2, 4, 0x10)) if right & bit]
    rows = sorted({*rows_left, *rows_right})
    if len(rows) == 1:
        return "'--."[rows[0]] if not (rows_left and rows_right) else '"--_'[rows[0]]
    if not rows_left or not rows_right:
        return "|"
    slope = sum(rows_right) / len(rows_right) - sum(rows_left) / len(rows_left)
    if abs(slope) < 1:
        return "#" if len(rows) > 2 else "-"
    return "\\" if slope > 0 else "/"


CHARACTERS: Final = {
    Glyphs.BRAILLE: (" ", *(chr(0x2800 + dots) for dots in range(1, 256))),
    Glyphs.BLOCKS: tuple(_block(dots) for dots in range(256)),
    Glyphs.ASCII: tuple(_letter(dots) for dots in range(256)),
}
"""The character for each of the 256 ways in which a cell's eight dots can stand."""


def glyphs_for(environment: Mapping[str, str]) -> Glyphs:
    """What the terminal that these variables tell of can draw.

    A locale that names another charset than UTF-8 has ASCII for certain. One that names none (``C``,
    ``POSIX``, unset) is taken as UTF-8, as Python itself does (PEP 538). The console of Linux has blocks in
    its font and no braille.
    """
    names = (environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG"))
    charset = next((name for name in names if name), "").partition(".")[2].partition("@")[0]
    if charset and charset.replace("-", "").lower() != "utf8":
        return Glyphs.ASCII
    return Glyphs.BLOCKS if environment.get("TERM") == "linux" else Glyphs.BRAILLE
