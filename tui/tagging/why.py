"""The tags of one text told to a person: what matched, what it weighed, what decided, what was missing."""

from __future__ import annotations

from collections import defaultdict
from typing import Final

from tui.model import Evidence, Kind, Place, Tags
from tui.tagging.kinds import ENOUGH

_OPEN: Final = "["
_CLOSE: Final = "]"


def explain(title: str, summary: str, tags: Tags) -> str:
    """Plain text of several lines. ``tags`` must be those of this very title and summary."""
    lines = [mark(title, [e for e in tags.evidence if e.field == "title"])]
    if summary:
        lines.append(mark(summary, [e for e in tags.evidence if e.field == "summary"]))
    lines += ["", *_verdict(tags)]
    fronts, kinds, facts = _sorted_evidence(tags)
    lines += _section("Fronts", fronts, "no name of a watched front stands in it")
    lines += _section("Kind", kinds, "nothing in it is about the region or about fighting")
    if facts:
        lines += ["", "Facts", *(f"  {_quoted(e)}{e.why}" for e in facts)]
    lines += ["", *_missing(tags, kinds)]
    return "\n".join(lines) + "\n"


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


def _sorted_evidence(
    tags: Tags,
) -> tuple[dict[str, list[Evidence]], dict[str, list[Evidence]], list[Evidence]]:
    fronts: dict[str, list[Evidence]] = defaultdict(list)
    kinds: dict[str, list[Evidence]] = defaultdict(list)
    facts: list[Evidence] = []
    for e in tags.evidence:
        subject, _, _ = e.why.partition(": ")
        sort, _, name = subject.partition(" ")
        if sort == "front":
            fronts[name].append(e)
        elif sort == "kind":
            kinds[name].append(e)
        else:
            facts.append(e)
    return fronts, kinds, facts


def _section(heading: str, groups: dict[str, list[Evidence]], nothing: str) -> list[str]:
    lines = ["", heading]
    if not groups:
        return [*lines, f"  {nothing}"]
    for name, found in sorted(groups.items(), key=lambda item: -sum(e.weight for e in item[1])):
        lines.append(f"  {name} {sum(e.weight for e in found):.2f}")
        lines += [f"    {e.weight:+.2f}  {_quoted(e)}{e.why.partition(': ')[2]}" for e in found]
    return lines


def _quoted(e: Evidence) -> str:
    return f"“{e.term}” in the {e.field}: " if e.term else f"the {e.field}: "


def _missing(tags: Tags, kinds: dict[str, list[Evidence]]) -> list[str]:
    """What kept it from being an incident on a front."""
    if tags.kind is Kind.INCIDENT:
        return (
            []
            if tags.fronts
            else ["It is an incident, but on no front of this watch: no place or actor of one is named."]
        )
    weight = sum(e.weight for e in kinds.get("incident", ()))
    if not kinds:
        return ["It is no incident: no word of it tells of fighting beside somebody who fights."]
    if weight < ENOUGH:
        return [f"It is no incident: acts told as happened weigh {weight:.2f}, and {ENOUGH:.2f} is needed."]
    other = sum(e.weight for e in kinds.get(str(tags.kind), ()))
    return [
        f"It is no incident: what speaks for {tags.kind} weighs {other:.2f}, the acts told only {weight:.2f}."
    ]
