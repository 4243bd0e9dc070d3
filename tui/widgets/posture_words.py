"""The words for how fronts stand: in a pane's title and below it, on a tab and on the header. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import product
from typing import Final

from tui.incidents.standing import Posture, Standing
from tui.widgets import rtl

SIGNS: Final = {Posture.USUAL: "", Posture.ELEVATED: "▲", Posture.SURGE: "▲▲", Posture.SEVERE: "▲▲▲"}
"""More of the sign for more of it, before the word: colour is never the only sign."""
ACTIVE_SIGN: Final = "◆"

_NAME_LEAST: Final = 8
"""Cells of a front's name that are worth more than the longer words behind it."""


def posture_of(standing: Standing | None) -> Posture:
    """How a front stands that may never have been looked at."""
    return Posture.USUAL if standing is None else Posture(standing.state)


def title_forms(standing: Standing | None) -> tuple[str, ...]:
    """The posture for a pane's title, the longest first; the usual one takes no room."""
    posture = posture_of(standing)
    if standing is None or posture is Posture.USUAL:
        return ("",)
    sign = SIGNS[posture]
    return (f" ── {sign} {posture}: {standing.words}", f" ── {sign} {posture}", f" ── {sign}")


def title(
    name: str, postures: Sequence[str], blinds: Sequence[str], above: str, room: int
) -> tuple[str, str]:
    """A pane's title in so many cells, and which of ``postures`` stands in it.

    ``blinds`` and ``postures`` each from the longest to the shortest. The reasons give way first, then the
    details of blindness, then the name; that a pane is blind, and the sign of its posture, stay.
    """
    whole = rtl.cells(name)
    choices = [(postures[0], whole, blinds[0])]
    choices += product(postures[1:] or postures, (whole, min(whole, _NAME_LEAST)), blinds)
    for posture, least, blind in choices:
        rest = rtl.cells(posture) + rtl.cells(blind) + rtl.cells(above)
        if rest + least <= room:
            break
    name = rtl.cut(name, max(4, room - rest))
    return rtl.cut(f"{name}{posture}{blind}{above}", room), posture


def subtitle(reason: str, tail: Sequence[str], room: int) -> str:
    """What stands below a pane: why it stands as it does, and at the end its context, longest form first.

    Parts of the reason give way from the last on, and it goes as a whole where not one has room: half a
    word says nothing.
    """
    for told in (*_shorter(reason), ""):
        for end in tail:
            words = " · ".join(part for part in (told, end) if part)
            if rtl.cells(words) <= room:
                return words
    return ""


def _shorter(reason: str) -> list[str]:
    """A reason in fewer and fewer of its parts: ``critical; 9 in 6 h, usual 2.1`` down to ``critical``."""
    parts = reason.split("; ")
    forms = ["; ".join(parts[:count]) for count in range(len(parts), 0, -1)]
    # The last resort is the first thing said: ``9 in 6 h``.
    return [*forms, parts[0].partition(" (")[0], parts[0].partition(",")[0]]


def header_forms(postures: Iterable[tuple[str, Standing]], sides: Iterable[Standing]) -> tuple[str, ...]:
    """The header's line on fronts in a surge or worse, and sides active on several, the longest first.

    ``postures``: with the front's name. Empty where there is neither.
    """
    worst = sorted(
        ((name, one) for name, one in postures if Posture(one.state).rank >= Posture.SURGE.rank),
        key=lambda pair: -Posture(pair[1].state).rank,
    )
    fronts = [(SIGNS[Posture(one.state)], name.upper(), one) for name, one in worst]
    active = list(sides)
    if not fronts and not active:
        return ()
    full = [f"{sign} {name} {one.state}: {one.words}" for sign, name, one in fronts]
    brief = [f"{sign} {name} {one.state}" for sign, name, one in fronts]
    told = [f"{ACTIVE_SIGN} {one.words}" for one in active]
    # The sentence up to the colon: how many fronts, and who.
    short = [f"{ACTIVE_SIGN} {one.words.partition(':')[0]}" for one in active]
    return tuple("   ".join(parts) for parts in (full + told, brief + told, full + short, brief + short))
