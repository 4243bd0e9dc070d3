"""How many were killed in this event, as far as a text says so."""

from __future__ import annotations

import re
from typing import Final

from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading
from tui.tagging.roles import NEAR, NEXT

_MOST_KILLED: Final = 2_000
"""A higher number is the toll of a war, not of an event."""
_BEHIND: Final = 4
"""What a number behind a noun loses: "two dead in one raid"."""
_ONE: Final = 12
"""What a person loses beside a number: "two soldiers killed" names both. Also how close a wound must be."""
_NUMERAL: Final = re.compile(
    r"(?<![\w.,/])(?<![^\u0590-\u05ff]-)(\d{1,3}(?:[,٬]\d{3})+|\d{1,4})"
    r"(?![\w/%]|[.,:]\d|-\w| (?:million|billion|milliard)|[ -]מיליון| مليون| میلیون)"
)
_OBJECT: Final = 70
"""Characters behind a verb of killing within which its object may stand."""
_AGE: Final = re.compile(r"[,،] \d{1,3}[,،]|.\(\d{1,3}(?: \w+)?\)")
"""An age stands between commas or in brackets behind a name: "soldier, 20, killed"."""
_OLDEST: Final = 120
_AND: Final = re.compile(r"[,;]|\b(?:and|et)\b", re.IGNORECASE)
"""What parts the dead from a number of wounded: "killed and three others wounded"."""
_OPENING: Final = re.compile(r"(?<!\S)\d{1,4}(?=\s)")
_JOINED: Final = re.compile(
    r"\b(?:and (?:an?|one|his|her|their|its|the)|et (?:une?|son|sa|leur)) (?:\w+ ){0,2}$", re.IGNORECASE
)
_JOINED_REACH: Final = 28
_RISEN: Final = re.compile(r"(?:\b(?:to|at|hits|reaches|passes|à)|إلى|به|ל-?) ?(?:at least )?$")
"""What stands right before the number that a toll has come to."""
_BESIDE: Final = 40
"""Characters before "11 others" within which a number counts the ones named first."""
_RIGHT_TO_LEFT: Final = "\u0590"
"""From here on scripts in which the number of a noun of harm stands behind it."""
_YEARS: Final = range(1900, 2100)


def count_killed(
    title: Reading, summary: Reading, lead: Mention | None
) -> tuple[int | None, list[tuple[str, Mention | None, str]]]:
    """Highest number told for this event, 0 where nobody was hurt, None where it is not said; reasons.

    ``lead``: the act that leads, for the dead of the attack that it answers are not its own.
    """
    reasons: list[tuple[str, Mention | None, str]] = []
    numbers: list[int] = []
    others: set[int | None] = set()
    nobody: Mention | None = None
    for reading in (title, summary):
        one_act = bool(title.by_class.get("act")) and (reading is title or _is_other_act(lead))
        totals = {
            m.sentence for m in reading.by_class.get("total", ()) if not (one_act and m.sense.id == "toll")
        }
        for harm in reading.by_class.get("harm", ()):
            if reading is summary and harm.sentence > 1:
                continue
            if harm.sense.mode == "none":
                nobody = nobody or harm
            if harm.sense.mode != "killed" or harm.factor <= GOVERNED or harm.sentence in totals:
                continue
            if reading is summary and None in others:
                continue  # the title says that the dead are those of the attack that is answered
            number = _number_near(reading, harm)
            if harm.factor <= GROUND and _is_other_act(lead):
                others.add(number)
            elif number is not None and 0 < number <= _MOST_KILLED and number not in others:
                numbers.append(number)
                reasons.append(("killed", harm, f"{number} killed"))
    counted = _toll(title) if lead is not None else None
    if counted is not None:
        numbers.append(counted[0])
        reasons.append(("killed", counted[1], f"{counted[0]} killed, by the toll of the act"))
    if numbers:
        return max(numbers), reasons
    if nobody is not None:
        return 0, [("killed", nobody, "nobody was hurt")]
    return None, []


