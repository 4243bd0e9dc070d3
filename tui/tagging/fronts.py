"""Which fronts a text is on: names weigh by field and sentence.

An attack is where it was launched, where that is told, else where it lands (docs/tagging.md).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from tui.model import Front, Kind
from tui.tagging.facts import Facts
from tui.tagging.lexicon import Sense
from tui.tagging.reading import Mention, Reading

TITLE: Final = 1.0
SUMMARY: Final = 0.55
"""First sentence of the summary."""
LATER: Final = 0.25
REPEAT: Final = 0.2
"""What each further name adds."""
PRIOR: Final = 0.5
"""What a feed's dedication to a front adds."""
ENOUGH: Final = 0.5
ENOUGH_BESIDE_ANOTHER: Final = 1.1
"""Needed without a name in the title, where the title names another region."""

_FAR_REACHING: Final = frozenset({"ship", "rocket-missile", "drone", "interception"})
"""Types by which an actor at home on a front acts from it on other countries."""

_LABEL: Final = 0.4
"""What a name elsewhere weighs in the name of a running story."""
_WIDE: Final = frozenset({"country", "region", "sea", "strait", "governorate", "border", "base"})
_PEACEFUL: Final = frozenset({Kind.STATEMENT, Kind.DIPLOMACY, Kind.HUMANITARIAN})
_CONFLICT: Final = ("act", "harm", "weapon", "force", "target", "strife")
"""A matter of a sea alone, with no tie to fighting or shipping, is on no front (docs/tagging.md)."""
_OWN: Final = frozenset({"protest", "crime"})
"""Matters of a front's own that are no conflict and yet belong to it: protests, arrests, court cases."""
_BESIDE_OWN: Final = frozenset({"domestic", "smuggling"})
"""Matters that leave a front's own protest, arrest or court case on it."""
_COUNTRIES: Final = frozenset({"country", "city"})

Reason = tuple[str, str, Mention | None, float, str]
"""(front, field, mention, weight, why)"""


@dataclass(slots=True)
class Ground:
    """What speaks for each front, and for elsewhere."""

    title: dict[str, float] = field(default_factory=dict)
    summary: dict[str, float] = field(default_factory=dict)
    elsewhere: float = 0.0
    """Weight of names in the title that are at home on no watched front."""
    place: dict[str, float] = field(default_factory=dict)
    """Weight of the places alone."""
    names: int = 0
    """How many times a name of a watched front stands in it."""
    firm: bool = False
    """Whether an actor of the region, a country, sea or province on a front is named, not only a town."""
    foreign: bool = False
    """Whether the title names a country or city that is neither on a list of fronts nor a power's."""
    abroad: bool = False
    """Whether the title names a country or city on no list of fronts, a power's or not."""
    land: set[str] = field(default_factory=set)
    """Fronts that something speaks for besides the names of seas and of places with mostly other news."""
    world: bool = False
    """Whether either field names a country or city on no list of fronts."""
    settled: set[str] = field(default_factory=set)
    """Fronts that something speaks for besides actors who roam."""
    vetoed: set[str] = field(default_factory=set)
    reasons: list[Reason] = field(default_factory=list)

    def best(self, front: str) -> float:
        """Weight of a front from both fields."""
        return self.title.get(front, 0.0) + self.summary.get(front, 0.0)


