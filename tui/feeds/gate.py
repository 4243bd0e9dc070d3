"""What a document must be to be read without feedparser: a true encoding, plain names, strict dates.

Each rule gives its result or raises :class:`Refused`, and then the document is feedparser's. None of
them asks what a feed should look like; each asks whether there is only one way to read what is there.
The comparison that they stand on is told in docs/parsing.md.
"""

from __future__ import annotations

import codecs
import re
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urljoin, urlparse, urlunparse

from tui.feeds.parse import EARLIEST, mended
from tui.model import Timestamp

OTHER: Final = "?"
"""Name of every element in a namespace whose elements feedparser gives no meaning."""


class Refused(Exception):
    """Why a document is left to feedparser; its text is for a log."""


# --- Encoding -----------------------------------------------------------------------------------

_DECLARATION: Final = re.compile(
    rb"""<\?xml\s+version=["']1\.0["'](?:\s+encoding=["']([A-Za-z][\w.:-]*)["'])?"""
    rb"""(?:\s+standalone=["'](?:yes|no)["'])?\s*\?>"""
)
_CHARSET: Final = re.compile(r""";\s*charset\s*=\s*["']?([\w.:-]+)["']?\s*(?:;|$)""", re.IGNORECASE)
_SUPERSETS: Final = re.compile(r"utf-8|ascii|iso8859-\d+|cp125\d|koi8-[ru]")
"""Encodings, as Python names them, in which ASCII bytes are ASCII: a document of nothing else is read the
same by all of them. feedparser tries several in an order of its own, and ASCII is one."""


def decoded(body: bytes, content_type: str) -> str:
    """The document's text, where all that name its encoding name the same, and it is true."""
    named = {"utf-8"} if body.startswith(codecs.BOM_UTF8) else set()
    body = body.removeprefix(codecs.BOM_UTF8)
    declaration = _DECLARATION.match(body)
    own = declaration[1] if declaration else None
    if own:
        named.add(_codec(own.decode()))
    charset = _CHARSET.search(content_type)
    if charset:
        named.add(_codec(charset[1]))
    if content_type.lower().count("charset") != (charset is not None):
        raise Refused("a content type with an unclear charset")
    if len(named) != 1:
        raise Refused("encoding undeclared" if not named else "encoding declared in two ways")
    (name,) = named
    if own is None and name != "utf-8":
        raise Refused("encoding known from the server alone")
    # feedparser looks for the declared encoding as far as the first line goes, and takes the last.
    line = body.find(b"\n")
    if body.count(b"?>", 0, line if line >= 0 else len(body)) != (declaration is not None):
        raise Refused("a processing instruction on the first line")
    try:
        text = body.decode(name)
    except UnicodeDecodeError:
        text = None
    # What is sound UTF-8 needs no mending.
    if (text is None or name != "utf-8") and mended(body) is not body:
        raise Refused("what looks like another encoding with a few broken bytes")
    if text is None:
        raise Refused("bytes that are not in the declared encoding")
    return text


def _codec(name: str) -> str:
    """Python's own name of an encoding."""
    try:
        codec = codecs.lookup(name).name
    except LookupError:
        raise Refused("an unknown encoding") from None
    if not _SUPERSETS.fullmatch(codec):
        raise Refused("an encoding that is no superset of ASCII")
    return codec


# --- Names --------------------------------------------------------------------------------------

