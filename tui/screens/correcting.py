"""Corrections by hand: what is wrong of an incident, to what it is put right, and how that is asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tui.incidents.rulings import Refused
from tui.model import ACT_TYPES, Incident, Kind, Place, Severity
from tui.screens.base import FrontwatchScreen
from tui.screens.choice import Choice, ChoiceScreen
from tui.widgets.words import SIGNS, plural, zulu

NEARBY: Final = 48 * 3600.0
"""Seconds around an incident within which another may be the same event."""
MOST: Final = 200
"""Incidents read to find those."""
DONE: Final = "done"


class Corrector:
    """Leads from an incident to what is ruled of it; it asks and answers on the screen it came from."""

    def __init__(self, screen: FrontwatchScreen, incident: Incident) -> None:
        self._screen = screen
        self._session = screen.session
        self._incident = incident

    def correct(self) -> None:
        """Choose what is wrong."""
        incident, session = self._incident, self._session
        asked = {each.field: each for each in session.reader.corrections(incident.id)}
        choices = [
            Choice("not", "not an incident", "it becomes context, and so does what is told of it later")
        ]
        for field, words in _values(incident, self._session.front_names).items():
            said = asked.get(field)
            by = f"corrected by {said.who} {zulu(said.at, session.now())}" if said else ""
            choices.append(Choice(field, f"{field}: {words}", by))
        choices.append(Choice("merge", "merge", "with another incident that is the same event"))
        if incident.kind is not Kind.INCIDENT:
            # Context has no type, no side and no severity: it must be an incident first.
            choices = [each for each in choices if each.key in ("fronts", "kind", "place", "merge")]
        self._offer(f"What is wrong? {incident.headline}", choices, self._field)

    def _offer(self, title: str, choices: list[Choice], take: Callable[[str], object]) -> None:
        self._screen.host.push_screen(ChoiceScreen(self._session, title, choices, take))

    def _field(self, field: str) -> None:
        if field == "fronts":
            self._offer_fronts(set(self._incident.fronts))
        elif field in ("kind", "severity", "type", "by"):
            self._offer_values(field)
        else:
            {
                "not": self.not_an_incident,
                "merge": self.merge,
                "place": self._ask_place,
                "killed": self._ask_killed,
            }[field]()

    def not_an_incident(self) -> None:
        """Say that it is none."""
        incident = self._incident
        if incident.kind is not Kind.INCIDENT:
            corrects = self._screen.key("correct")
            self._screen.say(f"It is context already ({incident.kind}); {corrects} corrects what it is.")
        else:
            self._ask_collector("kind", Kind.OTHER)

    def _offer_values(self, field: str) -> None:
        incident = self._incident
        now = str(getattr(incident, field))
        choices = [Choice(each, each, now=each == now) for each in self._allowed(field)]
        self._offer(f"{field} of: {incident.headline}", choices, lambda one: self._put(field, one))

    def _put(self, field: str, value: str) -> None:
        typed = {"kind": Kind, "severity": Severity}
        self._ask_collector(field, typed[field](value) if field in typed else value)

    def _allowed(self, field: str) -> tuple[str, ...]:
        if field == "by":
            from tui.tally import lexicon_of  # here: the lists take a tenth of a second to read

            return (*sorted(set(lexicon_of(self._session.watch).sides()) - {"unknown"}), "unknown")
        return {"kind": tuple(Kind), "severity": tuple(Severity), "type": ACT_TYPES}[field]

    def _offer_fronts(self, fronts: set[str]) -> None:
        """Fronts are put on and taken off, one by one, until that is done."""
        names = self._session.front_names
        on = [id for id in names if id in fronts]
        words = ", ".join(names[id] for id in on) or "none of ours"
        choices = [Choice(DONE, f"done: {words}")]
        choices += [Choice(f"front {id}", name, now=id in fronts) for id, name in names.items()]

        def take(key: str) -> None:
            if key == DONE:
                self._ask_collector("fronts", on)
            else:
                self._offer_fronts(fronts ^ {key.removeprefix("front ")})

        self._offer(f"Fronts of: {self._incident.headline}", choices, take)

    def _ask_killed(self) -> None:
        killed = self._incident.killed

        def take(typed: str) -> str:
            if typed and not typed.isdecimal():
                return "Killed: a whole number, or nothing where it is not told"
            self._ask_collector("killed", int(typed) if typed else None)
            return ""

        now = "" if killed is None else str(killed)
        self._screen.ask("Killed (nothing: not told):", take, value=now, limit=7)

    def _ask_place(self) -> None:
        place = self._incident.place

        def take(typed: str) -> str:
            from tui.tagging.gazetteer import find_places  # here: a key seldom pressed

            if not typed:
                self._ask_collector("place", None)
                return ""
            found = find_places(typed)
            if not found:
                return "No such place is known. Say another, or its position: Naqoura 33.118 35.139"
            if len(found) == 1:
                self._ask_collector("place", found[0])
            else:
                self._offer_places(found)
            return ""

        now = place.name if place else ""
        self._screen.ask("Place (nothing: not told):", take, value=now, limit=80)

    def _offer_places(self, found: list[Place]) -> None:
        choices = [
            Choice(str(at), place.name, f"{place.kind}  {place.lat:.2f}, {place.lon:.2f}")
            for at, place in enumerate(found)
        ]
        self._offer(
            f"Place of: {self._incident.headline}",
            choices,
            lambda at: self._ask_collector("place", found[int(at)]),
        )

    def merge(self) -> None:
        """Choose another incident whose reports are of this event."""
        incident = self._incident
        near: dict[int, Incident] = {}
        for front in incident.fronts or (None,):
            page = self._session.reader.incidents(
                front=front, before=(incident.first_seen + NEARBY, 0), limit=MOST
            )
            near |= {each.id: each for each in page if incident.first_seen - each.first_seen <= NEARBY}
        near.pop(incident.id, None)
        if not near:
            self._screen.say("No other incident of its fronts is within 48 hours of it.")
            return
        nearest = sorted(near.values(), key=lambda each: abs(each.first_seen - incident.first_seen))
        choices = [Choice(str(each.id), self._line(each), plural(each.reports, "report")) for each in nearest]
        self._offer(
            f"Which is the same event as: {incident.headline}",
            choices,
            lambda id: self.rule(lambda: self._merge(int(id))),
        )

    def _merge(self, other: int) -> str:
        self._session.desk.merge(self._incident.id, other, self._session.who, self._session.now())
        return f"Merged: the reports of both are of this one now. {self._screen.key('undo')} takes it back."

    def _line(self, incident: Incident) -> str:
        sign = SIGNS[incident.severity] if incident.severity else str(incident.kind)
        return f"{zulu(incident.first_seen, self._session.now())} {sign}  {incident.headline}"

    def split(self, key: str) -> None:
        """Make a report an incident of its own."""

        def ask() -> str:
            self._session.desk.split([key], self._session.who, self._session.now())
            undo = self._screen.key("undo")
            return f"Split off: that report is an incident of its own now. {undo} takes it back."

        self.rule(ask)

    def _ask_collector(self, field: str, value: object) -> None:
        def ask() -> str:
            self._session.desk.correct(
                self._incident.id, field, value, self._session.who, self._session.now()
            )
            return f"Corrected: {field}. It shows within a second. {self._screen.key('undo')} takes it back."

        self.rule(ask)

    def rule(self, ask: Callable[[], str]) -> None:
        """Ask for it; a store that can't take it and a ruling that makes no sense are told."""
        with self._screen.host.telling():
            try:
                self._screen.say(ask())
            except Refused as reason:
                self._screen.say(f"Not done: {reason}.")


def _values(incident: Incident, names: dict[str, str]) -> dict[str, str]:
    """What can be corrected of an incident, with how it stands."""
    return {
        "fronts": ", ".join(names.get(front, front) for front in incident.fronts) or "none of ours",
        "kind": str(incident.kind),
        "severity": str(incident.severity or "none"),
        "place": incident.place.name if incident.place else "not told",
        "type": incident.type or "not told",
        "by": incident.by or "not told",
        "killed": "not told" if incident.killed is None else str(incident.killed),
    }
