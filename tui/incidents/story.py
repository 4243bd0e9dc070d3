"""One incident in the making: what its reports say, summed up as they come.

What it says depends on the set of its reports and not on the order in which they came: every choice
goes by votes, and ties by the time of publishing and the report's key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Set
from typing import Final, Generic, TypeVar

from tui.incidents.grade import grade
from tui.model import Incident, Kind, Place, Report, Severity

HEADLINE_LANGUAGE: Final = "en"
"""Preferred among headlines that are equally clear: the language of the program's own words."""

_FRONT_SHARE: Final = 0.25
"""A front stands when at least this share of the reports names it: one wrong tag moves no incident."""

_VAGUE: Final = frozenset({"unknown", "other"})
"""Says less than any other answer: counts only where nobody says more."""

_CLEAR_LENGTH: Final = range(30, 131)
"""Characters of a headline that neither leaves out nor rambles."""


Choice = TypeVar("Choice", str, Place)


class Story:
    """Sums up the reports of one incident."""

    def __init__(self, id: int, kind: Kind) -> None:
        self.id = id
        self.kind = kind
        self.first = float("inf")
        self.last = float("-inf")
        self.voices: dict[str, str] = {}
        self._reports = 0
        self._severity: Severity | None = None
        self._killed: int | None = None
        self._headline: tuple[tuple[object, ...], Report] | None = None
        self._told_first: dict[str, float] = {}
        self._fronts: _Votes[str] = _Votes()
        self._types: _Votes[str] = _Votes()
        self._sides: _Votes[str] = _Votes()
        self._places: _Votes[Place] = _Votes()
        self._wider: set[Place] = set()

    def add(self, report: Report) -> None:
        """Takes in one more report."""
        tags, when = report.tags, (report.published, report.key)
        self._reports += 1
        self.first = min(self.first, report.published)
        self.last = max(self.last, report.published)
        self.voices[report.publisher] = min(self.voices.get(report.publisher, "F"), report.reliability)
        earliest = self._told_first.get(report.publisher, report.published)
        self._told_first[report.publisher] = min(earliest, report.published)
        for front in tags.fronts:
            self._fronts.cast(front, when)
        if tags.type is not None:
            self._types.cast(tags.type, when)
        if tags.by is not None:
            self._sides.cast(tags.by, when)
        if tags.places:
            self._places.cast(tags.places[0], when)
            self._wider.update(tags.places[1:])
        if tags.killed is not None:
            self._killed = max(tags.killed, self._killed or 0)
        if tags.severity is not None and (not self._severity or tags.severity.rank > self._severity.rank):
            self._severity = tags.severity
        merit = _merit(report)
        if self._headline is None or merit < self._headline[0]:
            self._headline = (merit, report)

    @property
    def type(self) -> str | None:
        """What most say it was."""
        return self._types.winner(_VAGUE)

    @property
    def by(self) -> str | None:
        """Who most say did it."""
        return self._sides.winner(_VAGUE)

    @property
    def place(self) -> Place | None:
        """Where most say it was, leaving out what a report names beside a more exact place."""
        return self._places.winner(self._wider)

    @property
    def killed(self) -> int | None:
        """The highest number told."""
        return self._killed

    @property
    def fronts(self) -> tuple[str, ...]:
        """The fronts named by a fair share of the reports, in order of their first."""
        return tuple(self._fronts.above(self._reports * _FRONT_SHARE))

    def incident(self) -> Incident:
        """The incident as it stands."""
        if self._headline is None:
            raise ValueError(f"incident {self.id} has no report")
        headline = self._headline[1]
        return Incident(
            id=self.id,
            kind=self.kind,
            fronts=self.fronts,
            headline=headline.title,
            language=headline.language,
            type=self.type,
            by=self.by,
            killed=self._killed,
            severity=self._severity,
            place=self.place,
            first_seen=self.first,
            last_seen=self.last,
            publishers=tuple(sorted(self._told_first, key=lambda name: (self._told_first[name], name))),
            reports=self._reports,
            grade=grade(self.voices),
        )


class _Votes(Generic[Choice]):
    """Counts of a choice, with the moment of its first vote."""

    def __init__(self) -> None:
        self._counts: Counter[Choice] = Counter()
        self._firsts: dict[Choice, tuple[float, str]] = {}

    def cast(self, choice: Choice, when: tuple[float, str]) -> None:
        self._counts[choice] += 1
        self._firsts[choice] = min(self._firsts.get(choice, when), when)

    def winner(self, lesser: Set[Choice]) -> Choice | None:
        """The choice with most votes, of equals the first; one of ``lesser`` only where there is no other."""
        if len(self._counts) == 1:
            return next(iter(self._counts))
        return min(
            self._counts,
            key=lambda choice: (choice in lesser, -self._counts[choice], self._firsts[choice]),
            default=None,
        )

    def above(self, votes: float) -> list[Choice]:
        """The choices with at least that many votes, in order of their first."""
        chosen = [choice for choice, count in self._counts.items() if count >= votes]
        return sorted(chosen, key=self._firsts.__getitem__)


def _merit(report: Report) -> tuple[object, ...]:
    """Sorts headlines, the best first: few classes, then age, so that a good one is seldom replaced.

    Clear is a statement of fair length that holds at least two matched terms (of who, what and where).
    """
    title = report.title
    matched = sum(evidence.field == "title" and evidence.weight >= 0 for evidence in report.tags.evidence)
    clear = len(title) in _CLEAR_LENGTH and matched >= 2 and "?" not in title and "؟" not in title
    return (
        not clear,
        report.language != HEADLINE_LANGUAGE,
        max(report.reliability, "B"),
        report.published,
        report.key,
    )
