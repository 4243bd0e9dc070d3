"""Which incident a report is of: by its facts first, then by the likeness of its words.

Single-pass clustering over an inverted index, as in topic detection and tracking (Allan, Papka and
Lavrenko 1998), with facts beside the words: a shared place or act counts by how rare it is among the
stories of those days, so a strike at a village says more than one "in Lebanon"; facts that contradict
count against. A report is held only against stories told of within 48 hours of it, at most a dozen,
however many are stored.

A single pass makes what came first decide, and feeds bring news in no order. So reports are judged in
the order of their publishing: one that comes late re-opens the choice for those published within the
hour after it, in the stories that it could be of, and they are placed anew behind it. Then some
report may go to another incident; :meth:`Merger.changes` tells the writer.

An incident merges with incidents. A report of another kind is context: a row of its own, shared only
by other copies of the same piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from operator import itemgetter
from typing import Final

from tui.incidents.case import CERTAIN, Member, OpenStory, Weights, case
from tui.incidents.features import Feature, Features, features_of
from tui.incidents.index import Index, Neighbourhood
from tui.incidents.story import Story
from tui.model import Incident, Kind, Report

REOPENED: Final = 3600.0
"""Seconds behind a late report within which published reports are placed anew."""

CANDIDATES: Final = 12
"""Stories that a report is held against at the most."""

SETTLED: Final = 50
"""Reports from which a story is so well known that a late one re-opens nothing in it."""


NOTHING: Final = 0.03
"""Part of a vector's length from which a word counts: what nearly every story has says nothing."""


Candidates = list[tuple[float, OpenStory]]
"""Stories, with what the case for each can be worth at the most; the likeliest first."""


_Taken = dict[str, tuple[Member, OpenStory]]
"""Reports to be placed anew, by key, each with the story it was of."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What reports did to incidents."""

    incidents: tuple[Incident, ...]
    """Those that changed, as they stand."""
    incident_of: dict[str, int]
    """Of every report that is new or has moved, by its key: the id of its incident."""
    emptied: tuple[int, ...]
    """Incidents whose reports were all found to be of others. Their ids are never given again."""


