"""The filters of search, in one table: what each is called, takes, means to the store, and offers."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from tui.clock import DAY
from tui.model import ACT_TYPES, Front, Kind, Severity, State, Timestamp
from tui.tagging.fold import fold
from tui.tagging.language import LANGUAGES
from tui.tagging.spellings import Spellings
from tui.when import UNDERSTOOD, moment

_A_DAY: Final = re.compile(r"\d{4}-\d{1,2}-\d{1,2}")
_SPAN: Final = re.compile(r"(\d{1,6})?\.\.(\d{1,6})?")
_BOUND: Final = re.compile(r"(>=|<=|>|<|=)?(\d{1,6})(\+)?")
_AT_LEAST: Final = re.compile(r"(>=|<=|>|<|=)?([a-z]+)(\+)?")
_NO_END: Final = 2**31


class ValueFault(ValueError):
    """A value that a filter does not know, and what it would take."""

    def __init__(self, what: str, mend: str) -> None:
        super().__init__(f"{what}: {mend}")
        self.what = what
        self.mend = mend


@dataclass(frozen=True)
class Known:
    """What a watch and its store can be asked for. Names by how often they are told."""

    fronts: Mapping[str, str] = field(default_factory=dict)
    """Names by id."""
    sides: Mapping[str, int] = field(default_factory=dict)
    publishers: Mapping[str, int] = field(default_factory=dict)
    places: Mapping[str, int] = field(default_factory=dict)
    as_of: Timestamp | None = None
    """The past minute that is searched; None: now."""
    spellings: Spellings | None = None
    """None until they are read: then a name is only found as it is typed."""

    @classmethod
    def of(cls, fronts: Iterable[Front], as_of: Timestamp | None = None) -> Known:
        """What is known of a watch before its store is asked."""
        return cls({front.id: front.name for front in fronts}, as_of=as_of)


@dataclass(frozen=True, slots=True)
class Meant:
    """A condition in the store's language, on an incident ``i`` and on a report ``r`` of no incident."""

    incident: str
    other: str
    """``0`` where no report of no incident can meet it."""
    values: tuple[object, ...] = ()
    """For the placeholders of either."""
    since: Timestamp | None = None
    """Where it holds only of what was told of since then: it finds the index to go by."""
    until: Timestamp | None = None
    """Where it holds only of what began before then."""

    def or_else(self, more: Meant) -> Meant:
        """One or the other: values with a comma between them."""
        values = (*self.values, *more.values)
        other = "0" if self.other == "0" else f"({self.other} OR {more.other})"
        return Meant(f"({self.incident} OR {more.incident})", other, values)


@dataclass(frozen=True, slots=True)
class FilterKind:
    """What one filter takes and means."""

    example: str
    """As a person types it."""
    help: str
    """A sentence for the help."""
    read: Callable[[str, Known, Timestamp], Meant]
    """One value. Raises :class:`ValueFault`."""
    offers: Callable[[Known], Mapping[str, str]]
    """Values to choose from, the likeliest first, each with a word on it."""


# Values


def _one_of(word: str, values: Mapping[str, str], what: str) -> list[str]:
    """Ids that a word means: the one that it is, else all of which it begins the id or a word of the name."""
    wanted = " ".join(fold(word).split())
    if not wanted:
        return []
    exact = [each for each in values if fold(each).split() == wanted.split()]
    if exact:
        return exact
    found = [each for each, name in values.items() if f" {wanted}" in f" {_plain(each)} {_plain(name)}"]
    if found:
        return found
    near = difflib.get_close_matches(word.lower(), values, 2, 0.5)
    if near:
        raise ValueFault(f"no {what} {word}", f"did you mean {' or '.join(near)}?")
    few = list(values)[:12]
    raise ValueFault(f"no {what} {word}", f"there are {', '.join(few)}{', ...' if len(values) > 12 else ''}")


def _plain(text: str) -> str:
    return " ".join(fold(text).split())


def _chosen(column: str, found: Iterable[object], other: str = "0") -> Meant:
    values = tuple(found)
    marks = ", ".join("?" * len(values))
    return Meant(f"{column} IN ({marks})", f"{other} IN ({marks})" if other != "0" else "0", values)


def _words(values: Iterable[str]) -> dict[str, str]:
    return dict.fromkeys(values, "")


def _counted(values: Mapping[str, int]) -> dict[str, str]:
    return {each: f"{count:,}" for each, count in values.items()}


