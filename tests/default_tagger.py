"""The tagger of the default watch's three fronts, built once for all tests of tagging."""

from __future__ import annotations

from functools import cache
from typing import Final

from tui.model import Front, Tags, Tripwire
from tui.tagging.tagger import Tagger

FRONTS: Final = tuple(
    Front(name, name, "UTC", name, (name,)) for name in ("lebanon-border", "iraq-syria", "yemen")
)


@cache
def tagger_of(fronts: tuple[Front, ...], tripwires: tuple[Tripwire, ...] = ()) -> Tagger:
    """The tagger of these fronts, built when it is first asked for: once built it is never changed."""
    return Tagger(fronts, tripwires)


TAGGER: Final = tagger_of(FRONTS)


def tag(
    title: str, summary: str = "", *, language: str = "", front: str | None = None, link: str = ""
) -> Tags:
    """Tags of a text on the three fronts."""
    return TAGGER.tag(title, summary, language=language, front=front, link=link)
