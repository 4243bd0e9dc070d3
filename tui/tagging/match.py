"""Text to hits: every term of every list found in one pass, whole words only, the longest winning.

The automaton holds folded spellings with the spaces that must stand around them, so a match
can't begin or end inside a word. Arabic and Hebrew write conjunction, preposition and article
onto the word: their spellings are held without the space in front, and what stands between
the start of the word and the match must be one of the prefix runs of that language.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import product
from typing import Final, NamedTuple

from ahocorasick_rs import AhoCorasick, Implementation

from tui.tagging.fold import fold, origins
from tui.tagging.language import BIT, LANGUAGES, name_languages, word_languages
from tui.tagging.lexicon import NAMES, Lexicon, Sense, Spelling

_FIRST_RIGHT_TO_LEFT: Final = "\u0590"
_PREFIXED: Final = BIT["ar"] | BIT["he"]
"""Languages that write small words onto the next."""

_PREFIXES: Final[dict[str, frozenset[str]]] = {
    "ar": frozenset(
        {"".join(run) for run in product(("", "و", "ف"), ("", "ب", "ل", "ك"), ("", "ال"))}
        | {"".join(run) for run in product(("", "و", "ف"), ("لل", "س"))}
    ),
    "he": frozenset(
        "".join(run)
        for run in product(("", "ו"), ("", "ש", "כש", "מש", "לכש"), ("", "ב", "ל", "מ", "כ"), ("", "ה"))
    ),
}
_MIN_PREFIXED: Final = 3
"""Letters that a word needs to take a prefix: shorter ones are too often part of another word."""


_NONE: Final = frozenset({""})


class Hit(NamedTuple):
    """One spelling found in one text."""

    start: int
    """Offset in the text as it stands, half open with ``end``."""
    end: int
    senses: tuple[Sense, ...]


class Scan(NamedTuple):
    """A text gone through the automaton, before languages, prefixes and letter case are looked at."""

    text: str
    padded: str
    found: list[tuple[int, int, int]]
    """Pattern, start and end in ``padded``."""
    signs: int
    """What sorts of things may be in it, bits of :func:`sign`."""


def sign(sense: Sense, sides: Collection[str]) -> int:
    """What a sense says of a text's matter. ``sides``: those that are of the watched region."""
    if sense.cls in {"actor", "place", "topic"}:
        region = REGION if sense.home or sense.side in sides else 0
        return region | (ACTOR if sense.cls == "actor" else PLACE)
    return _SIGNS.get(sense.cls, 0)


REGION, ACTOR, PLACE, ARMED, ACT, HARM, MOOD = (1 << place for place in range(7))
_SIGNS: Final = {"force": ARMED, "weapon": ARMED, "act": ACT, "harm": HARM, "mood": MOOD, "target": MOOD}


class _Table(NamedTuple):
    plain: list[tuple[Sense, ...]]
    """For each pattern the senses that any letter case gives."""
    cased: dict[int, tuple[Spelling, ...]]
    """For a few patterns the spellings that mind the case."""
    prefixes: frozenset[str]


