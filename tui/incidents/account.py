"""What the reports of an incident say, fact by fact, with who said it and when, and how it holds by now."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from tui.incidents.case import FROM_AFAR
from tui.incidents.distance import gap, width
from tui.model import Place, Report, Tags, Timestamp


class Validity(StrEnum):
    """How a thing said holds against what else is said."""

    STANDS = "stands"
    SUPERSEDED = "superseded"
    """Said before something that is later, or more exact."""
    CONTRADICTED = "contradicted"
    """Another says otherwise, and neither is the later or the more exact."""


@dataclass(frozen=True, slots=True)
class Said:
    """One value of one fact, as it was first told."""

    fact: str
    """``killed``, ``wounded``, ``by``, ``what``, ``weapon``, ``target``, ``where`` or ``claim``."""
    value: str
    source: str
    at: Timestamp
    """When it was first told."""
    validity: Validity
    others: int = 0
    """Further publishers who told the same."""


@dataclass(frozen=True, slots=True)
class _Telling:
    """Everybody who told one value."""

    value: str
    first: Report
    others: int


Judge = Callable[[Sequence[_Telling]], list[Validity]]


def account(reports: Iterable[Report]) -> list[Said]:
    """Every value told of every fact, fact by fact and in order of time.

    Numbers of dead and wounded rise: a lower one is superseded when it was told first, and contradicts when
    it was told after. A place supersedes a wider one around it. Of sides, types and the rest a vague word is
    superseded; two that say something contradict each other. What the reports don't say is left out.
    """
    ordered = sorted(reports, key=lambda report: (report.published, report.key))
    places = {place.name: place for report in ordered for place in report.tags.places}
    found: list[Said] = []
    for fact, (value_of, judge) in _FACTS.items():
        tellings = _tellings(ordered, value_of)
        validities = _of_places(tellings, places) if judge is None else judge(tellings)
        found += [
            Said(fact, each.value, each.first.source, each.first.published, validity, each.others)
            for each, validity in zip(tellings, validities, strict=True)
        ]
    return found


def _tellings(reports: Sequence[Report], value_of: Callable[[Tags], str]) -> list[_Telling]:
    told: dict[str, list[Report]] = {}
    for report in reports:
        if value := value_of(report.tags):
            told.setdefault(value, []).append(report)
    return [
        _Telling(value, tellers[0], len({report.publisher for report in tellers}) - 1)
        for value, tellers in told.items()
    ]


def _of_numbers(tellings: Sequence[_Telling]) -> list[Validity]:
    highest = max((int(each.value) for each in tellings), default=0)
    when = next((at for at, each in enumerate(tellings) if int(each.value) == highest), 0)
    contested = when < len(tellings) - 1
    return [
        Validity.SUPERSEDED if at < when else Validity.CONTRADICTED if contested else Validity.STANDS
        for at in range(len(tellings))
    ]


def _of_words(tellings: Sequence[_Telling]) -> list[Validity]:
    exact = [each for each in tellings if each.value not in _VAGUE]
    if not exact:
        return [Validity.STANDS] * len(tellings)
    stands = Validity.STANDS if len(exact) == 1 else Validity.CONTRADICTED
    return [Validity.SUPERSEDED if each.value in _VAGUE else stands for each in tellings]


def _of_types(tellings: Sequence[_Telling]) -> list[Validity]:
    """Types that outlets take for one another don't contradict."""
    validities = _of_words(tellings)
    if {each.value for each in tellings} <= FROM_AFAR | _VAGUE:
        return [
            Validity.SUPERSEDED if each is Validity.SUPERSEDED else Validity.STANDS for each in validities
        ]
    return validities


def _of_claims(tellings: Sequence[_Telling]) -> list[Validity]:
    kinds = Counter(each.value.split()[0] for each in tellings)
    stands = Validity.CONTRADICTED if kinds["denied"] and len(kinds) > 1 else Validity.STANDS
    return [stands] * len(tellings)


def _of_places(tellings: Sequence[_Telling], places: dict[str, Place]) -> list[Validity]:
    told = [places[each.value] for each in tellings]
    return [_of_place(place, told) for place in told]


def _of_place(place: Place, told: Sequence[Place]) -> Validity:
    others = [other for other in told if other.name != place.name]
    if any(width(other) < width(place) and gap(place, other) == 0.0 for other in others):
        return Validity.SUPERSEDED
    return Validity.CONTRADICTED if any(gap(place, other) > 0.0 for other in others) else Validity.STANDS


def _number(number: int | None) -> str:
    return "" if number is None else str(number)


def _claim(tags: Tags) -> str:
    return f"{tags.claim} by {tags.said_by}" if tags.claim and tags.said_by else tags.claim or ""


_VAGUE: Final = frozenset({"unknown", "other"})

_FACTS: Final[dict[str, tuple[Callable[[Tags], str], Judge | None]]] = {
    "what": (lambda tags: tags.type or "", _of_types),
    "by": (lambda tags: tags.by or "", _of_words),
    "where": (lambda tags: tags.places[0].name if tags.places else "", None),
    "killed": (lambda tags: _number(tags.killed), _of_numbers),
    "wounded": (lambda tags: _number(tags.wounded), _of_numbers),
    "weapon": (lambda tags: tags.weapon or "", _of_words),
    "target": (lambda tags: tags.target or "", _of_words),
    "claim": (_claim, _of_claims),
}
"""Each fact: what a report says of it, and how its values hold; places are judged on the map."""
