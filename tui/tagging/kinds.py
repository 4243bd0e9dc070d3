"""What kind of text it is: every kind gathers weight from its words and marks of form, and the heaviest wins.

An incident must besides be said to have happened: its weight comes only from acts and harm,
each by how surely it is told (see :mod:`tui.tagging.reading`). The title speaks, the summary helps.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final

from tui.model import Kind
from tui.tagging.lexicon import Sense
from tui.tagging.reading import GOVERNED, Mention, Reading

SUMMARY: Final = 0.35
"""What the first sentence of a summary weighs beside the title."""
MORE: Final = 1.8
"""How much more the summary weighs where the title tells little."""
_TELLING: Final = 0.6
NAMED: Final = 0.75
"""What an act weighs in the title that is only named ("the attack"), with neither a verb nor a weapon."""
TOTAL: Final = 0.5
"""Share of an incident's weight that a number of thousands takes away; a list's word says its own."""
_THOUSANDS: Final = re.compile(r"\b\d{1,3}[,٬.]\d{3}\b|\b\d{2,3},?000\b|\bthousands\b|آلاف|אלפי")
LATER: Final = 0.15
"""What its later sentences weigh."""
ENOUGH: Final = 0.9
"""Weight from which a text that is about the conflict is an incident."""
NEARLY: Final = 0.75
"""Weight from which it is one where no other kind speaks at all."""
SPEAKS: Final = 0.5
"""Weight from which another kind is said at all."""
DECISIVE: Final = 5.0
"""Weight of a mark of form that decides whatever the words say."""
BEHIND: Final = 0.5
"""What a word of another kind weighs behind an act that is told as happened."""
UNSPOKEN: Final = 0.5
"""What a word of talk weighs in a field that names nobody who could have said it."""
TELLER: Final = 0.3
"""What a company's name weighs that only tells of the news: "shipping line says its vessel was hit"."""
VOICE: Final = 0.9
"""What it weighs as a statement that a party speaks or announces, beside what it says."""
MISHAP: Final = 0.3
"""What harm weighs in a title of an accident or a crime that names neither arms nor anybody who fights."""
_POLICE: Final = "police"
_MISHAPS: Final = frozenset({"accident", "crime"})
_OF_MISHAPS: Final = frozenset({"blast", "arrest", "damage"})
"""Acts that accidents and crimes share with fighting."""
_NEVER: Final = 1 << 30
_MOST_TERMS: Final = 3
"""Terms of one kind that count in one field: a long list is not more of a kind than a short one."""

_KIND_CLASSES: Final = (
    "statement", "diplomacy", "economy", "humanitarian", "analysis", "roundup", "other",
)  # fmt: skip
_WORD_CLASSES: Final = (*_KIND_CLASSES, "digest")
_SPEAKERS: Final = ("actor", "force", "say")
"""Who makes a statement: an armed party, an army, a government, or whom a word of telling stands for."""
_ONLY_IN: Final = {"roundup": "title", "digest": "summary"}
"""Summaries of any article invite to live blogs, so a live blog is one by its title only."""


NO_SENSE: Final = Sense("form", "mark of form", "form")
"""What a mark of form stands for, of which no list has a sense."""


@dataclass(slots=True)
class Weighing:
    """What each kind weighs, and the mentions and marks that made it so."""

    scores: dict[str, float] = field(default_factory=dict)
    reasons: list[tuple[str, str, Mention | None, float, str]] = field(default_factory=list)
    """(kind, field, mention or None for a mark of form, weight, why)"""

    def add(self, kind: str, where: str, mention: Mention | None, weight: float, why: str) -> None:
        """Add weight to a kind, with its reason."""
        self.scores[kind] = self.scores.get(kind, 0.0) + weight
        self.reasons.append((kind, where, mention, weight, why))


def weigh(title: Reading, summary: Reading) -> Weighing:
    """Weigh the words of both fields. Pure."""
    weighing = Weighing()
    _weigh_kinds(weighing, title, 1.0, 1.0)
    more = (
        1.0 if max(weighing.scores.values(), default=0.0) >= _TELLING or title.by_class.get("act") else MORE
    )
    _weigh_kinds(weighing, summary, SUMMARY * more, LATER * more)
    _weigh_incident(weighing, title, summary)
    _weigh_totals(weighing, title)
    return weighing


