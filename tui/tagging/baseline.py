"""What plain keywords would say of the same lines: the mark that the tagger has to beat."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from tui.model import Front, Kind, Tags
from tui.tagging.compiled import load_built_in
from tui.tagging.fronts import FrontRules
from tui.tagging.language import detect
from tui.tagging.lexicon import Lexicon
from tui.tagging.match import Matcher
from tui.tagging.own import add_own

_NAMES: Final = frozenset({"actor", "place", "topic"})
_ATTACK: Final = frozenset({"act", "harm"})


class Keywords:
    """Front words plus attack words, as most watchers of feeds do it, with the very lists of the tagger.

    A text is on every front of which a name stands in it, and an incident where a word of an act or of harm
    stands beside. Nothing is weighed.
    """

    def __init__(self, fronts: Sequence[Front], *, lexicon: Lexicon | None = None) -> None:
        """``lexicon``: as for :class:`tui.tagging.tagger.Tagger`."""
        lexicon = load_built_in() if lexicon is None else lexicon
        add_own(lexicon, fronts)
        self._matcher = Matcher(lexicon)
        self._rules = FrontRules(fronts, frozenset(), frozenset())

    @property
    def fronts(self) -> tuple[str, ...]:
        """Ids of the fronts, in the watch's order."""
        return tuple(self._rules.order)

    def tag(self, title: str, summary: str = "", *, language: str = "", link: str = "") -> Tags:
        """Fronts, and ``incident`` or ``other``; ``link`` is not looked at."""
        spoken = detect(f"{title} {summary}", language)
        senses = [
            s for text in (title, summary) for hit in self._matcher.find(text, spoken) for s in hit.senses
        ]
        named = {front for sense in senses if sense.cls in _NAMES for front in self._rules.of(sense)}
        fronts = tuple(front for front in self._rules.order if front in named)
        attack = bool(fronts) and any(sense.cls in _ATTACK for sense in senses)
        return Tags(fronts, Kind.INCIDENT if attack else Kind.OTHER)
