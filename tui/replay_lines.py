"""Reads a replay file: JSON lines of ``source``, ``link``, ``title``, ``summary`` and ``published``."""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import blake2b
from io import BufferedReader
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from tui.clock import DAY, Clock
from tui.feeds.parse import EARLIEST, SUMMARY_LIMIT, TITLE_LIMIT
from tui.feeds.safe_text import safe_link, safe_text
from tui.model import Entry, Feed, Timestamp, Watch

LINE_LIMIT: Final = 1_000_000
"""Bytes of a line that are read: no entry is as long."""

AHEAD: Final = DAY
"""Seconds that an entry may lie ahead, for a file from a machine whose clock was wrong."""

UNKNOWN_RELIABILITY: Final = "F"
"""Of a source that is in no feed of the watch: Admiralty's "cannot be judged" is just what it is."""

VOICES_LIMIT: Final = 50_000
"""Addresses of feeds that are remembered."""

_SERVERS: Final = frozenset({"www", "feed", "feeds", "rss"})
"""First labels of a host that name a server and not the publisher."""


class ReplayError(Exception):
    """The file can't be replayed, in words."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that is no entry."""

    number: int
    fault: str


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is one, its text made safe."""

    feed: Feed
    entry: Entry
    published: Timestamp


class Lines:
    """The lines of a file, .gz or plain, one after the other; read once. Raises :class:`ReplayError`."""

    def __init__(self, path: Path, watch: Watch) -> None:
        self.blank = 0
        """Entries met without a word in title or summary: a feed has them too, and they are passed over."""
        self._voices = _Voices(watch)
        self._latest = Clock().now() + AHEAD
        try:
            self._raw = path.open("rb")
            self._size = path.stat().st_size
        except OSError as error:
            raise ReplayError(f"{path}: {error.strerror}") from error

    def __iter__(self) -> Iterator[Line | Bad]:
        number = 0
        with self._raw, self._unpacked() as lines:
            try:
                while line := lines.readline(LINE_LIMIT):
                    number += 1
                    if len(line) == LINE_LIMIT and not line.endswith(b"\n"):
                        yield Bad(number, f"longer than {LINE_LIMIT:,} bytes")
                        while (rest := lines.readline(LINE_LIMIT)) and not rest.endswith(b"\n"):
                            pass
                    elif line.strip() and (read := self._line(number, line)):
                        yield read
            except (OSError, EOFError, zlib.error) as error:  # of a damaged .gz: what came before is good
                yield Bad(number + 1, f"the file can't be read any further: {error}")

    def close(self) -> None:
        """Lets go of a file that was not read to its end."""
        self._raw.close()

    def percent(self) -> str:
        """How much of the file has been read."""
        return f"{100 * self._raw.tell() // max(1, self._size)}%" if not self._raw.closed else "100%"

    def _unpacked(self) -> BufferedReader | gzip.GzipFile:
        zipped = self._raw.peek(2)[:2] == b"\x1f\x8b"
        return gzip.open(self._raw) if zipped else self._raw

    def _line(self, number: int, line: bytes) -> Line | Bad | None:
        try:
            item = json.loads(line)
        except (ValueError, RecursionError) as error:
            return Bad(number, f"no JSON: {error}")
        if not isinstance(item, dict):
            return Bad(number, "no JSON object")
        published = _time(item.get("published"))
        if published is None:
            return Bad(number, '"published" is no ISO 8601 time')
        if not EARLIEST <= published <= self._latest:
            return Bad(number, '"published" lies before 1990 or ahead of this machine\'s clock')
        summary = safe_text(_text(item, "summary"), SUMMARY_LIMIT)
        title = safe_text(_text(item, "title"), TITLE_LIMIT) or safe_text(summary, TITLE_LIMIT // 2)
        if not title:
            self.blank += 1
            return None
        link = safe_link(_text(item, "link"))
        id = link or blake2b(f"{title}\n{published}".encode(), digest_size=16).hexdigest()
        feed = self._voices.of(_text(item, "source") or link)
        return Line(feed, Entry(id, title, summary, link, published), published)


class _Voices:
    """Who speaks in a line, by the address of its feed."""

    def __init__(self, watch: Watch) -> None:
        self._feeds = {_bare(feed.url): feed for feed in watch.feeds}
        self._hosts: dict[str, Feed] = {}
        for feed in watch.feeds:
            host = _publisher(feed.url)
            # A host speaks for a publisher that it is named after, so that no feed service does.
            if feed.publisher.replace("-", "").lower() in host.replace("-", ""):
                self._hosts.setdefault(host, feed)

    def of(self, raw: str) -> Feed:
        """The watch's feed of that address; else one of its publisher; else a voice named after its host."""
        known = self._feeds.get(_bare(raw))
        if known is not None:
            return known
        source = safe_link(raw)
        host = _publisher(source)
        kin = self._hosts.get(host)
        if kin is not None:
            feed = kin._replace(url=source, language="", front=None)
        else:
            feed = Feed(host or "unknown", source, host or "unknown", "", UNKNOWN_RELIABILITY)
        if len(self._feeds) < VOICES_LIMIT:
            self._feeds[_bare(raw)] = feed
        return feed


def _bare(url: str) -> str:
    """An address without what changes and means nothing: http or https, a slash at the end."""
    return url.partition("://")[2].rstrip("/") or url


def _publisher(url: str) -> str:
    """The host without the label that names a server: ``rss.example.org`` is ``example.org``."""
    host = urlsplit(url).hostname or ""
    first, _, rest = host.partition(".")
    return rest if first in _SERVERS and "." in rest else host


def _text(item: dict[str, Any], key: str) -> str:
    value = item.get(key)
    return value if isinstance(value, str) else ""


def _time(value: object) -> Timestamp | None:
    """Seconds since the epoch of an ISO 8601 text, in UTC where it names no zone."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
        if moment is None:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()
    except (ValueError, OverflowError):
        return None
