"""One incident in the making: what its reports say, summed up as they come.

What it says depends on the set of its reports and not on the order in which they came: every choice
goes by votes, and ties by the time of publishing and the report's key.
"""

from __future__ import annotations

from collections.abc import Set
from operator import itemgetter
from typing import Final, Generic, TypeVar

from tui.incidents.grade import WHOLE, assess
from tui.incidents.voices import Voices
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
        self.voices = Voices()
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
        self.voices.add(report)
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
            grade=assess(self.voices.heard()).grade,
        )


class _Votes(Generic[Choice]):
    """Counts of a choice, with the moment of its first vote."""

    def __init__(self) -> None:
        self._votes: dict[Choice, tuple[int, tuple[float, str]]] = {}

    def cast(self, choice: Choice, when: tuple[float, str]) -> None:
        count, first = self._votes.get(choice, (0, when))
        self._votes[choice] = count + 1, min(first, when)

    def winner(self, lesser: Set[Choice]) -> Choice | None:
        """The choice with most votes, of equals the first; one of ``lesser`` only where there is no other."""
        if len(self._votes) < 2:
            return next(iter(self._votes), None)
        ranked = [(choice in lesser, -count, first, choice) for choice, (count, first) in self._votes.items()]
        return min(ranked, key=_RANK)[3]

    def above(self, votes: float) -> list[Choice]:
        """The choices with at least that many votes, in order of their first."""
        chosen = [(first, choice) for choice, (count, first) in self._votes.items() if count >= votes]
        if len(chosen) > 1:
            chosen.sort(key=_FIRST)
        return [choice for _, choice in chosen]


_RANK: Final = itemgetter(0, 1, 2)
_FIRST: Final = itemgetter(0)


def _merit(report: Report) -> tuple[object, ...]:
    """Sorts headlines, the clearest of the best graded first: few classes, then age, so that one seldom goes.

    Sources whose word counts whole stand before the others, however clear. Clear is a statement of fair
    length that holds at least two matched terms (of who, what and where).
    """
    title = report.title
    matched = sum(evidence.field == "title" and evidence.weight >= 0 for evidence in report.tags.evidence)
    clear = len(title) in _CLEAR_LENGTH and matched >= 2 and "?" not in title and "؟" not in title
    return (
        report.reliability not in WHOLE,
        not clear,
        report.language != HEADLINE_LANGUAGE,
        max(report.reliability, "B"),
        report.published,
        report.key,
    )
