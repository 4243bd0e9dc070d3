"""Text to TOML document, and what tomllib complains of in words that help."""

from __future__ import annotations

import re
import tomllib
from typing import Any, Final

from tui.config import values as check
from tui.config.errors import ConfigError, Fault
from tui.config.lines import KeyLines

_SYNTAX_MENDS: Final = (
    ("Cannot overwrite a value", "a key may stand once in a table: delete one of the two"),
    ("Cannot declare", "a table may stand once, but for those in double brackets, as [[fronts]]"),
    ("Unescaped '\\' in a string", "write the text in single quotes, or each \\ as \\\\"),
    ("Illegal character", "end the text with its quote on the same line, and delete invisible characters"),
    ("Unclosed array", "put commas between the items, and end the list with ]"),
    ("Unterminated string", "end the text with its quote"),
    ('Expected "\'"', "end the text with its quote"),
    ("Expected '=' after a key", 'write key = value, as in title = "Axis of Resistance"'),
    ("Invalid value", "put text in quotes, and end every list with ]"),
    ("Expected newline or end of document", "begin each key on a line of its own, and a comment with #"),
)
"""The mend for a complaint of tomllib that begins so."""
_MOST_DOTS: Final = 32
_DOTTED: Final = re.compile(
    r"""(?<![A-Za-z0-9_-])(?:(?:[A-Za-z0-9_-]++|"[^"\n]*+"|'[^'\n]*+')[ \t]*+\.[ \t]*+)"""
    f"{{{_MOST_DOTS}}}"
)
"""A key of more parts than any of ours has: tomllib's time for one grows with their square, to minutes."""


def read_toml(file: str, text: str) -> tuple[dict[str, Any], KeyLines]:
    """The document and where its keys stand; ``file`` is its name in faults. Raises ConfigError."""
    too_deep = Fault(file, "is nested too deep", "write each table under a header of its own")
    # Dots are counted first: the search, at every letter of a long file, takes ten times as long.
    if any(line.count(".") >= _MOST_DOTS for line in text.split("\n")) and _DOTTED.search(text):
        raise ConfigError((too_deep,))
    try:
        return tomllib.loads(text), KeyLines(text)
    except RecursionError:
        raise ConfigError((too_deep,)) from None
    except ValueError as error:  # a TOMLDecodeError, or a number of more digits than Python reads
        raise ConfigError((_syntax_fault(file, text, str(error)),)) from None


def _syntax_fault(file: str, text: str, complaint: str) -> Fault:
    """A fault out of tomllib's message, which ends with where it was at."""
    match = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", complaint)
    if match is None:
        return Fault(file, "holds a value that can't be read", "write numbers of at most nine digits")
    line = match[1] or str(text.count("\n") + (not text.endswith("\n")))
    what = check.printable(complaint[: match.start()])
    mend = next((mend for begin, mend in _SYNTAX_MENDS if what.startswith(begin)), "correct the TOML there")
    return Fault(f"{file} line {line}", what, mend)
