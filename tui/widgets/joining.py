"""Arabic letters in their joined forms, after the presentation forms of the Unicode Character Database.

The standard library holds that database: which letters are joined, and how, is not written down here again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from typing import Final

_UNIT: Final = re.compile("\u0644[\u0622\u0623\u0625\u0627]|.")
"""A letter, or lam with an alef, which are one sign."""
_TATWEEL: Final = "\u0640"
"""The stroke that draws a word out: joined on both sides, and always of the same form."""
_FORMS_A: Final = range(0xFB50, 0xFC00)
_FORMS_B: Final = range(0xFE80, 0xFEFD)
"""Of the blocks Arabic Presentation Forms-A and -B what holds single letters, and lam with alef."""


def joined(letters: str) -> str:
    """Arabic letters that stand side by side, each in the form that it has there; others as they are."""
    units = _UNIT.findall(letters)
    forms = [_forms().get(unit, {}) for unit in units]
    shown = []
    for index, (unit, own) in enumerate(zip(units, forms, strict=True)):
        before = index > 0 and "final" in own and "initial" in forms[index - 1]
        after = index + 1 < len(units) and "initial" in own and "final" in forms[index + 1]
        form = ("medial" if after else "final") if before else ("initial" if after else "isolated")
        shown.append(own.get(form, unit))
    return "".join(shown)


@cache
def _forms() -> dict[str, dict[str, str]]:
    """The forms of each letter, by ``isolated``, ``initial``, ``medial`` and ``final``.

    One that is joined to the letter before it has a final form, and to the letter after it an initial one.
    """
    forms = {_TATWEEL: dict.fromkeys(("isolated", "initial", "medial", "final"), _TATWEEL)}
    for code in (*_FORMS_A, *_FORMS_B):
        shape = chr(code)
        match unicodedata.decomposition(shape).split():  # as "<initial> 0628"
            case [form, *letters] if _UNIT.fullmatch(unit := "".join(chr(int(each, 16)) for each in letters)):
                forms.setdefault(unit, {})[form.strip("<>")] = shape
    return forms