_KNOWN: Final = {
    "": (
        "http://backend.userland.com/rss",
        "http://blogs.law.harvard.edu/tech/rss",
        "http://purl.org/rss/1.0/",
        "http://my.netscape.com/rdf/simple/0.9/",
        "http://example.com/newformat#",
        "http://example.com/necho",
        "http://purl.org/echo/",
        "uri/of/echo/namespace#",
        "http://purl.org/pie/",
        "http://purl.org/atom/ns#",
        "http://www.w3.org/2005/atom",
        "http://purl.org/rss/1.0/modules/rss091#",
    ),
    "cc": ("http://creativecommons.org/ns#license", "http://web.resource.org/cc/"),
    "creativecommons": (
        "http://cyber.law.harvard.edu/rss/creativecommonsrssmodule.html",
        "http://backend.userland.com/creativecommonsrssmodule",
    ),
    "content": ("http://purl.org/rss/1.0/modules/content/",),
    "dc": ("http://purl.org/dc/elements/1.1/",),
    "dcterms": ("http://purl.org/dc/terms/",),
    "feedburner": ("http://rssnamespace.org/feedburner/ext/1.0",),
    "georss": ("http://www.georss.org/georss",),
    "gml": ("http://www.opengis.net/gml",),
    "itunes": (
        "http://www.itunes.com/dtds/podcast-1.0.dtd",
        "http://example.com/dtds/podcast-1.0.dtd",
    ),
    "media": ("http://search.yahoo.com/mrss", "http://search.yahoo.com/mrss/"),
    "psc": ("http://podlove.org/simple-chapters",),
    "xhtml": ("http://www.w3.org/1999/xhtml",),
}
"""Namespaces, in lower case, whose elements mean something to feedparser, under its prefix for them."""
_PREFIX_OF: Final = {uri: prefix for prefix, uris in _KNOWN.items() for uri in uris}
# fmt: off
MEANT: Final = {
    "abstract", "author", "authors", "body", "category", "channel", "cloud", "content", "contributor",
    "contributors", "copyright", "created", "description", "email", "enclosure", "entry", "expirationdate",
    "feed", "fullitem", "generator", "geom", "georssgeom", "guid", "height", "homepage", "href", "id",
    "image", "info", "issued", "item", "keywords", "language", "lastbuilddate", "link", "links",
    "managingeditor", "modified", "name", "newlocation", "pubdate", "published", "publishers", "rights",
    "rss", "source", "subtitle", "summary", "tagline", "tags", "textinput", "title", "updated", "uri",
    "url", "webmaster", "where", "width",
}
# fmt: on
"""Names without a prefix that feedparser gives a meaning, or stores what it reads under."""
_KEYS: Final = {"author", "publisher", "published", "updated", "modified", "issued", "date", "rdf", "xml"}
"""Prefixes that make a name such as ``published:parsed`` one of the keys that feedparser works with."""
_XMLNS: Final = re.compile(r"""xmlns(?::([^\s:=<>"'&/]*))?\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"


class Names(dict[str, str]):
    """A tag as expat has it (``uri}local``) -> its name as feedparser has it (``dc_date``), or OTHER.

    Raises Refused where that is in doubt.

    feedparser goes by prefixes where it does not know the namespace, document-wide, so the document's
    declarations must leave no doubt: a prefix stands for one namespace, and one that it gives a meaning
    only for its own. They are found in the text; what looks like one in CDATA makes the rule stricter.
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self.declared: set[str] = set()
        meant: dict[str, str] = {}
        bare: set[str] = set()
        for prefix, double, single in _XMLNS.findall(text):
            uri = double or single
            if "&" in uri or uri != "".join(uri.split()):
                raise Refused("a namespace with references in it")
            if meant.setdefault(prefix, uri) != uri and prefix:
                raise Refused("a prefix that stands for two namespaces")
            known = _known(uri)
            if prefix.lower() in _RESERVED and prefix.lower() != known and uri != _FIXED.get(prefix):
                raise Refused("a well-known prefix that stands for something else")
            if known is None:
                (self.declared if prefix else bare).add(uri)
        if bare & self.declared:
            raise Refused("a namespace with a prefix and without")

    def __missing__(self, tag: str) -> str:
        uri, _, local = tag.rpartition("}")
        prefix, local = _known(uri) if uri else "", local.lower()
        if prefix is None and uri not in self.declared and (local in MEANT or "_" in local):
            raise Refused("a well-known name in a namespace of its own")
        self[tag] = name = OTHER if prefix is None else f"{prefix}_{local}" if prefix else local
        return name


_FIXED: Final = {"rdf": _RDF, "xml": "http://www.w3.org/XML/1998/namespace"}
_RESERVED: Final = {prefix for prefix in _KNOWN if prefix} | _KEYS


def _known(uri: str) -> str | None:
    """The prefix that feedparser gives a namespace; None where it gives its elements no meaning."""
    lower = uri.lower()
    prefix = _PREFIX_OF.get(lower)
    return "" if prefix is None and "backend.userland.com/rss" in lower else prefix


# --- Texts, addresses, dates --------------------------------------------------------------------

