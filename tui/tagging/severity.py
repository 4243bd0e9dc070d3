"""How bad an incident is, after the table of the tagging guide, with the row that decided."""

from __future__ import annotations

from typing import Final

from tui.model import Severity
from tui.tagging.facts import Facts
from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading
from tui.tagging.roles import NEAR, NEXT

_MANY: Final = 10
"""Killed from which an incident is critical."""
_GRAVE: Final = frozenset({"base", "embassy", "airport", "port", "warship"})
_VESSELS: Final = frozenset({"vessel", "warship"})
_LANDS: Final = "lands"
"""Role of an act that says that what it was done to was hit."""
_ENTERS: Final = "enters"
"""Role of an act that says that somebody forced a way in; an arrest that follows is the event."""
_FIRE: Final = frozenset({"attack", "clash", "exchange", "intercept", "blast"})
_CITIES: Final = frozenset({"city"})


def judge(
    title: Reading, summary: Reading, facts: Facts, great_powers: frozenset[str], hurt: str = ""
) -> tuple[Severity, str]:
    """Severity and its reason. ``great_powers``: sides whose dead in a base or warship are critical.

    ``hurt``: the side that the dead and wounded are of, empty where it is not told.
    """
    killed = facts.killed or 0
    if killed >= _MANY:
        return Severity.CRITICAL, f"{killed} killed, {_MANY} or more"
    dead = killed > 0 or (facts.killed is None and _tells(title, "killed"))
    struck = facts.struck.sense.target if facts.struck is not None else ""
    target = facts.target.sense.side if facts.target is not None else ""
    if dead and (hurt or target) in great_powers and struck in {"base", "embassy", "warship"}:
        return Severity.CRITICAL, f"dead in a great power's {struck}"
    if dead:
        return Severity.HIGH, "somebody was killed"
    if facts.type == "ship" and _ship_hit(title, summary):
        return Severity.HIGH, "a ship was hit or seized"
    if facts.type != "ship" and (place := _place_hit(title, summary, facts)):
        return Severity.HIGH, f"{place} stated as hit"
    if _is_low(title, facts):
        return Severity.LOW, "an alarm, an attempt that failed, or an arrest"
    return Severity.MEDIUM, "attacked or wounded, nobody told killed and nothing grave told hit"


def _tells(reading: Reading, mode: str) -> bool:
    return any(h.sense.mode == mode and h.factor > GROUND for h in reading.by_class.get("harm", ()))


def _ship_hit(title: Reading, summary: Reading) -> bool:
    for reading in (title, summary):
        for act in reading.by_class.get("act", ()):
            if act.factor <= GOVERNED or (reading is summary and act.sentence > 0):
                continue
            if act.sense.mode == "seize" and act.factor > GROUND:
                return True
            if act.sense.role == _LANDS and _meets_target(reading, act, _VESSELS):
                return True
        if any(
            h.sense.mode == "damage" and h.factor > GOVERNED and h.sentence == 0
            for h in reading.by_class.get("harm", ())
        ):
            return True
    return False


def _meets_target(reading: Reading, act: Mention, kinds: frozenset[str]) -> str | None:
    """Which of those things stands close to the act in its sentence, and nothing else closer."""
    near = [
        (min(abs(target.start - act.end), abs(act.start - target.end)), target.sense.target)
        for target in reading.by_class.get("target", ())
        if target.sentence == act.sentence
    ]
    gap, kind = min(near, default=(NEAR + 1, ""))
    return kind if gap <= NEAR and kind in kinds else None


def _place_hit(title: Reading, summary: Reading, facts: Facts) -> str:
    """What grave thing or city the title says was hit, or the summary's first sentence damaged."""
    for act in title.by_class.get("act", ()):
        told = act.factor > GROUND or (act is facts.act and act.factor > GOVERNED)
        if not told or act.form == "noun" or act.sense.mode != "attack" or act.sense.role != _LANDS:
            continue
        if (struck := _meets_target(title, act, _GRAVE)) is not None:
            return struck
        things = title.by_class.get("target", ())
        for place in title.by_class.get("place", ()):
            between = any(act.end <= thing.start <= place.start for thing in things)
            behind = 0 <= place.start - act.end <= NEAR // 2 and not between
            before = act.form == "passive" and 0 <= act.start - place.end <= NEXT
            if place.sense.place_kind in _CITIES and (behind or before):
                return place.sense.name
    for reading in (title, summary):
        for harm in reading.by_class.get("harm", ()):
            if harm.sense.mode == "damage" and harm.factor > GROUND and harm.sentence == 0:
                for target in reading.by_class.get("target", ()):
                    if target.sense.target in _GRAVE and target.sentence == harm.sentence:
                        return target.sense.target
    return ""


def _is_low(title: Reading, facts: Facts) -> bool:
    act = facts.act
    if act is None:
        return False
    harmed = any(h.factor > GROUND and h.sense.mode != "none" for h in title.by_class.get("harm", ()))
    taken = act.sense.mode == "arrest" or (act.sense.mode == "seize" and facts.type == "raid")
    if (taken or act.sense.mode == "alarm") and not harmed:
        least = 1.0 if taken else GROUND  # who is arrested over an attack is no attack
        fire = _FIRE if taken else _FIRE - {"clash"}  # an alarm that somebody or a drone may have crossed
        return not any(
            a.sense.mode in fire and a.factor >= least and a.sense.role != _ENTERS
            for a in title.by_class.get("act", ())
        )
    return False
