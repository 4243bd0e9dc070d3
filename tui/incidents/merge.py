"""Which incident a report is of: by its facts first, then by the likeness of its words.

Single-pass clustering over an inverted index, as in topic detection and tracking (Allan, Papka and
Lavrenko 1998), with facts beside the words: a shared place or act counts by how rare it is among the
stories of those days, so a strike at a village says more than one "in Lebanon"; facts that contradict
count against. A report is held only against stories told of within 48 hours of it, at most a dozen,
however many are stored.

A single pass makes what came first decide, and feeds bring news in no order. So reports are judged in
the order of their publishing: one that comes late re-opens the choice for those published within the
hour after it, in the stories that it could be of, and they are placed anew behind it. Then some
report may go to another incident; :meth:`Merger.changes` tells the writer. No report is taken out of an
incident that people have acknowledged, shelved or ruled on: what a person has seen or said holds.

An incident merges with incidents. A report of another kind is context: a row of its own, shared only
by other copies of the same piece.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import sqrt
from operator import itemgetter
from typing import Final

from tui.incidents.case import CERTAIN, Member, OpenStory, Weights, case
from tui.incidents.features import Feature, Features, features_of
from tui.incidents.index import Index, Neighbourhood
from tui.incidents.rulings import Corrected, kind_of, laid_over
from tui.incidents.story import Story
from tui.model import Incident, Kind, Report

REOPENED: Final = 3600.0
"""Seconds behind a late report within which published reports are placed anew."""

CANDIDATES: Final = 12
"""Stories that a report is held against by what words and facts may be worth together."""

BY_FACTS: Final = 6
"""Stories beside those, by the facts that they share."""

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
    """Gives every report its incident. Deterministic: the same reports in the same order, the same ids.

    ``fixed`` says of an incident's id whether no report of it may be moved; it is asked only where one
    might be.
    """

    def __init__(
        self,
        next_id: int = 1,
        weights: Weights | None = None,
        fixed: Callable[[int], bool] = lambda _: False,
    ) -> None:
        self._next_id = next_id
        self._weights = weights or Weights()
        self._fixed = fixed
        self._indexes = {kind: Index[OpenStory]() for kind in Kind}
        self._corrected: dict[int, Corrected] = {}
        self._changed: dict[int, OpenStory] = {}
        self._incident_of: dict[str, int] = {}

    def restore(
        self,
        incidents: Iterable[tuple[Incident, Sequence[Report]]],
        corrected: Mapping[int, Corrected] | None = None,
    ) -> None:
        """Takes up stored incidents with their reports, oldest first, as after a restart.

        ``corrected``: what people say of some of them, by id.
        """
        for incident, reports in incidents:
            self._take_up(incident.id, reports)
            self._next_id = max(self._next_id, incident.id + 1)
        self._corrected.update(corrected or {})

    def place(self, report: Report) -> OpenStory:
        """Puts a report on at least one front into its story. :meth:`changes` tells what that changed."""
        met = self._meet(report)
        candidates = met.candidates(self._weights)
        taken = self._take_later(met, candidates)
        if taken:
            return self._place_anew(met.member, taken)
        opened = self._choose(met, candidates) or OpenStory(Story(self.new_id(), report.tags.kind))
        self._enter(opened, met.member)
        self._note(opened, met.member)
        return opened

    def changes(self) -> Changes:
        """What changed since this was asked last."""
        stories, incident_of = self._changed, self._incident_of
        self._changed, self._incident_of = {}, {}
        return Changes(
            tuple(self._as_ruled(opened) for opened in stories.values() if opened.members),
            incident_of,
            tuple(id for id, opened in stories.items() if not opened.members),
        )

    def new_id(self) -> int:
        """An id that was never given to an incident."""
        self._next_id += 1
        return self._next_id - 1

    def correct(self, incident: int, corrected: Corrected) -> None:
        """Lays this over what the reports of an incident say, from now on; nothing: no more."""
        held = {opened.story.id for opened in self._held()} if self._corrected else set()
        # Of an incident that is held no more nothing is told again: what was said of it need not be kept.
        self._corrected = {id: values for id, values in self._corrected.items() if id in held}
        self._corrected[incident] = corrected

    def regroup(self, groups: Mapping[int, Sequence[Report]]) -> None:
        """Makes incidents be of just these reports, each with all of its own; one with none is gone.

        Where none of them is held, they are older than what reports may join, and are not taken up.
        """
        held = [opened for opened in self._held() if opened.story.id in groups]
        for opened in held:
            self._unfile(opened)
        if held:
            for id, reports in groups.items():
                self._take_up(id, reports)

    def _held(self) -> Iterator[OpenStory]:
        for index in self._indexes.values():
            yield from index.items()

    def _take_up(self, id: int, reports: Sequence[Report]) -> None:
        if not reports:
            return
        opened = OpenStory(Story(id, kind_of(reports)))
        for report in sorted(reports, key=lambda each: (each.published, each.key)):
            self._enter(opened, self._meet(report).member)

    def _as_ruled(self, opened: OpenStory) -> Incident:
        return laid_over(opened.story.incident(), self._corrected.get(opened.story.id, {}))

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
            if not later or case(late, met.rarity, opened, weights, least=weights.near) <= weights.near:
                continue
            if not self._fixed(opened.story.id):
                taken |= {member.report.key: (member, opened) for member in later}
                self._take_out(opened, later)
        return taken

    def _unfile(self, opened: OpenStory) -> None:
        index = self._indexes[opened.story.kind]
        for member in opened.members:
            index.drop(opened, member.features.all(), member.report.published)

    def _take_out(self, opened: OpenStory, members: Sequence[Member]) -> None:
        index = self._indexes[opened.story.kind]
        self._unfile(opened)
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
            opened.story.id = min(free) if free else self.new_id()
            if free:
                heirs[opened.story.id] = self._changed[opened.story.id] = opened
        return heirs

    def _note(self, opened: OpenStory, member: Member) -> None:
        self._changed[opened.story.id] = opened
        self._incident_of[member.report.key] = opened.story.id

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
        words, facts_shared, other_words = sharing.words, sharing.facts, sharing.other_words
        for opened in facts_shared:
            words[opened] += 0.0
        most, threshold = weights.at_most(0.0, sharing.other_facts), weights.threshold
        for_words, for_facts = weights.likeness, weights.rarity
        language, for_sense = self.member.features.language, weights.sense + weights.same_name
        likely = []
        for opened, shared in words.items():
            worth = most + for_facts * facts_shared.get(opened, 0.0)
            square = shared + other_words
            by_words = for_words * (sqrt(square) if square < 1.0 else 1.0)
            worth += max(by_words, for_sense) if opened.is_foreign(language) else by_words
            if worth > threshold:
                likely.append((-worth, opened.turn, opened))
        likely.sort(key=itemgetter(0, 1))
        if len(likely) > CANDIDATES:
            # Shared words promise more than they keep, and another language shares none.
            foreign = [each for each in likely[CANDIDATES:] if each[2].is_foreign(language)]
            foreign.sort(key=lambda each: -facts_shared.get(each[2], 0.0))
            likely[CANDIDATES:] = sorted(foreign[:BY_FACTS], key=itemgetter(0, 1))
        return [(-worth, opened) for worth, _, opened in likely]


def _unit(words: Mapping[Feature, float], rarity: Mapping[Feature, float]) -> dict[Feature, float]:
    """Words weighed by their rarity, as a vector of length 1, but for those that weigh next to nothing."""
    weighed = {word: weight * rarity[word] for word, weight in words.items()}
    length = sqrt(sum([weight * weight for weight in weighed.values()])) or 1.0
    least = NOTHING * length
    return {word: weight / length for word, weight in weighed.items() if weight > least}
