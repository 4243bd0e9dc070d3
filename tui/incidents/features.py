"""What a report is compared by: its facts and its words, as features with a rarity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from typing import Final

from tui.incidents.distance import EXACT_KM, width
from tui.model import Report
from tui.tagging.fold import fold

Feature = str
"""A word's stem, or a fact as ``place:Naqoura`` or ``act:yemen drone axis`` (no stem has a colon)."""

SUMMARY_WORDS: Final = 24
"""Words of the summary that count: what comes later is background, the same in many stories."""

SUMMARY_WEIGHT: Final = 0.4
"""Of a word that stands only in the summary, against one of the title."""

_EXACT: Final = 1.0
"""What sharing a village or a city says."""
_WIDE: Final = 0.35
"""What sharing a country, a sea or a region says."""
_ACT: Final = 0.4
_LINK: Final = 0.0
"""Of a link it is enough that the story is found by it: then it is the same article."""


@dataclass(frozen=True, slots=True)
class Features:
    """A report as the merger sees it."""

    words: dict[Feature, float]
    """Stem of each word to its weight, 1.0 in the title."""
    facts: dict[Feature, float]
    """Places, the act with its front, type and side, and the link, to what sharing it says."""
    latin: bool
    """Whether its words can be compared with those of a Latin text."""

    def all(self) -> Iterator[Feature]:
        """Words and facts."""
        return chain(self.words, self.facts)


def features_of(report: Report) -> Features:
    """The features of a report."""
    title, summary = words_of(report.title, report.summary)
    words = dict.fromkeys(map(_stem, summary), SUMMARY_WEIGHT) | dict.fromkeys(map(_stem, title), 1.0)
    words.pop("", None)
    tags = report.tags
    facts = {f"place:{place.name}": _EXACT if width(place) <= EXACT_KM else _WIDE for place in tags.places}
    if tags.type is not None and tags.by is not None:
        facts |= {f"act:{front} {tags.type} {tags.by}": _ACT for front in tags.fronts}
    if report.link:
        facts[f"link:{report.link}"] = _LINK
    return Features(words, facts, _is_latin(report.title))


@lru_cache(maxsize=4096)
def words_of(title: str, summary: str) -> tuple[list[str], list[str]]:
    """The folded words of the title, and the first ones of the summary."""
    return fold(title).split(), fold(summary[: SUMMARY_WORDS * 12]).split()[:SUMMARY_WORDS]


def _is_latin(text: str) -> bool:
    if text.isascii():
        return True
    letters = [character for character in text if character.isalpha()]
    return sum(character < "\u0250" for character in letters) * 2 > len(letters)


@lru_cache(maxsize=65536)
def _stem(word: str) -> str:
    """A word without its commonest endings or, in Arabic, its article: strike, strikes; قصف, القصف.

    Light on purpose (after Porter's first step and Larkey's light8): likeness needs no more, and a
    stemmer that cuts too much makes unlike words equal.
    """
    if len(word) < 2 and not word.isdigit():
        return ""
    if word.isascii():
        for ending in ("ing", "ers", "er", "ed", "es", "s", "e"):
            if word.endswith(ending) and len(word) - len(ending) >= 4:
                return word[: -len(ending)]
        return word
    for start in ("وال", "بال", "لل", "ال"):
        if word.startswith(start) and len(word) - len(start) >= 3:
            return word[len(start) :]
    return word
