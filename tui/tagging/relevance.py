"""Whether a text is about the conflict of the watched region, or of another, at all."""

from __future__ import annotations

from typing import Final

from tui.tagging.match import ACT, ACTOR, ARMED, HARM, MOOD, PLACE, REGION
from tui.tagging.reading import GOVERNED, Reading

_ARMED_ROLES: Final = frozenset({"group", "unit", "army", "navy", "ship"})
_POLICE: Final = "police"
_GUNS: Final = "clash"
"""Police, guards and gunmen are in the news of any town: alone they make no text one about a conflict."""
_ARMS: Final = frozenset(
    {"air-strike", "drone", "rocket-missile", "artillery", "ied", "interception", "clash"}
)
"""Types of acts that only the armed do; anybody may seize, shoot, strike or launch something."""
_FIGHTING: Final = frozenset({"attack", "clash", "exchange", "intercept", "blast", "seize"})


def may_matter(title: int, summary: int, dedicated: bool) -> bool:
    """A quick look at the signs of both fields: False only where :func:`is_related` could not become true."""
    if title & REGION or (dedicated and title & (ACT | HARM)):
        return True
    if summary & REGION and title & (ACT | ARMED | HARM | MOOD | ACTOR):
        return True
    return bool(title & (ACT | HARM) and title & (ARMED | ACTOR) and title & (ARMED | ACTOR | PLACE))


def is_related(
    title: Reading, summary: Reading, sides: frozenset[str], calm: frozenset[str], dedicated: bool
) -> bool:
    """A name of the region in the title, or one in the summary beside an act, or fighting anywhere.

    ``sides``: those that belong to the region. A feed that is ``dedicated`` to a front need not name it.
    ``calm``: lists whose places alone do not count.
    """
    if _names_region(title, sides, calm) or (_names_calm(title) and _is_armed(title, summary)):
        return True
    acts = [act for act in title.by_class.get("act", ()) if act.sense.mode in _FIGHTING]
    if _names_region(summary, sides, calm) and (
        acts or title.all("weapon", "force", "mood", "target", "actor", "harm")
    ):
        return True
    fighters = [actor for actor in title.by_class.get("actor", ()) if actor.sense.role in _ARMED_ROLES]
    killed = [harm for harm in title.by_class.get("harm", ()) if harm.sense.mode == "killed"]
    if dedicated and acts:
        return True
    forces = [force for force in title.by_class.get("force", ()) if force.sense.role != _POLICE]
    weapons = [weapon for weapon in title.by_class.get("weapon", ()) if weapon.sense.type != _GUNS]
    powers = {actor.sense.id for actor in title.by_class.get("actor", ()) if actor.sense.side}
    armed = fighters or forces or weapons or len(powers) > 1 or any(act.sense.type in _ARMS for act in acts)
    return bool(armed and (acts or killed) and title.all("place", "actor", "force"))


def _names_region(reading: Reading, sides: frozenset[str], calm: frozenset[str]) -> bool:
    return any(
        m.sense.side in sides
        or (m.sense.home and not (m.sense.cls == "place" and (m.sense.home in calm or m.sense.calm)))
        for m in reading.all("actor", "place", "topic")
    )


def _names_calm(reading: Reading) -> bool:
    return any(m.sense.calm for m in reading.by_class.get("place", ()))


def _is_armed(title: Reading, summary: Reading) -> bool:
    """Whether a text that names only places with other news is of fighting: arms, an army, an alarm.

    Where it is of crime, sport or the like by its words, an act is not enough.
    """
    for reading in (title, summary):
        if any(w.sense.type != _GUNS for w in reading.by_class.get("weapon", ())):
            return True
        if any(a.sense.side for a in reading.by_class.get("actor", ())):
            return True
        if any(f.sense.role != _POLICE for f in reading.by_class.get("force", ())):
            return True
    acts = [act for act in title.by_class.get("act", ()) if act.factor > GOVERNED]
    return bool(acts or title.by_class.get("mood")) and not title.by_class.get("other")