def _weigh_kinds(weighing: Weighing, reading: Reading, first: float, later: float) -> None:
    """``first`` and ``later``: what its first sentence weighs, and the others."""
    by_class, where = reading.by_class, reading.field
    classes = [cls for cls in _WORD_CLASSES if cls in by_class and _ONLY_IN.get(cls, where) == where]
    moods = by_class.get("mood", ())
    told, spoken = _NEVER, 1.0
    if classes or moods:
        told = min(
            [a.end for a in reading.all("act", "harm") if a.form != "noun" and a.factor == 1.0],
            default=_NEVER,
        )
        spoken = 1.0 if reading.all(*_SPEAKERS) or _capital_speaks(reading) else UNSPOKEN
    for cls in classes:
        _weigh_words(weighing, reading, cls, (first, later), told, spoken)
    if where == "title":
        _weigh_voice(weighing, reading)
    for mention in by_class.get("past", ())[:1]:
        weighing.add("analysis", where, mention, mention.sense.weight * first, "it looks back")
    if moods:
        mood = max(moods, key=lambda m: m.sense.weight)
        share = first if mood.sentence == 0 else later
        weight = mood.sense.weight * mood.factor * share * (BEHIND if mood.start >= told else 1.0) * spoken
        weighing.add("statement", where, mood, weight, f"{mood.sense.name}: what it governs has not happened")


def _weigh_words(
    weighing: Weighing,
    reading: Reading,
    cls: str,
    shares: tuple[float, float],
    told: float,
    spoken: float,
) -> None:
    """The words of one class. ``told``: where the first act that is told as happened ends."""
    by_class = reading.by_class
    governed = min([m.end for m in by_class.get("mood", ()) if m.sense.weight >= 1.0], default=_NEVER)
    acts = by_class.get("act", [])
    tellers = {say.start - 1 for say in by_class.get("say", ())}
    kind = "roundup" if cls == "digest" else cls
    seen: set[tuple[int, int]] = set()
    for mention in sorted(by_class[cls], key=lambda m: -m.sense.weight * m.factor):
        if len(seen) == _MOST_TERMS:
            break
        if (mention.start, mention.end) in seen or _is_of_act(mention, acts):
            continue
        share = shares[0 if mention.sentence == 0 or cls == "digest" else 1] * (1.0, 0.5, 0.25)[len(seen)]
        share *= 1.0 if cls != "digest" else 1.0 / SUMMARY
        seen.add((mention.start, mention.end))
        weight = mention.sense.weight * mention.factor * share
        weight *= BEHIND if mention.start >= min(told, governed) else 1.0
        weight *= spoken if kind == "statement" else 1.0
        weight *= TELLER if kind == "economy" and mention.end in tellers else 1.0
        weighing.add(kind, reading.field, mention, weight, f"{mention.sense.name} speaks for {kind}")


def _is_of_act(mention: Mention, acts: list[Mention]) -> bool:
    """Whether its words are an act's, or begin with the end of one: "exchange fire in" is no fire."""
    return any(
        act.start < mention.start < act.end < mention.end
        or (act.form != "noun" and (act.start, act.end) == (mention.start, mention.end))
        for act in acts
    )


def _capital_speaks(reading: Reading) -> bool:
    """Whether a capital or country stands for its government, right before what it threatens or demands."""
    talk = reading.all("mood", "statement")
    seats = [m for m in reading.by_class.get("place", ()) if m.sense.place_kind in {"city", "country"}]
    return any(0 <= word.start - seat.end <= 1 for seat in seats for word in talk)


def _weigh_voice(weighing: Weighing, title: Reading) -> None:
    """A party that speaks before the colon, or is "to do" something, where no act is told as happened."""
    if any(mention.factor == 1.0 for mention in title.all("act", "harm")):
        return
    plans = {
        m.start - 1 for m in title.by_class.get("mood", ()) if title.text[m.start : m.end] in {"to", "To"}
    }
    for actor in title.by_class.get("actor", ()):
        if actor.sense.side and title.text[actor.end : actor.end + 2] == ": ":
            weighing.add("statement", "title", actor, VOICE, "a party speaks before the colon")
            return
        if actor.sense.side and actor.end in plans:
            weighing.add("statement", "title", actor, VOICE, "a party announces what it will do")
            return


