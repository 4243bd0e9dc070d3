"""The facts of an incident: which act leads, its type, who did it, to whom, and how many were killed."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from tui.tagging.kinds import value
from tui.tagging.lexicon import Default
from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading

NEAR: Final = 30
"""Characters, about five words, within which an actor belongs to an act."""
NEXT: Final = 3
"""Characters between neighbours."""
_STATE_ROLES: Final = frozenset({"government", "army", "navy"})
_MOST_KILLED: Final = 5_000
"""A higher number is the toll of a war, not of an event."""
_NUMERAL: Final = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:[,٬]\d{3})+|\d{1,4})(?![\w/%]|[.,:]\d|-\d)")
_CLAUSE: Final = re.compile(r"[,;:،؛.]\s|\s[-–—|]\s")
_BEHIND: Final = 4
_SURE: Final = 1.2
"""How clear it must be in a summary, where more names stand about, that an actor did an act."""
_PRONOUN: Final = re.compile(r"\W*(?:that\s+|to\s+have\s+)?(?:it|its|they|their|he|his|we|have)\b", re.IGNORECASE)
_YEARS: Final = range(1900, 2100)


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
    facts.doer, facts.target = _roles(reading, _pivot(reading, facts.act))
    if facts.doer is None:
        _look_further(facts, title, summary, reading)
    facts.launched_from = _launched_from(title) or _launched_from(summary)
    facts.struck = _struck(title, summary, facts.act)
    facts.type = _type(title, summary, facts)
    facts.killed = _killed(title, summary, facts)
    return facts


def _pivot(reading: Reading, lead: Mention) -> Mention:
    """Where the lead is only named, the verb of its sentence tells who did what: "X kills Y in strike"."""
    if lead.form == "noun" and lead.sense.mode not in {"exchange", "intercept"}:
        for harm in reading.by_class.get("harm", ()):
            if harm.form == "verb" and harm.sentence == lead.sentence and harm.end <= lead.start and harm.factor > GROUND:
                return harm
    return lead


def _look_further(facts: Facts, title: Reading, summary: Reading, reading: Reading) -> None:
    """The doer by another act of the same sort: of the title first, then of the summary."""
    lead = facts.act
    assert lead is not None
    others = [(reading, act) for act in reading.by_class.get("act", ()) if act is not lead]
    if reading is title:
        others += [(summary, act) for act in summary.by_class.get("act", ()) if act.sentence <= 1]
    if lead.sense.mode not in {"intercept", "alarm", "exchange"}:
        facts.doer = _speaker(reading, lead, [a for a in reading.by_class.get("actor", ()) if a.sense.side])
        if facts.doer is not None:
            return
    for where, act in others:
        if act.factor <= GOVERNED or not _same_sort(act, lead):
            continue
        if where is title and lead.sense.cls == "act" and act.factor < lead.factor:
            continue
        doer, target = _roles(where, act)
        if doer is not None and lead.sense.cls == "harm" and lead.form != "passive":
            facts.target = target
        if doer is not None and (facts.target is None or doer.sense.side != facts.target.sense.side):
            facts.doer, facts.target = doer, facts.target or target
            return
        facts.target = facts.target or target
    facts.doer = _blamed(title) or _blamed(summary)


def _blamed(reading: Reading) -> Mention | None:
    """Whom the text blames, within its first two sentences."""
    for mark in reading.by_class.get("agent", ()):
        if mark.sense.id == "blamed" and mark.sentence <= 1:
            for actor in reading.by_class.get("actor", ()):
                if actor.sense.side and 0 <= actor.start - mark.end <= NEXT:
                    return actor
    return None


def _lead(reading: Reading, on_front: set[int]) -> Mention | None:
    """The act that leads the field: the first of those told as happened, in the clause of the front if one has it."""
    harm = [h for h in reading.by_class.get("harm", ()) if h.factor > GOVERNED and h.sense.mode != "none"]
    acts = [act for act in reading.by_class.get("act", ()) if act.factor > GOVERNED]
    sure = [act for act in acts if act.factor > GROUND] or ([] if any(h.factor > GROUND for h in harm) else acts)
    if sure:
        best = max(value(act) for act in sure)
        strong = [act for act in sure if value(act) >= 0.55 * best]
        clauses = _clauses(reading.text)
        here = [act for act in strong if any(bisect_right(clauses, at) == bisect_right(clauses, act.start) for at in on_front)]
        lead = (here or strong)[0]
        if lead.sense.type == "launch" and lead.form == "passive":
            return next((act for act in strong if act.sense.mode == "intercept"), lead)
        return lead
    return next((h for h in harm if h.factor > GROUND), harm[0] if harm else None)


def _clauses(text: str) -> list[int]:
    return [match.end() for match in _CLAUSE.finditer(text)]


def _same_sort(one: Mention, other: Mention) -> bool:
    defence = {"intercept", "alarm", "arrest"}
    return (one.sense.mode in defence) == (other.sense.mode in defence)


def _roles(reading: Reading, act: Mention) -> tuple[Mention | None, Mention | None]:
    """Who did it and who suffered it, by the order of words around the act in its sentence."""
    marks = reading.all("agent", "toward")
    weapons = reading.by_class.get("weapon", ())
    tied = reading.by_class.get("tied", ())
    rtl = reading.text[act.start : act.end] > "\u0590"
    doers: list[tuple[float, Mention]] = []
    targets: list[tuple[float, Mention]] = []
    actors = [actor for actor in reading.by_class.get("actor", ()) if actor.sense.side]
    if not any(actor.sentence == act.sentence for actor in actors):
        return None, None
    for actor in actors:
        if actor.sentence != act.sentence:
            continue
        if any(0 <= t.start - actor.end <= 1 for t in tied):
            targets.append((0.5, actor))
            continue
        owns = any(0 <= w.start - actor.end <= NEXT for w in weapons) or (
            rtl and any(0 <= actor.start - w.end <= NEXT for w in weapons)
        )
        score = _launching(act, actor, owns, marks) if act.sense.mode == "intercept" else _doing(
            reading, act, actor, marks, rtl
        )
        if owns and act.sense.mode != "intercept":
            score = max(score, 1.8 if actor.start < act.start or act.form == "passive" else 1.2)
        if score:
            (doers if score > 0 else targets).append((abs(score), actor))
    least = _SURE if reading.field == "summary" else 0.0
    doer = max(doers, key=lambda pair: pair[0])[1] if doers and max(score for score, _ in doers) >= least else None
    targets = [pair for pair in targets if doer is None or pair[1].sense.side != doer.sense.side]
    target = max(targets, key=lambda pair: pair[0])[1] if targets else None
    return doer, target


def _speaker(reading: Reading, act: Mention, actors: list[Mention]) -> Mention | None:
    """Who stands before the colon ("Army: we struck ..."), where the act itself names nobody."""
    if not act.sentence or act.form == "passive" or not reading.text[: reading.breaks[act.sentence - 1]].endswith(":"):
        return None
    before = [actor for actor in actors if actor.sentence == act.sentence - 1]
    return before[-1] if before else None


def _launching(act: Mention, actor: Mention, owns: bool, marks: list[Mention]) -> float:
    """Of an interception: above zero where the actor launched what was shot down, below where it shot."""
    if owns:
        return 2.5
    if actor.start < act.end:
        return -2.0
    between = [m for m in marks if act.end <= m.start and m.end <= actor.start]
    if between and between[-1].sense.cls == "agent":
        return -1.5 if act.form == "passive" and len(between) == 1 else 2.0
    return -0.5


def _doing(reading: Reading, act: Mention, actor: Mention, marks: list[Mention], rtl: bool) -> float:
    """Above zero where the actor did the act, below where it suffered it; the size is how clear that is."""
    gap = act.start - actor.end
    if actor.start < act.end and act.start < actor.end:
        return 2.6
    if act.form == "noun" and 0 <= gap <= NEXT:
        return 2.4
    if actor.start >= act.end:
        between = [m for m in marks if act.end <= m.start and m.end <= actor.start]
        gap = actor.start - act.end
        last = between[-1].sense if between else None
        if any(act.end <= g.start and g.end <= actor.start for g in reading.by_class.get("ground", ())):
            return -0.2
        if last is not None and last.cls == "agent" and gap <= 2 * NEAR:
            if act.form == "verb" and _has_subject(reading, act):
                return -1.0
            if last.weight >= 1.0:
                return 3.0
            owner = act.form == "verb" or any(m.sense.cls == "toward" for m in between)
            return -1.0 if owner else 2.0
        if last is not None and last.cls == "toward":
            return -2.0
        if act.form == "passive":
            return 1.0 if gap <= NEAR and not rtl and act.sense.cls == "act" else -0.3
        if gap <= NEXT and (rtl or act.form == "noun"):
            return 2.0
        return 1.4 if rtl and act.form == "noun" and gap <= NEAR // 2 else -1.5
    between = [m for m in marks if actor.end <= m.start and m.end <= act.start]
    if any(0 <= m.start - actor.end <= NEAR and m.end <= act.start + NEXT for m in reading.by_class.get("object", ())):
        return -1.2
    if any(0 <= actor.start - m.end <= NEXT and m.sense.cls == "agent" for m in marks):
        return 2.4
    if any(0 <= actor.start - m.end <= NEXT and m.sense.cls == "toward" for m in marks):
        return -1.0
    if act.form == "passive" or any(
        other.form == "passive" and actor.end <= other.start and other.end <= act.start
        for other in reading.all("act", "harm")
    ):
        return -1.5
    if between and between[-1].sense.cls == "toward" and act.form == "noun":
        return -0.5
    if gap <= NEXT:
        return 2.2
    return (1.6 if gap <= NEAR else 1.0) * (0.5 if act.form == "noun" else 1.0)


def _has_subject(reading: Reading, act: Mention) -> bool:
    """Whether an actor stands right before the verb, so that a later "by" belongs to something else."""
    return any(0 <= act.start - actor.end <= NEXT for actor in reading.by_class.get("actor", ()))


def _only_speaks(reading: Reading, act: Mention, actor: Mention) -> bool:
    """Whether the actor tells of the act and did not do it: "X says rockets hit", not "X says it hit"."""
    for say in reading.by_class.get("say", ()):
        if actor.start >= act.end and 0 <= say.start - actor.end <= NEAR // 2:
            return True
        if actor.end <= say.start and say.end <= act.start and say.sense.id == "says":
            return not _PRONOUN.match(reading.text, say.end)
    return False


def _launched_from(reading: Reading) -> Mention | None:
    """A place right behind a word like "from"."""
    agents = reading.by_class.get("agent", ())
    for place in reading.by_class.get("place", ()):
        if any(0 <= place.start - m.end <= NEXT for m in agents):
            return place
    return None


def _struck(title: Reading, summary: Reading, act: Mention) -> Mention | None:
    """The thing attacked: behind the act, or the subject of a passive; else the first named in the title."""
    for reading in (title, summary):
        first = [t for t in reading.by_class.get("target", ()) if reading is title or t.sentence == 0]
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
    """Whether an act told as a verb or a word like "at" stands close before the thing, or a passive behind it."""
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
        act.form == "passive" and act.factor > GROUND and 0 <= act.start - target.end <= NEAR for act in reading.by_class.get("act", ())
    )


def _type(title: Reading, summary: Reading, facts: Facts) -> str:
    act = facts.act
    assert act is not None
    vessel = facts.struck is not None and facts.struck.sense.target in {"vessel", "warship"}
    if vessel and act.sense.mode in {"attack", "seize", "intercept", "blast", "clash", "exchange", "killed", "wounded", "damage"}:
        return "ship"
    sort = act.sense.type
    if sort == "ied" and _weapon(title, act) in {"drone", "rocket-missile"}:
        return _weapon(title, act)
    if sort and sort not in {"strike", "launch", "other"}:
        return sort
    if act.sense.mode == "alarm":
        return _weapon(title, act) or _weapon(summary, None) or "other"
    weapon = _weapon(title, act)
    if weapon and not (sort == "strike" and weapon == "clash"):
        return weapon
    typed = [a.sense.type for a in title.by_class.get("act", ()) if a.factor > GROUND and a.sense.type]
    typed = [t for t in typed if t not in {"strike", "launch", "other", "interception"}]
    if typed and sort != "strike":
        return typed[0]
    if facts.doer is not None and act.sense.mode == "attack" and _is_state(facts.doer):
        return "air-strike"
    told = _weapon(summary, None)
    if told and told != "clash":
        return told
    acts = [a.sense.type for a in summary.by_class.get("act", ()) if a.sentence == 0 and a.factor >= GROUND]
    for other in acts:
        if other and other not in {"strike", "launch", "other", "interception"}:
            return other
    if "strike" in acts:
        return "air-strike"
    if sort == "strike" and (facts.doer is None or _is_state(facts.doer)):
        return "air-strike"
    return "rocket-missile" if sort == "launch" else "other"


def _is_state(actor: Mention) -> bool:
    return actor.sense.role in _STATE_ROLES


def _weapon(reading: Reading, act: Mention | None) -> str:
    """Type that the nearest weapon of the act's sentence (of the first sentence) speaks for, or empty."""
    sentence = act.sentence if act is not None else 0
    found = [w for w in reading.by_class.get("weapon", ()) if w.sentence == sentence and w.sense.type]
    if act is not None and act.factor > GROUND:
        found = [w for w in found if w.factor > GROUND]
    if not found:
        return ""
    if act is None:
        return found[0].sense.type
    at = act
    return min(found, key=lambda w: max(w.start - at.end, at.start - w.end)).sense.type