def _front(word: str, known: Known, now: Timestamp) -> Meant:
    found = _one_of(word, known.fronts, "front")
    marks = ", ".join("?" * len(found))
    asked = f"EXISTS (SELECT 1 FROM incident_front f WHERE f.incident = i.id AND f.front IN ({marks}))"  # noqa: S608 - marks
    return Meant(asked, "0", tuple(found))


def _kind(word: str, known: Known, now: Timestamp) -> Meant:
    return _chosen("i.kind", _one_of(word, _words(Kind), "kind"), "r.kind")


def _type(word: str, known: Known, now: Timestamp) -> Meant:
    return _chosen("i.type", _one_of(word, _words(ACT_TYPES), "type"))


def _by(word: str, known: Known, now: Timestamp) -> Meant:
    # Before the store was asked every side is one.
    return _chosen("i.by", _one_of(word, _words(known.sides), "side") if known.sides else [word.lower()])


def _severity(word: str, known: Known, now: Timestamp) -> Meant:
    found = _AT_LEAST.fullmatch(word.lower())
    if found is None:
        raise ValueFault(f"{word} is no severity", "as high, >=medium or high+")
    sign, name, plus = found.groups()
    bounds = [Severity(each).rank for each in _one_of(name, _words(Severity), "severity")]
    sign = ">=" if plus else sign
    return _chosen("i.severity", [each.rank for each in Severity if _holds(each.rank, sign, bounds)])


def _holds(rank: int, sign: str | None, bounds: list[int]) -> bool:
    match sign:
        case ">=":
            return rank >= min(bounds)
        case ">":
            return rank > max(bounds)
        case "<=":
            return rank <= max(bounds)
        case "<":
            return rank < min(bounds)
        case _:
            return rank in bounds


def _killed(word: str, known: Known, now: Timestamp) -> Meant:
    span, bound = _SPAN.fullmatch(word), _BOUND.fullmatch(word)
    if span is not None and any(span.groups()):
        low, high = int(span[1] or 0), int(span[2] or _NO_END)
    elif bound is not None:
        number = int(bound[2])
        low, high = {
            ">": (number + 1, _NO_END),
            ">=": (number, _NO_END),
            "<": (0, number - 1),
            "<=": (0, number),
        }.get(">=" if bound[3] else bound[1] or "=", (number, number))
    else:
        raise ValueFault(f"{word} is no number of dead", "as 3, >0, >=3, 3+ or 2..5")
    return Meant("i.killed BETWEEN ? AND ?", "0", (low, high))


def _publisher(word: str, known: Known, now: Timestamp) -> Meant:
    found = _one_of(word, _words(known.publishers), "publisher") if known.publishers else [word.lower()]
    # As a list in the store holds it: to look for its text takes a third of the time of reading the list.
    held = tuple(json.dumps(each, ensure_ascii=False) for each in found)
    told = " OR ".join(["instr(i.publishers, ?) > 0"] * len(held))
    return Meant(f"({told})", f"json_quote(r.publisher) IN ({', '.join('?' * len(held))})", held)


def _place(word: str, known: Known, now: Timestamp) -> Meant:
    alike = known.spellings.of(_plain(word)) if known.spellings else None
    if alike is not None and alike.names:
        return _chosen("i.place", alike.names)
    return _chosen("i.place", _one_of(word, _words(known.places), "place") if known.places else [word])


def _grade(word: str, known: Known, now: Timestamp) -> Meant:
    if re.fullmatch("[A-Fa-f]?[1-6]?", word) is None:
        raise ValueFault(f"{word} is no grade", "as B2, B (the source, A to F) or 2 (credibility, 1 to 6)")
    letter, number = word.upper().rstrip("123456") or "[A-F]", word.lstrip("abcdefABCDEF") or "[1-6]"
    return Meant("(i.kind = 'incident' AND i.grade GLOB ?)", "0", (letter + number,))


def _state(word: str, known: Known, now: Timestamp) -> Meant:
    found = tuple(_one_of(word, _words(State), "state"))
    stands = _chosen("coalesce((SELECT state FROM incident_state WHERE incident = i.id), 'new')", found)
    # Context is never an alarm: it stands nowhere.
    return Meant(f"(i.kind = 'incident' AND {stands.incident})", "0", found)


