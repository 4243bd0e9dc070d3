"""The only door for outside text: what leaves here is plain text that no terminal acts on.

Everything that a feed, a server or a file sends passes :func:`safe_text` or :func:`safe_link` once,
before it is stored. Both take time linear in their input, and give the same again when they are
applied to their own result.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from html.entities import html5
from typing import Any, Final
from urllib.parse import quote, urlsplit

RAW_LIMIT: Final = 65_536
"""Characters of one field that are looked at; what is behind them can't be part of a headline."""
LINK_LIMIT: Final = 2_000
MARKS: Final = 5
"""Combining marks kept on one letter: pointed Hebrew needs three, Burmese five, a stack of more is an attack.
Those that take room (Mc) count too: whether they take a cell is what terminals disagree on."""
ROUNDS: Final = 8
"""Layers of markup and escaping that are peeled: real feeds escape once or twice."""

ZWNJ: Final = "\u200c"
_INLINE: Final = frozenset(
    {"a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font"}
    | {"i", "ins", "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub"}
    | {"sup", "time", "tt", "u", "var", "wbr"}
)
"""Tags that stand inside a word; any other is a border between words."""

# A string sequence (OSC, DCS, SOS, PM, APC) ends at BEL or ST; its body excludes every introducer, so
# that a flood of unfinished ones is still read once only. Unfinished, only its introducer goes.
_ESCAPE: Final = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]?+"
    r"|(?:\x1b[\]PX^_]|[\x90\x98\x9d\x9e\x9f])"
    r"(?:[^\x07\x1b\x90\x98\x9b-\x9f]*+(?:\x07|\x1b\\|\x9c))?+"
    r"|\x1b[ -/]*+[0-~]?+"
)
_INTRODUCERS: Final = frozenset("\x1b\x90\x98\x9b\x9d\x9e\x9f")
"""What an escape sequence begins with."""
# No "<" inside a tag: the search for its end stops where the next may begin.
_TAG: Final = re.compile(
    r"""<(?:/?([a-zA-Z][^\s<>/]*+)|[!?/])(?:[^<>=]++|=\s*+(?:"[^"<]*+"|'[^'<]*+')?+)*+>"""
)
_HIDDEN: Final = re.compile(r"<(?:(!--)|(script|style)\b[^<>]*+>)", re.IGNORECASE)
_PLAIN_TAG: Final = re.compile(r"</?[a-rt-zA-RT-Z]")
"""The beginning of a tag that is no script or style."""
_AHEAD: Final = (2, 4)
"""Characters of a long text that are looked at for each that is wanted, first and then: tags take some."""
_LOOSE: Final = 8
"""Characters at the end of a text that what stands behind it could change: marks, half of a ``]]>``."""
_REFERENCE: Final = re.compile(r"&(#[0-9]{1,10}|#[xX][0-9a-fA-F]{1,8}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_ARABIC: Final = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc"
_IDLE_ZWNJ: Final = re.compile(f"(?<![{_ARABIC}]){ZWNJ}|{ZWNJ}(?![{_ARABIC}])")
_STACK: Final = "m" * (MARKS + 1)
_USUAL: Final = (
    " -~¡-¬®-ſ\u0400-\u045f\u05d0-\u05ea\u060c\u061b\u061f\u0621-\u063a\u0641-\u064a"
    "\u0660-\u0669\u0671-\u06d3\u06f0-\u06f9\u2010-\u2027\u2030-\u205e€"
)
"""The letters, digits and signs that nearly all headlines are made of: each of those stays as it is, stacks
on nothing, and has no other form in NFC, whatever stands beside it."""
_UNUSUAL: Final = re.compile(f"[^{_USUAL}]")
_ODD: Final = re.compile(f"[^{_USUAL}\t-\r\x1c-\x1f\x85\xa0]")
"""The same for text whose whitespace has not been folded."""
_CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_LINK_SAFE: Final = "/:;,.@!$&()*+=~?%-_[]"
_HOST: Final = re.compile(r"[a-z0-9_](?:[a-z0-9_.-]*[a-z0-9_])?\.?")


def _cp1252(code: int) -> str | None:
    """What a C1 control stood for where a page in Windows-1252 was read as Latin-1; None for the holes."""
    text = bytes([code]).decode("cp1252", errors="ignore")
    return text or None


class _Characters(dict[int, str | None]):
    """Table for str.translate: what becomes of one character, filled as characters are met."""

    CACHED_BELOW: Final = 0x3000
    """So that a feed of all characters there are can't fill the memory."""

    def __init__(self, judge: Callable[[int], str | None]) -> None:
        super().__init__()
        self._judge = judge

    def __missing__(self, code: int) -> str | None:
        verdict = self._judge(code)
        if code < self.CACHED_BELOW:
            self[code] = verdict
        return verdict


def _allowed(code: int) -> str | None:
    """The character itself, a space, what it stood for, or None to drop it."""
    char = chr(code)
    category = unicodedata.category(char)
    if char.isspace() or category[0] == "Z":
        return " "
    if 0x80 <= code <= 0x9F:
        return _cp1252(code)
    # Controls, format characters (bidi, zero-width, BOM, soft hyphen, tags, annotation),
    # surrogates, private use, and what is not assigned (noncharacters too): no width to rely on.
    if category[0] == "C":
        return char if char == ZWNJ else None
    return None if _invisible(code) else char


def _class(code: int) -> str:
    """``m`` for what stacks on the character before it, a space for a space, ``.`` for all else."""
    if code == 0x20:
        return " "
    jamo = 0x1160 <= code <= 0x11FF or 0xD7B0 <= code <= 0xD7FF
    return "m" if jamo or unicodedata.category(chr(code))[0] == "M" else "."


def _invisible(code: int) -> bool:
    """Default-ignorable characters outside the category Cf, and skin tones: widths terminals disagree on."""
    return (
        0xFE00 <= code <= 0xFE0F  # variation selectors: U+FE0F makes one cell two
        or 0xE0100 <= code <= 0xE01EF
        or 0x180B <= code <= 0x180F  # Mongolian ones
        or 0x1F3FB <= code <= 0x1F3FF  # skin tones
        or code in (0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x3164, 0xFFA0)  # joiner and fillers
        or 0x2630 <= code <= 0x2637  # trigrams and the like: one cell by older books, two by Unicode 16
        or 0x268A <= code <= 0x268F
        or 0x4DC0 <= code <= 0x4DFF
        or 0x1D300 <= code <= 0x1D376
        or 0x3248 <= code <= 0x324F
    )


_ALLOWED: Final = _Characters(_allowed)
_CLASSES: Final = _Characters(_class)


def safe_text(raw: str, limit: int) -> str:
    """HTML or any text as one line of plain text of at most ``limit`` characters.

    Tags go (with a space where they part words), the content of script, style and comments goes,
    character references are read, also doubly escaped ones; escape sequences, controls, invisible and
    direction-changing characters go; whitespace is folded; the form is NFC. ZWNJ stays between Arabic
    letters, where Persian is misspelt without it and no terminal acts on it; elsewhere it goes.
    """
    if len(raw) > limit and (lead := _lead(raw, limit)):
        return _shorten(lead, limit)
    text = raw[:RAW_LIMIT]
    if len(raw) > RAW_LIMIT and text.rfind("<") > text.rfind(">"):
        text = text[: text.rfind("<")]  # half a tag, cut by the line above
    text = _plain(text)
    for _ in range(ROUNDS):
        if "<" not in text and "&" not in text:
            break
        before, text = text, _plain(_peel(text))
        if text == before:
            break
    else:  # nobody's headline: what still looks like markup loses the signs of it
        text = " ".join(text.translate({ord("<"): " ", ord("&"): " "}).split())
    return _shorten(text, limit)


def _lead(raw: str, limit: int) -> str:
    """The beginning of what a long ``raw`` comes to, longer than ``limit``; empty where that is in doubt.

    Feeds send whole articles where the first lines are wanted. Those are the same whatever follows if the
    text up to a tag is of usual characters, nothing in it is hidden, and one layer peeled leaves no sign of
    another: no tag and no reference has a ``<`` in it, so none goes on behind the cut.
    """
    for ahead in _AHEAD:
        end = min(ahead * limit, RAW_LIMIT)
        cut = raw.rfind("<", 0, end) if len(raw) > end else -1
        if cut <= limit or not _PLAIN_TAG.match(raw, cut):
            return ""
        text = raw[:cut]
        if _ODD.search(text) or _HIDDEN.search(text) or "<![" in text or "]]>" in text:
            return ""
        text = _TAG.sub(_parting, text)
        if "&" in text:
            text = _REFERENCE.sub(_dereference, text)
            if "&" in text or _ODD.search(text):
                return ""
        if "<" in text or "]]>" in text:
            return ""
        text = " ".join(text.split())
        if len(text) > limit + _LOOSE:
            return text
    return ""


def safe_values(value: object, limit: int) -> Any:
    """What JSON was read to, with every text in it made safe, keys too."""
    match value:
        case str():
            return safe_text(value, limit)
        case list():
            return [safe_values(each, limit) for each in value]
        case dict():
            return {safe_text(key, limit): safe_values(each, limit) for key, each in value.items()}
    return value


def _plain(text: str) -> str:
    """``text`` without what a terminal acts on, whitespace folded, NFC, no letter under a stack of marks."""
    folded = " ".join(text.split())
    if (folded.isascii() and folded.isprintable()) or not _UNUSUAL.search(folded):
        return folded
    # Which characters there are is soon known, and most texts have none on which there is work to do.
    found = set(text)
    if not found.isdisjoint(_INTRODUCERS):
        text = _ESCAPE.sub("", text)
    if any(_ALLOWED[ord(char)] != char for char in found):
        text = text.translate(_ALLOWED)
    text = " ".join(text.split())
    if ZWNJ in found:
        text = _IDLE_ZWNJ.sub("", text)
    # Before NFC too: it sorts the marks of one letter in quadratic time.
    text = _unstack(text)
    composed = unicodedata.normalize("NFC", text)
    text = text if composed == text else _unstack(composed)
    return " ".join(text.split())  # what went may have left two spaces


def _unstack(text: str) -> str:
    """``text`` with at most MARKS combining marks in a row, and none that stands on no letter."""
    if all(_CLASSES[ord(char)] != "m" for char in set(text)):
        return text
    classes = " " + text.translate(_CLASSES)
    if _STACK not in classes and " m" not in classes:
        return text
    kept, run = [], 0
    for char, kind in zip(" " + text, classes, strict=True):
        run = {"m": run + 1, " ": MARKS}.get(kind, 0)
        if kind != "m" or run <= MARKS:
            kept.append(char)
    return "".join(kept[1:])


def _peel(text: str) -> str:
    """``text`` with one layer of HTML taken off."""
    if "<" in text:
        text = _unhide(text.replace("<![CDATA[", "").replace("]]>", ""))
        text = _TAG.sub(_parting, text)
    return _REFERENCE.sub(_dereference, text) if "&" in text else text


def _parting(tag: re.Match[str]) -> str:
    """What is left of a tag: a space where it parts words."""
    return "" if (tag[1] or "").lower() in _INLINE else " "


def _unhide(text: str) -> str:
    """``text`` without comments, scripts and styles; an unfinished one hides the rest, as in a browser."""
    kept, at, lower = [], 0, ""
    while opening := _HIDDEN.search(text, at):
        lower = lower or text.translate(_ASCII_LOWER)
        closing = "-->" if opening[1] else f"</{opening[2].lower()}"
        kept.append(text[at : opening.start()])
        end = lower.find(closing, opening.end())
        if end < 0:
            return " ".join(kept)
        at = end + (len(closing) if opening[1] else 0)  # the closing tag is dropped as any tag is
    kept.append(text[at:])
    return " ".join(kept)


_ASCII_LOWER: Final = {code: code + 32 for code in range(ord("A"), ord("Z") + 1)}
"""Keeps the length, as str.lower does not (U+0130)."""


def _dereference(reference: re.Match[str]) -> str:
    """The character that a reference stands for; the reference as it is where it stands for none."""
    body = reference[1]
    if not body.startswith("#"):
        return html5.get(body + ";", reference[0])
    code = int(body[2:], 16) if body[1] in "xX" else int(body[1:])
    if 0x80 <= code <= 0x9F:
        return _cp1252(code) or ""
    return chr(code) if code <= 0x10FFFF else ""


def _shorten(text: str, limit: int) -> str:
    """``text`` in at most ``limit`` characters, cut behind a word where one ends in the later half."""
    if len(text) <= limit:
        return text
    if limit < 1:
        return ""
    cut = text[: limit - 1]
    word = cut.rfind(" ") if text[limit - 1] != " " else limit - 1
    return (cut[:word] if word >= limit // 2 else cut).rstrip(" " + ZWNJ) + "…"


def safe_link(raw: str) -> str:
    """``raw`` as an absolute http or https address in printable ASCII, or ``""`` where it is none.

    Empty too: addresses with a user in them (they exist to deceive), with controls, or longer than
    LINK_LIMIT. International hosts become punycode; spaces, quotes and the like are percent-encoded.
    """
    text = raw[: 4 * LINK_LIMIT].strip()
    if _CONTROL.search(text):
        return ""
    try:
        parts = urlsplit(re.sub(r"&(?:amp;)+", "&", text))
        host, port = _safe_host(parts.hostname or ""), parts.port
        tail = [quote(part, safe=_LINK_SAFE) for part in (parts.path, parts.query, parts.fragment)]
    except ValueError:  # no address at all, a port that is none, a host that IDNA refuses, lone surrogates
        return ""
    if parts.scheme not in ("http", "https") or not host or "@" in parts.netloc:
        return ""
    link = f"{parts.scheme}://{host}" + (f":{port}" if port is not None else "")
    link += "".join(sign + part for sign, part in zip(("", "?", "#"), tail, strict=True) if part)
    return link if len(link) <= LINK_LIMIT else ""


def _safe_host(host: str) -> str:
    """``host`` in ASCII, or ``""``; raises ValueError (UnicodeError) where IDNA knows no such name."""
    if ":" in host:
        import ipaddress  # here: hardly any link has one, and a parse process starts sooner without

        return f"[{ipaddress.IPv6Address(host)}]"
    if len(host) > 253:
        return ""
    host = host if host.isascii() else host.encode("idna").decode("ascii")
    return host if _HOST.fullmatch(host) else ""
