"""What a page of HTML is good for: the feed that it names. Pure."""

from __future__ import annotations

import re
from typing import Final
from urllib.parse import urljoin, urlsplit

from tui.feeds.safe_text import LINK_LIMIT, safe_link, safe_text

HEAD: Final = 256 * 1024
"""Bytes of a page in which its feed must be named."""
_OPENING: Final = re.compile(
    rb"^(?:\xef\xbb\xbf)?\s*(?:<!--.{0,500}?-->\s*)?<(?:!doctype\s+html|html)\b", re.IGNORECASE | re.DOTALL
)
_LINK: Final = re.compile(r"<link\b([^<>]{1,2000})>", re.IGNORECASE)
_ATTRIBUTE: Final = re.compile(
    r"""\b(rel|type|href)\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))""", re.IGNORECASE
)
_USUAL: Final = ("feed", "rss", "feed.xml", "rss.xml", "atom.xml", "index.xml")
"""Where the common publishing programs (WordPress, Ghost, Hugo, Jekyll) keep the feed of a page."""
_PLAIN: Final = re.compile(
    r"https?://[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?(?:/[\w/.~%+,=&@:!*-]*)?(?:\?[\w/.~%+,=&@:!*-]+)?",
    re.ASCII,
)
"""An address that is absolute and safe already, and that no rule of joining or quoting changes."""
_FEED_TYPES: Final = ("application/rss+xml", "application/atom+xml")


def is_page(body: bytes, content_type: str) -> bool:
    """Whether ``body`` begins as a page of HTML does, or is declared as one and begins like no XML."""
    head = body[:4096]
    if _OPENING.match(head):
        return True
    return "html" in content_type.lower() and not head.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml")


def named_feed(body: bytes, url: str) -> str:
    """Address of the first feed that the page at ``url`` names with ``<link rel=alternate>``, or ``""``."""
    for link in _LINK.finditer(body[:HEAD].decode("utf-8", errors="replace")):
        found = {name.lower(): a or b or c for name, a, b, c in _ATTRIBUTE.findall(link[1])}
        kind = found.get("type", "").strip().lower()
        if "alternate" in found.get("rel", "").lower().split() and kind in _FEED_TYPES:
            return absolute(url, safe_text(found.get("href", ""), 2000))
    return ""


def usual_feeds(url: str) -> tuple[str, ...]:
    """Addresses where the feed of a page that names none may be: below the page, then at the site's root."""
    below = urljoin(url, urlsplit(url).path.rstrip("/") + "/")
    folders = dict.fromkeys((below, urljoin(url, "/")))
    found = (absolute(folder, name) for folder in folders for name in _USUAL)
    return tuple(each for each in found if each)


def absolute(base: str, link: str) -> str:
    """``link`` as it stands in a document from ``base``, absolute and safe, or ``""``."""
    link = link.strip()
    if len(link) <= LINK_LIMIT and _PLAIN.fullmatch(link):
        return link
    try:
        return safe_link(urljoin(base, link)) if link else ""
    except ValueError:  # brackets that hold no IPv6 address
        return ""
