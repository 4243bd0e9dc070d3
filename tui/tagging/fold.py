"""One normal form for five languages, with exact offsets back to the text as it stands.

Folding is context free: every character becomes a short string of its own (mostly of one
character), so the fold of a text is one ``str.translate`` and the way back is a list of
lengths. Case, accents, harakat, tatweel, Hebrew points and invisible characters go; alef,
ya, ta marbuta, hamza and Persian letter forms, Hebrew final letters and digits of every
script are made one; whatever is neither letter nor digit becomes a space. A space is never
merged with its neighbour: ``word, word`` folds to two spaces, so that a term of several
words does not match across punctuation.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final

_LETTERS: Final = {
    # Arabic: forms that NFKD does not take apart, and the Persian and Urdu ways to write them.
    "\u0671": "ا", "\u0649": "ي", "\u06cc": "ي", "\u06d2": "ي", "\u0629": "ه", "\u06c3": "ه",
    "\u06d5": "ه", "\u06be": "ه", "\u06c1": "ه", "\u06a9": "ك", "\u0621": "", "\u0640": "",
    # Hebrew final letters.
    "ך": "כ", "ם": "מ", "ן": "נ", "ף": "פ", "ץ": "צ",
    # Latin letters without a decomposition.
    "ı": "i", "ø": "o", "ł": "l", "đ": "d", "ħ": "h", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d",
    "…": " ",
    "\u02be": "", "\u02bf": "", "\u02bb": "", "\u02bc": " ",
    # Zero width non-joiner parts a Persian word from its ending, as a space does.
    "\u200c": " ",
}  # fmt: skip


def _fold_character(character: str) -> str:
    if character in _LETTERS:
        return _LETTERS[character]
    spread = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", character).casefold())
    if character.isspace():
        return " "
    out = []
    for part in spread:
        if part in _LETTERS:
            out.append(_LETTERS[part])
        elif part.isdecimal():
            out.append(str(unicodedata.decimal(part)))
        elif part.isalpha() or part.isdigit():
            out.append(part)
        elif unicodedata.category(part) not in {"Mn", "Me", "Cf"}:
            out.append(" ")
    return "".join(out)


class _Table(dict[int, str]):
    """Fold of each character, worked out when it is first met."""

    def __missing__(self, code: int) -> str:
        folded = self[code] = _fold_character(chr(code))
        if len(folded) != 1:
            _UNEVEN.add(chr(code))
        return folded


_LATIN: Final = 1.125
"""Bytes for each character of UTF-8 below which all but a few of a text's characters are ASCII."""
_REMEMBERED: Final = 1024
"""Texts whose fold is kept: a report's are wanted by the tagger, the merger and the index of words."""
_UNEVEN: Final[set[str]] = set()
"""Characters met so far whose fold is not one character long."""
_TABLE: Final = _Table()
for _code in range(128):  # filled at once, so that plain text never enters Python code
    _TABLE[_code]


@lru_cache(maxsize=_REMEMBERED)
def fold(text: str) -> str:
    """The normal form. Of plain ASCII text it has the same length, so offsets are the same."""
    # Only ASCII is translated without a look-up for each letter: of Latin text the few others go first.
    if not text.isascii() and len(text.encode(errors="surrogatepass")) < _LATIN * len(text):
        for character in set(text):
            if character > "\x7f":
                text = text.replace(character, _TABLE[ord(character)])
    return text.translate(_TABLE)


def origins(text: str) -> list[int] | range:
    """For each character of ``fold(text)`` the offset in ``text`` it comes from; at the end ``len(text)``.

    A hit ``[a, b)`` in the fold stands at ``[origins[a], origins[b])`` in the text, with the points of
    its last letter.
    """
    table = _TABLE
    if text.isascii() or (len(fold(text)) == len(text) and _UNEVEN.isdisjoint(text)):
        return range(len(text) + 1)
    back = [at for at, character in enumerate(text) for _ in table[ord(character)]]
    back.append(len(text))
    return back
