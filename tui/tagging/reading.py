"""One field of a text as the rules see it: what was found, in which sentence, and how surely it is said.

Acts and kinds are weighed by where they stand: what follows "after" or "amid" is only the
ground of the news, what follows "warns" or "to" has not happened, what stands in a drill, a
denial or an anniversary is not an event. The words that say so are data (``lexicons/mood.toml``
and ``lexicons/grammar.toml``); here is only how far each one reaches.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from tui.tagging.lexicon import Sense
from tui.tagging.match import Hit

_START: Final = attrgetter("start")
_BREAK: Final = re.compile(
    r"[-.!?؟…;؛|•\n:—–]"  # a set first, so that the search skips all else at once
    r"(?:(?<=\s[-–—])\s|(?<=[;؛|•\n—])|(?<=[.!?؟…])(?<!\b[A-Z].)(?<!\b[A-Z][a-z].)(?=[\s\"”’']|$)"
    r"|(?<=:)(?=\s|$)|(?<=\.)\.+)"
)
"""End of a sentence or of a headline's part. Not the point of an abbreviation (``U.S.``, ``Dr.``)."""
_DATELINE: Final = re.compile(
    r"[A-Z][A-Z .,/'’-]{2,40}(?:\([A-Za-z. ]{2,20}\) ?|, [A-Z][a-z]+ )?\s?(?::|—|–|-)\s"
)
"""Where an agency's summary was written ("BEIRUT (AP) - "): no sentence of its own."""
_PARTED: Final = re.compile(r"[,;،؛]\s")
_COMMA: Final = re.compile(r"[,،](?=\s)")

_MAIN_VERB: Final = re.compile(
    r"\b(that|which|who|where|whose)?\b[^,]*?\b(?:was|were|is|are|has|have|had|remains)\b", re.I
)
_RELATIVE: Final = ("that ", "who", "which")
"""Words of ground that open a clause about the one before."""

GROUND: Final = 0.35
"""What an act weighs that is only the ground of the news."""
GOVERNED: Final = 0.1
"""What an act weighs that is threatened, feared, planned, denied, demanded or long past."""
CLAIM: Final = 0.4
"""What an accusation weighs as a statement where it is of a killing, for the dead are a fact."""
PLURAL: Final = 0.55
"""What "attacks" and "strikes" weigh as nouns without a number: they are more often a theme than an event."""
_JOINED: Final = re.compile(r"\s(?:and|or|et|ou)\s")
"""Behind it stands another thing of the same sort, so the word before was a noun: "attacks and strikes"."""
_THEME: Final = "named in general, no one event"
_MOOD_REACH: Final = 60
_COUNT_REACH: Final = 24
"""Characters from the number that opens a clause to its word of harm."""
_NEXT: Final = 2
"""Characters between neighbours: a space, perhaps with a quote or a comma."""
_VERBS_OF_OTHERS: Final = frozenset({"economy", "analysis", "mood"})
"""What a theme does: "attacks upend trade", "strikes heighten risks"."""
_NOUN_SIGNS: Final = frozenset({"toward", "ground", "agent", "say", "harm", "act"}) | _VERBS_OF_OTHERS
_PASSIVE_SIGNS: Final = frozenset({"toward", "ground", "agent"})
_SUBJECTS: Final = frozenset({"actor", "force", "weapon"})
_OBJECTS: Final = frozenset({"actor", "force", "person", "number"})
_ATTACKED: Final = frozenset({"actor", "force", "target", "person", "weapon"})
_OBJECT_REACH: Final = 16
"""Characters between a verb and its object, with an adjective between."""
_THINGS: Final = frozenset({"target", "person"})
_PARTICIPLES: Final = ("ed", "hit", "struck", "shot down")
_FRENCH_PARTICIPLES: Final = ("é", "és", "ée", "ées")
"""Folding takes the accent off, so that "touché" matches what was written as "touche"."""
_HAD: Final = re.compile(
    r"\b(?:a|ont|avoir|avait|avaient|aurait|auraient|ayant)(?: \w+ment)? $", re.IGNORECASE
)
_HAD_REACH: Final = 24


@dataclass(slots=True)
class Mention:
    """One sense of one hit, weighed."""

    start: int
    end: int
    sense: Sense
    factor: float = 1.0
    """How surely and how much as the main thing it is said, 0 to 1."""
    note: str = ""
    """Why the factor is not 1."""
    form: str = ""
    """verb, noun or passive, worked out where the spelling leaves it open."""
    sentence: int = 0


