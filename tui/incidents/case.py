"""The case that a report and a story are one event: every sign for and against, weighed."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from math import sqrt
from typing import Final

from tui.clock import DAY, HOUR
from tui.incidents.distance import EXACT_KM, gap, width
from tui.incidents.features import Feature, Features, Meaning, meaning_of
from tui.incidents.index import WINDOW
from tui.incidents.story import Story
from tui.model import Kind, Place, Report

TELLINGS: Final = 8
"""Tellings of a story that are compared: more of them say the same again."""

SAME_TELLING: Final = 0.95
"""A telling as like as that to another adds nothing."""

CERTAIN: Final = 100.0
"""The same article."""

_NEVER: Final = float("-inf")

LAST: Final = (float("inf"), "")
"""Behind every turn."""


@dataclass(frozen=True, slots=True)
class Weights:
    """What each sign adds. Fitted at the desk on labelled clusters."""

    likeness: float = 7.0
    """Of words that are all the same (cosine 1.0)."""
    unlike: float = 0.5
    """Taken away where words can be compared: in one script, silence of the words speaks against."""
    sense: float = 3.0
    """Of reports of two languages whose words mean all the same (cosine 1.0)."""
    senseless: float = 0.6
    """Taken away there."""
    same_name: float = 0.6
    """Of a name that reports of two languages share, if no place's."""
    rarity: float = 0.45
    """Of a shared fact, for each unit of its rarity."""
    same_type: float = 0.6
    same_by: float = 0.4
    other_type: float = -1.6
    other_weapon: float = -0.3
    """Both from afar, with another weapon: outlets differ on that."""
    other_by: float = -1.5
    same_killed: float = 1.3
    other_killed: float = -0.4
    other_vessel: float = -4.0
    """Both say what sort of vessel was attacked, and it is not the same."""
    another: float = -2.0
    """A report of "another" act, and a story of an hour ago or more that nobody told so."""
    elsewhere: float = -5.0
    """Two exact places ``far_km`` or more apart; less in proportion, a third of it for next villages."""
    far: float = -1.5
    """Places of which one is wide, and that are ``far_km`` apart at the least."""
    far_km: float = 40.0
    a_day_apart: float = -4.0
    """A day between the report and the story's nearest; less in proportion."""
    foreign_apart: float = -6.0
    """The same between languages, beside it: what only means the same is soon another act of that sort."""
    a_day_old: float = -0.8
    """A day between the report and the story's first: what goes on for days is not one event."""
    threshold: float = 2.0
    """From which the two are one event."""
    near: float = 0.0
    """From which a late report re-opens what came after it in the other: it might take some of it."""
    same_context: float = 0.8
    """Cosine from which two pieces of context are one."""

    def at_most(self, words: float, facts: float) -> float:
        """More than that no case is worth: of squared weights of shared words, and of facts by rarity."""
        return (
            self.likeness * min(1.0, sqrt(words))
            + self.rarity * facts
            + self.same_type
            + self.same_by
            + self.same_killed
        )


FROM_AFAR: Final = frozenset({"air-strike", "drone", "rocket-missile", "artillery", "interception", "ship"})
"""Types that outlets take for one another: drones attack a ship and are intercepted."""

_NO_TYPE: Final = frozenset({None, "other"})
_NO_SIDE: Final = frozenset({None, "unknown"})


@dataclass(frozen=True, slots=True, eq=False)
class Member:
    """A report with what it is compared by."""

    report: Report
    features: Features
    vector: dict[Feature, float]
    """Its words weighed by how rare they were when it came, of length 1."""

    @property
    def turn(self) -> tuple[float, str]:
        """Its place in the order in which reports are judged: by publishing, whenever they come."""
        return (self.report.published, self.report.key)


