"""Whether a text is about the conflict of the watched region, or of another, at all."""

from __future__ import annotations

from typing import Final

from tui.tagging.lexicon import Lexicon
from tui.tagging.match import Hit
from tui.tagging.reading import Reading

_SHARP: Final = frozenset({"act", "harm", "weapon", "force"})
_FIGHTING: Final = frozenset({"attack", "clash", "intercept", "blast", "seize"})


class Relevance:
    """Knows which sides belong to the region: those of which some actor is at home on some front's list."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._sides = {
            spelling.sense.side
            for spellings in lexicon.spellings.values()
            for spelling in spellings
            if spelling.sense.cls == "actor" and spelling.sense.home and spelling.sense.side
        } - set(lexicon.great_powers) - {"other"}

    def may_matter(self, title: list[Hit], summary: list[Hit]) -> bool:
        """A quick look: False only where :meth:`is_related` could not become true either."""
        for hit in title:
            for sense in hit.senses:
                if sense.home or sense.cls in _SHARP or sense.side in self._sides:
                    return True
        for hit in summary:
            for sense in hit.senses:
                if sense.home or sense.side in self._sides:
                    return True
        return False

    def is_related(self, title: Reading, summary: Reading) -> bool:
        """A name of the region in the title; or one in the summary beside an act; or fighting anywhere in the world."""
        if self._names(title):
            return True
        acts = [a for a in title.by_class.get("act", ()) if a.sense.mode in _FIGHTING]
        if self._names(summary) and (acts or title.all("weapon", "force", "mood", "target", "actor", "harm")):
            return True
        armed = title.all("force", "weapon", "actor")
        killed = [h for h in title.by_class.get("harm", ()) if h.sense.mode == "killed"]
        return bool(armed and (acts or killed) and title.all("place", "actor", "force"))

    def _names(self, reading: Reading) -> bool:
        return any(
            m.sense.home or (m.sense.side in self._sides) for m in reading.all("actor", "place", "topic")
        )
