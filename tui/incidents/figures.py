"""Counts of attacks as reports quote them: "attacked at least 12 times since 3 May, the Pentagon says". Pure.

The patterns are data, in ``figures.toml``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

from tui.model import Timestamp

_NUMBER: Final = r"(?<![\w.,])(?P<number>\d{1,3}(?:[,٬]\d{3})+|\d{1,5})(?![\d%]|[.,]\d)"
_SENTENCE: Final = re.compile(r"(?<=[.!?؟])(?<![A-Z]\.)\s+(?=[^\s\d])")
"""A full stop ends a sentence, but not behind a single capital (U.S.) or before a number (Oct. 17)."""
_SOONER: Final = timedelta(days=1)
"""A date that lies so little ahead of the report is this year's: clocks and zones differ."""
_MIDDLE: Final = 15
"""The day of a month that is meant by its middle."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A count of attacks that a text quotes."""

    count: int
    bound: str
    """``at least``, ``more than``, ``about``, ``nearly``; empty where the number stands alone."""
    since: date
    """From when it counts."""
    said_by: str
    """Who is named with it; empty where nobody is."""
    text: str
    """The sentence, as it stands."""
    start: int
    """Offset of the sentence in the text."""


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The patterns of one language."""

    acts: re.Pattern[str]
    counts: tuple[re.Pattern[str], ...]
    since: re.Pattern[str]
    date: re.Pattern[str]
    months: tuple[re.Pattern[str], ...]
    suffered: re.Pattern[str]
    toward: re.Pattern[str]


def quoted(text: str, language: str, published: Timestamp) -> Iterator[Figure]:
    """Every count of attacks since a date in a text, one a sentence.

    ``language`` as :func:`tui.tagging.language.detect` gives it; of one that is not known nothing is found.
    """
    patterns, speakers = _load()
    known = patterns.get(language)
    if known is None:
        return
    start = 0
    for sentence in _SENTENCE.split(text):
        start = text.index(sentence, start)
        told = _since(sentence, known, published)
        if told is None or not known.acts.search(sentence):
            continue
        dates = [m.span() for m in known.date.finditer(sentence)]
        matches = (m for p in known.counts for m in p.finditer(sentence))
        match = next((m for m in matches if not _within(m.start("number"), dates)), None)
        if match is not None:
            count = int(re.sub(r"\D", "", match["number"]))
            said_by = next((name for name, p in speakers.items() if p.search(sentence)), "")
            said_by = said_by or next((name for name, p in speakers.items() if p.search(text)), "")
            yield Figure(count, _bound(match), told, said_by, sentence, start)


def may_quote(text: str, language: str) -> bool:
    """Whether :func:`quoted` is worth asking: no count is found where nothing is counted since a date."""
    known = _load()[0].get(language)
    return known is not None and known.since.search(text) is not None


def suffers(sentence: str, language: str, start: int, end: int) -> bool:
    """Whether the name from ``start`` to ``end`` is of those who were attacked, by the words around it."""
    known = _load()[0].get(language)
    if known is None:
        return False
    before, behind = sentence[max(0, start - 25) : start], sentence[end : end + 60]
    return bool(
        known.toward.search(before)
        or known.suffered.search(behind)
        or (sentence[start] > "\u0590" and known.suffered.search(before))
    )


def _since(sentence: str, known: _Patterns, published: Timestamp) -> date | None:
    """The date from which a sentence counts."""
    match = known.since.search(sentence)
    if match is None:
        return None
    name = match["month"] or match["month_first"] or match["month_mid"]
    month = next((n for n, p in enumerate(known.months, 1) if p.fullmatch(name)), None)
    if month is None:
        return None
    day = int(match["day"] or match["day_last"] or _MIDDLE)
    latest = datetime.fromtimestamp(published, UTC).date() + _SOONER
    year = int(match["year"] or latest.year)
    try:
        told = date(year, month, day)
        return told if told <= latest or match["year"] else date(year - 1, month, day)
    except ValueError:  # 31 June
        return None


def _within(place: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a number is part of a date: "the Oct. 7 attacks" are not seven."""
    return any(start <= place < end for start, end in spans)


def _bound(match: re.Match[str]) -> str:
    groups = match.groupdict()
    return next((name.replace("_", " ") for name in _BOUNDS if groups.get(name)), "")


_BOUNDS: Final = ("at_least", "more_than", "about", "nearly")


@lru_cache(maxsize=1)
def _load() -> tuple[dict[str, _Patterns], dict[str, re.Pattern[str]]]:
    """The patterns by language, and those of speakers by name."""
    data = tomllib.loads(Path(__file__).with_name("figures.toml").read_text(encoding="utf-8"))
    speakers = {name: re.compile(words, re.IGNORECASE) for name, words in data.pop("speakers").items()}
    return {language: _compiled(table) for language, table in data.items()}, speakers


def _compiled(table: Mapping[str, Any]) -> _Patterns:
    month = "|".join(table["months"])
    date_words = (
        r"(?:the |ال|ה-?|le )?(?:(?P<day>\d{1,2})(?:st|nd|rd|th|er)?,? (?:of |de |ב|من )?"
        rf"(?P<month>{month})"
        rf"|(?P<month_first>{month}) (?P<day_last>\d{{1,2}})(?:st|nd|rd|th)?(?!\d)"
        rf"|(?:{table['mid']})(?:of |de |ב|d['’])?(?P<month_mid>{month}))(?!\w)(?:,? (?P<year>20\d\d)(?!\d))?"
    )
    bounds = "|".join(f"(?P<{name.replace(' ', '_')}>{words})" for name, words in table["bounds"].items())
    bound = rf"(?:(?<!\w)(?:{bounds})\W{{0,2}})?"
    plain_date = re.sub(r"\(\?P<\w+>", "(?:", date_words)
    fill = {"n": _NUMBER, "b": bound, "since": f"(?:{table['since']})", "date": f"(?:{plain_date})"}
    counts = tuple(re.compile(p.format(**fill), re.IGNORECASE) for p in table["counts"])
    return _Patterns(
        acts=re.compile(table["acts"], re.IGNORECASE),
        counts=counts,
        since=re.compile(rf"(?<!\w)(?:{table['since']})\W{{0,2}}{date_words}", re.IGNORECASE),
        date=re.compile(plain_date, re.IGNORECASE),
        months=tuple(re.compile(name, re.IGNORECASE) for name in table["months"]),
        suffered=re.compile(table["suffered"], re.IGNORECASE),
        toward=re.compile(rf"(?<!\w)(?:{table['toward']})(?!\w)", re.IGNORECASE),
    )
