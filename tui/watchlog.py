"""The log in words: of each line who, what and of which incident.

A verb or kind of event that nobody has words for yet is told plainly: a store may be newer than this screen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from tui.incidents.alarms import Bell, Cause
from tui.incidents.attention import Verb
from tui.incidents.rulings import CORRECT, MERGE, SPLIT
from tui.incidents.standing import (
    ACTIVE,
    BLIND,
    COLLECTOR,
    COVERAGE,
    FRESH,
    OVER,
    POSTURE,
    RUNNING,
    STOPPED,
    STORE,
    Event,
)
from tui.model import FeedRecord, Front, Incident, Timestamp
from tui.store.alarms import UNSHELVE
from tui.store.desk import ACKNOWLEDGE, ALL_FEEDS, HANDOVER, NOTE, PAUSE, POLL, RESUME, SHELVE, UNDO
from tui.store.log import Logged, Place, Wanted
from tui.store.past import Past
from tui.store.reader import Reader
from tui.store.rows import Action
from tui.store.sentences import note_text, value_words
from tui.words import full_zulu, plural, zulu


class Sort(StrEnum):
    """What sort of line it is: how it is drawn, and no more."""

    DONE = "done"
    """A person did it."""
    ALARM = "alarm"
    OUTAGE = "outage"
    NEWS = "news"
    """Something stands otherwise than before."""
    COURSE = "course"
    """The collector's own doing, in the course of things."""


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the log for a person."""

    place: Place
    sort: Sort
    who: str
    """Initials, or the collector."""
    what: str
    """Two words at most: ``acknowledged``, ``nobody watched``."""
    words: str
    incidents: tuple[int, ...] = ()
    """Those that it is of; the first one's headline is in the words."""
    action: int | None = None
    """Id of the action that it tells of."""
    undoes: int | None = None
    """Id of the action that it took back."""
    undone: bool = False
    """Somebody took it back."""

    @property
    def at(self) -> Timestamp:
        """When it happened."""
        return self.place[0]


@dataclass(frozen=True, slots=True)
class Names:
    """What ids stand for."""

    fronts: Mapping[str, str]
    incidents: Mapping[int, Incident]
    feeds: Mapping[str, str]
    """Names of feeds by url."""

    @classmethod
    def of(
        cls, fronts: Iterable[Front], incidents: Mapping[int, Incident], feeds: Iterable[FeedRecord]
    ) -> Names:
        """From the watch and the store."""
        return cls(
            {front.id: front.name for front in fronts},
            incidents,
            {record.url: record.name for record in feeds},
        )

    def front(self, id: str) -> str:
        """A front's name; of one that was taken out of the watch its id, and that it was."""
        return self.fronts.get(id, f"{id} (removed)")

    def headline(self, ids: Sequence[int]) -> str:
        """The first one's headline, and how many more there are."""
        if not ids:
            return ""
        first = self.incidents.get(ids[0])
        told = first.headline if first is not None else f"incident {ids[0]}"
        return told if len(ids) == 1 else f"{told} and {len(ids) - 1} more"


def incidents_of(logged: Logged) -> tuple[int, ...]:
    """Ids of the incidents that a line is of."""
    if isinstance(logged.what, Bell):
        return (logged.what.incident,)
    if isinstance(logged.what, Action):
        return _ids(logged.undid or logged.what)
    return ()


def line_of(logged: Logged, names: Names) -> Line:
    """The line in words."""
    what = logged.what
    if isinstance(what, Bell):
        return _of_bell(logged.place, what)
    if isinstance(what, Event):
        return _of_event(logged.place, what, names)
    return _of_action(logged, what, names)


def _of_bell(place: Place, bell: Bell) -> Line:
    told = "flood" if bell.cause is Cause.FLOOD else "alarm" if bell.rang else "alarm, muted"
    muted = "" if bell.rang else f" (not rung: {bell.muted})"
    return Line(place, Sort.ALARM, COLLECTOR, told, bell.words + muted, (bell.incident,))


def _of_event(place: Place, event: Event, names: Names) -> Line:
    name = names.front(event.subject) if event.kind in (POSTURE, COVERAGE) else event.subject
    sort, told, words = _EVENTS.get(event.kind, _plain)(event, name)
    return Line(place, sort, COLLECTOR, told, words)


def _plain(event: Event, name: str) -> tuple[Sort, str, str]:
    return Sort.NEWS, event.kind, f"{name}: {event.before} → {event.state}: {event.words}"


def _of_posture(event: Event, name: str) -> tuple[Sort, str, str]:
    return Sort.NEWS, "posture", f"{name}: {event.before} → {event.state}: {event.words}"


def _of_active(event: Event, _: str) -> tuple[Sort, str, str]:
    over = event.state == OVER
    return Sort.NEWS, "active, over" if over else "active", event.words or f"{event.subject}: {event.state}"


def _of_coverage(event: Event, name: str) -> tuple[Sort, str, str]:
    told = {BLIND: "blind", FRESH: "sees again"}.get(event.state, event.state)
    return Sort.OUTAGE, told, f"{name}: {event.words}" if event.words else name


