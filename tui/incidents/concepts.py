"""What reports of different languages are compared by: concepts that they share, and names by their sound.

``concepts.toml`` says which words of five languages mean the same; a name that is in no list is known by
its consonants, as in name matching across scripts (Freeman, Condon and Ackerman 2006).
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from tui.tagging.fold import fold
from tui.tagging.spellings import consonants

_SHORTEST_NAME: Final = 3
"""Consonants that tell a name from a word: with two of them many words would be one."""

_AFFIXES: Final = {
    "ar": re.compile("[وف]?[بلك]?(?:ال)?|[وف]?لل"),
    "he": re.compile("ו?(?:כש|ש)?[בלמכ]?ה?"),
}
"""Small words that are written onto the next (as in :mod:`tui.tagging.match`)."""

_LEFT: Final = 2
"""Letters that must be left of a word when those are taken off."""

_NAME: Final = re.compile(r"(?<![\w'’])[A-Z][\w'’]{3,}")
"""A word of a Latin text that may be a name."""


@lru_cache(maxsize=2048)
def concepts_of(word: str, language: str) -> tuple[str, ...]:
    """The concepts of a folded word."""
    whole, begins = _lists(language)
    for bare in _bare(word, language):
        if bare in whole:
            return whole[bare]
        for length in range(len(bare), 1, -1):
            if bare[:length] in begins:
                return begins[bare[:length]]
    return ()


def names_of(title: str, words: list[str], language: str) -> frozenset[str]:
    """Consonants of what may be a name in a title; ``words`` are its folded words."""
    if language in _AFFIXES or language == "fa":
        found = [each for word in words for each in _bare(word, language)]
    else:
        found = [fold(match.group()) for match in _NAME.finditer(title)]
    return frozenset(
        sounds
        for word in found
        if not concepts_of(word, language) and len(sounds := _sounds(word)) >= _SHORTEST_NAME
    )


@lru_cache(maxsize=1024)
def sounds_of(name: str) -> tuple[str, ...]:
    """Consonants of each word of a name that are enough to know it by."""
    return tuple(found for word in fold(name).split() if len(found := _sounds(word)) >= _SHORTEST_NAME)


@lru_cache(maxsize=1024)
def _sounds(word: str) -> str:
    return consonants(word)


def _bare(word: str, language: str) -> Iterator[str]:
    """The word, and what is left of it without what is written onto it."""
    yield word
    affixes = _AFFIXES.get(language)
    if affixes is not None:
        end = 0
        for length in range(1, min(5, len(word) - _LEFT + 1)):
            if affixes.fullmatch(word, 0, length):
                end = length
                yield word[end:]


@cache
def _lists(language: str) -> tuple[dict[str, tuple[str, ...]], dict[str, tuple[str, ...]]]:
    """Folded words to their concepts: those that stand for themselves, and those for all that begin so."""
    whole: dict[str, tuple[str, ...]] = {}
    begins: dict[str, tuple[str, ...]] = {}
    path = Path(__file__).with_name("concepts.toml")
    for concept, spellings in tomllib.loads(path.read_text("utf-8")).items():
        for written in spellings.get(language, ()):
            table = begins if written.endswith("*") else whole
            word = fold(written.removesuffix("*")).strip()
            table[word] = (*table.get(word, ()), concept)
    return whole, begins