def _lang(word: str, known: Known, now: Timestamp) -> Meant:
    if re.fullmatch("[A-Za-z]{2,3}", word) is None:
        raise ValueFault(f"{word} is no language", f"as {', '.join(LANGUAGES)}")
    told = "SELECT 1 FROM report l INDEXED BY report_by_incident WHERE l.incident = i.id AND l.language = ?"
    if known.as_of is not None:
        told += f" AND l.seen <= {known.as_of!r}"
    return Meant(f"EXISTS ({told})", "r.language = ?", (word.lower(),))


def _since(word: str, known: Known, now: Timestamp) -> Meant:
    start, _ = _span_of(word, now)
    return Meant("i.last_seen >= ?", "r.published >= ?", (start,), start)


def _until(word: str, known: Known, now: Timestamp) -> Meant:
    _, end = _span_of(word, now)
    return Meant("i.first_seen < ?", "r.published < ?", (end,), until=end)


def _span_of(word: str, now: Timestamp) -> tuple[Timestamp, Timestamp]:
    """When a time that is typed begins and ends, UTC: a day lasts a day, a moment none."""
    days_ago = {"today": 0, "yesterday": 1}.get(word.lower())
    if days_ago is not None:
        start = (now // DAY - days_ago) * DAY
        return start, start + DAY
    try:
        start = moment(word.upper() if "T" in word.upper() else word, now)
    except (ValueError, OverflowError) as fault:
        raise ValueFault(f"{word} is no time", f"{UNDERSTOOD}, or today") from fault
    return start, start + (DAY if _A_DAY.fullmatch(word) else 0.0)


_TIMES: Final = {
    "1h": "", "6h": "", "24h": "", "7d": "", "4w": "", "today": "", "yesterday": "", "06:00": "UTC",
}  # fmt: skip

FILTERS: Final[dict[str, FilterKind]] = {
    "front": FilterKind("front:yemen", "On a front, by its id or name.", _front, lambda known: known.fronts),
    "type": FilterKind("type:ship,drone", "What was done.", _type, lambda _: _words(ACT_TYPES)),
    "by": FilterKind("by:axis", "Which side did it.", _by, lambda known: _counted(known.sides)),
    "severity": FilterKind(
        "severity:high+", "How bad; high+ or >=high: that or worse.", _severity, lambda _: _words(Severity)
    ),
    "killed": FilterKind(
        "killed:>0",
        "How many died: 3, >0, >=3, 3+ or 2..5.",
        _killed,
        lambda _: _words((">0", ">=3", ">=10", "0")),
    ),
    "since": FilterKind(
        "since:7d", "Told of since: 7d, 6h, 2023-12-03, 06:00, today.", _since, lambda _: _TIMES
    ),
    "until": FilterKind("until:2023-12-31", "Began by then, that day included.", _until, lambda _: _TIMES),
    "place": FilterKind(
        "place:Hodeidah", "Where, by any spelling.", _place, lambda known: _counted(known.places)
    ),
    "publisher": FilterKind(
        "publisher:ukmto",
        "Told by, among others.",
        _publisher,
        lambda known: _counted(known.publishers),
    ),
    "kind": FilterKind(
        "kind:incident",
        "An incident, or which context: statement, diplomacy ...",
        _kind,
        lambda _: _words(Kind),
    ),
    "state": FilterKind(
        "state:new",
        "Where it stands: new, acknowledged, shelved, closed, suppressed.",
        _state,
        lambda _: _words(State),
    ),
    "grade": FilterKind(
        "grade:B2",
        "Admiralty grade: B2, B or 2.",
        _grade,
        lambda _: _words(("A", "B", "C", "1", "2", "3")),
    ),
    "lang": FilterKind("lang:ar", "Told in that language.", _lang, lambda _: _words(LANGUAGES)),
}
"""Every filter, by name, in the order of the help."""


_SHORT: Final = 10
"""Characters of a value that has room in a column of examples."""
_OF_A_WATCH: Final = ("front", "by", "place", "publisher")
"""Filters whose values are a watch's own: an example of another's would find nothing."""


def example_of(name: str, known: Known) -> str:
    """That filter as a person may type it here: ``front:yemen``; ``front:…`` where no value is known yet."""
    kind = FILTERS[name]
    if name not in _OF_A_WATCH:
        return kind.example
    plain = [each for each in kind.offers(known) if each.isascii() and each.replace("-", "").isalnum()]
    values = [each for each in plain if each != "unknown"] or ["…"]
    return f"{name}:{next((each for each in values if len(each) <= _SHORT), values[0])}"