class Merger:
    """Gives every report its incident. Deterministic: the same reports in the same order, the same ids."""

    def __init__(self, next_id: int = 1, weights: Weights | None = None) -> None:
        self._next_id = next_id
        self._weights = weights or Weights()
        self._indexes = {kind: Index[OpenStory]() for kind in Kind}
        self._changed: dict[int, OpenStory] = {}
        self._incident_of: dict[str, int] = {}

    def restore(self, incidents: Iterable[tuple[Incident, Sequence[Report]]]) -> None:
        """Takes up stored incidents with their reports, oldest first, as after a restart."""
        for incident, reports in incidents:
            opened = OpenStory(Story(incident.id, incident.kind))
            for report in reports:
                self._enter(opened, self._meet(report).member)
            self._next_id = max(self._next_id, incident.id + 1)

    def assign(self, report: Report) -> Incident:
        """The incident of a report on at least one front, as it stands with it; new where none is alike."""
        return self.place(report).story.incident()

    def place(self, report: Report) -> OpenStory:
        """Puts a report on at least one front into its story. :meth:`changes` tells what that changed."""
        met = self._meet(report)
        candidates = met.candidates(self._weights)
        taken = self._take_later(met, candidates)
        if taken:
            return self._place_anew(met.member, taken)
        opened = self._choose(met, candidates) or OpenStory(Story(self._new_id(), report.tags.kind))
        self._enter(opened, met.member)
        self._note(opened, met.member)
        return opened

    def changes(self) -> Changes:
        """What changed since this was asked last."""
        stories, incident_of = self._changed, self._incident_of
        self._changed, self._incident_of = {}, {}
        return Changes(
            tuple(opened.story.incident() for opened in stories.values() if opened.members),
            incident_of,
            tuple(id for id, opened in stories.items() if not opened.members),
        )

    def _meet(self, report: Report, features: Features | None = None) -> _Met:
        features = features or features_of(report)
        nearby = self._indexes[report.tags.kind].around(report.published)
        rarity = nearby.rarity(features.all())
        return _Met(Member(report, features, _unit(features.words, rarity)), rarity, nearby)

    def _choose(self, met: _Met, candidates: Candidates) -> OpenStory | None:
        """The story that the signs speak for most; of equals the one that shares most, then the oldest."""
        chosen, best = None, self._weights.threshold
        for most, candidate in candidates:
            if most <= best:
                break
            strength = case(met.member, met.rarity, candidate, self._weights, least=best)
            if strength > best:
                chosen, best = candidate, strength
        return chosen

    def _take_later(self, met: _Met, candidates: Candidates) -> _Taken:
        """Takes out of the stories that it is near to the reports that are judged after a late one."""
        late, weights = met.member, self._weights
        until = late.report.published + REOPENED
        taken: _Taken = {}
        for _, opened in candidates:
            if opened.story.last < late.report.published or len(opened.members) >= SETTLED:
                continue
            later = [m for m in opened.members if late.turn < m.turn and m.report.published <= until]
            if later and case(late, met.rarity, opened, weights, least=weights.near) > weights.near:
                taken |= {member.report.key: (member, opened) for member in later}
                self._take_out(opened, later)
        return taken

    def _take_out(self, opened: OpenStory, members: Sequence[Member]) -> None:
        index = self._indexes[opened.story.kind]
        for member in opened.members:
            index.drop(opened, member.features.all(), member.report.published)
        opened.reset(member for member in opened.members if member not in members)
        for member in opened.members:
            index.file(opened, member.features.all(), member.report.published)

    def _place_anew(self, late: Member, taken: _Taken) -> OpenStory:
        """Places the late report and then those that were taken out, in the order of their publishing."""
        placed: dict[str, tuple[Member, OpenStory]] = {}
        founded: list[OpenStory] = []
        for each in sorted((late, *(member for member, _ in taken.values())), key=lambda member: member.turn):
            met = self._meet(each.report, each.features)
            opened = self._choose(met, met.candidates(self._weights))
            if opened is None:
                opened = OpenStory(Story(0, each.report.tags.kind))
                founded.append(opened)
            self._enter(opened, met.member)
            placed[each.report.key] = met.member, opened
        heirs = self._name(founded, taken)
        for key, (member, opened) in placed.items():
            before = taken[key][1] if key in taken else None
            if before is None or before.story.id != opened.story.id:
                self._note(opened, member)
                if before is not None:
                    self._changed[before.story.id] = heirs.get(before.story.id, before)
        return placed[late.report.key][1]

    def _name(self, founded: Iterable[OpenStory], taken: _Taken) -> dict[int, OpenStory]:
        """Gives new stories their ids; returns those that take over an id.

        A story that is empty now and of whose reports a new one has some is that one, begun by another
        report: its id goes on. Else the id is one never given.
        """
        heirs: dict[int, OpenStory] = {}
        for opened in founded:
            before = [taken[m.report.key][1] for m in opened.members if m.report.key in taken]
            free = {each.story.id for each in before if not each.members} - heirs.keys()
            opened.story.id = min(free) if free else self._new_id()
            if free:
                heirs[opened.story.id] = self._changed[opened.story.id] = opened
        return heirs

    def _note(self, opened: OpenStory, member: Member) -> None:
        self._changed[opened.story.id] = opened
        self._incident_of[member.report.key] = opened.story.id

    def _new_id(self) -> int:
        self._next_id += 1
        return self._next_id - 1

    def _enter(self, opened: OpenStory, member: Member) -> None:
        opened.join(member)
        self._indexes[opened.story.kind].file(opened, member.features.all(), member.report.published)


@dataclass(frozen=True, slots=True)
class _Met:
    """A report among the stories of its days."""

    member: Member
    rarity: dict[Feature, float]
    nearby: Neighbourhood[OpenStory]

    def candidates(self, weights: Weights) -> Candidates:
        """The stories that it could be of, the likeliest first."""
        rarity, vector = self.rarity, self.member.vector
        facts = {fact: (says or CERTAIN) * rarity[fact] for fact, says in self.member.features.facts.items()}
        sharing = self.nearby.sharing({word: weight * weight for word, weight in vector.items()}, facts)
        words, facts_shared = sharing.words, sharing.facts
        most = weights.at_most(0.0, sharing.other_facts)
        likely = []
        for opened in words.keys() | facts_shared.keys():
            square = words.get(opened, 0.0) + sharing.other_words
            worth = most + weights.rarity * facts_shared.get(opened, 0.0)
            worth += weights.likeness * (sqrt(square) if square < 1.0 else 1.0)
            if worth > weights.threshold:
                likely.append((-worth, opened.turn, opened))
        likely.sort(key=itemgetter(0, 1))
        return [(-worth, opened) for worth, _, opened in likely[:CANDIDATES]]


def _unit(words: Mapping[Feature, float], rarity: Mapping[Feature, float]) -> dict[Feature, float]:
    """Words weighed by their rarity, as a vector of length 1, but for those that weigh next to nothing."""
    weighed = {word: weight * rarity[word] for word, weight in words.items()}
    length = sqrt(sum([weight * weight for weight in weighed.values()])) or 1.0
    least = NOTHING * length
    return {word: weight / length for word, weight in weighed.items() if weight > least}
