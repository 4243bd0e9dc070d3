"""What people rule of incidents: corrections of what is said of them, merges and splits. Pure.

A ruling is law. What a person says of an incident is laid over what its reports say, and reports that a
person has put together or taken apart are not moved by the merger.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, TypeGuard

from tui.feeds.safe_text import safe_text
from tui.incidents.story import Story
from tui.model import ACT_TYPES, Incident, Kind, Place, Report, Severity, Timestamp

CORRECT: Final = "correct"
MERGE: Final = "merge"
SPLIT: Final = "split"
VERBS: Final = (CORRECT, MERGE, SPLIT)

FIELDS: Final = ("fronts", "kind", "severity", "place", "type", "by", "killed")
"""What can be corrected of an :class:`~tui.model.Incident`, by its own names."""

NEW: Final = 0
"""In place of an id: the incident that a split makes."""

_NAME_LIMIT: Final = 80
"""Characters of what a person types: a place, a side, a front."""

_KILLED_LIMIT: Final = 1_000_000


class Refused(Exception):
    """What was asked can't be done: why, in words for the person."""


class RulingState(StrEnum):
    """How far a ruling is."""

    ASKED = "asked"
    """The collector has not come to it yet."""
    DONE = "done"
    REFUSED = "refused"
    TAKEN_BACK = "taken back"


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruling as the collector takes it up."""

    action: int
    verb: str
    """``correct``, ``merge``, ``split`` or ``undo``."""
    payload: dict[str, Any]
    """``ids``: of the incident; of a merge the one that stays and the other. With ``field``, ``value`` and
    ``before`` of a correction, ``keys`` of the reports that a split takes out."""
    who: str
    at: Timestamp
    state: RulingState = RulingState.ASKED
    outcome: dict[str, Any] = field(default_factory=dict)
    """``keys`` of the reports that a merge or split moved, ``new``: the id that a split gave."""
    undoes: Ruling | None = None
    """What an undo takes back."""


@dataclass(frozen=True, slots=True)
class Correction:
    """What a person said of one field of an incident."""

    incident: int
    field: str
    """One of FIELDS."""
    value: object
    """As the field of :class:`~tui.model.Incident` holds it."""
    before: object
    """How it stood when this was done, in the same form."""
    who: str
    at: Timestamp
    action: int


Corrected = Mapping[str, object]
"""Values that people gave to fields, by the field's name."""


# Values


def as_json(name: str, value: object) -> object:
    """A person's value of a field in the form that is stored; what was typed passes ``safe_text`` here.

    Takes the field as :class:`~tui.model.Incident` holds it, or plain texts. Raises :class:`Refused`.
    """
    if name not in FIELDS:
        raise Refused(f"{name} can't be corrected: say {', '.join(FIELDS)}")
    return _CHECKS[name](value)


def _fronts(value: object) -> object:
    if isinstance(value, str) or not isinstance(value, Sequence):
        raise Refused("fronts are a list of ids, an empty one for none of ours")
    fronts = [safe_text(str(front), _NAME_LIMIT) for front in value]
    return [front for front in dict.fromkeys(fronts) if front]


def _one_of(choices: Sequence[str]) -> Callable[[object], object]:
    def check(value: object) -> object:
        if value not in choices:
            raise Refused(f"{value!s} is none of {', '.join(choices)}")
        return str(value)

    return check


def _by(value: object) -> object:
    side = safe_text(str(value or ""), _NAME_LIMIT)
    if not side:
        raise Refused("a side needs a name; where it is not told, say unknown")
    return side


def _killed(value: object) -> object:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= _KILLED_LIMIT:
        raise Refused("killed is a whole number, or none where it is not told")
    return value


def _place(value: object) -> object:
    if value is None:
        return None
    if not isinstance(value, Place):
        raise Refused("a place is a name with its position, or none where it is not told")
    name = safe_text(value.name, _NAME_LIMIT)
    if not name or not -90 <= value.lat <= 90 or not -180 <= value.lon <= 180:
        raise Refused("a place needs a name and a position in degrees")
    return {"name": name, "lat": value.lat, "lon": value.lon, "kind": value.kind}


_CHECKS: Final[dict[str, Callable[[object], object]]] = {
    "fronts": _fronts,
    "kind": _one_of(tuple(Kind)),
    "severity": _one_of(tuple(Severity)),
    "place": _place,
    "type": _one_of(ACT_TYPES),
    "by": _by,
    "killed": _killed,
}


def checked(name: str, value: Any) -> object:
    """As :func:`from_json`, of a value that a hand or another program may have stored.

    Raises :class:`Refused` where it is none of that field's.
    """
    try:
        made = from_json(name, value)
        as_json(name, made)
    except (TypeError, ValueError, AttributeError) as error:
        raise Refused(f"what is stored of {name} can't be read") from error
    return made


def check(ruling: Ruling) -> None:
    """Raises :class:`Refused` where this can't be done: a hand, or a later program, wrote it."""
    meant = ruling.undoes or ruling
    ids, keys = meant.payload.get("ids", ()), meant.payload.get("keys")
    if meant.verb not in VERBS or len(ids) != (2 if meant.verb == MERGE else 1):
        raise Refused("what is asked can't be read")
    if meant.verb == SPLIT and not are_keys(keys):
        raise Refused("which reports are meant can't be read")
    if meant.verb == CORRECT:
        checked(str(meant.payload.get("field")), meant.payload.get("value"))
    elif ruling.undoes is not None:
        check_done(meant)


