"""How many were killed in this event, as far as a text says so."""

from __future__ import annotations

import re
from typing import Final

from tui.tagging.reading import GOVERNED, GROUND, Mention, Reading
from tui.tagging.roles import NEXT

_MOST_KILLED: Final = 5_000
"""A higher number is the toll of a war, not of an event."""
_BEHIND: Final = 4
"""What a number behind a noun loses: "two dead in one raid"."""
_NUMERAL: Final = re.compile(r"(?<![\w.,/-])(\d{1,3}(?:[,٬]\d{3})+|\d{1,4})(?![\w/%]|[.,:]\d|-\d)")
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
        one_act = reading is title and bool(title.by_class.get("act"))
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
    found: list[tuple[int, int]] = []
    wounds = [m for m in reading.by_class.get("harm", ()) if m.sense.mode == "wounded"]
    for match in _NUMERAL.finditer(text, begin, end):
        number = int(re.sub(r"\D", "", match.group()))
        if number in _YEARS and len(match.group()) == 4:
            continue
        if any(0 <= match.start() - label.end <= NEXT for label in reading.by_class.get("label", ())):
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
        (gap, number) for gap, number in found if all(gap <= abs(w.start - harm.end) + 40 for w in wounds)
    ]
    return min(nearer)[1] if nearer else None


def _distance(start: int, end: int, harm: Mention) -> int:
    """Characters between a number and its word of killing; behind a noun they count more."""
    if start < harm.end:
        return harm.start - end
    return start - harm.end + (0 if harm.form == "verb" else _BEHIND)