@dataclass(slots=True)
class Reading:
    """A field with its mentions by class."""

    field: str
    text: str
    by_class: defaultdict[str, list[Mention]]
    """Each class's in order of place."""
    breaks: list[int]
    """Where its sentences end."""

    def all(self, *classes: str) -> list[Mention]:
        """Mentions of the classes, in order of place. Not to be changed: it may be a class's own list."""
        found: list[Mention] = []
        for cls in classes:
            if more := self.by_class.get(cls):
                found = sorted(found + more, key=_START) if found else more
        return found

    def sentence_at(self, offset: int) -> int:
        """Number of the sentence, from 0, that the offset stands in."""
        return bisect_right(self.breaks, offset)


def read(name: str, text: str, hits: list[Hit]) -> Reading:
    """Weigh the hits of one field. Linear in the text but for the few words that govern others."""
    dateline = _DATELINE.match(text) if name == "summary" else None
    breaks = [match.end() for match in _BREAK.finditer(text, dateline.end() if dateline else 0)]
    by_class: defaultdict[str, list[Mention]] = defaultdict(list)
    for start, end, senses in hits:
        sentence = bisect_right(breaks, start)
        for sense in senses:
            by_class[sense.cls].append(Mention(start, end, sense, 1.0, "", sense.form, sentence))
    reading = Reading(name, text, by_class, breaks)
    weighed = [m for cls, found in by_class.items() if cls not in _UNWEIGHED for m in found]
    if weighed:
        if "act" in by_class or "harm" in by_class:
            _drop_needy(reading)
            _settle_forms(reading, hits)
            _settle_harm(reading, hits)
        _apply_ground(reading, weighed)
        _apply_mood(reading)
        _apply_past(reading)
    return reading


_UNWEIGHED: Final = frozenset(
    {"actor", "place", "topic", "veto", "say", "agent", "toward", "number", "ground", "person", "tied"}
    | {"aid", "unnamed", "object", "aside", "label", "owner", "strife", "others", "part"}
)
"""Classes whose mentions are not weighed by how surely they are told."""


def _drop_needy(reading: Reading) -> None:
    """Take out the words that say nothing here, for what they need does not stand in their sentence."""
    for cls in ("act", "harm"):
        found = reading.by_class.get(cls)
        if found:
            reading.by_class[cls] = [m for m in found if not m.sense.needs or _has_needed(reading, m)]


def _has_needed(reading: Reading, mention: Mention) -> bool:
    """Harm may be told in a clause of its own behind the act: "car bomb in market; 20 dead"."""
    before = 1 if mention.sense.cls == "harm" and reading.field == "title" else 0
    return any(
        0 <= mention.sentence - other.sentence <= before
        and (other.start >= mention.end or other.end <= mention.start)
        for cls in mention.sense.needs
        for other in reading.by_class.get(cls, ())
    )


def _settle_forms(reading: Reading, hits: list[Hit]) -> None:
    """Verb, noun or passive where the word alone does not say.

    "strikes" and "attacks" are verbs where a name or a force stands right before and no preposition
    right behind; "seized", "hit" and the like are passive behind "was" and before "in", "off" or "by".
    A plain form ("jets pound", "guns shell") is an act only as such a verb: else it is a thing's name.
    """
    reading.by_class["act"] = [
        act for act in reading.by_class.get("act", ()) if act.form != "plain" or _is_plain_verb(hits, act)
    ]
    for act in reading.by_class["act"]:
        if act.form in {"both", "verb"}:
            word = reading.text[act.start : act.end].casefold()
            before, after = _neighbours(hits, act)
            if act.form == "both":
                ends = reading.text[act.end : act.end + 1] in {"", ",", ":", ";", ".", "’", "'", "|"}
                noun = ends or bool(after & _NOUN_SIGNS) or _JOINED.match(reading.text, act.end) is not None
                act.form = "verb" if before & _SUBJECTS and not noun and _has_object(hits, act) else "noun"
                if act.form == "noun" and word.endswith("s") and "number" not in before:
                    act.factor *= PLURAL
                    act.note = _THEME
            elif _is_passive(reading, hits, act, before, after):
                act.form = "passive"
            elif word.endswith("ed") and _only_describes(reading, act, before, after):
                act.factor = GROUND
                act.note = "only describes what it stands before"
    _settle_falls(reading)
    _settle_after_plural(reading)
    _settle_described(reading)


def _is_plain_verb(hits: list[Hit], act: Mention) -> bool:
    """Whether who does it stands right before and what it is done to close behind; then it is a verb."""
    before, after = _neighbours(hits, act)
    if before & _SUBJECTS and not after & _NOUN_SIGNS and _has_object(hits, act):
        act.form = "verb"
    return act.form == "verb"