def settle_by(facts: Facts, homes: Iterable[str], defaults: list[Default], enemies: dict[str, str], seen: set[str]) -> None:
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
        (not default.homes or bool(homes & set(default.homes)))
        and (not default.targets or target in default.targets)
        and (not default.types or facts.type in default.types)
        and (not default.modes or facts.act.sense.mode in default.modes)
        and (not default.launched or facts.launched_from is not None)
        and (not default.words or bool(seen & set(default.words)))
    )


def _killed(title: Reading, summary: Reading, facts: Facts) -> int | None:
    """Highest number told for this event; 0 where nobody was hurt; None where it is not said."""
    numbers: list[int] = []
    others: set[int | None] = set()
    nobody: Mention | None = None
    for reading in (title, summary):
        totals = {m.sentence for m in reading.by_class.get("total", ())}
        for harm in reading.by_class.get("harm", ()):
            if harm.sense.mode == "none":
                nobody = nobody or harm
            if harm.sense.mode != "killed" or harm.factor <= GOVERNED or harm.sentence in totals:
                continue
            number = _number_near(reading, harm)
            if harm.factor <= GROUND and _is_other_act(facts.act):
                others.add(number)
            elif number is not None and 0 < number <= _MOST_KILLED and number not in others:
                if reading is title or harm.sentence <= 1:
                    numbers.append(number)
                    facts.reasons.append(("killed", harm, f"{number} killed"))
    if numbers:
        return max(numbers)
    if nobody is not None:
        facts.reasons.append(("killed", nobody, "nobody was hurt"))
        return 0
    return None


