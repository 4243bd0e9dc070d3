"""Right-to-left text in a terminal: measured, cut and wrapped in logical order, then each line reordered.

In the mode ``visual`` this module does what a terminal does not: it gives Arabic letters their joined forms
and puts the characters of a line in the order in which the eye meets them (Unicode Standard Annex 9), so that
the terminal may draw them blindly from left to right. In the mode ``terminal`` the text goes out as it is.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import groupby
from typing import Final, Literal, TypeVar

from rich.cells import cell_len, split_graphemes, split_text

Mode = Literal["visual", "terminal"]
T = TypeVar("T")

ELLIPSIS: Final = "…"
_CACHED_LINES: Final = 2048
"""Some ten screens of rows: what is scrolled back to is not worked out again. One takes about a kilobyte."""

_RIGHT_TO_LEFT: Final = re.compile(
    "[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufefc\U00010800-\U00010fff\U0001e800-\U0001efff]"
)
"""The blocks that hold every character of the bidi classes R, AL and AN."""
_WORD: Final = re.compile(r"\S+(?:[\u00a0\u202f]\S+)*")
"""French puts a no-break space before ! and within « »: no line may begin there."""

_JOINING: Final = re.compile("[\u0620-\u064a\u066e\u066f\u0671-\u06d3\u06d5\u06fa-\u06ff\u0750-\u077f]+")
"""Arabic letters in a row: no letter's form depends on what stands outside of it."""
_LAM: Final = "\u0644"
_LAM_ALEF: Final = frozenset("\ufef5\ufef6\ufef7\ufef8\ufef9\ufefa\ufefb\ufefc")
_NON_JOINER: Final = "\u200c"

