"""What else is told of an incident: how many were wounded, with what and on what it was done, who says so."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from tui.tagging.facts import Facts
from tui.tagging.fold import fold
from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading
from tui.tagging.roles import NEAR, NEXT

_MOST: Final = 10_000
_NUMERAL: Final = re.compile(
    r"(?<![\w.,/])(?<![A-Za-z0-9]-)(\d{1,3}(?:[,٬]\d{3})+|\d{1,4})(?![\w/%]|[.,:]\d|-\w)"
)
_YEARS: Final = range(1900, 2100)
_BEFORE, _AFTER = 40, 25
"""Characters within which a number belongs to a word of harm."""
_RIGHT_TO_LEFT: Final = "\u0590"


@dataclass(slots=True)
class Details:
    """Each None where it is not told. Every reason is (what, mention or None, why)."""

    wounded: int | None = None
    weapon: str | None = None
    target: str | None = None
    claim: str | None = None
    said_by: str | None = None
    reasons: list[tuple[str, Mention | None, str]] = field(default_factory=list)


def find_details(title: Reading, summary: Reading, facts: Facts, weapons: Mapping[str, str]) -> Details:
    """Read them off an incident whose ``facts`` are settled.

    ``weapons``: folded words to the weapon's name, for "drone attack" is one act and hides the word in it.
    """
    details = Details()
    _count_wounded(details, title, summary, facts.killed == 0)
    _find_weapon(details, title, summary, facts.act, weapons)
    struck = facts.struck or facts.target
    if struck is not None:
        details.target = struck.sense.name
        details.reasons.append(("target", struck, f"attacked: {struck.sense.name}"))
    _find_speaker(details, title, summary, facts.by)
    return details


# Wounded


def _count_wounded(details: Details, title: Reading, summary: Reading, unhurt: bool) -> None:
    """The highest number of wounded in title or the head of the summary; 0 where nobody was hurt."""
    found: list[tuple[int, Mention]] = []
    for reading in (title, summary):
        totals = {m.sentence for m in reading.by_class.get("total", ())}
        harms = [h for h in reading.by_class.get("harm", ()) if h.factor > GOVERNED]
        for harm in harms:
            if harm.sense.mode == "wounded" and harm.sentence <= 1 and harm.sentence not in totals:
                number = _number_of(reading, harm, harms)
                if number:
                    found.append((number, harm))
    if found:
        number, mention = max(found, key=lambda pair: pair[0])
        details.wounded = number
        details.reasons.append(("wounded", mention, f"{number} wounded"))
    elif unhurt:
        details.wounded = 0


def _number_of(reading: Reading, harm: Mention, harms: list[Mention]) -> int | None:
    """The nearest number of the sentence that no other word of harm is nearer to."""
    own = [
        (_gap(start, end, harm), number)
        for start, end, number in _numbers(reading)
        if harm.start - _BEFORE <= start
        and end <= harm.end + _AFTER
        and reading.sentence_at(start) == harm.sentence
        and all(
            _gap(start, end, harm) < _gap(start, end, other)
            for other in harms
            if other.sense.mode == "killed" and other.sentence == harm.sentence
        )
    ]
    return min(own)[1] if own else None


def _numbers(reading: Reading) -> list[tuple[int, int, int]]:
    """Start, end and value of every number that may count people."""
    labels = reading.by_class.get("label", ())
    numbers = [
        (m.start(), m.end(), int(re.sub(r"\D", "", m.group())))
        for m in _NUMERAL.finditer(reading.text)
        if not any(0 <= m.start() - label.end <= NEXT for label in labels)
    ]
    numbers = [n for n in numbers if not (n[2] in _YEARS and n[1] - n[0] == 4) and n[2] <= _MOST]
    words = [(m.start, m.end, int(m.sense.weight)) for m in reading.by_class.get("number", ())]
    return numbers + words


def _gap(start: int, end: int, harm: Mention) -> int:
    """Characters between a number and a word of harm."""
    return max(0, harm.start - end) if start < harm.end else start - harm.end


# With what


def _find_weapon(
    details: Details, title: Reading, summary: Reading, act: Mention | None, weapons: Mapping[str, str]
) -> None:
    found = [(w, w.sense.name) for w in (_weapon(title, act), _weapon(summary, None)) if w is not None]
    if not found or not any(found[0][0] is w for w in title.by_class.get("weapon", ())):
        armed = [
            (told, weapons[word])
            for told in title.by_class.get("act", ())
            if told.factor >= GROUND
            for word in fold(title.text[told.start : told.end]).split()
            if word in weapons
        ]
        found = armed + found
    if found:
        mention, details.weapon = found[0]
        details.reasons.append(("weapon", mention, details.weapon))


def _weapon(reading: Reading, act: Mention | None) -> Mention | None:
    """The weapon nearest to the act in its sentence; without one the first of the first sentence."""
    here = act is not None and any(act is m for m in reading.all("act", "harm"))
    sentence = act.sentence if act is not None and here else 0
    found = [
        w
        for w in reading.by_class.get("weapon", ())
        if w.sentence == sentence and w.sense.type and w.factor >= GROUND
    ]
    if not found:
        return None
    if act is None or not here:
        return found[0]
    return min(found, key=lambda w: max(w.start - act.end, act.start - w.end))


# To whom


def side_hurt(title: Reading, summary: Reading, facts: Facts) -> str:
    """Side that suffered it: that of the dead and wounded, else of whom it was done to; empty if not told."""
    for reading in (title, summary):
        actors = [actor for actor in reading.by_class.get("actor", ()) if actor.sense.side]
        for harm in reading.by_class.get("harm", ()):
            if harm.factor < GROUND or harm.sense.mode not in {"killed", "wounded"}:
                continue
            for actor in actors:
                behind = harm.form == "verb" and 0 <= actor.start - harm.end <= NEAR // 2
                if behind or (harm.form == "passive" and 0 <= harm.start - actor.end <= NEXT):
                    return actor.sense.side
    return "" if facts.target is None else facts.target.sense.side


# Who says so


def _find_speaker(details: Details, title: Reading, summary: Reading, by: str) -> None:
    """Who is told to say it, in the title, else in the first sentence of the summary.

    Whoever tells of what its own side did claims it; anybody else who speaks of it only says so.
    """
    for reading in (title, summary):
        for mark in _marks(reading):
            speaker = _speaker(reading, mark)
            if speaker is None:
                continue
            details.said_by = speaker.sense.name
            details.reasons.append(("said by", speaker, f"{speaker.sense.name} says so"))
            claim = mark.sense.mode
            if claim != "denied" and speaker.sense.side == by:
                claim = "claimed"
            if claim in {"claimed", "confirmed", "denied"}:
                details.claim = claim
                details.reasons.append(("claim", mark, f"{claim} by {speaker.sense.name}"))
            return


def _marks(reading: Reading) -> list[Mention]:
    """Words of claiming, confirming and denying before words that only attribute; of the first sentence."""
    told = [m for m in reading.by_class.get("claim", ()) if m.sentence == 0]
    return told + [m for m in reading.by_class.get("say", ()) if m.sentence == 0]


def _speaker(reading: Reading, mark: Mention) -> Mention | None:
    """The actor right before the word; or right behind, where the script or the word puts it there."""
    actors = [a for a in reading.by_class.get("actor", ()) if a.sentence == mark.sentence]
    before = [a for a in actors if 0 <= mark.start - a.end <= NEAR // 2]
    if before and not re.search(r"[,:;]", reading.text[before[-1].end : mark.start]):
        return before[-1]
    leads = mark.sense.role == "before" or reading.text[mark.start : mark.end] > _RIGHT_TO_LEFT
    if leads:
        return next((a for a in actors if 0 <= a.start - mark.end <= NEXT), None)
    return None
