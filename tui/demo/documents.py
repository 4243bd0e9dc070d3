"""Feed documents as outlets serve them: RSS 2.0, Atom and RSS 1.0, in the outlet's own encoding."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from io import BytesIO
from typing import Final
from xml.etree import ElementTree as ET

from tui.clock import iso
from tui.demo.world import Item, Outlet
from tui.model import Timestamp

CONTENT_TYPES: Final = {
    "rss": "application/rss+xml",
    "atom": "application/atom+xml",
    "rdf": "application/rdf+xml",
}

_ATOM: Final = "http://www.w3.org/2005/Atom"
_RDF: Final = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
_RSS1: Final = "http://purl.org/rss/1.0/"
_DC: Final = "http://purl.org/dc/elements/1.1/"
_XML_LANG: Final = "{http://www.w3.org/XML/1998/namespace}lang"


def document(outlet: Outlet, items: Sequence[Item], base: str) -> bytes:
    """The outlet's feed with these items, newest first; ``base`` is the server's address without a slash.

    Its encoding is the outlet's: what that lacks is written as a character reference.
    """
    build = {"rss": _rss, "atom": _atom, "rdf": _rdf}[outlet.format]
    stream = BytesIO()
    ET.ElementTree(build(outlet, items, base)).write(stream, outlet.encoding, xml_declaration=True)
    return stream.getvalue()


def _rss(outlet: Outlet, items: Sequence[Item], base: str) -> ET.Element:
    root = ET.Element("rss", version="2.0")
    channel = ET.SubElement(root, "channel")
    _add(channel, "title", feed_title(outlet))
    _add(channel, "link", f"{base}/")
    _add(channel, "description", outlet.about)
    _add(channel, "language", outlet.language)
    for item in items:
        node = ET.SubElement(channel, "item")
        _add(node, "title", item.telling.title)
        _add(node, "link", base + item.path)
        _add(node, "guid", item.id, isPermaLink="false")
        _add(node, "pubDate", http_date(item.published))
        _add(node, "description", _summary(outlet, item))
    return root


def _atom(outlet: Outlet, items: Sequence[Item], base: str) -> ET.Element:
    root = ET.Element("feed", {"xmlns": _ATOM, _XML_LANG: outlet.language})
    _add(root, "id", f"tag:demo.invalid,2026:{outlet.slug}")
    _add(root, "title", feed_title(outlet))
    _add(root, "updated", iso(max((item.published for item in items), default=0.0)))
    _add(root, "link", "", href=f"{base}/")
    for item in items:
        node = ET.SubElement(root, "entry")
        _add(node, "id", f"tag:demo.invalid,2026:{item.id}")
        _add(node, "title", item.telling.title)
        _add(node, "link", "", href=base + item.path)
        _add(node, "published", iso(item.published))
        _add(node, "updated", iso(item.published))
        _add(node, "summary", _summary(outlet, item), type="html" if outlet.html else "text")
    return root


def _rdf(outlet: Outlet, items: Sequence[Item], base: str) -> ET.Element:
    root = ET.Element("rdf:RDF", {"xmlns:rdf": _RDF, "xmlns": _RSS1, "xmlns:dc": _DC})
    channel = ET.SubElement(root, "channel", {"rdf:about": f"{base}/"})
    _add(channel, "title", feed_title(outlet))
    _add(channel, "link", f"{base}/")
    _add(channel, "description", outlet.about)
    contents = ET.SubElement(ET.SubElement(channel, "items"), "rdf:Seq")
    for item in items:
        ET.SubElement(contents, "rdf:li", {"rdf:resource": base + item.path})
        node = ET.SubElement(root, "item", {"rdf:about": base + item.path})
        _add(node, "title", item.telling.title)
        _add(node, "link", base + item.path)
        _add(node, "dc:date", iso(item.published))
        _add(node, "description", _summary(outlet, item))
    return root


def page(outlet: Outlet, item: Item) -> bytes:
    """What a reader finds behind an item's link: its text and the plain word that it is made up."""
    direction = "rtl" if outlet.language in ("ar", "he", "fa") else "ltr"
    return (
        f'<!doctype html><html lang="{outlet.language}" dir="{direction}"><meta charset="utf-8">'
        f"<title>{escape(item.telling.title)}</title><h1>{escape(item.telling.title)}</h1>"
        f"<p>{escape(item.telling.summary)}</p><hr>"
        f"<p>{escape(feed_title(outlet))} · {iso(item.published)}</p>"
        '<p lang="en" dir="ltr">Part of the Frontwatch demo: outlet and event are invented.</p></html>'
    ).encode()


def feed_title(outlet: Outlet) -> str:
    """The outlet's name, with the word that keeps it from being taken for news."""
    return f"{outlet.name} (demo)"


def http_date(timestamp: Timestamp) -> str:
    """``Fri, 01 Dec 2023 18:42:07 GMT``: the date of RSS and of HTTP."""
    return format_datetime(datetime.fromtimestamp(int(timestamp), UTC), usegmt=True)


def _summary(outlet: Outlet, item: Item) -> str:
    if not outlet.html or not item.telling.summary:
        return item.telling.summary
    return f"<p>{escape(item.telling.summary, quote=False)}</p>"


def _add(parent: ET.Element, tag: str, text: str, **attributes: str) -> None:
    ET.SubElement(parent, tag, attributes).text = text or None