class FrontRules:
    """The watch's fronts and which lexicons are theirs."""

    def __init__(self, fronts: Sequence[Front], sides: frozenset[str], roaming: frozenset[str]) -> None:
        self.sides = sides
        """Sides that belong to the region."""
        self.roaming = roaming
        """Ids of actors whose followers act anywhere in the world."""
        self.order = [front.id for front in fronts]
        homes: dict[str, tuple[str, ...]] = {}
        for front in fronts:
            for lexicon in front.lexicons:
                homes[lexicon] = (*homes.get(lexicon, ()), front.id)
            homes[own_home(front.id)] = (front.id,)
        self.homes: Mapping[str, tuple[str, ...]] = homes
        self.lexicons = {front.id: (*front.lexicons, own_home(front.id)) for front in fronts}

    def of(self, sense: Sense) -> tuple[str, ...]:
        """Fronts that a name is at home on."""
        return self.homes.get(sense.home, ())

    def offsets(self, title: Reading) -> set[int]:
        """Where in the title names of watched fronts stand."""
        return {m.start for m in title.all("actor", "place", "topic") if self.of(m.sense)}

    def survey(self, title: Reading, summary: Reading, dedicated: str | None) -> Ground:
        """Gather what speaks for each front."""
        ground = Ground()
        self._gather(ground, title, ground.title)
        self._gather(ground, summary, ground.summary)
        _drop_weak(ground)
        _drop_roaming(ground, title)
        if dedicated is not None and dedicated in self.lexicons and not ground.elsewhere:
            ground.summary[dedicated] = ground.summary.get(dedicated, 0.0) + PRIOR
            ground.reasons.append((dedicated, "feed", None, PRIOR, "the feed is dedicated to this front"))
        for front in ground.vetoed:
            ground.title.pop(front, None)
            ground.summary.pop(front, None)
        return ground

    def _gather(self, ground: Ground, reading: Reading, scores: dict[str, float]) -> None:
        counted: set[tuple[int, str]] = set()
        powers = {actor.start for actor in reading.by_class.get("actor", ()) if not actor.sense.home}
        asides = reading.by_class.get("aside", ())
        for mention in reading.all("actor", "place", "topic", "veto"):
            sense = mention.sense
            fronts = self.of(sense)
            if any(0 <= a.start - mention.end <= 1 or 0 <= mention.start - a.end <= 1 for a in asides):
                continue
            if sense.cls == "veto":
                if sense.whole:
                    ground.vetoed.update(fronts)
                weight, does = (-9.0, "keeps it off") if sense.whole else (0.0, "hides the names in it")
                for front in fronts:
                    why = f"veto “{sense.name}” {does}"
                    ground.reasons.append((front, reading.field, mention, weight, why))
            elif not fronts:
                self._note_elsewhere(ground, reading, mention, mention.start in powers)
            else:
                fresh = [front for front in fronts if (mention.start, front) not in counted]
                counted.update((mention.start, front) for front in fresh)
                self._note_fronts(ground, reading, mention, fresh, scores)

    def _note_elsewhere(self, ground: Ground, reading: Reading, mention: Mention, power: bool) -> None:
        sense = mention.sense
        ground.firm = ground.firm or (sense.cls == "actor" and sense.side in self.sides)
        abroad = sense.cls == "place" and sense.place_kind in _COUNTRIES and not sense.home
        far_off = sense.cls == "place" and sense.place_kind == "region" and not sense.home
        ground.world = ground.world or abroad or far_off
        if reading.field == "title":
            far = min(_elsewhere(sense, power), _LABEL if _is_label(reading, mention) else 1.0)
            ground.elsewhere = max(ground.elsewhere, far)
            ground.abroad = ground.abroad or abroad
            ground.foreign = ground.foreign or (far > 0.0 and not sense.home)

    def _note_fronts(
        self, ground: Ground, reading: Reading, mention: Mention, fronts: list[str], scores: dict[str, float]
    ) -> None:
        sense = mention.sense
        ground.names += bool(fronts)
        share = TITLE if reading.field == "title" else SUMMARY if mention.sentence == 0 else LATER
        for front in fronts:
            before = scores.get(front, 0.0)
            more = REPEAT if before else 0.0
            weight = min(REPEAT, share) if before >= share else share - before + more
            scores[front] = before + weight
            town = sense.cls == "place" and sense.place_kind not in _WIDE
            ground.firm = ground.firm or not (town and reading.text[mention.start].isascii())
            if not (sense.cls == "place" and (sense.place_kind == "sea" or sense.calm)):
                ground.land.add(front)
            if sense.cls == "place":
                ground.place[front] = ground.place.get(front, 0.0) + weight
            if sense.id not in self.roaming:
                ground.settled.add(front)
            why = f"{sense.name}, at home on this front"
            ground.reasons.append((front, reading.field, mention, weight, why))


def _drop_weak(ground: Ground) -> None:
    """One town's name in Latin letters, alone in a summary, is too often a person's or an ordinary word."""
    if not ground.firm and ground.names == 1:
        for front in list(ground.summary):
            if front not in ground.title:
                del ground.summary[front]


