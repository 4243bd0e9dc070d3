"""Most documents, read in a tenth of feedparser's time to the very same entries; else refused.

The XML is read by the standard library's ElementTree, which is the same expat that feedparser reads
with: what is well formed is so to both, and the events are the same. What this module adds is which
elements count, in which order, and when it is not sure: anything that it does not know to be idle, and
everything :mod:`tui.feeds.gate` has a rule against, raises Refused. docs/parsing.md tells the comparison.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final
from xml.etree import ElementTree as ET
from xml.parsers import expat

from tui.feeds.gate import MEANT, OTHER, Names, Refused, date_of, decoded, joined, text_of
from tui.feeds.parse import Fields, Parsed, parsed_of
from tui.model import Timestamp

_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_RSS1: Final = "http://purl.org/rss/1.0/"
_ATOM: Final = "http://www.w3.org/2005/Atom}"
_LANG: Final = "http://www.w3.org/XML/1998/namespace}lang"
_BASE: Final = "http://www.w3.org/XML/1998/namespace}base"
_DECLARED: Final = re.compile("<!(?:DOCTYPE|ENTITY)")
_BASED: Final = re.compile(r"base\s*=")
_ADDRESS: Final = re.compile(r"https?://[^/?#]")

_DATES: Final = {
    **dict.fromkeys(("pubdate", "published", "issued", "dcterms_issued"), "published"),
    **dict.fromkeys(("updated", "modified", "lastbuilddate", "dc_date", "dcterms_modified"), "updated"),
}
_LEADS: Final = {"description", "summary", "dc_description", "media_description", "itunes_summary"}
_CONTENTS: Final = {"content", "content_encoded"}
_MARKUP: Final = {"text", "html", "text/plain", "text/html"}
_PAGES: Final = {"text/html", "html", "application/xhtml+xml", "xhtml"}
_LINK_ATTRIBUTES: Final = {"href", "rel", "type", "hreflang", "title", "length", _LANG, _BASE}

_HOLDERS: Final = {
    *("author", "contributor", "managingeditor", "itunes_owner", "itunes_category"),
    *("media_group", "media_content", "items", "skiphours", "skipdays", OTHER),
}
"""Elements that change nothing of an entry, whatever idle elements they hold."""
_IDLE: Final = {
    *("category", "comments", "copyright", "rights", "generator", "webmaster", "enclosure", "language"),
    *("name", "uri", "email", "docs", "ttl", "cloud", "rating", "logo", "icon", "hour", "day", "keywords"),
    *(f"dc_{name}" for name in ("creator", "author", "contributor", "publisher", "rights", "subject")),
    *(
        f"dc_{name}"
        for name in ("identifier", "format", "type", "source", "relation", "coverage", "language")
    ),
    *(f"itunes_{name}" for name in ("author", "block", "duration", "email", "episode", "episodetype")),
    *(f"itunes_{name}" for name in ("explicit", "image", "keywords", "name", "order", "season", "subtitle")),
    *(f"itunes_{name}" for name in ("title", "type", "new-feed-url")),
    *(f"media_{name}" for name in ("category", "community", "copyright", "credit", "hash", "keywords")),
    *(f"media_{name}" for name in ("license", "player", "rating", "restriction", "starrating", "statistics")),
    *(f"media_{name}" for name in ("text", "thumbnail")),
    *("feedburner_info", "feedburner_origlink", "feedburner_feedflare", "feedburner_emailserviceid"),
    *("feedburner_feedburnerhostname", "feedburner_origenclosurelink", "georss_point", "georss_featurename"),
}
"""Elements without children that change nothing of an entry."""
_BUFFER: Final = 64 * 1024
"""Bytes of text that are handed on in one piece."""
_DEEPEST: Final = 4
"""Groups of media in each other; there is no use for more than two."""
_PICTURE: Final = {"title", "link", "description", "url", "name", "width", "height"}
"""What a channel's image and textinput may hold."""


