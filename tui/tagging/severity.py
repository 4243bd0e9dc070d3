"""How bad an incident is, after the table of the tagging guide, with the row that decided."""

from __future__ import annotations

from typing import Final

from tui.model import Severity
from tui.tagging.facts import Facts
from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading
from tui.tagging.roles import NEAR

_MANY: Final = 10
"""Killed from which an incident is critical."""
_GRAVE: Final = frozenset({"base", "embassy", "airport", "port", "warship"})
_HIT_IDS: Final = frozenset(
    {"hit", "struck", "strike", "attacked-passive", "fire-at", "drone-hit", "target-bombed"}
)
_FIRE: Final = frozenset({"attack", "clash", "exchange", "intercept", "blast"})
_CITIES: Final = frozenset({"city"})


def judge(
    title: Reading, summary: Reading, facts: Facts, great_powers: frozenset[str]
) -> tuple[Severity, str]:
    """Severity and its reason. ``great_powers``: sides whose dead in a base or warship are critical."""
    killed = facts.killed or 0
    if killed >= _MANY:
        return Severity.CRITICAL, f"{killed} killed, {_MANY} or more"
    dead = killed > 0 or (facts.killed is None and _tells(title, "killed"))
    struck = facts.struck.sense.target if facts.struck is not None else ""
    target = facts.target.sense.side if facts.target is not None else ""
    if dead and target in great_powers and struck in {"base", "embassy", "warship"}:
        return Severity.CRITICAL, f"dead in a great power's {struck}"
    if dead:
        return Severity.HIGH, "somebody was killed"
    if facts.type == "ship" and _ship_hit(title, summary):
        return Severity.HIGH, "a ship was hit or seized"
    if facts.type != "ship" and (place := _place_hit(title)):
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
            if act.sense.id in _HIT_IDS and _meets_target(reading, act, {"vessel", "warship"}):
                return True
        if any(
            h.sense.mode == "damage" and h.factor > GOVERNED and h.sentence == 0
            for h in reading.by_class.get("harm", ())
        ):
            return True
    return False


def _meets_target(reading: Reading, act: Mention, kinds: set[str]) -> bool:
    word = reading.text[act.start : act.end].casefold()
    if not any(sign in word for sign in ("hit", "str", "touch", "percut", "أصا", "أصي", "פגע", "اصابت")):
        return False
    return any(
        t.sense.target in kinds
        and t.sentence == act.sentence
        and min(abs(t.start - act.end), abs(act.start - t.end)) <= NEAR
        for t in reading.by_class.get("target", ())
    )


def _place_hit(title: Reading) -> str:
    for act in title.by_class.get("act", ()):
        if act.factor <= GROUND or act.form == "noun" or act.sense.mode != "attack":
            continue
        if act.sense.id in _HIT_IDS and _meets_target(title, act, set(_GRAVE)):
            return next(t.sense.target for t in title.by_class["target"] if t.sense.target in _GRAVE)
        for place in title.by_class.get("place", ()):
            if (
                place.sense.place_kind in _CITIES
                and act.sense.id == "hit"
                and 0 <= place.start - act.end <= NEAR // 2
            ):
                return place.sense.name
    for harm in title.by_class.get("harm", ()):
        if harm.sense.mode == "damage" and harm.factor > GROUND:
            for target in title.by_class.get("target", ()):
                if target.sense.target in _GRAVE and target.sentence == harm.sentence:
                    return target.sense.target
    return ""


def _is_low(title: Reading, facts: Facts) -> bool:
    act = facts.act
    if act is None:
        return False
    harmed = any(h.factor > GROUND and h.sense.mode != "none" for h in title.by_class.get("harm", ()))
    if act.sense.mode in {"arrest", "alarm"} and not harmed:
        return not any(a.sense.mode in _FIRE and a.factor >= GROUND for a in title.by_class.get("act", ()))
    return False