@dataclass(slots=True, eq=False)
class OpenStory:
    """A story that may still get reports, and what these are held against."""

    story: Story
    members: list[Member] = field(default_factory=list)
    facts: set[Feature] = field(default_factory=set)
    exact: set[str] = field(default_factory=set)
    """Every place named that says where."""
    killed: set[int] = field(default_factory=set)
    tellings: dict[str, _Tellings] = field(default_factory=dict)
    """By language: words of two can't be compared."""
    meant: dict[str, _Meant] = field(default_factory=dict)
    """The same by what they mean, for reports in other languages; made when the first of those comes."""
    understood: int = 0
    """How many of its reports are among those."""
    vessels: set[Feature] = field(default_factory=set)
    another: bool = False
    """Whether a report of it tells it from an act before."""
    fronts: frozenset[str] = frozenset()
    type: str | None = None
    by: str | None = None
    place: Place | None = None
    turn: tuple[float, str] = LAST
    """That of its first report."""

    def join(self, member: Member) -> None:
        """Takes the report in."""
        report, features = member.report, member.features
        tags = report.tags
        self.members.append(member)
        self.turn = min(self.turn, member.turn)
        self.story.add(report)
        self.fronts, self.place = frozenset(self.story.fronts), self.story.place
        self.type, self.by = self.story.type, self.story.by
        self.facts.update(features.facts)
        self.exact.update(place.name for place in tags.places if width(place) <= EXACT_KM)
        if tags.killed:
            self.killed.add(tags.killed)
        language = features.language
        self.tellings.setdefault(language, _Tellings()).add(member.vector)
        self.vessels |= features.vessels
        self.another = self.another or features.another

    def reset(self, members: Iterable[Member]) -> None:
        """Begins anew with these reports, under the same id."""
        self.story = Story(self.story.id, self.story.kind)
        self.members, self.turn = [], LAST
        self.tellings, self.meant, self.understood = {}, {}, 0
        self.vessels, self.another = set(), False
        self.facts, self.exact, self.killed = set(), set(), set()
        self.fronts, self.place, self.type, self.by = frozenset(), None, None, None
        for member in sorted(members, key=lambda each: each.turn):
            self.join(member)

    def likeness(self, member: Member) -> float | None:
        """Cosine with the telling that is most alike; None where none is in that language."""
        tellings = self.tellings.get(member.features.language)
        return None if tellings is None else tellings.likeness(member.vector)

    def is_foreign(self, language: str) -> bool:
        """Whether it is told in another language too."""
        return len(self.tellings) > 1 or language not in self.tellings

    def sense(self, member: Member) -> tuple[float, bool]:
        """Held against its tellings in other languages: how like the most alike is, and if a name is shared.

        By the cosine of what they mean; a place of both is no such name.
        """
        for each in self.members[self.understood :]:
            self.meant.setdefault(each.features.language, _Meant()).add(
                meaning_of(each.report, each.features.language)
            )
        self.understood = len(self.members)
        own = member.features.language
        others = [told for language, told in self.meant.items() if language != own]
        meaning = meaning_of(member.report, own)
        names = {name for name, place in meaning.names.items() if place not in self.facts}
        return (
            max(told.tellings.likeness(meaning.signs) for told in others),
            any(not names.isdisjoint(told.names) for told in others),
        )


class _Tellings:
    """Unit vectors of words, held by word: a report shares few of them."""

    def __init__(self) -> None:
        self._count = 0
        self._holding: dict[Feature, list[tuple[int, float]]] = {}

    def add(self, vector: Mapping[Feature, float]) -> None:
        """One more, unless there are enough or it says the same again."""
        if self._count >= TELLINGS or (self._count and self.likeness(vector) >= SAME_TELLING):
            return
        for word, weight in vector.items():
            self._holding.setdefault(word, []).append((self._count, weight))
        self._count += 1

    def likeness(self, vector: Mapping[Feature, float]) -> float:
        """Cosine with the one that is most alike."""
        sums = [0.0] * self._count
        holding = self._holding
        for word, weight in vector.items():
            if word in holding:
                for number, other in holding[word]:
                    sums[number] += weight * other
        return max(sums, default=0.0)