def parse(body: bytes, content_type: str, url: str, max_entries: int) -> Parsed:
    """As :func:`tui.feeds.parse.parse`, and with the same result; or Refused."""
    text = decoded(body, content_type)
    if _DECLARED.search(text):
        raise Refused("a doctype or an entity declaration")
    names = Names(text)
    root = _tree(text)
    reading = _Reading(names, url, rebased=_BASED.search(text) is not None)
    head, items = reading.split(root)
    return parsed_of(url, reading.title(head), [reading.entry(item) for item in items[:max_entries]])


def _tree(text: str) -> ET.Element:
    """The document as a tree, the names in it with their namespace (``uri}local``).

    ElementTree's own parser does the same in one and a half times the time: it joins text line by line, and
    looks through all of it once more for how many lines there were.
    """
    builder = ET.TreeBuilder()
    parser = expat.ParserCreate("utf-8", "}")
    parser.buffer_text = True
    parser.buffer_size = _BUFFER
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.data
    try:
        parser.Parse(text, True)
    except expat.ExpatError as error:
        raise Refused(f"not well formed: {error}") from None
    return builder.close()


@dataclass(slots=True)
class _Found:
    """What an entry's elements have said so far."""

    titles: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    fallback: str = ""
    """An id that is an address: the link, where no element is."""
    dates: dict[str, Timestamp] = field(default_factory=dict)
    summary: str | None = None
    depth: int | None = None
    """How deep the summary's element stands; None where there is none, or a content stood in for it."""
    contents: list[str] = field(default_factory=list)
    moved: bool = False
    """A source or an image went by: from here on feedparser takes a picture's title for the entry's."""


