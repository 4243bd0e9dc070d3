"""Who speaks in a report, and for whom: one agency's text in ten outlets is one voice.

Corroboration wants independent accounts. Reports are of one voice where their texts are nearly the same
(most of the shorter one's runs of three words stand in the other: Broder 1997, containment of shingles),
where they credit the same agency, or where one publisher tells them in its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tui.incidents.features import words_of
from tui.model import Report, Timestamp

Shingle = str
"""A run of three words; of a short text all of them."""

SAME_TEXT: Final = 0.6
"""Share of the shorter text's shingles from which two texts are copies."""

FEWEST: Final = 5
"""Shingles below which a text is too short to be told a copy, unless it is the very same."""

DATELINE: Final = 80
"""Characters at the start of a summary in which an agency is credited."""

COMPARED: Final = 24
"""Texts of one incident that are kept to compare others with."""

_AGENCIES: Final = {
    "reuters": ("Reuters", "رويترز", "רויטרס", "رویترز"),
    "afp": ("AFP", "Agence France-Presse", "فرانس برس", "أ ف ب", "أ.ف.ب", "סוכנות הידיעות הצרפתית"),
    "ap": ("AP", "Associated Press", "أسوشيتد برس", "أسوشييتد برس", "סוכנות AP", "آسوشیتدپرس"),
    "dpa": ("dpa", "د ب أ"),
    "upi": ("UPI",),
    "xinhua": ("Xinhua", "شينخوا"),
    "anadolu": ("Anadolu", "Anadolu Agency", "الأناضول"),
    "tass": ("TASS",),
    "ria": ("RIA Novosti",),
    "nna": ("NNA", "National News Agency", "الوكالة الوطنية للإعلام"),
    "sana": ("SANA", "سانا"),
    "saba": ("Saba", "سبأ"),
    "irna": ("IRNA", "ایرنا", "إرنا"),
    "tasnim": ("Tasnim", "تسنیم"),
}
"""Agencies whose text others carry, by the name of their publisher, as they are credited."""

_CREDITED: Final = {name.lower(): agency for agency, names in _AGENCIES.items() for name in names}

_ASIDE: Final = re.compile(r"\(([^()]{2,40})\)")
"""BEIRUT (Reuters)"""

_MARKS: Final = (" - ", " – ", " — ", " | ", ": ")
"""Between the news and the agency's name, in front of the news or behind it."""


@dataclass(slots=True)
class Voice:
    """One independent teller: a publisher, or all those who carry one text."""

    publishers: set[str] = field(default_factory=set)
    reliability: str = "F"
    """The best of its publishers', A to F."""
    speakers: set[str] = field(default_factory=set)
    """On whose word it tells the news, empty text for its own; nobody where it only reports a claim."""
    claimants: set[str] = field(default_factory=set)
    """Parties that it reports to claim the act as theirs."""
    deniers: set[str] = field(default_factory=set)
    """Those whom it reports to deny the act."""
    sides: set[str] = field(default_factory=set)
    """Who did it, by its account; nothing vague."""
    killed: dict[int, Timestamp] = field(default_factory=dict)
    """Numbers told, and when first."""

    def hear(self, report: Report) -> None:
        """Takes in what a report of it says."""
        tags = report.tags
        self.publishers.add(report.publisher)
        self.reliability = min(self.reliability, report.reliability)
        speaker = tags.said_by or ""
        {"claimed": self.claimants, "denied": self.deniers}.get(tags.claim or "", self.speakers).add(speaker)
        if tags.by not in (None, "unknown"):
            self.sides.add(tags.by)
        if tags.killed is not None:
            self._told(tags.killed, report.published)

    def absorb(self, other: Voice) -> None:
        """Takes over another that was found to be the same."""
        self.publishers |= other.publishers
        self.reliability = min(self.reliability, other.reliability)
        self.speakers |= other.speakers
        self.claimants |= other.claimants
        self.deniers |= other.deniers
        self.sides |= other.sides
        for number, when in other.killed.items():
            self._told(number, when)

    def _told(self, number: int, when: Timestamp) -> None:
        self.killed[number] = min(when, self.killed.get(number, when))


class Voices:
    """The voices of one incident, told apart as its reports come; their order changes nothing."""

    def __init__(self, reports: Iterable[Report] = ()) -> None:
        self._reports = list(reports)
        self._voices: dict[int, Voice] = {}
        """By the number of its first report."""
        self._one_with: list[int] = []
        """Of each report that has been heard: the number of one of the same voice that came before it."""
        self._sizes: list[int] = []
        """Shingles of the first texts."""
        self._holding: dict[Shingle, int] = {}
        """The texts that have a shingle: bit 0 for the first."""
        self._origins: dict[str, int] = {}

    def add(self, report: Report) -> None:
        """One more report."""
        self._reports.append(report)

    def heard(self) -> list[Voice]:
        """Each voice once."""
        for number in range(len(self._one_with), len(self._reports)):
            self._one_with.append(number)
            if number == 1:  # with nothing to compare it with, a text is not looked at
                self._trace(0)
            if number:
                self._trace(number)
            self._voices.setdefault(self._find(number), Voice()).hear(self._reports[number])
        return list(self._voices.values())

    def _trace(self, number: int) -> None:
        """Joins a report's voice with those it shares a text or an origin with."""
        report, sizes, holding = self._reports[number], self._sizes, self._holding
        shingles, agency = _shingles(report), agency_of(report.title, report.summary)
        known = [holding[shingle] for shingle in shingles if shingle in holding]
        if known and len(known) >= SAME_TEXT * min(len(shingles), *sizes):
            for text, size in enumerate(sizes):
                if self._find(text) != self._find(number) and (
                    sum([bits >> text & 1 for bits in known]) >= SAME_TEXT * min(len(shingles), size)
                ):
                    self._join(text, number)
        if number < COMPARED:
            for shingle in shingles:
                holding[shingle] = holding.get(shingle, 0) | 1 << number
            sizes.append(len(shingles))
        origin = f"agency {agency}" if agency else _own(report.publisher)
        self._join(self._origins.setdefault(origin, number), number)

    def _find(self, number: int) -> int:
        while self._one_with[number] != number:
            number = self._one_with[number]
        return number

    def _join(self, one: int, other: int) -> None:
        keep, gone = sorted((self._find(one), self._find(other)))
        if keep != gone:
            self._one_with[gone] = keep
            if gone in self._voices:
                self._voices[keep].absorb(self._voices.pop(gone))


def agency_of(title: str, summary: str) -> str:
    """The agency that a text is credited to, by its publisher's name; empty where there is none."""
    head = summary[:DATELINE]
    named = [title.rpartition(mark)[2] for mark in _MARKS if mark in title]
    named += [text.partition(mark)[0] for text in (title, head) for mark in _MARKS if mark in text]
    named += _ASIDE.findall(f"{title} {head}") if "(" in title or "(" in head else ()
    return next((agency for name in named if (agency := _CREDITED.get(name.strip().lower()))), "")


def _own(publisher: str) -> str:
    """The origin of what a publisher tells in its own name; an agency's own feed is the agency."""
    name = publisher.lower().split(".")[0]
    return f"agency {name}" if name in _AGENCIES else f"publisher {publisher}"


def _shingles(report: Report) -> frozenset[Shingle]:
    title, summary = words_of(report.title, report.summary)
    words = title + summary
    runs = zip(words, words[1:], words[2:], strict=False)
    shingles = frozenset([f"{one} {two} {three}" for one, two, three in runs])
    return shingles if len(shingles) >= FEWEST else frozenset((" ".join(words),))