def _of_collector(event: Event, _: str) -> tuple[Sort, str, str]:
    told = {STOPPED: "nobody watched", RUNNING: "watched again"}.get(event.state, event.state)
    return Sort.OUTAGE, told, event.words or f"the collector is {event.state}"


def _of_store(event: Event, _: str) -> tuple[Sort, str, str]:
    return Sort.OUTAGE, f"store {event.state}", event.words


_EVENTS: Final[dict[str, Callable[[Event, str], tuple[Sort, str, str]]]] = {
    POSTURE: _of_posture,
    ACTIVE: _of_active,
    COVERAGE: _of_coverage,
    COLLECTOR: _of_collector,
    STORE: _of_store,
}


# What people did, and what the collector does in their stead


def _of_action(logged: Logged, action: Action, names: Names) -> Line:
    told, words = _words(action, names)
    undoes = None
    if logged.undid is not None:
        undoes = logged.undid.id
        what, of = _words(logged.undid, names)
        words = f"{what}: {of}" if of else what
    return Line(
        logged.place,
        Sort.COURSE if action.who == COLLECTOR else Sort.DONE,
        action.who,
        told,
        words,
        incidents_of(logged),
        action.id,
        undoes,
        action.undone_by is not None,
    )


def _ids(action: Action) -> tuple[int, ...]:
    ids = action.payload.get("ids")
    return tuple(each for each in ids if isinstance(each, int)) if isinstance(ids, list) else ()


def _words(action: Action, names: Names) -> tuple[str, str]:
    """What was done, and to what."""
    headline = names.headline(_ids(action))
    told, tell = _VERBS.get(action.verb, (action.verb, None))
    return told, headline if tell is None else tell(action, names, headline)


def _of_shelve(action: Action, names: Names, headline: str) -> str:
    until = action.payload.get("until")
    return f"until {zulu(until, action.at)}: {headline}" if isinstance(until, float | int) else headline


def _of_poll(action: Action, names: Names, headline: str) -> str:
    return "every feed" if action.subject == ALL_FEEDS else names.feeds.get(action.subject, action.subject)


def _of_note(action: Action, names: Names, headline: str) -> str:
    text = note_text(action)
    return f"{text}  · {headline}" if headline else text


def _of_correction(action: Action, names: Names, headline: str) -> str:
    field, payload = action.payload.get("field"), action.payload
    change = f"{_value(payload.get('before'), names)} → {_value(payload.get('value'), names)}"
    return f"{field} {change}: {headline}"


def _of_merge(action: Action, names: Names, headline: str) -> str:
    into, *others = _ids(action) or (0,)
    return f"{names.headline(others)} into {names.headline((into,))}"


def _of_split(action: Action, names: Names, headline: str) -> str:
    keys = action.payload.get("keys")
    return f"{plural(len(keys), 'report')} out of {headline}" if isinstance(keys, list) else headline


def _of_rule(action: Action, names: Names, headline: str) -> str:
    rule = action.payload.get("rule")
    return f"by the rule {rule}: {headline}" if rule else headline


def _of_handover(action: Action, names: Names, headline: str) -> str:
    since, where = action.payload.get("since"), action.payload.get("where", "")
    return f"since {full_zulu(since)}, {where}" if isinstance(since, float | int) else str(where)


def _value(value: Any, names: Names) -> str:
    """A value of a corrected field: fronts by their names."""
    return value_words([names.front(str(each)) for each in value] if isinstance(value, list) else value)


_VERBS: Final[dict[str, tuple[str, Callable[[Action, Names, str], str] | None]]] = {
    ACKNOWLEDGE: ("acknowledged", None),
    SHELVE: ("shelved", _of_shelve),
    UNSHELVE: ("unshelved", None),
    POLL: ("poll asked", _of_poll),
    PAUSE: ("feed paused", _of_poll),
    RESUME: ("feed resumed", _of_poll),
    UNDO: ("took back", None),
    NOTE: ("note", _of_note),
    Verb.CLOSE: ("closed", None),
    Verb.REOPEN: ("open again", None),
    Verb.SUPPRESS: ("suppressed", _of_rule),
    Verb.UNSUPPRESS: ("unsuppressed", None),
    CORRECT: ("corrected", _of_correction),
    MERGE: ("merged", _of_merge),
    SPLIT: ("split", _of_split),
    HANDOVER: ("handover", _of_handover),
}
"""How each verb is told, and what tells its object where that is more than a headline."""


# Reading


def read(
    view: Reader | Past,
    fronts: Iterable[Front],
    wanted: Wanted,
    before: Place | None = None,
    limit: int = 200,
) -> list[Line]:
    """Lines before a place of the log (None: the newest), the newest first; below zero: all of them."""
    return lines_of(view, fronts, view.log(wanted, before, limit))


def lines_of(view: Reader | Past, fronts: Iterable[Front], logged: Sequence[Logged]) -> list[Line]:
    """The lines in words, with what the store calls everything."""
    # Two of each: a line names the first, and of a merge the one that went as well.
    ids = [id for each in logged for id in incidents_of(each)[:2]]
    names = Names.of(fronts, view.incidents_of(ids), view.feeds())
    return [line_of(each, names) for each in logged]