class _Reading:
    """One document being read."""

    def __init__(self, names: Names, url: str, *, rebased: bool) -> None:
        self._names = names
        self._url = url
        self._rebased = rebased

    def split(self, root: ET.Element) -> tuple[list[ET.Element], list[ET.Element]]:
        """The elements that tell of the feed, and its items, each in their order."""
        children, item = list(root), "item"
        if root.tag == "rss":
            if [self._names[child.tag] for child in children] != ["channel"]:
                raise Refused("RSS that is more than a channel")
            _attributes(children[0])
            children = list(children[0])
        elif root.tag == f"{_RDF}RDF":
            if not children or children[0].tag != f"{_RSS1}}}channel":
                raise Refused("RDF that does not begin with an RSS 1.0 channel")
            if any(self._names[child.tag] not in ("item", "image", "textinput") for child in children[1:]):
                raise Refused("RDF with more than a channel and items")
            _attributes(children[0])
            children[:1] = children[0]
        elif root.tag == f"{_ATOM}feed":
            _attributes(root)
            item = "entry"
        else:
            raise Refused("a root that is neither RSS, RDF nor Atom 1.0")
        head: list[ET.Element] = []
        items: list[ET.Element] = []
        for child in children:
            (items if self._names[child.tag] == item else head).append(child)
        return head, items

    def title(self, head: Iterable[ET.Element]) -> str:
        """The feed's own. Refused where the head holds what could change it, or the first entry."""
        titles = []
        for element in head:
            name = self._names[element.tag]
            if name == "title":
                titles.append(_marked_up(element))
            elif name in ("description", "subtitle", "link", "id") or name in _DATES:
                _leaf(element)
            elif name in ("image", "textinput"):
                for child in element:
                    if self._names[child.tag] not in _PICTURE:
                        raise Refused("a picture that is more than a title and an address")
                    _leaf(child)
            else:
                self._idle(element)
        if len(titles) > 1:
            raise Refused("a feed with two titles")
        return text_of(titles[0]) if titles else ""

    def entry(self, item: ET.Element) -> Fields:
        """The fields of one item."""
        found = _Found()
        about = item.get(f"{_RDF}about")
        if about is not None:
            found.ids.append(about)
        _attributes(item)
        for element in item:
            self._take(element, found, 1)
        title = text_of(found.titles[0]) if len(found.titles) == 1 else ""
        if not title:
            raise Refused("an entry without a title, or with two")
        link = found.links[0] if found.links else found.fallback
        if len(found.links) > 1 or len(found.ids) > 1:
            raise Refused("an entry with two links or ids")
        if not link:
            raise Refused("an entry without an absolute link")
        leads = map(text_of, (found.summary, *found.contents))
        return Fields(
            id=found.ids[0] if found.ids else "",
            title=title,
            summary=next((lead for lead in leads if lead.strip()), ""),
            link=link,
            published=found.dates.get("published", found.dates.get("updated")),
        )

    def _take(self, element: ET.Element, found: _Found, depth: int) -> None:
        """Take in what an element says of its entry; it stands ``depth`` below the item."""
        name = self._names[element.tag]
        if (name in _IDLE or name == OTHER) and not len(element):
            return  # half of all elements
        if name in _LEADS:
            _lead(_marked_up(element), found, depth)
        elif name == "media_title":
            _leaf(element)
            if found.moved:
                raise Refused("a picture's title behind a source")
        elif name in ("media_group", "media_content") and depth < _DEEPEST:
            for child in element:
                self._take(child, found, depth + 1)
        elif name == OTHER or name in _IDLE or depth > 1:
            self._idle(element)
        elif name == "title":
            found.titles.append(_marked_up(element))
        elif name == "link":
            self._link(element, found)
        elif name in ("guid", "id"):
            self._id(element, found)
        elif name in _DATES:
            _leaf(element)
            found.dates[_DATES[name]] = date_of(element.text)
        elif name in _CONTENTS:
            _content(_marked_up(element), found)
        elif name in ("source", "image"):
            _leaf(element)
            found.moved = True
        else:
            self._idle(element)

    def _link(self, element: ET.Element, found: _Found) -> None:
        _leaf(element)
        if not _LINK_ATTRIBUTES.issuperset(element.keys()):
            raise Refused("a link with unknown attributes")
        href = element.get("href")
        if href is None:
            if element.attrib:
                raise Refused("a link with attributes and no address")
            href = _address(element)
        else:
            kind = element.get("rel", "alternate").lower(), element.get("type", "text/html").lower()
            if kind[0] != "alternate" or kind[1] not in _PAGES:
                return
        if "&" in href and ";" in href:
            raise Refused("a link with something like a reference in it")
        if not _ADDRESS.match(href):
            raise Refused("an entry without an absolute link")
        found.links.append(joined(self._url, href, rebased=self._rebased))

    def _id(self, element: ET.Element, found: _Found) -> None:
        _leaf(element)
        own = _address(element)
        if element.attrib and element.keys() != ["isPermaLink"]:
            raise Refused("an id with unknown attributes")
        if element.get("isPermaLink", "true") == "true":
            found.fallback = own if _ADDRESS.match(own) else ""
            own = joined(self._url, own, rebased=self._rebased)
        found.ids.append(own)

    def _idle(self, element: ET.Element) -> None:
        """Refused where an element, or one in it, could change an entry."""
        for part in element.iter():
            name = self._names[part.tag]
            if name not in _HOLDERS:
                _leaf(part)
                if name not in _IDLE and ("_" in name or name in MEANT):
                    raise Refused(f"an element that could mean something: {name:.40}")


def _lead(text: str, found: _Found, depth: int) -> None:
    """A description or summary: the second one is a content, unless a content came before."""
    if found.summary is not None and not found.contents:
        found.contents.append(text)
    elif found.depth is None or depth <= found.depth:
        found.summary, found.depth = text, depth


def _content(text: str, found: _Found) -> None:
    found.contents.append(text)
    if found.summary is None:
        found.summary = text


def _marked_up(element: ET.Element) -> str:
    """The text of a title, summary or content that is plain or escaped HTML."""
    _leaf(element)
    for key, value in element.items():
        if key not in (_LANG, _BASE) and not (key == "type" and value.lower() in _MARKUP):
            raise Refused("a text that is neither plain nor HTML")
    return element.text or ""


def _address(element: ET.Element) -> str:
    """The text of a link or an id; Refused where it would have to be mended."""
    text = text_of(element.text)
    if text != (element.text or "").strip():
        raise Refused("an address in the wrong encoding")
    return text


def _leaf(element: ET.Element) -> None:
    if len(element):
        raise Refused("elements where there should be text")


def _attributes(element: ET.Element) -> None:
    """Refused where a channel or item has attributes that feedparser takes for elements."""
    for key in element.attrib:
        if key.rpartition("}")[2].lower() in ("href", "lastmod"):
            raise Refused("attributes in the place of elements")
