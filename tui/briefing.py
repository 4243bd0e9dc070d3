"""What reports to people are made of: sections of items, and the same as Markdown.

A handover and a situation report are both; a screen draws the sections, a file holds the Markdown.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final

from tui.clock import DAY, HOUR
from tui.incidents.account import Said, Validity, account
from tui.incidents.posture import doubt_of, figure
from tui.incidents.standing import Posture, Standing
from tui.incidents.tempo import REACH, learn
from tui.markdown import escape, link
from tui.model import Front, Incident, Report, Severity, State, Timestamp
from tui.store.past import Past
from tui.store.reader import Reader
from tui.words import age, full_zulu, plural, zulu

View = Reader | Past
"""The store as it is, or as it stood."""

PUBLISHERS: Final = 5
"""Publishers named of an incident; the others are counted."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing told."""

    head: str
    """When, and of an incident how bad and how old: ``HIGH 18:39Z 12m``."""
    told: str
    """Its headline, or what happened in our words."""
    tail: str = ""
    """Facts in a row, behind the headline."""
    more: tuple[str, ...] = ()
    """A line each, below it."""
    link: str = ""
    incident: int | None = None
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, what is to be said first, and items."""

    title: str
    lead: tuple[str, ...] = ()
    items: tuple[Item, ...] = ()
    below: bool = False
    """It is part of the section before it."""


@dataclass(frozen=True, slots=True)
class Briefing:
    """A whole report."""

    title: str
    lead: tuple[str, ...]
    sections: tuple[Section, ...]

    def markdown(self) -> str:
        """The report as CommonMark. Nothing from outside can act in it; links are of http and https only."""
        return "\n".join(self._markdown()) + "\n"

    def _markdown(self) -> Iterator[str]:
        yield f"# {escape(self.title)}"
        for words in self.lead:
            yield from ("", escape(words))
        for section in self.sections:
            yield from ("", f"{'###' if section.below else '##'} {escape(section.title)}")
            for words in section.lead:
                yield from ("", escape(words))
            if section.items:
                yield ""
            for item in section.items:
                yield f"- **{escape(item.head)}** {link(item.told, item.link)}" + (
                    f" — {escape(item.tail)}" if item.tail else ""
                )
                yield from (f"  - {escape(words)}" for words in item.more)


def stamp(moment: Timestamp, now: Timestamp) -> str:
    """``18:42Z``; of what is a day or more back with its date."""
    return zulu(moment) if now - moment < DAY else full_zulu(moment)


# Incidents


def gravest_first(incidents: Iterable[Incident]) -> list[Incident]:
    """New before what somebody has seen to, the worst first, of equals the newest."""
    return sorted(
        incidents,
        key=lambda each: (
            each.state is not State.NEW,
            -(each.severity.rank if each.severity else 0),
            -each.first_seen,
            -each.id,
        ),
    )


def item_of(incident: Incident, reports: Sequence[Report], now: Timestamp, more: Iterable[str] = ()) -> Item:
    """An incident with its facts; of a high or critical one also who told what."""
    severity = incident.severity
    when = f"{stamp(incident.first_seen, now)} {age(now - incident.first_seen)}"
    facts = [incident.type or "", incident.place.name if incident.place else "no place told"]
    if incident.killed:
        facts.append(f"{incident.killed} killed")
    graver = severity is not None and severity.rank >= Severity.HIGH.rank
    facts += [f"grade {incident.grade}"]
    if not graver:
        facts.append(plural(len(incident.publishers), "publisher"))
    facts.append(state_words(incident, now))
    return Item(
        f"{severity.upper() if severity else '-'} {when}",
        incident.headline,
        " · ".join(fact for fact in facts if fact),
        (*(told_words(reports, now) if graver else ()), *more),
        next((report.link for report in reports if report.link), ""),
        incident.id,
        severity,
    )


def state_words(incident: Incident, now: Timestamp) -> str:
    """``not acknowledged``, ``acknowledged by AB``, ``shelved by AB until 20:00Z``."""
    if incident.state is State.NEW:
        return "not acknowledged"
    if incident.state is State.CLOSED:
        return "closed: quiet for 24 h"
    by = f"{incident.state} by {incident.state_by}"
    return by if incident.state_until is None else f"{by} until {stamp(incident.state_until, now)}"


def told_words(reports: Sequence[Report], now: Timestamp) -> Iterator[str]:
    """Who told of it, and of each fact of which more than one thing was told who said what, and when."""
    rated = list(dict.fromkeys(f"{report.source} ({report.reliability})" for report in reports))
    others = len(rated) - PUBLISHERS
    if rated:
        named = ", ".join(rated[:PUBLISHERS])
        yield f"told by {named}" + (f" and {plural(others, 'other')}" if others > 0 else "")
    for fact, group in groupby(account(reports), key=lambda said: said.fact):
        values = list(group)
        if len(values) > 1:
            yield f"{fact}: {', '.join(_said(each, now) for each in values)}"


def _said(said: Said, now: Timestamp) -> str:
    others = f" and {plural(said.others, 'other')}" if said.others else ""
    doubted = "" if said.validity is Validity.STANDS else f", {said.validity}"
    return f"{said.value} ({stamp(said.at, now)} {said.source}{others}{doubted})"


# Figures


def posture_words(standing: Standing | None, now: Timestamp) -> list[str]:
    """``Surge since 11:00Z: 9 in 6 h, usual 2.1.``; nothing where all is as usual, which its figures tell."""
    if standing is None or standing.state == Posture.USUAL:
        return []
    return [f"{standing.state.capitalize()} since {stamp(standing.since, now)}: {standing.words}."]


def figures(view: View, front: Front, since: Timestamp, until: Timestamp) -> str:
    """``14 in the last 8 h, usual 9.2``: incidents that began on a front, whole hours, beside the usual."""
    hours = max(1, round((until - max(since, 0.0)) / HOUR))  # nothing is told of from before 1970
    told = view.hours(front.id, until, max(REACH, hours))
    usual = learn(told, front.zone)
    began, seen = sum(told.counts[:hours]), sum(told.seen[:hours])
    words = f"{plural(began, 'incident')} in the last {hours} h"
    if not usual.known:
        return f"{words} ({doubt_of(usual)})"
    words += f", usual {figure(usual.expected(told, 0, hours))}"
    if seen < hours:
        words += f" in the {seen} h that were seen"
    return f"{words} ({doubt_of(usual)})" if doubt_of(usual) else words
