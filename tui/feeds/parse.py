"""Bytes of a feed document -> entries by feedparser, the authority. Pure, and nothing is raised.

Most documents are read in a tenth of its time by :mod:`tui.feeds.lean`, to the same entries.
"""

from __future__ import annotations

import calendar
import io
import time
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from tui.feeds import discover
from tui.feeds.safe_text import safe_text
from tui.model import Entry, Timestamp

if TYPE_CHECKING:
    from feedparser import FeedParserDict

TITLE_LIMIT: Final = 300
SUMMARY_LIMIT: Final = 1_000
"""Characters: the lead of an article. What stands behind it names places only in passing."""
ID_LIMIT: Final = 500
"""Characters of an id that are kept as they are; of a longer one, or one with controls in it, a digest."""
EARLIEST: Final = 631_152_000.0
"""1990-01-01T00:00Z: no news feed is older, and a date before it is a fault (mostly 1970)."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a document holds."""

    entries: tuple[Entry, ...] = ()
    title: str = ""
    """The feed's own."""
    fault: str = ""
    """Empty, or why there are no entries, in words that a person can act on."""
    refused: str = field(default="", compare=False)
    """Why the lean way left it to feedparser; empty where it did not, or nobody asked it."""


class Fields(NamedTuple):
    """One entry as its document has it: texts that have not passed safe_text, empty where there is none."""

    id: str
    title: str
    summary: str
    link: str
    published: Timestamp | None


def parse(body: bytes, content_type: str, url: str, max_entries: int) -> Parsed:
    """Read the document that came from ``url``: RSS, RDF or Atom, well formed or nearly so.

    Entries come in the document's order, at most ``max_entries`` of them; one with neither title nor
    text is left out.
    """
    if not body.strip():
        return Parsed(fault="empty: the server sent nothing")
    try:
        parsed = _by_feedparser(body, content_type, url, max_entries)
    except Exception as error:  # feedparser meets bytes that it did not expect, in ways past listing
        return Parsed(fault=safe_text(f"not readable as a feed: {type(error).__name__}: {error}", 200))
    if parsed.entries or not parsed.fault:
        return parsed
    if discover.is_page(body, content_type):
        feed = discover.named_feed(body, url)
        meant = f"; did you mean {feed}?" if feed else ""
        return Parsed(title=parsed.title, fault=f"page of HTML{meant}")
    return parsed


def _by_feedparser(body: bytes, content_type: str, url: str, max_entries: int) -> Parsed:
    import feedparser  # 140 ms, and only the worker process needs it

    document = feedparser.parse(
        io.BytesIO(mended(body)),  # never the bytes themselves: feedparser would try them as a path first
        response_headers={"content-type": content_type, "content-location": url},
        resolve_relative_uris=False,  # those inside HTML, which is dropped
        sanitize_html=False,
    )
    return parsed_of(
        url,
        _text(document.feed, "title"),
        [_fields(item) for item in document.entries[:max_entries]],
        _fault(document),
    )


def parsed_of(url: str, title: str, rows: Iterable[Fields], fault: str = "") -> Parsed:
    """What a document from ``url`` comes to, whoever read it: the one way from its fields to entries."""
    entries = [_entry(fields, url) for fields in rows]
    return Parsed(
        _told_apart([entry for entry in entries if entry is not None]),
        safe_text(title, TITLE_LIMIT),
        fault,
    )


def mended(body: bytes) -> bytes:
    """UTF-8 with a few broken bytes as sound UTF-8: for their sake feedparser would read it all as Latin."""
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        text = body.decode("utf-8", errors="replace")
        foreign = len(text) - len(text.encode("ascii", errors="ignore"))
        if text.count("\ufffd") * 10 <= foreign:
            return text.encode("utf-8")
    return body


def _told_apart(entries: list[Entry]) -> tuple[Entry, ...]:
    """The entries; one that shares its id with another of the document goes under a digest of its text."""
    shared = Counter(entry.id for entry in entries)
    return tuple(
        entry._replace(id=_identity("", "", entry.title, entry.summary)) if shared[entry.id] > 1 else entry
        for entry in entries
    )


def _fault(document: FeedParserDict) -> str:
    """Why the document has no entry; empty where it has some, or is a sound feed without any."""
    if document.entries:
        return ""
    problem = document.get("bozo_exception") if document.bozo else None
    # A wrong content type or charset is no fault of a document that could be read all the same.
    broken = problem is not None and "CharacterEncodingOverride" not in type(problem).__name__
    broken = broken and "NonXMLContentType" not in type(problem).__name__
    if document.version and not broken:
        return ""
    if not document.version:
        return "not a feed: neither RSS nor Atom in it"
    return safe_text(f"broken XML: {getattr(problem, 'getMessage', lambda: problem)()}", 200)


def _fields(item: FeedParserDict) -> Fields:
    return Fields(_text(item, "id"), _text(item, "title"), _summary(item), _text(item, "link"), _date(item))


def _entry(fields: Fields, url: str) -> Entry | None:
    summary = safe_text(fields.summary, SUMMARY_LIMIT)
    title = safe_text(fields.title, TITLE_LIMIT) or safe_text(summary, TITLE_LIMIT // 2)
    if not title:
        return None
    link = discover.absolute(url, fields.link)
    return Entry(
        id=_identity(fields.id.strip(), link, title, summary),
        title=title,
        summary=summary,
        link=link,
        published=fields.published,
    )


def _text(holder: FeedParserDict, key: str) -> str:
    value = holder.get(key)
    return value if isinstance(value, str) else ""


def _summary(item: FeedParserDict) -> str:
    """The summary, else the content."""
    contents = [_text(content, "value") for content in item.get("content") or ()]
    return next((text for text in (_text(item, "summary"), *contents) if text.strip()), "")


def _identity(own: str, link: str, title: str, summary: str) -> str:
    """The entry's own id, else its link, else a digest of its text."""
    if own and len(own) <= ID_LIMIT and own.isprintable():
        return own
    if own or not link:
        import hashlib  # here: hardly any entry needs one, and a parse process starts sooner without

        return hashlib.sha256((own or f"{title}\n{summary}").encode("utf-8", "replace")).hexdigest()
    return link


def _date(item: FeedParserDict) -> Timestamp | None:
    """When it was published, else updated; None without a date from EARLIEST on.

    A date ahead of its time is told as it is: what time it is, is for whoever has the clock.
    """
    for key in ("published_parsed", "updated_parsed"):
        parts: Any = item.get(key) if key in item else None
        if not isinstance(parts, time.struct_time):
            continue
        try:
            when = float(calendar.timegm(parts))
        except (ValueError, OverflowError):  # a year 0, a month 13
            continue
        if when >= EARLIEST:
            return when
    return None