_C1: Final = re.compile("[\x80-\x9f]")
_ABSOLUTE: Final = re.compile(
    r"https?://[\w.-]+(?::\d+)?(?:/[\w/.~%+,=&@:!*-]*)?(?:\?[\w/.~%+,=&@:!*-]+)?(?:#[\w/.~%+,=&@:!*-]+)?",
    re.ASCII,
)
"""An address in plain letters, each part of it there or not: no rule of joining changes it."""
_SLASHES: Final = re.compile(r"^([A-Za-z][A-Za-z0-9+,.-]*://)/*")


def text_of(raw: str | None) -> str:
    """The content of an element: stripped, and, where it is UTF-8 that was read as Latin-1, mended."""
    text = (raw or "").strip()
    if text.isascii():
        return text
    with suppress(UnicodeError):
        text = text.encode("latin-1").decode("utf-8")
    if _C1.search(text):
        raise Refused("control characters in a text")
    return text


def joined(url: str, reference: str, *, rebased: bool) -> str:
    """``reference`` in a document from ``url``, made absolute.

    ``rebased``: the document may have bases of its own, and only what no base can change passes.
    """
    if _ABSOLUTE.fullmatch(reference):
        return reference
    reference = _SLASHES.sub(r"\1", reference)
    try:
        parts = urlparse(reference)
        whole = bool(parts.scheme and parts.netloc) or parts.scheme in ("tag", "urn")
        if whole and urlunparse(parts) == reference:
            return reference
        if rebased:
            raise Refused("an address that depends on a base")
        return urljoin(url, reference) if reference else ""
    except ValueError:
        raise Refused("an address that is none") from None


_RFC822: Final = re.compile(
    r"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), +)?(\d{1,2}) +(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
    r" +([12]\d{3}) +(\d\d:\d\d(?::\d\d)?) +([+-]\d{4}|UTC?|GMT|Z|[ECMP][SD]T)",
    re.ASCII,
)
_RFC3339: Final = re.compile(
    r"([12]\d{3})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)(?:\.\d{1,9})?([+-]\d\d:\d\d|Z)", re.ASCII
)
_MONTHS: Final = {
    **{"Jan": 1, "Feb": 2, "Mar": 3, "Apr": 4, "May": 5, "Jun": 6},
    **{"Jul": 7, "Aug": 8, "Sep": 9, "Oct": 10, "Nov": 11, "Dec": 12},
}
_ZONES: Final = {
    **{"UT": 0, "GMT": 0, "Z": 0, "UTC": 0},
    **{"EST": -5, "EDT": -4, "CST": -6, "CDT": -5, "MST": -7, "MDT": -6, "PST": -8, "PDT": -7},
}
"""Hours from UTC: the named zones of RFC 822, 5.1, without the military letters, whose signs it has wrong,
and with UTC."""


def date_of(raw: str | None) -> Timestamp:
    """A date of RFC 822 (with a year of four digits) or RFC 3339, to the second, and of a day since 1990."""
    text = (raw or "").strip()
    if match := _RFC3339.fullmatch(text):
        year, month, day, clock, zone = match.groups()
    elif match := _RFC822.fullmatch(text):
        day, name, year, clock, zone = match.groups()
        month = _MONTHS[name]
    else:
        raise Refused("a date in no strict form")
    try:
        seconds = int(clock[6:8] or 0)
        moment = datetime(
            int(year), int(month), int(day), int(clock[:2]), int(clock[3:5]), seconds, tzinfo=UTC
        )
    except ValueError:
        raise Refused("a date that no calendar has") from None
    when = moment.timestamp() - _offset(zone)
    if when < EARLIEST:
        raise Refused("a date before 1990")
    return when


def _offset(zone: str) -> int:
    """Seconds that a zone, ``+0300``, ``+03:00`` or a name, is ahead of UTC."""
    if zone in _ZONES:
        return _ZONES[zone] * 3600
    sign, digits = zone[0], zone[1:].replace(":", "")
    hours, minutes = int(digits[:2]), int(digits[2:])
    if hours > 23 or minutes > 59:
        raise Refused("a date in a zone that is none")
    return (hours * 3600 + minutes * 60) * (-1 if sign == "-" else 1)