def _toll(title: Reading) -> tuple[int, Mention] | None:
    """What the toll of one act has come to: the last number behind the word, "toll of raid rises to 12"."""
    for toll in title.by_class.get("total", ()):
        if toll.sense.id != "toll" or not title.by_class.get("act"):
            continue
        found = [
            (match.start(), int(re.sub(r"\D", "", match.group())))
            for match in _NUMERAL.finditer(title.text, toll.end)
        ]
        found += [
            (m.start, int(m.sense.weight)) for m in title.by_class.get("number", ()) if m.start >= toll.end
        ]
        behind = [(at, number) for at, number in found if title.sentence_at(at) == toll.sentence]
        behind = [pair for pair in behind if _RISEN.search(title.text, 0, pair[0])] or behind
        if behind and 0 < max(behind)[1] <= _MOST_KILLED and max(behind)[1] not in _YEARS:
            return max(behind)[1], toll
    return None


def _is_other_act(lead: Mention | None) -> bool:
    """Whether the lead is an act told as news, so that the dead of the ground are those of another event."""
    return lead is not None and lead.sense.cls == "act" and lead.factor > GROUND


def _number_near(reading: Reading, harm: Mention) -> int | None:
    """The number that belongs to a word of killing: before it in its sentence, or right behind it."""
    text = reading.text
    begin = max(harm.start - 45, reading.breaks[harm.sentence - 1] if harm.sentence else 0)
    end = min(
        harm.end + 25, reading.breaks[harm.sentence] if harm.sentence < len(reading.breaks) else len(text)
    )
    told = [
        (m.start(), m.end(), int(re.sub(r"\D", "", m.group()))) for m in _NUMERAL.finditer(text, begin, end)
    ]
    told = [(at, to, number) for at, to, number in told if not _is_name(reading, at, to, number)]
    told += [(at, to, n) for at, to, n in _words(reading) if n > 1 or _distance(at, to, harm) <= NEXT]
    near = [
        (_distance(at, to, harm), number, to)
        for at, to, number in told
        if begin <= at
        and to <= end
        and not _is_of_wounded(reading, harm, at, to)
        and not _is_part(reading, to)
        and not _is_of_other_clause(reading, harm, at)
    ]
    if not any(number > 1 and at < harm.start for at, _, number in told):
        last = _object_end(reading, harm, end)
        near += [
            (_distance(m.start, m.end, harm) + _ONE, 1, m.end)
            for m in reading.by_class.get("person", ())
            if begin <= m.start and m.end <= last and not _is_joined(text, m.start, begin)
        ]
    if not near:
        return _opening_number(reading, harm) if harm.form == "passive" else None
    _, number, to = min(near)
    return number + _and_others(reading, number, to, harm)


def _opening_number(reading: Reading, harm: Mention) -> int | None:
    """The number that opens a sentence which a verb of killing ends: "Three sailors in a raid ... died"."""
    begin = reading.breaks[harm.sentence - 1] if harm.sentence else 0
    persons = reading.all("person", "force", "actor", "target")
    numerals = [(m.start(), m.end(), int(m.group())) for m in _OPENING.finditer(reading.text, begin)][:1]
    for start, end, number in numerals + _words(reading):
        opens = 0 <= start - begin <= NEXT
        if opens and number < _MOST_KILLED and any(0 <= m.start - end <= NEXT for m in persons):
            return number
    return None


def _object_end(reading: Reading, harm: Mention, end: int) -> int:
    """Where the object of a verb of killing may end: names and adjectives may stand before the person."""
    if harm.form != "verb":
        return end
    stops = [m.start for m in reading.all("toward", "ground", "act", "say") if m.start >= harm.end]
    breaks = [at for at in reading.breaks if at > harm.end]
    return max(end, min([harm.end + _OBJECT, *stops, *breaks, len(reading.text)]))


def _is_joined(text: str, start: int, begin: int) -> bool:
    """Whether an "and" stands right before: that person is counted with the one before."""
    return _JOINED.search(text, max(begin, start - _JOINED_REACH), start) is not None


