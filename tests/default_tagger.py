"""The tagger of the default watch's three fronts, built once for all tests of tagging."""

from __future__ import annotations

from typing import Final

from tui.model import Front, Tags
from tui.tagging.tagger import Tagger

FRONTS: Final = tuple(
    Front(name, name, "UTC", name, (name,)) for name in ("lebanon-border", "iraq-syria", "yemen")
)
TAGGER: Final = Tagger(FRONTS)


def tag(
    title: str, summary: str = "", *, language: str = "", front: str | None = None, link: str = ""
) -> Tags:
    """Tags of a text on the three fronts."""
    return TAGGER.tag(title, summary, language=language, front=front, link=link)