def _is_passive(reading: Reading, hits: list[Hit], act: Mention, before: set[str], after: set[str]) -> bool:
    """Behind "was", before "in" or "by", an accented French participle, or behind its thing with no object.

    The last is "bases in the east attacked again".
    """
    word = reading.text[act.start : act.end].casefold()
    if word.endswith(_FRENCH_PARTICIPLES):
        return " " not in word and not _is_had(reading, act)
    if not word.endswith(_PARTICIPLES):
        return False
    if "aid" in before or after & (_PASSIVE_SIGNS if act.sense.type != "launch" else {"agent"}):
        return True
    things = reading.by_class.get("target", ())
    behind_thing = any(thing.sentence == act.sentence and thing.end <= act.start for thing in things)
    attack = act.sense.mode == "attack" and act.sense.type != "launch"
    return attack and behind_thing and not before & _SUBJECTS and not _has_object(hits, act)


def _is_had(reading: Reading, mention: Mention) -> bool:
    """Whether a French participle stands behind "a", "ont" or "avoir": then its subject did it."""
    return _HAD.search(reading.text, max(0, mention.start - _HAD_REACH), mention.start) is not None


def _only_describes(reading: Reading, act: Mention, before: set[str], after: set[str]) -> bool:
    """Whether it is "seized ship" or "kidnapped French woman": before its thing, behind no subject."""
    begin = reading.breaks[act.sentence - 1] if act.sentence else 0
    opens = not reading.text[begin : act.start].strip() or "agent" in before
    if opens and after & (_THINGS | {"actor"}):
        return True
    return bool(after & _THINGS) and not before & (_SUBJECTS | {"aid"})


def _settle_after_plural(reading: Reading) -> None:
    """In "attacks target ships" what a theme does is a theme too."""
    acts = reading.by_class.get("act", ())
    for theme in acts:
        word = reading.text[theme.start : theme.end].casefold()
        named = theme.form == "noun" and theme.factor == 1.0 and word.endswith("strikes")
        if named and any(0 < m.start - theme.end <= _NEXT for m in reading.all(*_VERBS_OF_OTHERS)):
            theme.factor, theme.note = PLURAL, _THEME
        if theme.form == "noun" and theme.factor == PLURAL:
            for act in acts:
                if 0 <= act.start - theme.end <= 1:
                    act.factor = min(act.factor, PLURAL)
                    act.note = theme.note


def _settle_falls(reading: Reading) -> None:
    """A word that says both "fell" and "brought down" is the first where its weapon stands before it only."""
    acts, weapons = reading.by_class["act"], reading.by_class.get("weapon", ())
    falls = {act.start for act in acts if act.sense.type == "launch"}
    for act in [act for act in acts if act.sense.mode == "intercept" and act.start in falls]:
        before = any(0 <= act.start - w.end <= _OBJECT_REACH for w in weapons)
        behind = any(0 <= w.start - act.end <= _OBJECT_REACH for w in weapons)
        other = "intercept" if before and not behind else "attack"
        reading.by_class["act"] = [
            a for a in reading.by_class["act"] if a.start != act.start or a.sense.mode != other
        ]


def _settle_described(reading: Reading) -> None:
    """In "the man killed in the raid was a cook" and "the strike that killed him" the event is known."""
    stops = reading.by_class.get("ground", ())
    for mention in reading.all("act", "harm"):
        sentence = reading.breaks[mention.sentence] if mention.sentence < len(reading.breaks) else None
        end = len(reading.text) if sentence is None else sentence
        if mention.form == "noun" and any(
            0 <= g.start - mention.end <= _NEXT
            and reading.text[g.start : g.end].casefold().startswith(_RELATIVE)
            for g in stops
        ):
            mention.factor = min(mention.factor, GROUND)
            mention.note = "known before, as the clause behind it says"
        elif mention.form == "passive" and not _MAIN_VERB.match(reading.text[: mention.start].split(",")[-1]):
            end = min([end, *(g.start for g in stops if g.start >= mention.end)])
            main = _MAIN_VERB.match(reading.text, mention.end, end)
            if main is not None and not main.group(1):
                for other in reading.all("act", "harm"):
                    if mention.start <= other.start < main.end():
                        other.factor = min(other.factor, GROUND)
                        other.note = "only describes the subject of another verb"


def _has_object(hits: list[Hit], act: Mention) -> bool:
    """Whether something that can be attacked stands behind, or a place right behind."""
    for hit in hits:
        gap = hit.start - act.end
        if 0 <= gap <= _OBJECT_REACH:
            classes = {sense.cls for sense in hit.senses}
            if classes & _ATTACKED or (gap <= _NEXT and "place" in classes):
                return True
    return False