def _and_others(reading: Reading, number: int, counted: int, harm: Mention) -> int:
    """How many more are named beside those counted: "X and 11 others", "soldiers and their interpreter"."""
    others = reading.by_class.get("others", ())
    if any(0 <= m.start - counted <= NEXT for m in others):
        first = [n for _, to, n in _words(reading) if 0 <= counted - to <= _BESIDE and n != number]
        named = [
            m
            for m in reading.by_class.get("person", ())
            if harm.end <= m.start <= counted <= m.end + 2 * _BESIDE
        ]
        return max([1, len(named), *first])
    stop = harm.start if counted <= harm.start else counted + _OBJECT
    for mark in others:
        if counted <= mark.start <= stop and mark.sentence == harm.sentence:
            for start, to, more in _counts(reading):
                if counted > start or not 0 <= mark.start - to <= NEXT:
                    continue
                if not _is_of_wounded(reading, harm, start, to):
                    persons = reading.by_class.get("person", ())
                    return more + sum(counted <= m.start < start for m in persons)
    persons = [
        m
        for m in reading.by_class.get("person", ())
        if counted <= m.start < stop and m.sentence == harm.sentence
    ]
    joined = [n for n, m in enumerate(persons, 1) if _is_joined(reading.text, m.start, counted)]
    return joined[-1] if joined else 0


def _counts(reading: Reading) -> list[tuple[int, int, int]]:
    """Start, end and value of numerals and number words."""
    return [(m.start(), m.end(), int(m.group())) for m in _OPENING.finditer(reading.text)] + _words(reading)


def _words(reading: Reading) -> list[tuple[int, int, int]]:
    """Start, end and value of the number words."""
    return [(m.start, m.end, int(m.sense.weight)) for m in reading.by_class.get("number", ())]


def _is_name(reading: Reading, start: int, end: int, number: int) -> bool:
    """Whether it is a year, an age, or the number of a battalion, a day or a road."""
    labels = reading.by_class.get("label", ())
    if number < _OLDEST and _AGE.match(reading.text, start - 2 if start > 1 else 0) is not None:
        return True
    return (number in _YEARS and end - start == 4) or any(0 <= start - m.end <= NEXT for m in labels)


def _is_of_other_clause(reading: Reading, harm: Mention, start: int) -> bool:
    """Whether a word that opens another clause parts the number from a passive before it."""
    if harm.form != "passive" or start < harm.end:
        return False
    return any(harm.end <= m.start < start for m in reading.by_class.get("ground", ()))


def _is_part(reading: Reading, end: int) -> bool:
    """Whether it counts some of those counted before: "ten killed, seven of them children"."""
    return any(0 <= part.start - end <= NEXT for part in reading.by_class.get("part", ()))


def _is_of_wounded(reading: Reading, harm: Mention, start: int, end: int) -> bool:
    """Whether the number is that of a word of wounding: "five hurt" behind it, "wounds five" before it."""
    for wound in reading.by_class.get("harm", ()):
        if wound.sense.mode != "wounded":
            continue
        right_to_left = reading.text[wound.start] > _RIGHT_TO_LEFT
        if (wound.form == "verb" or right_to_left) and 0 <= start - wound.end <= NEXT:
            return True
        if right_to_left and 0 <= start - harm.end <= 1:
            continue  # there the number of a noun stands behind it
        joined = start >= harm.end and not right_to_left and _AND.search(reading.text, harm.end, start)
        reach = _ONE + NEAR // 2 if joined else _ONE
        if wound.form != "verb" and 0 <= wound.start - end <= reach and not end <= harm.start < wound.start:
            return True
    return False


def _distance(start: int, end: int, harm: Mention) -> int:
    """Characters between a number and its word of killing; behind a noun they count more."""
    if start < harm.end:
        return harm.start - end
    return start - harm.end + (0 if harm.form == "verb" else _BEHIND)