@dataclass(slots=True)
class _Meant:
    """What the reports in one language mean."""

    tellings: _Tellings = field(default_factory=_Tellings)
    names: set[str] = field(default_factory=set)

    def add(self, meaning: Meaning) -> None:
        self.tellings.add(meaning.signs)
        self.names.update(meaning.names)


def case(
    member: Member, rarity: Mapping[Feature, float], opened: OpenStory, weights: Weights, *, least: float
) -> float:
    """How strongly the signs speak for one event; minus infinity where it can't be more than ``least``."""
    story, report, features = opened.story, member.report, member.features
    tags = report.tags
    apart = max(0.0, story.first - report.published, report.published - story.last)
    if apart > WINDOW or opened.fronts.isdisjoint(tags.fronts):
        return _NEVER
    # The same article, unless it tells of elsewhere: a live blog, or a feed that links to its home page only.
    if f"link:{report.link}" in opened.facts and _of_place(tags.places, opened, weights) >= 0:
        return CERTAIN
    if tags.kind is not Kind.INCIDENT:
        likeness = opened.likeness(member) or 0.0
        return CERTAIN * likeness if likeness >= weights.same_context else _NEVER
    held = opened.facts
    facts = (
        (weights.a_day_apart * apart + weights.a_day_old * abs(report.published - story.first)) / DAY
        + weights.rarity
        * sum([says * rarity[fact] for fact, says in features.facts.items() if says and fact in held])
        + _of_type(tags.type, opened.type, weights)
        + _of_side(tags.by, opened.by, weights)
        + _of_killed(tags.killed, opened.killed, weights)
    )
    if features.vessels and opened.vessels and features.vessels.isdisjoint(opened.vessels):
        facts += weights.other_vessel
    if features.another and not opened.another and apart > HOUR:
        facts += weights.another
    if facts + weights.likeness <= least:  # no words could make up for it
        return _NEVER
    facts += _of_place(tags.places, opened, weights)
    if facts + weights.likeness <= least:
        return _NEVER
    return facts + _of_words(member, opened, apart, weights)


def _of_words(member: Member, opened: OpenStory, apart: float, weights: Weights) -> float:
    """By the words of one language, or by what those of another mean: whichever says more."""
    likeness = opened.likeness(member)
    told = _NEVER if likeness is None else weights.likeness * likeness - weights.unlike
    if not opened.is_foreign(member.features.language):
        return told
    sense, name = opened.sense(member)
    meant = weights.sense * sense + weights.same_name * name - weights.senseless
    return max(told, meant + weights.foreign_apart * apart / DAY)


def _of_type(one: str | None, other: str | None, weights: Weights) -> float:
    if one in _NO_TYPE or other in _NO_TYPE:
        return 0.0
    if one == other:
        return weights.same_type
    return weights.other_weapon if one in FROM_AFAR and other in FROM_AFAR else weights.other_type


def _of_side(one: str | None, other: str | None, weights: Weights) -> float:
    if one in _NO_SIDE or other in _NO_SIDE:
        return 0.0
    return weights.same_by if one == other else weights.other_by


def _of_killed(killed: int | None, told: set[int], weights: Weights) -> float:
    """A shared number of dead is a strong sign from two on; one dead is told of everywhere."""
    if not killed or not told:
        return 0.0
    if killed in told:
        return weights.same_killed if killed > 1 else weights.same_killed / 2
    return weights.other_killed


def _of_place(places: tuple[Place, ...], opened: OpenStory, weights: Weights) -> float:
    """Against, where both say where and it is not the same; a shared place counts by its rarity."""
    if not places or opened.place is None or any(place.name in opened.exact for place in places):
        return 0.0
    kilometres = gap(places[0], opened.place)
    if width(places[0]) > EXACT_KM or width(opened.place) > EXACT_KM:
        return weights.far if kilometres > weights.far_km else 0.0
    if kilometres == 0.0:  # a quarter and its city
        return 0.0
    return weights.elsewhere * max(1 / 3, min(1.0, kilometres / weights.far_km))
