"""OPML, the format in which feed readers hand each other their feeds. Pure: bytes to outlines and back.

Versions 1.0, 1.1 and 2.0 are read, 2.0 is written. What OPML has no word for (publisher, reliability, front
and interval) goes into attributes of a namespace of our own, for OPML 2.0 allows further attributes only so
("Extending OPML"); other readers pass them over.

The XML is read by the standard library's expat. A document type is refused before anything in it is read,
and with it every entity: lists of feeds have none.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from tui.feeds.safe_text import safe_link, safe_text

MAX_BYTES: Final = 10 * 1024 * 1024
NAMESPACE: Final = "urn:frontwatch:opml"
OWN: Final = ("publisher", "reliability", "front", "every")
"""The attributes of our namespace, by the names that they have in a feeds.toml."""
_DEEPEST: Final = 32
"""Folders in folders."""
_NAME: Final = 60
_MENDS: Final = {
    expat.errors.XML_ERROR_INVALID_TOKEN: "write & as &amp; and < as &lt;, and save the file as UTF-8",
    expat.errors.XML_ERROR_NO_ELEMENTS: "the file is empty or cut off: export it again",
    expat.errors.XML_ERROR_UNCLOSED_TOKEN: "the file is cut off: export it again",
    expat.errors.XML_ERROR_UNDEFINED_ENTITY: "write the character itself: XML knows &amp; &lt; &gt; &quot;",
    expat.errors.XML_ERROR_UNKNOWN_ENCODING: "save the file as UTF-8 and say so in its first line",
    expat.errors.XML_ERROR_INCORRECT_ENCODING: "save the file in the encoding that its first line names",
}


Complaint = tuple[int, str]
"""What is wrong with one outline: its line, and words that name it."""


class OpmlError(Exception):
    """Why the bytes are no OPML that can be read: the line, what is wrong there, and the mend."""


@dataclass(frozen=True, slots=True)
class Outline:
    """A feed of an OPML document. Its texts are safe, and empty where it does not say."""

    name: str
    url: str
    """As the document has it; whether it can be polled is for the config to judge."""
    line: int = 0
    """Where it stands."""
    site: str = ""
    """Address of the pages that it is the feed of."""
    language: str = ""
    """As the feed's own element says: ``en``, ``en-us``."""
    folders: tuple[str, ...] = ()
    """Names of the outlines around it, outermost first."""
    own: Mapping[str, str] = field(default_factory=dict)
    """Of OWN what it says."""


@dataclass(frozen=True, slots=True)
class Opml:
    """What a document lists."""

    outlines: tuple[Outline, ...]
    left_out: tuple[Complaint, ...]
    """Outlines that are neither a feed nor a folder."""


def read(body: bytes) -> Opml:
    """The feeds in an OPML document, in its order. Raises OpmlError."""
    if len(body) > MAX_BYTES:
        raise OpmlError("is larger than 10 MiB: no list of feeds is")
    if not body.strip():
        raise OpmlError("is empty")
    parser = expat.ParserCreate(namespace_separator=" ")
    reader = _Reader(parser)
    try:
        parser.Parse(body, True)
    except expat.ExpatError as error:
        words = expat.ErrorString(error.code)
        mend = _MENDS.get(words)
        raise OpmlError(f"line {error.lineno}: broken XML: {words}" + (f"; {mend}" if mend else "")) from None
    except (LookupError, ValueError):  # an encoding that Python does not know, or of several bytes a letter
        mend = _MENDS[expat.errors.XML_ERROR_UNKNOWN_ENCODING]
        raise OpmlError(f"line 1: its encoding can't be read; {mend}") from None
    return Opml(tuple(reader.outlines), tuple(reader.left_out))


class _Reader:
    """Takes the outlines as expat meets them."""

    def __init__(self, parser: expat.XMLParserType) -> None:
        self.outlines: list[Outline] = []
        self.left_out: list[Complaint] = []
        self._parser = parser
        self._seen = 0
        self._open: list[tuple[str, bool, int, int]] = []
        """Of each outline around: its name, whether it is a feed, its line, how many feeds came before it."""
        parser.StartDoctypeDeclHandler = self._doctype
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end

    def _doctype(self, *_: object) -> None:
        raise OpmlError(
            f"line {self._parser.CurrentLineNumber}: has a DOCTYPE, which may hide harm; delete it"
        )

    def _start(self, element: str, attributes: dict[str, str]) -> None:
        name = element.rpartition(" ")[2].casefold()
        first, self._seen = not self._seen, self._seen + 1
        if first and name != "opml":
            raise OpmlError(f"line {self._parser.CurrentLineNumber}: {_not_opml(name)}")
        if name != "outline":
            return
        if len(self._open) >= _DEEPEST:
            line = self._parser.CurrentLineNumber
            raise OpmlError(f"line {line}: more than {_DEEPEST} folders in each other")
        said = {key.casefold(): value for key, value in attributes.items()}
        label = safe_text(said.get("text") or said.get("title") or "", _NAME)
        url = said.get("xmlurl", "").strip()
        self._open.append((label, bool(url), self._parser.CurrentLineNumber, len(self.outlines)))
        if url:
            self.outlines.append(self._outline(label, url, said))

    def _outline(self, name: str, url: str, said: Mapping[str, str]) -> Outline:
        own = {key: safe_text(said.get(f"{NAMESPACE} {key}", ""), _NAME) for key in OWN}
        return Outline(
            name,
            url,
            self._parser.CurrentLineNumber,
            safe_link(said.get("htmlurl", "")),
            safe_text(said.get("language", ""), _NAME),
            tuple(label for label, is_feed, *_ in self._open if label and not is_feed),
            own,
        )

    def _end(self, element: str) -> None:
        if element.rpartition(" ")[2].casefold() != "outline":
            return
        label, is_feed, line, before = self._open.pop()
        if not is_feed and len(self.outlines) == before:
            self.left_out.append((line, f'"{label}" has no xmlUrl, the address of a feed'))


def _not_opml(root: str) -> str:
    """What a document is whose first element is ``root``, and what to do with it."""
    if root in ("rss", "feed", "rdf"):
        return "is a feed, not a list of feeds; give its address to `frontwatch feeds add`"
    if root == "html":
        return "is a page of HTML, not OPML"
    return f'begins with <{safe_text(root, _NAME)}>, but OPML begins with <opml version="2.0">'


def write(title: str, folders: Iterable[tuple[str, Iterable[Outline]]]) -> bytes:
    """An OPML 2.0 document of folders, by name; feeds of the folder without a name stand in none.

    It bears no date: the same feeds give the same bytes.
    """
    ET.register_namespace("fw", NAMESPACE)
    root = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(root, "head"), "title").text = title
    body = ET.SubElement(root, "body")
    for name, outlines in folders:
        folder = ET.SubElement(body, "outline", text=name) if name else body
        for each in outlines:
            said = {"type": "rss", "text": each.name, "title": each.name, "xmlUrl": each.url}
            said |= {"htmlUrl": each.site} if each.site else {}
            said |= {"language": each.language} if each.language else {}
            said |= {f"{{{NAMESPACE}}}{key}": value for key, value in each.own.items() if value}
            ET.SubElement(folder, "outline", said)
    ET.indent(root)
    return bytes(ET.tostring(root, encoding="utf-8", xml_declaration=True)) + b"\n"