def _settle_harm(reading: Reading, hits: list[Hit]) -> None:
    """A word like "killed" is something done where somebody stands right behind it and no "was" before."""
    for harm in reading.by_class.get("harm", ()):
        word = reading.text[harm.start : harm.end].casefold()
        if word.endswith(_FRENCH_PARTICIPLES) and " " not in word and harm.form in {"verb", "passive"}:
            harm.form = "verb" if _is_had(reading, harm) else "passive"
        elif harm.form == "passive" and word.endswith("ed"):
            before, after = _neighbours(hits, harm)
            if after & _OBJECTS and not before & {"aid", "number"}:
                harm.form = "verb"


def _neighbours(hits: list[Hit], act: Mention) -> tuple[set[str], set[str]]:
    """Classes of what stands right before and right behind."""
    before: set[str] = set()
    after: set[str] = set()
    for hit in hits:
        if 0 <= act.start - hit.end <= _NEXT:
            before.update(sense.cls for sense in hit.senses)
        elif 0 <= hit.start - act.end <= 1:
            after.update(sense.cls for sense in hit.senses)
    return before, after


def _apply_ground(reading: Reading, weighed: list[Mention]) -> None:
    """What follows a word like "after" to the end of its sentence (of its clause, where it opens it)."""
    for mark in reading.by_class.get("ground", ()):
        begin = reading.breaks[mark.sentence - 1] if mark.sentence else 0
        end = reading.breaks[mark.sentence] if mark.sentence < len(reading.breaks) else len(reading.text)
        opens = not reading.text[begin : mark.start].strip(" \"“”'‘’«»")
        if opens:
            comma = _COMMA.search(reading.text, mark.end, end)
            if comma is None:
                continue
            end = comma.start()
        for comma in _COMMA.finditer(reading.text, mark.end, end):
            if any(
                (act.form != "noun" or act.sense.mode == "exchange") and 0 <= act.start - comma.end() <= 1
                for act in reading.by_class.get("act", ())
            ) or _counts_dead(reading, comma.end() + 1):
                end = comma.start()
                break
        for mention in weighed:
            if mark.end <= mention.start < end and mention.factor > GROUND and mention.sense.cls != "mood":
                mention.factor = GROUND
                mention.note = f"only the ground of the news, after “{reading.text[mark.start : mark.end]}”"


def _counts_dead(reading: Reading, at: int) -> bool:
    """Whether a count of the dead or wounded opens a clause: ", 25 dead"."""
    end = at + _COUNT_REACH
    harms = [h for h in reading.by_class.get("harm", ()) if at <= h.start <= end]
    counted = reading.text[at : at + 1].isdigit() or any(
        m.start == at for m in reading.by_class.get("number", ())
    )
    return counted and bool(harms)


def _apply_mood(reading: Reading) -> None:
    acts = reading.all("act", "harm")
    for mood in reading.by_class.get("mood", ()) if acts else ():
        wide = mood.sense.mode in {"deny", "drill"}
        reach = mood.sense.reach or _MOOD_REACH
        for act in acts:
            behind = mood.end <= act.start <= mood.end + reach and act.sentence == mood.sentence
            before = mood.sense.mode == "after" and 0 <= mood.start - act.end <= _NEXT
            if behind and mood.sense.mode == "claim" and act.sense.mode == "killed":
                mood.factor = CLAIM
                act.note = "told as an accusation"
            elif (wide and not _is_told_before(reading, act, mood)) or behind or before:
                act.factor = min(act.factor, GOVERNED)
                act.note = f"{mood.sense.name}: “{reading.text[mood.start : mood.end]}”"


def _is_told_before(reading: Reading, act: Mention, mood: Mention) -> bool:
    """Whether the act stands in a clause of its own before somebody denies: "ship hit; X denies it"."""
    if mood.sense.mode != "deny" or act.end > mood.start:
        return False
    parted = _PARTED.search(reading.text, act.end, mood.start)
    return parted is not None and any(
        parted.end() <= actor.start and 0 <= mood.start - actor.end <= _NEXT
        for actor in reading.all("actor", "force")
    )


def _apply_past(reading: Reading) -> None:
    """A mark of the past speaks for its whole sentence; in a title for all of it."""
    for past in reading.by_class.get("past", ()):
        for act in reading.all("act", "harm"):
            if act.sentence == past.sentence or reading.field == "title":
                act.factor = min(act.factor, GOVERNED)
                act.note = f"{past.sense.name}: “{reading.text[past.start : past.end]}”"
