"""The facts of an incident: which act leads, its type, who did it, to whom, and how many were killed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tui.tagging.casualties import count_killed
from tui.tagging.kinds import value
from tui.tagging.lexicon import Default
from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading
from tui.tagging.roles import NEAR, blamed, launched_from, roles, speaker

_STATE_ROLES: Final = frozenset({"government", "army", "navy"})
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u08ff]")
"""Hebrew and Arabic letters: there the owner stands behind the thing."""
_LAUNCHED: Final = frozenset({"drone", "rocket-missile", "artillery"})
_HARMING: Final = frozenset({"attack", "clash", "exchange"})
_CLAUSE: Final = re.compile(r"[,;:،؛.]\s|\s[-–—|]\s")


@dataclass(slots=True)
class Facts:
    """What is told of the event. Every reason is (what, mention or None, why)."""

    type: str = "other"
    by: str = "unknown"
    killed: int | None = None
    act: Mention | None = None
    doer: Mention | None = None
    target: Mention | None = None
    """Actor that suffered it."""
    launched_from: Mention | None = None
    """Place that it was launched from."""
    struck: Mention | None = None
    """Thing that was attacked: vessel, base, embassy ..."""
    reasons: list[tuple[str, Mention | None, str]] = field(default_factory=list)


def find_facts(title: Reading, summary: Reading, on_front: set[int]) -> Facts:
    """Lead act, doer, target and type. ``by`` is left for :func:`settle_by`, which knows the front.

    ``on_front``: offsets in the title of the names that put the text on its fronts.
    """
    facts = Facts()
    reading = title
    facts.act = _lead(title, on_front)
    if facts.act is None:
        reading = summary
        facts.act = _lead(summary, set())
    if facts.act is None:
        return facts
    if facts.act.sense.cls == "harm":
        fought = _exchange(title) or (None if facts.act.form == "verb" else _exchange(summary))
        facts.act = fought or _cause(reading, facts.act) or facts.act
        reading = summary if any(facts.act is act for act in summary.by_class.get("act", ())) else reading
    facts.launched_from = launched_from(title) or launched_from(summary)
    facts.doer, facts.target = roles(reading, _pivot(reading, facts.act))
    if facts.doer is None:
        _look_further(facts, title, summary, reading)
    facts.struck = _struck(title, summary, facts.act)
    facts.type = _type(title, summary, facts)
    facts.killed, why = count_killed(title, summary, facts.act)
    facts.reasons += why
    return facts


def _exchange(reading: Reading) -> Mention | None:
    """A two-sided fight in the title or the first sentence of the summary, in which somebody came to harm."""
    for act in reading.by_class.get("act", ()):
        if act.sense.mode == "exchange" and act.sentence == 0 and act.factor > GROUND:
            return act
    return None


def _cause(reading: Reading, harm: Mention) -> Mention | None:
    """The act by which those came to harm of whom the text tells first: "six dead as jets bomb a port"."""
    if harm.form == "verb":
        return None
    return next(
        (
            act
            for act in reading.by_class.get("act", ())
            if act.factor > GOVERNED and act.sentence == harm.sentence and act.sense.mode in _HARMING
        ),
        None,
    )


def _pivot(reading: Reading, lead: Mention) -> Mention:
    """Where the lead is only named, the verb of its sentence tells who did what: "X kills Y in strike"."""
    if lead.form == "noun" and lead.sense.mode not in {"exchange", "intercept"}:
        for harm in reading.by_class.get("harm", ()):
            if (
                harm.form == "verb"
                and harm.sentence == lead.sentence
                and harm.end <= lead.start
                and harm.factor > GROUND
            ):
                return harm
    return lead


def _look_further(facts: Facts, title: Reading, summary: Reading, reading: Reading) -> None:
    """The doer by another act of the same sort: of the title first, then of the summary."""
    lead = facts.act
    assert lead is not None
    others = [(reading, act) for act in reading.by_class.get("act", ()) if act is not lead]
    if reading is title:
        others += [(summary, act) for act in summary.by_class.get("act", ()) if act.sentence <= 1]
    if lead.sense.mode not in {"intercept", "alarm", "exchange"} and launched_from(title) is None:
        facts.doer = speaker(reading, lead, [a for a in reading.by_class.get("actor", ()) if a.sense.side])
        facts.doer = facts.doer or blamed(title)
        if facts.doer is not None:
            return
    for where, act in others:
        if act.factor <= GOVERNED or not _same_sort(act, lead):
            continue
        if where is title and lead.sense.cls == "act" and act.factor < lead.factor:
            continue
        if where is summary and (act.factor <= GROUND or facts.launched_from is not None):
            continue
        doer, target = roles(where, act)
        if doer is not None and lead.sense.cls == "harm" and lead.form != "passive":
            facts.target = target
        if doer is not None and (facts.target is None or doer.sense.side != facts.target.sense.side):
            facts.doer, facts.target = doer, facts.target or target
            return
        facts.target = facts.target or target
    facts.doer = blamed(title) or blamed(summary)


def _lead(reading: Reading, on_front: set[int]) -> Mention | None:
    """The act that leads: the first of those told as happened, in the clause of the front if one has it."""
    harm = [h for h in reading.by_class.get("harm", ()) if h.factor > GOVERNED and h.sense.mode != "none"]
    acts = [act for act in reading.by_class.get("act", ()) if act.factor > GOVERNED]
    sure = [act for act in acts if act.factor > GROUND] or (
        [] if any(h.factor > GROUND for h in harm) else acts
    )
    if sure:
        best = max(value(act) for act in sure)
        strong = [act for act in sure if value(act) >= 0.55 * best]
        lead = strong[0] if len(strong) == 1 else _first_of_front(reading.text, strong, on_front)
        if lead.sense.role == "enters":
            taken = [act for act in sure if act.sense.mode in {"arrest", "seize"} and act.factor == 1.0]
            return next((act for act in taken if act.sentence == lead.sentence), lead)
        if lead.sense.mode == "alarm" or (lead.sense.type == "launch" and lead.form == "passive"):
            return next((act for act in strong if act.sense.mode == "intercept"), lead)
        return lead
    return next((h for h in harm if h.factor > GROUND), harm[0] if harm else None)


def _first_of_front(text: str, acts: list[Mention], on_front: set[int]) -> Mention:
    clauses = [match.end() for match in _CLAUSE.finditer(text)]
    theirs = {bisect_right(clauses, at) for at in on_front}
    return next((act for act in acts if bisect_right(clauses, act.start) in theirs), acts[0])


def _same_sort(one: Mention, other: Mention) -> bool:
    defence = {"intercept", "alarm", "arrest"}
    return (one.sense.mode in defence) == (other.sense.mode in defence)


def _struck(title: Reading, summary: Reading, act: Mention) -> Mention | None:
    """The thing attacked: behind the act, or the subject of a passive; else the first named in the title."""
    for reading in (title, summary):
        first = [t for t in reading.by_class.get("target", ()) if reading is title or t.sentence == 0]
        marks = [m for m in reading.by_class.get("agent", ()) if m.sense.weight >= 1.0]
        first = [t for t in first if not any(0 <= t.start - m.end <= NEAR // 4 for m in marks)]
        owned = [t for t in first if t.sense.target in {"vessel", "warship"}] or first
        if not owned:
            continue
        here = act if reading is title else None
        if here is not None and here.sense.mode == "intercept":
            behind = [t for t in owned if t.start >= here.end and t.factor > GOVERNED]
            if behind:
                return behind[0]
            continue
        if reading is title or act.sense.mode == "intercept":
            sure = [t for t in owned if t.factor > GOVERNED]
            if reading is summary:
                sure = [t for t in sure if _is_aimed_at(reading, t)]
            if sure:
                return sure[0]
        elif any(t.sense.target == "vessel" for t in owned) and _is_aimed_at(reading, owned[0]):
            return owned[0]
    return None


def _is_aimed_at(reading: Reading, target: Mention) -> bool:
    """Whether a verb or a word like "at" stands close before the thing, or a passive behind it."""
    for mark in reading.all("act", "toward"):
        if mark.sense.cls == "act" and (mark.sense.mode not in {"attack", "seize"} or mark.form == "noun"):
            continue
        if mark.factor <= GROUND:
            continue
        word = reading.text[mark.start : mark.end].casefold()
        if mark.sense.cls == "toward" and word in {"in", "near", "into", "across", "over", "off", "on"}:
            continue
        if 0 <= target.start - mark.end <= NEAR and mark.sentence == target.sentence:
            return True
    return any(
        act.form == "passive" and act.factor > GROUND and 0 <= act.start - target.end <= NEAR
        for act in reading.by_class.get("act", ())
    )


def _type(title: Reading, summary: Reading, facts: Facts) -> str:
    act = facts.act
    assert act is not None
    vessel = facts.struck is not None and facts.struck.sense.target in {"vessel", "warship"}
    if vessel and act.sense.mode in {
        "attack",
        "seize",
        "intercept",
        "blast",
        "clash",
        "exchange",
        "killed",
        "wounded",
        "damage",
    }:
        return "ship"
    sort = act.sense.type
    if sort == "gunfire":
        first = [a.sense.type for a in summary.by_class.get("act", ()) if a.sentence == 0]
        return _weapon(title, act, facts) or next((t for t in first if t in _LAUNCHED), "clash")
    if sort == "ied" and facts.doer is not None and _is_state(facts.doer):
        return "air-strike"
    if sort == "ied" and _weapon(title, act) in {"drone", "rocket-missile"}:
        return _weapon(title, act)
    if sort and sort not in {"strike", "launch", "other"}:
        return sort
    if act.sense.mode == "alarm":
        told = next((a.sense.type for a in title.by_class["act"] if a.sense.type in _LAUNCHED), "")
        return _weapon(title, act) or told or _weapon(summary, None) or "other"
    weapon = _weapon(title, act, facts)
    if weapon and not (sort == "strike" and weapon == "clash"):
        return weapon
    typed = [a.sense.type for a in title.by_class.get("act", ()) if a.factor > GROUND and a.sense.type]
    typed = [t for t in typed if t not in {"strike", "launch", "other", "interception"}]
    if typed and (sort != "strike" or (facts.doer is not None and not _is_state(facts.doer))):
        return typed[0]
    struck = act.sense.mode == "attack" or any(
        a.sense.mode == "attack" for a in title.by_class.get("act", ())
    )
    if facts.doer is not None and struck and _is_state(facts.doer):
        return "air-strike"
    told = _weapon(summary, None)
    named = sort == "strike" and act.form == "noun" and facts.doer is None  # a missile of that strike
    if told and told != "clash" and not (named and told == "rocket-missile"):
        return told
    acts = [a.sense.type for a in summary.by_class.get("act", ()) if a.sentence == 0 and a.factor >= GROUND]
    for other in acts:
        if other and other not in {"strike", "launch", "other", "interception"}:
            return other
    if "strike" in acts and (facts.doer is None or _is_state(facts.doer)):
        return "air-strike"
    if sort == "strike" and (facts.doer is None or _is_state(facts.doer)):
        return "air-strike"
    return "rocket-missile" if sort == "launch" else "other"


def _is_state(actor: Mention) -> bool:
    return actor.sense.role in _STATE_ROLES


def _weapon(reading: Reading, act: Mention | None, facts: Facts | None = None) -> str:
    """Type that the nearest weapon of the act's sentence (of the first sentence) speaks for, or empty.

    With ``facts``, not a weapon that is the other side's and is what was struck: "jets hit X missiles".
    """
    sentence = act.sentence if act is not None else 0
    found = [w for w in reading.by_class.get("weapon", ()) if w.sentence == sentence and w.sense.type]
    if act is not None and act.factor > GROUND:
        found = [w for w in found if w.factor > GROUND]
    things = [t.start for t in reading.by_class.get("target", ())]
    found = [w for w in found if not any(0 <= thing - w.end <= 1 for thing in things)]
    if act is not None:
        found = [w for w in found if w.start >= act.end or w.end <= act.start or w.sense.type != "ied"]
    if (
        act is not None
        and facts is not None
        and facts.target is not None
        and act.sense.type in {"strike", ""}
    ):
        owner, rtl = facts.target, _RIGHT_TO_LEFT.search(reading.text)
        found = [
            w
            for w in found
            if w.start < act.end
            or not 0 <= (owner.start - w.end if rtl else w.start - owner.end) <= NEAR // (4 if rtl else 2)
        ]
    if not found:
        return ""
    if act is None:
        return found[0].sense.type
    at = act
    return min(found, key=lambda w: max(w.start - at.end, at.start - w.end)).sense.type


def settle_by(
    facts: Facts, homes: Iterable[str], defaults: list[Default], enemies: dict[str, str], seen: set[str]
) -> None:
    """Who did it: the doer's side, for an interception the launcher's; else what the data takes for granted.

    ``homes``: lexicons of the incident's fronts; ``seen``: ids of all senses found in the text.
    """
    act = facts.act
    if act is None:
        return
    if act.sense.mode == "exchange":
        facts.reasons.append(("by", act, "an exchange between two sides has no one doer"))
        return
    if facts.doer is not None:
        facts.by = facts.doer.sense.side
        facts.reasons.append(("by", facts.doer, f"{facts.doer.sense.name} did it"))
        return
    target = facts.target.sense.side if facts.target is not None else "place"
    if act.sense.mode == "intercept" and enemies.get(target):
        facts.by = enemies[target]
        facts.reasons.append(("by", facts.target, f"shot down by {target}, so launched by its enemy"))
        return
    owned = set(homes)
    for default in defaults:
        if _holds(default, facts, owned, target, seen):
            facts.by = default.by
            facts.reasons.append(("by", act, default.why))
            return


def _holds(default: Default, facts: Facts, homes: set[str], target: str, seen: set[str]) -> bool:
    assert facts.act is not None
    return (
        (not default.homes or not homes.isdisjoint(default.homes))
        and (not default.targets or target in default.targets)
        and (not default.types or facts.type in default.types)
        and (not default.modes or facts.act.sense.mode in default.modes)
        and (not default.launched or facts.launched_from is not None)
        and (not default.words or not seen.isdisjoint(default.words))
    )