class Matcher:
    """The automaton over a lexicon. Immutable once built, so any number of threads may use it."""

    def __init__(self, lexicon: Lexicon) -> None:
        patterns: list[str] = []
        self._free: list[bool] = []
        """Whether the pattern may stand behind a prefix."""
        self._names: list[bool] = []
        """Whether it can be a name."""
        self._signs: list[int] = []
        self._spellings = list(lexicon.spellings.values())
        sides = lexicon.regional_sides()
        for key, spellings in lexicon.spellings.items():
            free = key[0] >= _FIRST_RIGHT_TO_LEFT and any(
                not spelling.exact and spelling.languages & _PREFIXED for spelling in spellings
            )
            patterns.append(f"{key} " if free else f" {key} ")
            self._free.append(free)
            signs = 0
            named = False
            for spelling in spellings:
                named = named or spelling.sense.cls in NAMES
                signs |= sign(spelling.sense, sides)
            self._names.append(named)
            self._signs.append(signs)
        self._automaton = AhoCorasick(
            patterns, implementation=Implementation.ContiguousNFA, store_patterns=False
        )
        self._tables: dict[str, _Table] = {}

    def _table(self, language: str) -> _Table:
        """What is tried in a text of that language, made when its first text comes."""
        table = self._tables.get(language)
        if table is None:
            table = self._tables[language] = self._make_table(language)
        return table

    def _make_table(self, language: str) -> _Table:
        words, names = word_languages(language), name_languages(language)
        plain: list[tuple[Sense, ...]] = []
        cased: dict[int, tuple[Spelling, ...]] = {}
        for index, spellings in enumerate(self._spellings):
            tried = [s for s in spellings if s.languages & (names if s.sense.cls in NAMES else words)]
            if any(s.sense.cls == "veto" for s in tried):
                tried = [s for s in tried if s.sense.cls not in NAMES or s.sense.cls == "veto"]
            plain.append(tuple(dict.fromkeys(s.sense for s in tried if not (s.cased or s.capital))))
            strict = tuple(s for s in tried if s.cased or s.capital)
            if strict:
                cased[index] = strict
        return _Table(plain, cased, _PREFIXES.get(language, _NONE))

    def scan(self, text: str) -> Scan:
        """Every spelling of every language, before prefix, letter case and language rule any out."""
        padded = f" {fold(text)} "
        found = self._automaton.find_matches_as_indexes(padded, overlapping=True)
        signs, bits = self._signs, 0
        for index, _, _ in found:
            bits |= signs[index]
        return Scan(text, padded, found, bits)

    def find(self, text: str, language: str) -> list[Hit]:
        """Hits in order of place. ``language`` as :func:`tui.tagging.language.detect` gives it."""
        return self.resolve(self.scan(text), language)

    def resolve(self, scan: Scan, language: str) -> list[Hit]:
        """The hits of a scan that the language, its prefixes and the letter case let stand."""
        text, padded, found, _ = scan
        if not found:
            return []
        plain, cased, prefixes = self._table(language if language in LANGUAGES else "")
        free = self._free
        back = origins(text)
        hits: list[tuple[int, int, int]] = []
        strict: dict[tuple[int, int], tuple[Sense, ...]] = {}
        for index, begin, end in found:
            start = begin
            if not plain[index] and index not in cased:
                continue
            if free[index]:
                word = padded.rfind(" ", 0, start) + 1
                if word != start and (
                    padded[word:start] not in prefixes
                    or end - 1 - start < _MIN_PREFIXED
                    or padded[word].isascii()
                ):
                    continue
                start -= 1
            at, to = back[start], back[end - 2]
            if index in cased:
                strict[at, to] = tuple(s.sense for s in cased[index] if _case_fits(text[at:to], s))
                if not plain[index] and not strict[at, to]:
                    continue
            hits.append((at, -to, index))
        return self._longest(hits, plain, strict)

    def _longest(
        self,
        hits: list[tuple[int, int, int]],
        plain: list[tuple[Sense, ...]],
        strict: dict[tuple[int, int], tuple[Sense, ...]],
    ) -> list[Hit]:
        """Drop names inside a longer name, words inside a longer phrase, and all that a veto covers.

        A name does not hide the words in it, nor a phrase the name: "US base" is both somebody and
        something that can be hit. ``hits``: start, minus end, pattern; ``strict``: the senses that
        mind the case, by span.
        """
        hits.sort()
        kept: list[Hit] = []
        vetoed = named = worded = -1
        for start, minus, index in hits:
            end = -minus
            if end <= vetoed:
                continue
            senses = plain[index] + strict.get((start, end), ()) if strict else plain[index]
            names = self._names[index]
            if names and end > named:
                named = end
                if senses[0].cls == "veto":
                    vetoed = end
                elif end <= worded:
                    senses = tuple(sense for sense in senses if sense.cls in NAMES)
                else:
                    worded = end if len(senses) > 1 and senses[-1].cls not in NAMES else worded
                kept.append(Hit(start, end, senses))
            elif end > worded and (not names or senses[-1].cls not in NAMES):
                worded = end
                kept.append(
                    Hit(start, end, tuple(s for s in senses if s.cls not in NAMES) if names else senses)
                )
        return kept


def _case_fits(text: str, spelling: Spelling) -> bool:
    if spelling.cased:
        return text.replace("’", "'").rstrip(".") == spelling.cased.rstrip(".")
    return not text[0].islower()
