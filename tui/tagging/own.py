"""What a watch adds to the built-in lists: the terms and vetoes of its fronts, and files of its own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from tui.model import Front
from tui.tagging.fronts import own_home
from tui.tagging.language import BIT, LANGUAGES
from tui.tagging.lexicon import Lexicon, Sense, Spelling, load_own

_EVERY_LANGUAGE: Final = sum(BIT[language] for language in LANGUAGES)
_SUFFIX: Final = ".toml"
"""What tells the path of a file from the name of a built-in list."""


def add_own(lexicon: Lexicon, fronts: Sequence[Front]) -> None:
    """Add them. Where a name of theirs is also one of a region that is not watched, theirs is meant.

    Raises :class:`tui.tagging.lexicon.LexiconError` for a file that can't be read.
    """
    watched = {name for front in fronts for name in front.lexicons}
    for path in sorted(name for name in watched if name.endswith(_SUFFIX)):
        lexicon.override(load_own(Path(path)), watched)
    terms = Lexicon()
    for front in fronts:
        for text in front.terms:
            add_term(terms, front.id, text)
        for text in front.vetoes:
            sense = Sense(f"{front.id}:{text}", text, "veto", home=own_home(front.id), whole=True)
            terms.add(text, Spelling(sense, _EVERY_LANGUAGE))
    lexicon.override(terms, watched)


def add_term(lexicon: Lexicon, front: str, text: str) -> None:
    """Add a word of the watch's own that puts a text on a front.

    It may be a place or somebody who acts, so it counts as both: a place without a position, an actor of no
    side.
    """
    home = own_home(front)
    for cls, kind in (("place", "region"), ("actor", "")):
        sense = Sense(f"{front}:{text}", text, cls, home=home, place_kind=kind)
        lexicon.add(text, Spelling(sense, _EVERY_LANGUAGE))


def add_incident_word(lexicon: Lexicon, text: str) -> None:
    """Add a word that says that an attack happens, by whatever weapon."""
    sense = Sense(text, text, "act", mode="attack", form="verb", weight=1.6)
    lexicon.add(text, Spelling(sense, _EVERY_LANGUAGE))
