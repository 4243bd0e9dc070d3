"""What a report is compared by: its facts and its words, as features with a rarity."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from math import sqrt
from typing import Final

from tui.incidents.concepts import concepts_of, names_of, sounds_of
from tui.incidents.distance import EXACT_KM, width
from tui.model import Kind, Report
from tui.tagging.fold import fold
from tui.tagging.language import detect

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
VESSELS: Final = frozenset({"tanker", "container", "bulker", "gas", "car"})
"""Sorts of vessel that are not taken for one another."""
ANOTHER: Final = "again"
TOLL: Final = "toll"
"""A new toll is of the same act."""

_LINK: Final = 0.0
"""Of a link it is enough that the story is found by it: then it is the same article."""


@dataclass(frozen=True, slots=True)
class Features:
    """A report as the merger sees it."""

    words: dict[Feature, float]
    """Stem of each word to its weight, 1.0 in the title."""
    facts: dict[Feature, float]
    """Places, the act with its front, type and side, and the link, to what sharing it says."""
    language: str
    """Of its words: only those of one language can be compared."""
    vessels: frozenset[Feature] = frozenset()
    """Of an attack on a vessel: what sort its title says that it was."""
    another: bool = False
    """Whether its title tells the act from one before: "again", "a second"."""

    def all(self) -> Iterator[Feature]:
        """Words and facts."""
        return chain(self.words, self.facts)


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a report says in any language."""

    signs: dict[Feature, float]
    """The concepts of its words, as a vector of length 1."""
    names: dict[str, Feature]
    """What may be names in its title, by their consonants, to the place of that name or nothing."""


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
    language = detect(report.title, report.language)
    if tags.kind is not Kind.INCIDENT:  # context is shared only by copies, in one language
        return Features(words, facts, language)
    titled = {concept for word in title for concept in concepts_of(word, language)}
    vessels = frozenset(titled & VESSELS) if tags.type == "ship" else frozenset()
    return Features(words, facts, language, vessels, ANOTHER in titled and TOLL not in titled)


def meaning_of(report: Report, language: str) -> Meaning:
    """What a report in that language is compared by with those in others. Asked only where there are any."""
    return _meaning(report.title, report.summary, language, tuple(place.name for place in report.tags.places))


@lru_cache(maxsize=1024)
def _meaning(written: str, lead: str, language: str, places: tuple[str, ...]) -> Meaning:
    title, summary = words_of(written, lead)
    signs: dict[Feature, float] = {}
    for some, weight in ((summary, SUMMARY_WEIGHT), (title, 1.0)):
        for word in some:
            signs |= dict.fromkeys(concepts_of(word, language), weight)
    length = sqrt(sum([weight * weight for weight in signs.values()])) or 1.0
    names: dict[str, Feature] = dict.fromkeys(names_of(written, title, language), "")
    for place in places:
        names |= dict.fromkeys(sounds_of(place), f"place:{place}")
    return Meaning({sign: weight / length for sign, weight in signs.items()}, names)


@lru_cache(maxsize=512)
def words_of(title: str, summary: str) -> tuple[list[str], list[str]]:
    """The folded words of the title, and the first ones of the summary."""
    return fold(title).split(), fold(summary[: SUMMARY_WORDS * 12]).split()[:SUMMARY_WORDS]


@lru_cache(maxsize=4096)
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
