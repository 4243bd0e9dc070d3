"""Text to hits: every term of every list found in one pass, whole words only, the longest winning.

The automaton holds folded spellings with the spaces that must stand around them, so a match
can't begin or end inside a word. Arabic and Hebrew write conjunction, preposition and article
onto the word: their spellings are held without the space in front, and what stands between
the start of the word and the match must be one of the prefix runs of that language.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
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


class _Tried(NamedTuple):
    """What some spellings of one key are in one language."""

    names: tuple[Sense, ...]
    """Names that any letter case gives."""
    words: tuple[Sense, ...]
    cased: tuple[Spelling, ...]
    """Names that mind the letter case."""


class _Tries(dict[int, _Tried | None]):
    """For each pattern what it is in one language, None for nothing; worked out when it is first met.

    There are tens of thousands, of which the texts of a day hold hundreds.
    """

    def __init__(self, spellings: Sequence[tuple[Spelling, ...]], language: str) -> None:
        super().__init__()
        self._spellings = spellings
        self._in_words, self._in_names = word_languages(language), name_languages(language)

    def __missing__(self, pattern: int) -> _Tried | None:
        tried = _tried(self._spellings[pattern], self._in_names, self._in_words)
        self[pattern] = found = tried if any(tried) else None
        return found


class _Table(NamedTuple):
    tried: _Tries
    prefixes: frozenset[str]


def _tried(spellings: tuple[Spelling, ...], in_names: int, in_words: int) -> _Tried:
    named = [s for s in spellings if (s.sense.cls in NAMES or s.cased) and s.languages & in_names]
    named = [s for s in named if s.sense.cls == "veto"] or named
    words = [s for s in spellings if not (s.sense.cls in NAMES or s.cased) and s.languages & in_words]
    return _Tried(
        tuple(dict.fromkeys(s.sense for s in named if not (s.cased or s.capital))),
        tuple(dict.fromkeys(s.sense for s in words)),
        tuple(s for s in named if s.cased or s.capital),
    )


def _takes_prefix(spellings: tuple[Spelling, ...]) -> bool:
    return any(not spelling.exact and spelling.languages & _PREFIXED for spelling in spellings)


def _signs_of(spellings: tuple[Spelling, ...], sides: Collection[str]) -> int:
    signs = 0
    for spelling in spellings:
        signs |= sign(spelling.sense, sides)
    return signs


class Matcher:
    """The automaton over a lexicon. Immutable once built, so any number of threads may use it."""

    def __init__(self, lexicon: Lexicon) -> None:
        patterns: list[str] = []
        self._free: list[bool] = []
        """Whether the pattern may stand behind a prefix."""
        self._signs: list[int] = []
        self._spellings = list(lexicon.spellings.values())
        sides = lexicon.regional_sides()
        known: dict[int, tuple[bool, int]] = {}
        for key, spellings in lexicon.spellings.items():
            # By identity: many keys share their spellings, and to compare them takes longer than the rest.
            fitted = known.get(id(spellings))
            if fitted is None:
                fitted = known[id(spellings)] = (_takes_prefix(spellings), _signs_of(spellings, sides))
            free = fitted[0] and key[0] >= _FIRST_RIGHT_TO_LEFT
            patterns.append(f"{key} " if free else f" {key} ")
            self._free.append(free)
            self._signs.append(fitted[1])
        self._automaton = AhoCorasick(
            patterns, implementation=Implementation.ContiguousNFA, store_patterns=False
        )
        self._tables: dict[str, _Table] = {}

    def _table(self, language: str) -> _Table:
        """What is tried in a text of that language, made when its first text comes."""
        table = self._tables.get(language)
        if table is None:
            tries = _Tries(self._spellings, language)
            table = self._tables[language] = _Table(tries, _PREFIXES.get(language, _NONE))
        return table

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
        tried, prefixes = self._table(language if language in LANGUAGES else "")
        if text.isascii():  # offsets are the same, and no word takes a prefix
            hits = [(begin, 2 - end, index) for index, begin, end in found if tried[index] is not None]
            hits.sort()
            return _longest(text, hits, tried)
        free = self._free
        back = origins(text)
        hits = []
        for index, begin, end in found:
            if tried[index] is None:
                continue
            start = begin
            if free[index]:
                word = padded.rfind(" ", 0, begin) + 1
                if word != begin and (
                    padded[word:begin] not in prefixes
                    or end - 1 - begin < _MIN_PREFIXED
                    or padded[word].isascii()
                ):
                    continue
                start -= 1
            hits.append((back[start], -back[end - 2], index))
        hits.sort()
        return _longest(text, hits, tried)


def _longest(text: str, hits: list[tuple[int, int, int]], tried: _Tries) -> list[Hit]:
    """Drop names inside a longer name, words inside a longer phrase, and all that a veto covers.

    A name does not hide the words in it, nor a phrase the name: "US base" is both somebody and
    something that can be hit. ``hits``, in order: start, minus end, pattern.
    """
    kept: list[Hit] = []
    vetoed = named = worded = -1
    for start, minus, index in hits:
        end = -minus
        found = tried[index]
        if end <= vetoed or found is None:
            continue
        senses: tuple[Sense, ...] = ()
        names, words, cased = found
        if end > named:
            if cased:
                names += tuple([s.sense for s in cased if _case_fits(text[start:end], s)])
            if names:
                named = end
                senses = names
                if names[0].cls == "veto":
                    vetoed = end
        if words and end > worded:
            worded = end
            senses += words
        if senses:
            kept.append(Hit(start, end, senses))
    return kept


def _case_fits(text: str, spelling: Spelling) -> bool:
    if spelling.cased:
        return text.replace("’", "'").rstrip(".") == spelling.cased.rstrip(".")
    return not text[0].islower()
