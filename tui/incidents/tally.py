"""Attacks counted since a date: ours, beside the figures that reports quote. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from tui.incidents.figures import Figure, quoted, suffers
from tui.model import Report, Timestamp
from tui.tagging.language import detect
from tui.tagging.match import Matcher

SAME_START: Final = 3
"""Days by which the dates may differ from which two counts are said to begin: "mid-October" is the 15th."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be counted; None and the like ask for no bound."""

    since: Timestamp
    until: Timestamp
    front: str | None = None
    against: str | None = None
    """Side that suffered it."""
    by: str | None = None
    type: str | None = None


@dataclass(frozen=True, slots=True)
class Counted:
    """An incident as it is counted."""

    id: int
    at: Timestamp
    type: str | None
    by: str | None
    publishers: int


@dataclass(frozen=True, slots=True)
class Quoted:
    """A figure with the report that quotes it."""

    figure: Figure
    report: Report
    reports: int
    """How many reports quote it so on that day."""


@dataclass(frozen=True, slots=True)
class Tally:
    """Our count and theirs."""

    asked: Asked
    incidents: tuple[Counted, ...]
    """In order of time."""
    stored_since: Timestamp | None
    """When the first incident stored on that front began: what was before is in no count of ours."""
    figures: tuple[Quoted, ...]
    """Of the same side and start, the latest first."""
    others: int
    """Figures of that side with another start."""

    @property
    def by_type(self) -> Counter[str]:
        """Our incidents by type."""
        return Counter(each.type or "other" for each in self.incidents)

    @property
    def by_side(self) -> Counter[str]:
        """Our incidents by who did them."""
        return Counter(each.by or "unknown" for each in self.incidents)


def figures_in(reports: Iterable[Report], asked: Asked, matcher: Matcher) -> tuple[list[Quoted], int]:
    """The figures quoted of the side and the start that are asked for, and how many have another start.

    The same figure told by several reports of a day counts once, with the first of them.
    """
    start = date.fromordinal(date(1970, 1, 1).toordinal() + int(asked.since // 86_400))
    found: dict[tuple[object, ...], list[tuple[Figure, Report]]] = {}
    others: set[tuple[object, ...]] = set()
    for report in sorted(reports, key=lambda each: (each.published, each.key)):
        hurts = _hurt_in(report, asked.against, matcher)
        for text in (report.title, report.summary):
            language = detect(text, report.language)
            for figure in quoted(text, language, report.published):
                if not hurts(figure.text):
                    continue
                key = (figure.count, figure.bound, figure.since, report.published // 86_400)
                if abs((figure.since - start).days) <= SAME_START:
                    found.setdefault(key, []).append((figure, report))
                else:
                    others.add(key)
    told = [
        Quoted(figure, report, len({each.key for _, each in same}))
        for same in found.values()
        for figure, report in (max(same, key=lambda pair: bool(pair[0].said_by)),)
    ]
    return sorted(told, key=lambda each: -each.report.published), len(others)


def _hurt_in(report: Report, side: str | None, matcher: Matcher) -> Callable[[str], bool]:
    """Whether a sentence of the report is on attacks on that side: by its own words, else by the title's."""

    def named(text: str) -> bool:
        language = detect(text, report.language)
        return any(
            sense.cls == "actor" and sense.side == side and suffers(text, language, hit.start, hit.end)
            for hit in matcher.find(text, language)
            for sense in hit.senses
        )

    def hurts(sentence: str) -> bool:
        return side is None or named(sentence) or named(report.title)

    return hurts