def _is_other_act(lead: Mention | None) -> bool:
    """Whether the lead is an act told as news, so that the dead of the ground are those of another event."""
    return lead is not None and lead.sense.cls == "act" and lead.factor > GROUND


def _number_near(reading: Reading, harm: Mention) -> int | None:
    """The number that belongs to a word of killing: before it in its sentence, or right behind it."""
    text = reading.text
    begin = max(harm.start - 45, reading.breaks[harm.sentence - 1] if harm.sentence else 0)
    end = min(harm.end + 25, reading.breaks[harm.sentence] if harm.sentence < len(reading.breaks) else len(text))
    found: list[tuple[int, int]] = []
    wounds = [m for m in reading.by_class.get("harm", ()) if m.sense.mode == "wounded"]
    for match in _NUMERAL.finditer(text, begin, end):
        number = int(re.sub(r"\D", "", match.group()))
        if number in _YEARS and len(match.group()) == 4:
            continue
        found.append((_distance(match.start(), match.end(), harm), number))
    for cls in ("number", "person"):
        for m in reading.by_class.get(cls, ()):
            if begin <= m.start and m.end <= end:
                number = int(m.sense.weight)
                gap = _distance(m.start, m.end, harm)
                if number > 1 or cls == "person" or gap <= NEXT:
                    found.append((gap + (12 if cls == "person" else 0), number))
    nearer = [
        (gap, number)
        for gap, number in found
        if all(gap <= abs(w.start - harm.end) + 40 for w in wounds)
    ]
    return min(nearer)[1] if nearer else None


def _distance(start: int, end: int, harm: Mention) -> int:
    """Characters between a number and its word of killing; behind a noun ("two dead in one raid") they count more."""
    if start < harm.end:
        return harm.start - end
    return start - harm.end + (0 if harm.form == "verb" else _BEHIND)
