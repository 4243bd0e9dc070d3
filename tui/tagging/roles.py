"""Who did an act and who suffered it, by the order of the words around it.

"X strikes Y", "strike by X on Y", "Y struck in strike", "X drone", "X accuses Y of": each is told by
where the actor stands, what small word stands between, and whether the act is verb, noun or passive.
Lexicons hold the words (``grammar.toml``); here is what each place in the sentence is worth.
"""

from __future__ import annotations

import re
from typing import Final

from tui.tagging.reading import Mention, Reading

NEAR: Final = 30
"""Characters, about five words, within which an actor belongs to an act."""
NEXT: Final = 3
"""Characters between neighbours."""
PEACEKEEPERS: Final = "peacekeepers"
"""The role of those who attack nobody: they suffer what they stand beside."""
_LAUNCHED: Final = frozenset({"drone", "rocket-missile", "artillery"})
"""Types of weapons that are shot down on their way; an aircraft shoots them."""
_RIGHT_TO_LEFT: Final = "\u0590"
"""From here on scripts in which whose a thing is stands behind it."""
_ANNOUNCES: Final = 1.5
"""How clear it is that who announces an act did it."""
_SURE: Final = 1.2
"""How clear it must be in a summary, where more names stand about, that an actor did an act."""
_PRONOUN: Final = re.compile(
    r"\W*(?:that\s+|to\s+have\s+|qu['’])?(?:it|its|they|their|he|his|we|have|avoir|il|elle|ils|elles)\b",
    re.IGNORECASE,
)
_FROM_HEBREW: Final = re.compile(r"(?<!\w)ו?ש?מ-?$")
"""The Hebrew "from", written onto the place that something was launched from."""


def roles(reading: Reading, act: Mention) -> tuple[Mention | None, Mention | None]:
    """Who did it and who suffered it, by the order of words around the act in its sentence."""
    actors = [a for a in reading.by_class.get("actor", ()) if a.sense.side and a.sentence == act.sentence]
    if not actors:
        return None, None
    marks = reading.all("agent", "toward")
    weapons = reading.by_class.get("weapon", [])
    tied, owners = reading.by_class.get("tied", ()), reading.by_class.get("owner", ())
    rtl = reading.text[act.start : act.end] > _RIGHT_TO_LEFT
    doers: list[tuple[float, Mention]] = []
    targets: list[tuple[float, Mention]] = []
    for actor in actors:
        if any(0 <= t.start - actor.end <= 1 for t in tied) or any(
            0 <= actor.start - o.end <= NEXT for o in owners
        ):
            targets.append((0.5, actor))
            continue
        if act.sense.mode == "intercept":
            weapons = [w for w in weapons if w.sense.type in _LAUNCHED]
        owns = not rtl and any(0 <= w.start - actor.end <= NEXT for w in weapons)
        if not owns and any(0 <= actor.start - w.end <= (NEXT if rtl else 1) for w in weapons):
            owns = rtl or not _speaks_after(reading, actor)
        score = (
            _launching(act, actor, owns, marks)
            if act.sense.mode == "intercept"
            else _doing(reading, act, actor, marks, rtl)
        )
        if owns and act.sense.mode != "intercept":
            score = max(score, 1.8 if actor.start < act.start or act.form == "passive" else 1.2)
        if score:
            score = -abs(score) if actor.sense.role == PEACEKEEPERS else score
            (doers if score > 0 else targets).append((abs(score), actor))
    least = _SURE if reading.field == "summary" else 0.0
    doer = (
        max(doers, key=lambda pair: pair[0])[1]
        if doers and max(score for score, _ in doers) >= least
        else None
    )
    targets = [pair for pair in targets if doer is None or pair[1].sense.side != doer.sense.side]
    target = max(targets, key=lambda pair: pair[0])[1] if targets else None
    return doer, target