def _drop_roaming(ground: Ground, title: Reading) -> None:
    """A follower's crime on another continent is not on the front where the group is at home."""
    crime = any(m.sense.id in {"crime", "domestic", "protest"} for m in title.by_class.get("other", ()))
    dropped: set[str] = set()
    if ground.world or crime:
        dropped |= {*ground.title, *ground.summary} - ground.settled
    if ground.world and crime:
        dropped |= {*ground.title, *ground.summary} - ground.place.keys()
    for front in dropped:
        ground.title.pop(front, None)
        ground.summary.pop(front, None)


def _elsewhere(sense: Sense, power: bool) -> float:
    """How much a name of no watched front says that the text is about another place.

    A power acts everywhere, so its name says nothing; nor does a sea or a part of the world.
    """
    if sense.home:
        return 1.0
    return 0.5 if sense.cls == "place" and sense.place_kind in _COUNTRIES and not power else 0.0


def _is_label(reading: Reading, mention: Mention) -> bool:
    """Whether it stands in the name of a running story ("X war: ..."), which is not the news."""
    return mention.sentence == 0 and bool(reading.breaks) and reading.text[: reading.breaks[0]].endswith(":")


def own_home(front: str) -> str:
    """Name under which the watch's own terms of a front are at home, apart from every lexicon's."""
    return f"front:{front}"


def choose(
    rules: FrontRules, ground: Ground, kind: Kind, title: Reading, summary: Reading, facts: Facts | None
) -> tuple[str, ...]:
    """The fronts of a text of that kind, in the watch's order."""
    if kind is Kind.OTHER:
        return _of_other(rules, ground, title)
    firm = {front for front, weight in ground.title.items() if weight >= TITLE}
    chosen = [front for front in rules.order if front in firm or _belongs(ground, front, kind, firm)]
    if kind in _PEACEFUL and not any(reading.all(*_CONFLICT) for reading in (title, summary)):
        chosen = [front for front in chosen if front in ground.land]
    if kind is Kind.INCIDENT and facts is not None:
        if facts.type == "ship" and not chosen:  # at sea the title names far-off flags and coasts
            chosen = [front for front in rules.order if ground.summary.get(front, 0.0) >= ENOUGH]
        chosen = _of_incident(rules, ground, chosen, title, facts)
    return tuple(chosen)


def _belongs(ground: Ground, front: str, kind: Kind, firm: set[str]) -> bool:
    """Whether a front that the title does not name enough is one of the text's. ``firm``: those it does."""
    score = ground.summary.get(front, 0.0)
    if kind is Kind.ROUNDUP:
        return score >= ENOUGH
    return not firm and score >= (ENOUGH_BESIDE_ANOTHER if ground.elsewhere >= 0.5 else ENOUGH)


def _of_other(rules: FrontRules, ground: Ground, title: Reading) -> tuple[str, ...]:
    """Protests, arrests and court cases of a front keep it; sport, culture and accidents have none."""
    sorts = {mention.sense.id for mention in title.by_class.get("other", ())}
    arrest = any(act.sense.mode == "arrest" for act in title.by_class.get("act", ()))
    if not (sorts & _OWN or (sorts and arrest)) or not sorts <= _OWN | _BESIDE_OWN:
        return ()
    return tuple(
        front for front in rules.order if ground.title.get(front, 0.0) >= TITLE and front in ground.land
    )


def _of_incident(
    rules: FrontRules, ground: Ground, chosen: list[str], title: Reading, facts: Facts
) -> list[str]:
    """The front that it was launched from, else where it lands, before where the victim is at home."""
    landed = {front for place in title.by_class.get("place", ()) for front in rules.of(place.sense)}
    source = facts.launched_from or facts.doer
    launched = set(rules.of(source.sense)) if source is not None else set()
    far = ground.abroad if facts.type == "raid" else ground.foreign
    if far and not landed and facts.type not in _FAR_REACHING:
        return [front for front in chosen if ground.place.get(front)]
    if facts.type not in _FAR_REACHING:
        chosen = [front for front in chosen if front in ground.title or ground.place.get(front)]
    if len(chosen) < 2:
        return chosen
    if launched & set(chosen):
        return [front for front in chosen if front in launched]
    return [front for front in chosen if front in landed] or chosen
