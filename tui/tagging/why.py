"""The tags of one text told to a person: what matched, what it weighed, what decided, what was missing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from tui.model import Evidence, Kind, Place, Tags
from tui.tagging.kinds import ENOUGH

_NOTHING: Final = {
    "fronts": "no name of a watched front stands in it",
    "kind": "nothing in it is about the region or about fighting",
    "facts": "",
}
"""What is told where nothing speaks for any; no words: the heading is left out."""
_OPEN: Final = "["
_CLOSE: Final = "]"


@dataclass(frozen=True, slots=True)
class Argument:
    """What speaks for one front or one kind; of the facts, all of them."""

    about: str
    """``fronts``, ``kind`` or ``facts``."""
    name: str
    """Front id or kind; empty for the facts."""
    evidence: tuple[Evidence, ...]

    @property
    def weight(self) -> float:
        """What its evidence weighs together."""
        return sum(e.weight for e in self.evidence)


def arguments(tags: Tags) -> list[Argument]:
    """The evidence by what it speaks for: fronts, kinds, facts, the weightiest first in each."""
    groups: dict[tuple[str, str], list[Evidence]] = defaultdict(list)
    for e in tags.evidence:
        sort, _, name = e.why.partition(": ")[0].partition(" ")
        about = {"front": "fronts", "kind": "kind"}.get(sort, "facts")
        groups[about, name if about != "facts" else ""].append(e)
    found = [Argument(about, name, tuple(pieces)) for (about, name), pieces in groups.items()]
    return sorted(found, key=lambda a: (("fronts", "kind", "facts").index(a.about), -a.weight))


def reason(e: Evidence) -> str:
    """The words of one piece of evidence, without what it speaks for where its argument names that."""
    subject, colon, words = e.why.partition(": ")
    return words if colon and subject.partition(" ")[0] in {"front", "kind"} else e.why


def explain(title: str, summary: str, tags: Tags) -> str:
    """Plain text of several lines. ``tags`` must be those of this very title and summary."""
    lines = [mark(title, [e for e in tags.evidence if e.field == "title"])]
    if summary:
        lines.append(mark(summary, [e for e in tags.evidence if e.field == "summary"]))
    lines += ["", *_verdict(tags)]
    told = arguments(tags)
    for about, nothing in _NOTHING.items():
        own = [argument for argument in told if argument.about == about]
        if own or nothing:
            lines += ["", about.capitalize(), *([] if own else [f"  {nothing}"])]
        for argument in own:
            lines += [f"  {argument.name} {argument.weight:.2f}"] if argument.name else []
            lines += [f"    {_weight(e)}{_quoted(e)}{reason(e)}" for e in argument.evidence]
    if sentences := missing(tags):
        lines += ["", *sentences]
    return "\n".join(lines)


def mark(text: str, evidence: list[Evidence]) -> str:
    """The text with brackets around what matched; what overlaps is marked as one."""
    spans: list[tuple[int, int]] = []
    for start, end in sorted({(e.start, e.end) for e in evidence if e.end > e.start}):
        if spans and start < spans[-1][1]:
            spans[-1] = (spans[-1][0], max(end, spans[-1][1]))
        else:
            spans.append((start, end))
    out, at = [], 0
    for start, end in spans:
        out += [text[at:start], _OPEN, text[start:end], _CLOSE]
        at = end
    return "".join((*out, text[at:]))


def _verdict(tags: Tags) -> list[str]:
    lines = [f"kind      {tags.kind}", f"fronts    {', '.join(tags.fronts) or 'none'}"]
    if tags.type is not None:
        lines += [f"type      {tags.type}", f"by        {tags.by}"]
        lines += [f"killed    {_number(tags.killed)}", f"wounded   {_number(tags.wounded)}"]
        lines += [f"severity  {tags.severity}"]
        lines += [f"tripwire  {name}" for name in tags.tripwires]
        told = {"weapon": tags.weapon, "target": tags.target, "said by": tags.said_by, "claim": tags.claim}
        lines += [f"{what:<9} {value}" for what, value in told.items() if value is not None]
    if tags.places:
        lines.append(f"places    {', '.join(map(_place, tags.places))}")
    return lines


def _number(value: int | None) -> str:
    return "not said" if value is None else str(value)


def _place(place: Place) -> str:
    return f"{place.name} ({place.kind})" if place.kind else place.name


def _weight(e: Evidence) -> str:
    return f"{e.weight:+.2f}  " if e.weight or e.why.startswith(("front ", "kind ")) else ""


def _quoted(e: Evidence) -> str:
    return f"“{e.term}” in the {e.field}: " if e.term else f"the {e.field}: "


def missing(tags: Tags) -> list[str]:
    """Sentences: what kept it from being an incident on a front, and what was missing for the next kind."""
    kinds = {a.name: a.weight for a in arguments(tags) if a.about == "kind"}
    if tags.tripwires:
        return ["A tripwire of the watch makes it a critical incident, whatever else it is."]
    if tags.kind is Kind.INCIDENT and not tags.fronts:
        return ["It is an incident, but on no front of this watch: no place or actor of one is named."]
    own = kinds.pop(str(tags.kind), 0.0)
    lines = [] if tags.kind is Kind.INCIDENT else [_no_incident(tags.kind, own, kinds)]
    kinds.pop("incident", None)
    following = max(kinds, key=lambda kind: kinds[kind], default="")
    if following and own > 0.0 and kinds[following] < own:
        lines.append(
            f"Next is {following} with {kinds[following]:.2f}: "
            f"{own - kinds[following]:.2f} more would have made it the kind."
        )
    return lines


def _no_incident(kind: Kind, own: float, kinds: Mapping[str, float]) -> str:
    acts = kinds.get("incident", 0.0)
    if not kinds and not own:
        return "It is no incident: no word of it tells of fighting beside somebody who fights."
    if acts < ENOUGH:
        return (
            f"It is no incident: acts told as happened weigh {acts:.2f}, and {ENOUGH:.2f} is needed, "
            f"{ENOUGH - acts:.2f} more."
        )
    return f"It is no incident: what speaks for {kind} weighs {own:.2f}, the acts told only {acts:.2f}."
