"""What the word that is being typed in a query could become: a filter's name, or one of its values. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from tui.store.filters import FILTERS, Known
from tui.store.query import pieces, unquoted
from tui.tagging.fold import fold

MOST: Final = 40
"""Candidates that are offered."""

SHORTEST: Final = 2
"""Letters from which on a word may become a filter's name: every third word begins with one of them."""

_FILTER: Final = re.compile(r"([A-Za-z]*)(:?)")
_SIGN: Final = re.compile("[<>=]*")


@dataclass(frozen=True, slots=True)
class Candidate:
    """One way to go on."""

    text: str
    """What stands in place of the word."""
    note: str = ""
    """What there is to say of it: a front's name, how many incidents."""


@dataclass(frozen=True, slots=True)
class Completion:
    """The ways to go on from a word, the likeliest first."""

    start: int
    """Where the word begins; it ends at the cursor."""
    candidates: tuple[Candidate, ...]


def complete(text: str, cursor: int, known: Known) -> Completion | None:
    """The completion of what stands left of the cursor; None where there is nothing to complete."""
    start = next((start for start, end in pieces(text[:cursor]) if end == cursor), None)
    if start is None:
        return None
    first = start + (text[start] == "-")
    name = _FILTER.match(text, first, cursor)
    assert name is not None  # it matches nothing, too
    if not name[2]:
        if name.end() < cursor or len(name[1]) < SHORTEST:
            return None
        return _found(
            first, (Candidate(f"{each}:", kind.help) for each, kind in FILTERS.items()), name[1], ""
        )
    kind = FILTERS.get(name[1].lower())
    if kind is None:
        return None
    last = unquoted(text, name.end(), cursor)[-1]
    sign = _SIGN.match(last[2])
    assert sign is not None
    wanted = last[2][sign.end() :]
    offers = (
        Candidate(sign[0] + _quoted(value), note)
        for value, note in kind.offers(known).items()
        if not (sign[0] and value.startswith(sign[0]))
    )
    return _found(last[0], offers, wanted, last[2])


def _found(start: int, offers: Iterator[Candidate], wanted: str, typed: str) -> Completion | None:
    """Those that begin so before those with a word that does; nothing where it is ``typed`` already."""
    begun = " ".join(fold(wanted).split())
    begins, holds = [], []
    for each in offers:
        plain = " ".join(fold(each.text).split())
        named = " ".join(fold(each.note).split())
        if plain.startswith(begun):
            begins.append(each)
        elif f" {begun}" in f" {plain}" or (each.text[-1:] != ":" and f" {begun}" in f" {named}"):
            holds.append(each)
    found = (begins + holds)[:MOST]
    if not found or [each.text for each in found] == [typed]:
        return None
    return Completion(start, tuple(found))


def _quoted(value: str) -> str:
    return f'"{value}"' if re.search(r"[\s,]", value) else value