def check_done(ruling: Ruling) -> None:
    """Raises :class:`Refused` where of a merge or split that was done it can't be read what it moved."""
    new = ruling.outcome.get("new")
    if not are_keys(ruling.outcome.get("keys")) or (ruling.verb == SPLIT and not isinstance(new, int)):
        raise Refused("what it had moved can't be read any more")


def are_keys(value: object) -> TypeGuard[list[str]]:
    """Whether a stored value is a list of reports' keys."""
    return isinstance(value, list) and all(isinstance(key, str) for key in value)


def from_json(name: str, value: Any) -> object:
    """A stored value of a field as :class:`~tui.model.Incident` holds it; None where it is not told."""
    if value is None:
        return None
    if name == "fronts":
        return tuple(value)
    if name == "place":
        return Place(**value)
    if name == "kind":
        return Kind(value)
    return Severity(value) if name == "severity" else value


def stands(incident: Incident, name: str) -> object:
    """How a field of an incident stands, in the form that is stored."""
    value = getattr(incident, name)
    if isinstance(value, Place):
        return {"name": value.name, "lat": value.lat, "lon": value.lon, "kind": value.kind}
    return list(value) if isinstance(value, tuple) else value


# Laying over


def laid_over(incident: Incident, corrected: Corrected) -> Incident:
    """The incident as people say it is.

    What is corrected to be an incident and was none gets what an incident must have, where nobody said it:
    type ``other``, side ``unknown``, severity ``low``, since a person who thinks it worse says so. What is
    corrected to be no incident loses type, side, dead and severity: no context has them.
    """
    if not corrected:
        return incident
    values: dict[str, Any] = dict(corrected)
    if incident.kind is not Kind.INCIDENT and values.get("kind") is Kind.INCIDENT:
        lacking = {"type": "other", "by": "unknown", "severity": Severity.LOW}
        values = {name: one for name, one in lacking.items() if getattr(incident, name) is None} | values
    elif values.get("kind", incident.kind) is not Kind.INCIDENT:
        values |= {"type": None, "by": None, "killed": None, "severity": None}
    return incident._replace(**values)


def summed(id: int, reports: Sequence[Report]) -> Incident:
    """The incident that these reports make, whatever people said of it. There is one report at least."""
    story = Story(id, kind_of(reports))
    for report in reports:
        story.add(report)
    return story.incident()


def kind_of(reports: Sequence[Report]) -> Kind:
    """The kind of an incident by its reports: they differ only where a person has merged an act and context.

    Then the act decides, else the report that was published first.
    """
    kinds = {report.tags.kind for report in reports}
    if len(kinds) > 1 and Kind.INCIDENT not in kinds:
        return min(reports, key=lambda report: (report.published, report.key)).tags.kind
    return Kind.INCIDENT if Kind.INCIDENT in kinds else kinds.pop()


# Merging and splitting

Groups = dict[int, list[Report]]
"""Whole reports of incidents by their ids."""


def involved(ruling: Ruling) -> tuple[int, ...]:
    """The ids of the incidents whose reports a ruling needs to know."""
    meant = ruling.undoes or ruling
    new = (int(meant.outcome["new"]),) if "new" in meant.outcome else ()
    return (*meant.payload["ids"], *new)


def regrouped(ruling: Ruling, told: Groups) -> Groups:
    """How a merge, a split or an undo of one distributes the reports; an incident without any is emptied.

    ``told``: the reports of every incident that is :func:`involved`. Raises :class:`Refused`.
    """
    if ruling.undoes is not None:
        return _undone(ruling.undoes, told)
    return _merged(ruling, told) if ruling.verb == MERGE else _split(ruling, told)


def _merged(ruling: Ruling, told: Groups) -> Groups:
    into, other = ruling.payload["ids"]
    for id in (into, other):
        if not told[id]:
            raise Refused(gone(id))
    return {into: told[into] + told[other], other: []}


def _split(ruling: Ruling, told: Groups) -> Groups:
    (id,) = ruling.payload["ids"]
    keys = set(ruling.payload["keys"])
    out = [report for report in told[id] if report.key in keys]
    rest = [report for report in told[id] if report.key not in keys]
    if not out:
        raise Refused(f"incident {id} has none of these reports any more")
    if not rest:
        raise Refused(f"these are all reports of incident {id}: one must stay")
    return {id: rest, NEW: out}


def _undone(ruling: Ruling, told: Groups) -> Groups:
    """Everything back where it was.

    Of a merge, what has come since stays where it came. Of a split it goes along: it came because it is
    like the part that goes back. What others have put elsewhere since stays there.
    """
    keys = set(ruling.outcome["keys"])
    if ruling.verb == MERGE:
        here, home = ruling.payload["ids"]
    else:
        here, home = int(ruling.outcome["new"]), ruling.payload["ids"][0]
    if not any(report.key in keys for report in told[here]):
        raise Refused(f"somebody has moved the reports away from incident {here} since")
    back = [report for report in told[here] if ruling.verb == SPLIT or report.key in keys]
    stay = [report for report in told[here] if ruling.verb == MERGE and report.key not in keys]
    return {here: stay, home: told[home] + back}


def gone(id: int) -> str:
    """Why nothing can be ruled of an incident that has no report."""
    return f"incident {id} is gone: its reports are of another incident now, or no longer kept"
