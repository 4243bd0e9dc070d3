"""The watch's tripwires: what makes an incident critical whatever else it is."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Final

from tui.model import Evidence, Tags, Tripwire
from tui.tagging.language import BIT, LANGUAGES
from tui.tagging.lexicon import Lexicon, Sense, Spelling
from tui.tagging.match import Hit, Matcher

_EVERY_LANGUAGE: Final = sum(BIT[language] for language in LANGUAGES)


class Tripwires:
    """The tripwires of one watch, their terms in an automaton of their own: they change no other word."""

    def __init__(self, tripwires: Sequence[Tripwire]) -> None:
        self._tripwires = tripwires
        lexicon = Lexicon()
        for number, tripwire in enumerate(tripwires):
            for term in tripwire.terms:
                # Written with a capital it is a name: "US" is not found where a text says "us".
                sense = Sense(str(number), term, "topic")
                lexicon.add(term, Spelling(sense, _EVERY_LANGUAGE, capital=term[:1].isupper()))
        self._matcher = Matcher(lexicon)
        self.kinds: Final = frozenset(kind for tripwire in tripwires for kind in tripwire.kinds)
        """Kinds of text that may meet one at all."""

    def met(
        self, tags: Tags, against: str, title: str, summary: str, language: str
    ) -> list[tuple[Tripwire, Evidence]]:
        """Those that the text meets, each with the evidence that names it. ``against``: who suffered it."""
        if tags.kind not in self.kinds or not tags.fronts:
            return []
        first: dict[str, Evidence] = {}
        for field, text, hits in (
            ("title", title, self._matcher.find(title, language)),
            ("summary", summary, self._matcher.find(summary, language)),
        ):
            for hit in hits:
                for sense in hit.senses:
                    first.setdefault(sense.id, _evidence(field, text, hit))
        return [
            (tripwire, first.get(str(number), Evidence("", 0, 0, "title", "")))
            for number, tripwire in enumerate(self._tripwires)
            if _holds(tripwire, tags, against) and (not tripwire.terms or str(number) in first)
        ]


def _evidence(field: str, text: str, hit: Hit) -> Evidence:
    return Evidence(text[hit.start : hit.end], hit.start, hit.end, field, "")


def _holds(tripwire: Tripwire, tags: Tags, against: str) -> bool:
    """Whether every stated condition but the terms holds."""
    return (
        tags.kind in tripwire.kinds
        and (not tripwire.fronts or bool(set(tripwire.fronts) & set(tags.fronts)))
        and (not tripwire.by or tags.by in tripwire.by)
        and (not tripwire.against or against in tripwire.against)
        and (not tripwire.types or tags.type in tripwire.types)
        and (tripwire.killed_at_least is None or (tags.killed or 0) >= tripwire.killed_at_least)
    )


def unknown_sides(tripwires: Sequence[Tripwire], sides: Collection[str]) -> list[str]:
    """A sentence for each side that no list knows, so that a tripwire on it can never be met."""
    known = ", ".join(sorted(sides))
    return [
        f'tripwire "{tripwire.name}": "{side}" is no side; the lists of this watch know {known}'
        for tripwire in tripwires
        for side in dict.fromkeys((*tripwire.by, *tripwire.against))
        if side not in sides
    ]