def speaker(reading: Reading, act: Mention, actors: list[Mention]) -> Mention | None:
    """Who stands before the colon ("Army: we struck ..."), where the act itself names nobody."""
    if (
        not act.sentence
        or act.form != "verb"
        or not reading.text[: reading.breaks[act.sentence - 1]].endswith(":")
    ):
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
    if actor.start < act.end and act.start < actor.end:
        return 2.6
    if act.sense.role == "object" and 0 <= actor.start - act.end <= NEAR // 2:
        return -1.8
    if act.form == "noun" and 0 <= act.start - actor.end <= NEXT:
        return -0.6 if rtl else 2.4
    if actor.start >= act.end:
        return _behind(reading, act, actor, marks, rtl)
    return _before(reading, act, actor, marks)


def _behind(reading: Reading, act: Mention, actor: Mention, marks: list[Mention], rtl: bool) -> float:
    between = [m for m in marks if act.end <= m.start and m.end <= actor.start]
    gap = actor.start - act.end
    last = between[-1].sense if between else None
    if any(act.end <= g.start and g.end <= actor.start for g in reading.by_class.get("ground", ())):
        return -0.2
    if last is not None and last.cls == "agent" and gap <= 2 * NEAR:
        if act.form != "passive" and _has_subject(reading, act):
            return -1.0
        if last.weight >= 1.0:
            return 3.0
        owner = act.form == "verb" or any(m.sense.cls == "toward" for m in between)
        return -1.0 if owner else 2.0
    if act.sense.cls == "harm" and not rtl:
        return -1.5
    if (
        rtl
        and act.form == "verb"
        and any(0 <= act.start - w.end <= NEXT for w in reading.by_class.get("weapon", ()))
    ):
        return -1.5
    if _speaks_after(reading, actor):
        return 0.0
    nouns = (m for m in reading.by_class.get("act", ()) if m.form == "noun" and m is not act)
    if rtl and any(act.end <= m.start < actor.start <= m.end + NEXT for m in nouns):
        return 2.0  # "hit [by] strikes Israeli": whose the noun is stands behind it
    if last is not None and last.cls == "toward":
        return -2.0
    if act.form == "passive":
        return 1.0 if gap <= NEAR and not rtl and act.sense.cls == "act" else -0.3
    if (
        gap <= NEXT
        and not rtl
        and any(0 <= t.start - actor.end <= NEXT for t in reading.by_class.get("target", ()))
    ):
        return -1.5  # "drone strikes US base"
    if gap <= NEXT and (rtl or act.form == "noun"):
        return 2.0
    return 1.4 if rtl and act.form == "noun" and gap <= NEAR // 2 else -1.5


def _before(reading: Reading, act: Mention, actor: Mention, marks: list[Mention]) -> float:
    between = [m for m in marks if actor.end <= m.start and m.end <= act.start]
    gap = act.start - actor.end
    objects = reading.by_class.get("object", ())
    if any(_is_object(reading, actor, m) and m.end <= act.start + NEXT for m in objects):
        return -1.2
    if any(
        0 <= actor.start - m.end <= NEXT and m.sense.cls == "agent" and m.sense.weight >= 1.0 for m in marks
    ):
        return 2.4
    if act.sense.cls == "act" and _is_hurt(reading, actor, act):
        return -1.2
    if _only_tells(reading, act, actor):
        return _ANNOUNCES if _announces(reading, act, actor) else 0.0
    if any(
        other.sense.mode == "intercept" and actor.end <= other.start and other.end <= act.start
        for other in reading.by_class.get("act", ())
    ):
        return -1.0
    if any(0 <= actor.start - m.end <= NEXT and m.sense.cls == "toward" for m in marks):
        return -1.0
    grounds = reading.by_class.get("ground", ())
    if act.form == "noun" and any(actor.end <= g.start and g.end <= act.start for g in grounds):
        return -0.3
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


def _is_object(reading: Reading, actor: Mention, mark: Mention) -> bool:
    """Whether the mark of the object stands behind the actor, with no other actor between."""
    others = [a for a in reading.by_class.get("actor", ()) if actor.end <= a.start and a.end <= mark.start]
    return 0 <= mark.start - actor.end <= NEAR and not others


