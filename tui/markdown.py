"""Text from outside in Markdown: what it says stays, and what it could do there goes. Pure.

Escaped is what means something in CommonMark or on GitHub, so that a headline breaks no table and no list,
makes no link, picture or formula, and brings no HTML. The rest stays: reports are also read as plain text.
"""

from __future__ import annotations

import re
from typing import Final

_ACTIVE: Final = re.compile(
    r"[\\`*_\[\]<|~$]"  # emphasis, code, links and pictures, HTML, cells of tables, formulas
    r"|&(?=#?\w+;)"  # what would be read as a character
    r"|(?<=[A-Za-z]):(?=//)|(?<=\b[Ww]{3})\."  # addresses, which GitHub makes links although nobody asked
)
_START: Final = re.compile(r"[-+=#>:]|\d{1,9}[.)]")
"""At the beginning of a line: lists, rules, headings and quotes."""
_UNSAFE: Final = re.compile(r"[^!-~]|[()<>\[\]|\\`\"']")
"""In an address: what could end the brackets that it stands in, or a table's cell."""
_WEB: Final = re.compile(r"https?://\S+")


def escape(text: str) -> str:
    """``text`` as it reads, on one line, wherever it stands in a Markdown document."""
    plain = _ACTIVE.sub(r"\\\g<0>", " ".join(text.split()))
    start = _START.match(plain)
    return f"{plain[: start.end() - 1]}\\{plain[start.end() - 1 :]}" if start else plain


def link(text: str, url: str) -> str:
    """A link where ``url`` is one of http or https, else the text alone."""
    told = escape(text)
    if not told or not _WEB.fullmatch(url):
        return told
    safe = _UNSAFE.sub(lambda char: "".join(f"%{byte:02X}" for byte in char[0].encode()), url)
    return f"[{told}]({safe})"