def _weigh_incident(weighing: Weighing, title: Reading, summary: Reading) -> None:
    in_title = _strongest(title)
    if _is_mishap(title):
        for mention in in_title:
            mention.factor, mention.note = mention.factor * MISHAP, "of an accident or a crime"
    in_summary = _strongest(summary)
    for number, mention in enumerate(in_title[:2]):
        weight = mention.sense.weight * mention.factor * (1.0, 0.35)[number]
        weight *= (
            NAMED if mention.sense.cls == "act" and mention.form == "noun" and not mention.sense.type else 1.0
        )
        weighing.add("incident", "title", mention, weight, _why(mention))
    for number, mention in enumerate(in_summary[:2]):
        share = (0.45 if mention.sentence == 0 else 0.25) * (1.0, 0.3)[number]
        weighing.add(
            "incident", "summary", mention, mention.sense.weight * mention.factor * share, _why(mention)
        )


def _is_mishap(title: Reading) -> bool:
    """Whether a title that names an accident or a crime tells of no attack: then its dead are no event's."""
    found = {m.sense.id for m in title.by_class.get("other", ())} & _MISHAPS
    if not found or title.by_class.get("weapon"):
        return False
    armed = any(force.sense.role != _POLICE for force in title.by_class.get("force", ()))
    fighters = armed or any(a.sense.side for a in title.by_class.get("actor", ()))
    if fighters and ("accident" not in found or title.by_class.get("act")):
        return False
    return not any(act.sense.mode not in _OF_MISHAPS for act in title.by_class.get("act", ()))


def _weigh_totals(weighing: Weighing, title: Reading) -> None:
    """The dead of a whole war, or attacks counted since its start, are no event; one act's toll is."""
    if "total" not in title.by_class and "harm" not in title.by_class:
        return
    thousands = _THOUSANDS.search(title.text)
    of_one_act = not thousands and bool(title.by_class.get("act"))
    totals = [m for m in title.by_class.get("total", ()) if not (of_one_act and m.sense.id == "toll")]
    if not totals and not (thousands and title.by_class.get("harm")):
        return
    mark = (
        totals[0] if totals else Mention(thousands.start(), thousands.end(), NO_SENSE) if thousands else None
    )
    share = totals[0].sense.weight if totals else TOTAL
    loss = -share * weighing.scores.get("incident", 0.0)
    weighing.add("incident", "title", mark, loss, "a total over a longer time, not an event")
    if title.by_class.get("harm") or any(m.sense.id == "toll" for m in totals):
        weighing.add("humanitarian", "title", mark, 1.0, "a toll over a longer time")


def _strongest(reading: Reading) -> list[Mention]:
    """Acts and harm, the weightiest first, no two of one act."""
    found = sorted(reading.all("act", "harm"), key=lambda m: (-value(m), m.start))
    kept: list[Mention] = []
    for mention in found:
        if all(mention.start >= other.end or mention.end <= other.start for other in kept):
            kept.append(mention)
    return kept


def value(mention: Mention) -> float:
    """What an act or harm weighs where it stands."""
    return mention.sense.weight * mention.factor * (0.8 if mention.form == "noun" else 1.0)


def _why(mention: Mention) -> str:
    if mention.note:
        return f"{mention.sense.name}, {mention.note}"
    return f"{mention.sense.name}, told as happened" if mention.factor > GOVERNED else mention.sense.name


def decide(weighing: Weighing, fallback: Kind) -> Kind:
    """The heaviest kind of a text about the conflict; an incident only where it weighs enough and leads.

    Acts that are too weakly told for an incident, with no word of any kind, are what a piece is written
    about: an analysis. ``fallback``: for a text of the region of which nothing tells the kind.
    """
    scores = weighing.scores
    incident = scores.get("incident", 0.0)
    others = {kind: scores.get(kind, 0.0) for kind in _KIND_CLASSES}
    if fallback is Kind.STATEMENT and others["other"] < ENOUGH:
        others["other"] = 0.0  # a party and its front in the title, the other matter only in passing
    best = max(others, key=others.__getitem__)
    if others[best] >= DECISIVE or (incident < ENOUGH and others[best] >= SPEAKS) or others[best] > incident:
        return Kind(best)
    if incident >= ENOUGH:
        return Kind.INCIDENT
    return Kind.INCIDENT if incident >= NEARLY else Kind.ANALYSIS if incident > 0.0 else fallback