def _is_hurt(reading: Reading, actor: Mention, act: Mention) -> bool:
    """Whether harm that befell the actor stands close before it, with no word between that opens a clause."""
    marks = reading.all("ground", "agent", "toward")
    return any(
        harm.form != "verb"
        and 0 <= actor.start - harm.end <= NEAR // 2
        and harm.end <= act.start
        and not any(harm.end <= m.start and m.end <= actor.start for m in marks)
        for harm in reading.by_class.get("harm", ())
    )


def _has_subject(reading: Reading, act: Mention) -> bool:
    """Whether an actor stands right before the verb, so that a later "by" belongs to something else."""
    return any(
        actor.start < act.end and act.start - actor.end <= NEXT for actor in reading.by_class.get("actor", ())
    )


def _only_tells(reading: Reading, act: Mention, actor: Mention) -> bool:
    """Whether the actor tells of an act behind and did not do it: "X says rockets hit"."""
    for say in reading.by_class.get("say", ()):
        if actor.end <= say.start and say.end <= act.start:
            return not _PRONOUN.match(reading.text, say.end)
    return False


def _announces(reading: Reading, act: Mention, actor: Mention) -> bool:
    """Whether the actor right before "announces" tells of its own act, named right behind.

    Not where somebody of its own side stands close behind: then it tells of its loss.
    """
    says = [s for s in reading.by_class.get("say", ()) if s.sense.role == "announces"]
    if not any(0 <= s.start - actor.end <= NEXT and 0 <= act.start - s.end <= NEXT for s in says):
        return False
    return not any(
        other.sense.side == actor.sense.side and 0 <= other.start - act.end <= NEAR + NEAR // 3
        for other in reading.by_class.get("actor", ())
    )


def _speaks_after(reading: Reading, actor: Mention) -> bool:
    """Whether the actor behind an act tells of it: "ship hit, X officials say"."""
    return any(
        0 <= say.start - actor.end <= NEAR // 2 and "," not in reading.text[actor.end : say.start]
        for say in reading.by_class.get("say", ())
    )


def launched_from(reading: Reading) -> Mention | None:
    """A place behind "from", a people before its weapon, or a country that opens it before "at" another."""
    sources = [m for m in reading.all("agent", "act") if m.sense.role == "source"]
    places = [p for p in reading.by_class.get("place", ()) if reading.field == "title" or p.sentence == 0]
    for place in places if sources or not reading.text.isascii() else ():
        if any(0 <= place.start - m.end <= NEAR // 2 for m in sources) or _FROM_HEBREW.search(
            reading.text, max(0, place.start - 4), place.start
        ):
            return place
    for topic in reading.by_class.get("topic", ()):
        rtl = reading.text[topic.start] > _RIGHT_TO_LEFT
        if topic.sense.home and any(
            0 <= (topic.start - w.end if rtl else w.start - topic.end) <= 1
            for w in reading.by_class.get("weapon", ())
        ):
            return topic
    if len(places) > 1 and places[0].sense.place_kind == "country" and places[0].start <= NEXT:
        other = next((p for p in places if p.sense.home != places[0].sense.home), None)
        marks = reading.by_class.get("toward", ())
        if other is not None and any(0 <= other.start - m.end <= NEXT for m in marks):
            return places[0]
    return None


def blamed(reading: Reading) -> Mention | None:
    """Whom the text blames or who owns up, within its first two sentences: behind the word, or before it."""
    marks = [m for m in reading.by_class.get("agent", ()) if m.sense.id == "blamed" and m.sentence <= 1]
    actors = [actor for actor in reading.by_class.get("actor", ()) if actor.sense.side] if marks else []
    for mark in marks:
        if mark.sense.role != "behind" and reading.text[: mark.start].rstrip().endswith(","):
            continue  # French puts who says it behind: "..., accuse la Finul"
        for actor in actors:
            behind = 0 <= actor.start - mark.end <= NEAR // 2
            if 0 <= mark.start - actor.end <= NEAR // 2 if mark.sense.role == "behind" else behind:
                return actor
    return None
