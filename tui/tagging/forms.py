"""The marks of form: patterns on title or summary, and folders of the link, that say what sort of text it is.

Hardly any text has one, so what costs is to find that it has none. A pattern is a choice of many, and Python
tries all of a choice at every letter. Here each is tried by itself: those that stand at the beginning only
there, those that hold a plain word only where the text holds it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from tui.tagging.kinds import NO_SENSE, Weighing
from tui.tagging.lexicon import Form, Section
from tui.tagging.reading import Mention

_PIECE: Final = re.compile(r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]|.", re.DOTALL)
"""An escaped character, a set, or one character of a pattern."""
_WORD: Final = re.compile(r"(?:\\b)?([\w ,]{3,})(?![?*{])")
"""Plain letters at the beginning of a pattern, of which none may be missing."""


class FormRules:
    """The marks of form of the lexicons, compiled once."""

    def __init__(self, forms: list[Form], sections: list[Section]) -> None:
        self._forms = [(form, Choice(form.pattern).search) for form in forms]
        self._sections = {name: section for section in sections for name in section.names}

    def apply(self, weighing: Weighing, title: str, summary: str, link: str) -> None:
        """Add what the form of title and summary and the folders of the link say."""
        small = {"title": title.lower(), "summary": summary.lower()}
        same_length = {"title": len(title), "summary": len(summary)}
        for form, search in self._forms:
            match = search(small[form.field])
            if match:
                even = len(small[form.field]) == same_length[form.field]
                at = Mention(match.start(), match.end(), NO_SENSE) if even else None
                weighing.add(form.kind, form.field, at, form.weight, form.why)
        seen: set[str] = set()
        for folder in link.lower().split("/")[3:-1]:
            section = self._sections.get(folder)
            if section is not None and section.why not in seen:
                seen.add(section.why)
                weighing.add(section.kind, "link", None, section.weight, section.why)


class Choice:
    """A pattern of which each way to match is looked for by itself. Finds what the pattern finds."""

    def __init__(self, pattern: str) -> None:
        """Raises :class:`re.error`."""
        whole = re.compile(pattern)
        self._whole = whole.search
        # With flags or groups the ways may hang together; then the pattern stays whole.
        ways = list(alternatives(pattern)) if not whole.groups and whole.flags == re.UNICODE else [pattern]
        at_start = [way for way in ways if way.startswith("^")]
        self._at_start = re.compile("|".join(at_start)).match if at_start else None
        self._anywhere = [(_word(way), re.compile(way).search) for way in ways if not way.startswith("^")]

    def search(self, text: str) -> re.Match[str] | None:
        """The same as ``re.search(pattern, text)``."""
        if self._at_start is None or self._at_start(text) is None:
            for word, search in self._anywhere:
                if word in text and search(text) is not None:
                    break
            else:
                return None
        return self._whole(text)


def alternatives(pattern: str) -> Iterator[str]:
    """The ways to match of which a pattern is a choice: what ``|`` parts outside of brackets."""
    begin = depth = 0
    for piece in _PIECE.finditer(pattern):
        sign = piece.group()
        depth += (sign == "(") - (sign == ")")
        if sign == "|" and not depth:
            yield pattern[begin : piece.start()]
            begin = piece.end()
    yield pattern[begin:]


def _word(way: str) -> str:
    """What a text must hold for this way to match; empty where that can't be told at a glance."""
    plain = _WORD.match(way)
    return plain.group(1) if plain else ""
