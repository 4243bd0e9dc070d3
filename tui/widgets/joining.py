"""Arabic letters in their joined forms, which a terminal does not choose by itself.

Which forms there are is read from Unicode's own data: each character of the two blocks of presentation forms
says which letter it is a form of, and where (``<initial> 0628``).
"""

from __future__ import annotations

import unicodedata
from functools import cache, lru_cache
from typing import Final

_BLOCKS: Final = (range(0xFB50, 0xFDFB), range(0xFE70, 0xFEFD))
_ALONE, _LAST, _FIRST, _INSIDE = "<isolated>", "<final>", "<initial>", "<medial>"
_LAM: Final = "\u0644"
_TATWEEL: Final = "\u0640"
"""Lengthens a word: joined on both sides, and the same everywhere."""


@lru_cache(8192)
def joined(letters: str) -> str:
    """A row of Arabic letters without marks in their joined forms; lam and alef become one character.

    A letter that has no forms stays as it is, and breaks the row.
    """
    forms = _forms()
    parts = _parts(letters)
    shown = []
    for at, part in enumerate(parts):
        before = at > 0 and _FIRST in forms.get(parts[at - 1], {})
        after = at + 1 < len(parts) and _LAST in forms.get(parts[at + 1], {})
        own = forms.get(part, {})
        wanted = {
            (False, False): (_ALONE,),
            (False, True): (_FIRST, _ALONE),
            (True, False): (_LAST, _ALONE),
            (True, True): (_INSIDE, _LAST, _ALONE),
        }[before, after]
        shown.append(next((own[form] for form in wanted if form in own), part))
    return "".join(shown)


def _parts(letters: str) -> list[str]:
    """The letters one by one, lam with an alef behind it as one."""
    forms = _forms()
    parts: list[str] = []
    for letter in letters:
        if parts and parts[-1] == _LAM and _LAM + letter in forms:
            parts[-1] += letter
        else:
            parts.append(letter)
    return parts


@cache
def _forms() -> dict[str, dict[str, str]]:
    """For each letter, and for lam with each alef, the character of each form that it has."""
    forms = {_TATWEEL: dict.fromkeys((_ALONE, _LAST, _FIRST, _INSIDE), _TATWEEL)}
    for block in _BLOCKS:
        for char in map(chr, block):
            where, *letters = unicodedata.decomposition(char).split() or [""]
            of = "".join(chr(int(letter, 16)) for letter in letters)
            if len(of) == 1 or (len(of) == 2 and of[0] == _LAM and of[1] in "\u0622\u0623\u0625\u0627"):
                forms.setdefault(of, {}).setdefault(where, char)
    return forms
