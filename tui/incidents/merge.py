"""Which incident a report is of: by its facts first, then by the likeness of its words.

Single-pass clustering over an inverted index, as in topic detection and tracking (Allan, Papka and
Lavrenko 1998), with facts beside the words: a shared place or act counts by how rare it is among the
stories of those days, so a strike at a village says more than one "in Lebanon"; facts that contradict
count against. A report is held only against stories told of within 48 hours of it, at most a dozen,
however many are stored.

An incident merges with incidents. A report of another kind is context: a row of its own, shared only
by other copies of the same piece.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt

from tui.incidents.case import OpenStory, Weights, case
from tui.incidents.features import Feature, Features, features_of
from tui.incidents.index import Index
from tui.incidents.story import Story
from tui.model import Incident, Kind, Report


class Merger:
    """Gives every report its incident. Deterministic: the same reports in the same order, the same ids."""

    def __init__(self, next_id: int = 1, weights: Weights | None = None) -> None:
        self._next_id = next_id
        self._weights = weights or Weights()
        self._indexes = {kind: Index[OpenStory](order=_id) for kind in Kind}

    def restore(self, incidents: Iterable[tuple[Incident, Sequence[Report]]]) -> None:
        """Takes up stored incidents with their reports, oldest first, as after a restart."""
        for incident, reports in incidents:
            opened = OpenStory(Story(incident.id, incident.kind))
            for report in reports:
                features = features_of(report)
                rarity = self._indexes[incident.kind].around(report.published).rarity(features.all())
                self._join(opened, report, features, _unit(features.words, rarity))
            self._next_id = max(self._next_id, incident.id + 1)

    def assign(self, report: Report) -> Incident:
        """The incident of a report on at least one front, as it stands with it; new where none is alike."""
        features = features_of(report)
        nearby = self._indexes[report.tags.kind].around(report.published)
        rarity = nearby.rarity(features.all())
        vector = _unit(features.words, rarity)
        found_by = {fact: rarity[fact] for fact in features.facts} | vector
        opened, best = None, self._weights.threshold
        for candidate in nearby.candidates(found_by):
            strength = case(report, features, vector, rarity, candidate, self._weights, least=best)
            if strength > best:
                opened, best = candidate, strength
        if opened is None:
            opened = OpenStory(Story(self._next_id, report.tags.kind))
            self._next_id += 1
        self._join(opened, report, features, vector)
        return opened.story.incident()

    def _join(
        self, opened: OpenStory, report: Report, features: Features, vector: dict[Feature, float]
    ) -> None:
        opened.join(report, features, vector)
        self._indexes[opened.story.kind].file(opened, features.all(), report.published)


def _id(opened: OpenStory) -> int:
    return opened.story.id


def _unit(words: Mapping[Feature, float], rarity: Mapping[Feature, float]) -> dict[Feature, float]:
    """Words weighed by their rarity, as a vector of length 1."""
    weighed = {word: weight * rarity[word] for word, weight in words.items()}
    length = sqrt(sum(weight * weight for weight in weighed.values())) or 1.0
    return {word: weight / length for word, weight in weighed.items()}