_TAGS: Final = tuple(map(chr, range(0xE0020, 0xE0080)))
"""Characters of the bidi class BN: they travel with the one before them and change nothing."""
_LONGEST: Final = len(_TAGS) ** 2
"""Characters of a line that two tags can number; no terminal is as wide."""
_DIGIT: Final = {tag: digit for digit, tag in enumerate(_TAGS)}
_NEUTRAL: Final = "\ufffc"
_CONTROL_CLASSES: Final = frozenset(
    ("B", "S", "BN", "LRE", "LRO", "RLE", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
)

_Cluster = tuple[int, str]
"""Offset in the text of a base character, and that character with the marks on it."""


def cells(text: str) -> int:
    """Width in terminal cells."""
    return cell_len(text)


def is_rtl(text: str) -> bool:
    """Whether a paragraph runs from right to left: by its first strong character (rules P2 and P3)."""
    if _RIGHT_TO_LEFT.search(text) is None:
        return False
    for char in text:
        match unicodedata.bidirectional(char):
            case "R" | "AL":
                return True
            case "L":
                return False
    return False


def cut(text: str, width: int) -> str:
    """``text``, or as much of it as fits in ``width`` cells with an ellipsis behind it."""
    if width < 1:
        return ""
    if cell_len(text) <= width:
        return text
    return split_text(text, width - 1)[0].rstrip() + ELLIPSIS


@lru_cache(_CACHED_LINES)
def wrap(text: str, width: int, max_lines: int) -> tuple[tuple[int, int], ...]:
    """The lines of ``text`` by words, as offsets ``[start, end)`` in logical order, each in ``width`` cells.

    A word that is wider than a line is cut. Where text remains behind ``max_lines`` lines, the caller sees it
    by the last end. A character that is wider than a whole line is left out.
    """
    lines: list[tuple[int, int]] = []
    start = end = used = 0
    for first, last, size in _pieces(text, width):
        gap = cell_len(text[end:first])
        if used and gap and used + gap + size <= width:
            end, used = last, used + gap + size
            continue
        if used:
            lines.append((start, end))
            if len(lines) >= max_lines:
                return tuple(lines)
        start, end, used = first, last, size
    return (*lines, (start, end)) if used and max_lines > 0 else tuple(lines)


def _pieces(text: str, width: int) -> Iterator[tuple[int, int, int]]:
    """Each word of ``text``, cut where it is wider than ``width``: start, end and cells."""
    for word in _WORD.finditer(text):
        size = cell_len(word[0])
        if size <= width:
            yield word.start(), word.end(), size
            continue
        first = word.start()
        used = 0
        for start, end, size in split_graphemes(word[0])[0]:
            if used + size > width:
                if used:
                    yield first, word.start() + start, used
                first, used = word.start() + start, 0
            if size > width:
                first = word.start() + end
            else:
                used += size
        if used:
            yield first, word.end(), used


def visual(
    text: str, marks: Sequence[tuple[int, int, T]], mode: Mode, *, rtl: bool | None = None
) -> list[tuple[str, T | None]]:
    """One display line as runs from left to right, each with the mark that covers it.

    ``marks`` are offsets ``[start, end)`` into ``text``; where two overlap the first one counts. ``rtl`` is
    the direction of the whole paragraph, which a line that was wrapped out of it must be given; None takes
    the line as a paragraph of its own.
    """
    plain = mode == "terminal" or len(text) > _LONGEST or not (rtl or _RIGHT_TO_LEFT.search(text))
    if plain and not marks:
        return [(text, None)] if text else []
    shown, origin = (text, range(len(text))) if plain else _layout(text, is_rtl(text) if rtl is None else rtl)
    if not marks:
        return [(shown, None)]
    owner: list[int | None] = [None] * len(text)
    for index in range(len(marks) - 1, -1, -1):
        inside = range(len(text))[max(marks[index][0], 0) : max(marks[index][1], 0)]
        owner[inside.start : inside.stop] = [index] * len(inside)
    return [
        ("".join(char for _, char in run), None if index is None else marks[index][2])
        for index, run in groupby(zip(origin, shown, strict=True), key=lambda piece: owner[piece[0]])
    ]


@lru_cache(_CACHED_LINES)
def _layout(text: str, rtl: bool) -> tuple[str, Sequence[int]]:
    """A line from left to right, shaped, reordered and mirrored; and where in ``text`` each character stood.

    A mark stands where the character stood that it is on. These are kept: a tuple for each character would
    take fifteen times the room.
    """
    clusters = [(start, text[start:end]) for start, end, _ in split_graphemes(text)[0]]
    if _JOINING.search(text):
        clusters = list(_shaped(clusters))
    shown: list[str] = []
    origin = array("H")  # a line has at most _LONGEST characters
    for index, turned in _order([cluster[0] for _, cluster in clusters], rtl):
        start, cluster = clusters[index]
        if turned and unicodedata.mirrored(cluster[0]):  # rule L4
            from bidi.mirror import MIRRORED  # here: few lines have brackets in them

            cluster = MIRRORED.get(cluster[0], cluster[0]) + cluster[1:]
        shown.append(cluster)
        origin.extend([start] * len(cluster))
    return "".join(shown), origin


def _order(bases: Sequence[str], rtl: bool) -> Iterator[tuple[int, bool]]:
    """Indices of ``bases`` from left to right, each with whether it stands in a run from right to left.

    The library reorders text but does not say what went where. So each character carries its index behind it,
    as two digits in tag characters, which go with it and turn round with it. A strong character at the end
    keeps the last tags from being reset to the direction of the paragraph (rule L1) and changes nothing else,
    since the end of a line acts as one in any case.
    """
    from bidi import get_display

    source = [""] * (3 * len(bases))
    source[0::3] = map(_proxy, bases)
    source[1::3], source[2::3] = _digits(len(bases))
    shown = get_display("".join(source) + ("א" if rtl else "a"), base_dir="R" if rtl else "L")
    shown = shown[1:] if rtl else shown[:-1]
    for first, high, last in zip(shown[0::3], shown[1::3], shown[2::3], strict=True):
        turned = first in _DIGIT
        yield _DIGIT[high] * len(_TAGS) + _DIGIT[first if turned else last], turned


@lru_cache(256)
def _digits(count: int) -> tuple[list[str], list[str]]:
    """The high and the low digit of each number below ``count``."""
    pairs = [divmod(number, len(_TAGS)) for number in range(count)]
    return [_TAGS[high] for high, _ in pairs], [_TAGS[low] for _, low in pairs]


@lru_cache(1024)
def _proxy(base: str) -> str:
    """``base``, or a neutral in its place where it would steer the reordering or can't be encoded."""
    steers = unicodedata.bidirectional(base) in _CONTROL_CLASSES or unicodedata.category(base) == "Cs"
    return _NEUTRAL if steers else base


def _shaped(clusters: list[_Cluster]) -> Iterator[_Cluster]:
    """Arabic letters in their joined forms, lam and alef in one cell; the rest as it is."""
    parted = [_NON_JOINER in cluster[1:] for _, cluster in clusters]
    bases = (
        cluster[0] + _NON_JOINER if parts else cluster[0]
        for (_, cluster), parts in zip(clusters, parted, strict=True)
    )
    forms = iter(_JOINING.sub(_joined, "".join(bases)))
    index = 0
    for form in forms:
        start, cluster = clusters[index]
        marks = cluster[1:]
        if form in _LAM_ALEF and cluster[0] == _LAM:
            index += 1
            marks += clusters[index][1][1:]
        if parted[index]:  # the forms say now what the non-joiner said
            next(forms)
            marks = marks.replace(_NON_JOINER, "")
        index += 1
        yield start, form + marks


def _joined(letters: re.Match[str]) -> str:
    return _joined_word(letters[0])


@lru_cache(1024)
def _joined_word(letters: str) -> str:
    from tui.widgets.joining import joined  # here: most watches never show an Arabic line

    return joined(letters)
