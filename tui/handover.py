"""The handover: what the next shift must know, by front, out of the store."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.briefing import (
    Briefing,
    Item,
    Section,
    View,
    figures,
    gravest_first,
    item_of,
    posture_words,
    stamp,
)
from tui.feeds.health import FeedState, judge
from tui.incidents.alarms import Bell, Cause
from tui.incidents.attention import QUIET_AFTER
from tui.incidents.rulings import VERBS
from tui.incidents.standing import ACTIVE, BLIND, COLLECTOR, COVERAGE, POSTURE, STOPPED, STORE, Event
from tui.model import Front, Incident, Kind, Severity, State, Timestamp, Watch
from tui.store.desk import NOTE
from tui.store.log import Logged, Wanted
from tui.store.past import Past
from tui.store.rows import Action
from tui.store.sentences import note_text
from tui.watchlog import incidents_of, lines_of
from tui.words import age, full_zulu, plural

MOST: Final = 100
"""Items of a section: nobody reads more, and a year of them would keep a screen waiting."""
SHIFT: Final = 8 * 3600.0
"""Seconds that a handover is of where none was ever made."""
AGAIN: Final = 3600.0
"""A handover within so many seconds of the last one is that one made again: it begins where that began."""
OPEN: Final = (State.NEW, State.ACKNOWLEDGED, State.SHELVED)


def begin(view: View, now: Timestamp) -> Timestamp:
    """When the shift began, as far as can be known: when the last handover was made, by anybody."""
    for last in view.last_handovers(1):
        if last.at <= now - AGAIN:
            return last.at
        since = last.payload.get("since")
        if isinstance(since, float | int) and since < now:
            return float(since)
    return now - SHIFT


def hand_over(view: View, watch: Watch, since: Timestamp, now: Timestamp, who: str) -> Briefing:
    """The handover of what happened from ``since`` to ``now``. Raises ``StoreError``."""
    shift = _Shift.read(view, watch, since, now)
    counts = Counter(each.severity for each in shift.open)
    by_severity = ", ".join(f"{counts[each]} {each}" for each in reversed(Severity) if counts[each])
    new = sum(each.state is State.NEW for each in shift.open)
    period = f"{full_zulu(since)} to {full_zulu(now)} ({age(now - since)})"
    lead = [
        f"{period}, made by {who}." if who else f"{period}.",
        f"Open: {by_severity}; {new} of them not acknowledged." if shift.open else "Nothing is open.",
    ]
    if shift.suppressed:
        lead.append(f"{plural(shift.suppressed, 'incident')} suppressed by rule, not listed.")
    sections: list[Section] = []
    told: set[int] = set()
    for front in watch.fronts:
        sections += _front(view, shift, front, told)
    sections += [
        *_noted(view, shift, "Notes", shift.other_notes(told)),
        *_some("Several fronts at once", _at_once(shift)),
        _outages(shift),
        _alarms(shift),
        *_noted(view, shift, "Corrections by hand", shift.done(*VERBS)),
        *_feeds(view, now),
    ]
    return Briefing(f"Handover: {watch.title}", tuple(lead), tuple(sections))


@dataclass(slots=True)
class _Shift:
    """What the store holds of the time of a handover, read once."""

    watch: Watch
    since: Timestamp
    until: Timestamp
    stood: list[Event]
    """How everything stood when it began."""
    events: list[Event] = field(default_factory=list)
    bells: list[Bell] = field(default_factory=list)
    actions: list[Logged] = field(default_factory=list)
    """Notes and rulings that were not taken back."""
    open: list[Incident] = field(default_factory=list)
    suppressed: int = 0

    @classmethod
    def read(cls, view: View, watch: Watch, since: Timestamp, until: Timestamp) -> _Shift:
        shift = cls(watch, since, until, view.stood(since))
        for logged in reversed(view.log(Wanted(since=since, verbs=(NOTE, *VERBS)), limit=-1)):
            match logged.what:
                case Event() as event:
                    shift.events.append(event)
                case Bell() as bell:
                    shift.bells.append(bell)
                case Action() as action if action.undone_by is None:
                    shift.actions.append(logged)
        fronts = {front.id for front in watch.fronts}
        recent = view.incidents(kinds=(Kind.INCIDENT,), since=until - QUIET_AFTER, limit=-1)
        own = [each for each in recent if fronts.intersection(each.fronts)]
        shift.open = [each for each in own if each.state in OPEN]
        shift.suppressed = sum(each.state is State.SUPPRESSED for each in own)
        return shift

    def done(self, *verbs: str) -> list[Logged]:
        """What was done of these verbs."""
        return [each for each in self.actions if isinstance(each.what, Action) and each.what.verb in verbs]

    def other_notes(self, told: set[int]) -> list[Logged]:
        """Notes on the watch, and on incidents that are not told of."""
        return [each for each in self.done(NOTE) if not told.intersection(incidents_of(each))]

    def changes(self, kind: str) -> list[Event]:
        return [event for event in self.events if event.kind == kind]


# By front


def _front(view: View, shift: _Shift, front: Front, told: set[int]) -> Iterator[Section]:
    """A front; ``told``: incidents that stand on a front before it, and are not told twice."""
    standing = view.standings().get((POSTURE, front.id))
    lead = [f"{figures(view, front, shift.since, shift.until)}."]
    lead += posture_words(standing, shift.until)
    posture = "" if standing is None else f": {standing.state}"
    mine = [each for each in shift.open if front.id in each.fronts]
    elsewhere = sum(each.id in told for each in mine)
    if elsewhere:
        lead.append(f"{plural(elsewhere, 'open incident')} of this front told above.")
    mine = [each for each in mine if each.id not in told]
    told.update(each.id for each in mine)
    if not mine and not elsewhere:
        lead.append("Nothing is open.")
    yield Section(f"{front.name}{posture}", tuple(lead))
    changes = [event for event in shift.changes(POSTURE) if event.subject == front.id]
    yield from _some(
        "Changes of posture",
        [_change_item(event, shift.until) for event in changes[-MOST:]],
        len(changes),
        below=True,
    )
    listed = gravest_first(mine)[:MOST]
    notes = view.notes([each.id for each in listed])
    yield from _some(
        f"Open: {len(mine)}",
        [
            item_of(each, view.reports(each.id), shift.until, _noted_of(notes, each, shift.until))
            for each in listed
        ],
        len(mine),
        below=True,
    )
    fronts = [each.id for each in shift.watch.fronts]
    before = fronts[: fronts.index(front.id)]
    closed = view.closed(front.id, before, shift.since, shift.until, MOST)
    ids = [each.id for each in closed.gravest]
    told.update(ids)
    notes = view.notes(ids)
    yield from _some(
        f"Closed in this time: {closed.total}",
        [
            _closed_item(each, _noted_of(notes, each, shift.until), shift.until, each.id in closed.overlooked)
            for each in closed.gravest
        ],
        closed.total,
        below=True,
    )


def _change_item(event: Event, now: Timestamp) -> Item:
    return Item(stamp(event.at, now), f"{event.before} to {event.state}: {event.words}")


def _closed_item(incident: Incident, notes: Iterable[str], now: Timestamp, overlooked: bool) -> Item:
    severity = incident.severity.upper() if incident.severity else "-"
    dead = f"{incident.killed} killed · " if incident.killed else ""
    return Item(
        f"{severity} {stamp(incident.first_seen, now)}",
        incident.headline,
        f"{dead}grade {incident.grade}{' · closed by itself, never acknowledged' if overlooked else ''}",
        tuple(notes),
        incident=incident.id,
        severity=incident.severity,
    )


def _noted_of(notes: Mapping[int, Iterable[Action]], incident: Incident, now: Timestamp) -> Iterator[str]:
    for note in notes.get(incident.id, ()):
        yield f"{stamp(note.at, now)} {note.who}: {note_text(note)}"


# Of the whole watch


def _some(title: str, items: Iterable[Item], count: int = 0, *, below: bool = False) -> Iterator[Section]:
    """A section, where there is anything to stand in it; of how many it is what can be read, if not all."""
    if made := tuple(items):
        left = count - len(made)
        lead = (f"{left} more are not listed: the log has them all.",) if left > 0 else ()
        yield Section(title, lead, made, below)


def _noted(view: View, shift: _Shift, title: str, chosen: Sequence[Logged]) -> Iterator[Section]:
    """What people did, in the words of the log; the last of it."""
    return _some(title, _lines(view, shift, chosen[-MOST:]), len(chosen))


def _lines(view: View, shift: _Shift, chosen: Sequence[Logged]) -> Iterator[Item]:
    for line in lines_of(view, shift.watch.fronts, chosen):
        first = line.incidents[0] if line.incidents else None
        yield Item(f"{stamp(line.at, shift.until)} {line.who}", line.words, incident=first)


def _at_once(shift: _Shift) -> Iterator[Item]:
    for event in shift.changes(ACTIVE):
        over = "" if event.state == ACTIVE else " (over)"
        yield Item(stamp(event.at, shift.until), f"{event.words or event.subject}{over}")


def _outages(shift: _Shift) -> Section:
    """When fronts were blind and nobody watched, also what began before and what is not over."""
    names = {front.id: front.name for front in shift.watch.fronts}
    began: dict[tuple[str, str], Event] = {}
    items = []
    events = [each for each in (*shift.stood, *shift.events) if each.kind in (COVERAGE, COLLECTOR)]
    for event in events:
        subject = (event.kind, event.subject)
        if event.state in (BLIND, STOPPED):
            began.setdefault(subject, event)
        elif (start := began.pop(subject, None)) is not None:
            items.append(_outage(start, event.at, names, shift))
    items += [_outage(start, None, names, shift) for start in began.values()]
    items += [
        (each.at, Item(stamp(each.at, shift.until), f"the store was {each.state}", each.words))
        for each in shift.events
        if each.kind == STORE
    ]
    items.sort(key=lambda pair: pair[0])
    lead = () if items else ("None on record.",)
    return Section("Outages", lead, tuple(item for _, item in items))


def _outage(
    start: Event, end: Timestamp | None, names: dict[str, str], shift: _Shift
) -> tuple[Timestamp, Item]:
    now = shift.until
    name = names.get(start.subject, f"{start.subject} (removed)")
    what = "nobody watched" if start.kind == COLLECTOR else f"{name} blind"
    lasted = age((now if end is None else end) - start.at)
    until = f"still, {lasted} now" if end is None else f"to {stamp(end, now)}, {lasted}"
    return start.at, Item(f"{stamp(start.at, now)} {until}", what, start.words)


def _alarms(shift: _Shift) -> Section:
    floods = [bell for bell in shift.bells if bell.cause is Cause.FLOOD]
    rang = sum(bell.rang for bell in shift.bells if bell.cause is not Cause.FLOOD)
    muted = Counter(bell.muted for bell in shift.bells if bell.cause is not Cause.FLOOD and not bell.rang)
    why = ", ".join(f"{count} by {name}" for name, count in muted.most_common())
    words = f"{rang} rang, {muted.total()} muted" + (f" ({why})" if why else "")
    words += f", {plural(len(floods), 'flood')}."
    return Section(
        "Alarms", (words,), tuple(Item(stamp(each.at, shift.until), each.words) for each in floods)
    )


def _feeds(view: View, now: Timestamp) -> Iterator[Section]:
    if isinstance(view, Past):
        yield Section("Feeds", ("Which feeds failed then is not known any more.",))
        return
    items = [
        Item(
            "never reached" if record.failing_since is None else f"since {stamp(record.failing_since, now)}",
            record.name,
            record.error,
        )
        for record in view.feeds()
        if judge(record, now) is FeedState.FAILING
    ]
    yield from _some("Feeds that fail now", items)
