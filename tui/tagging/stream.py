"""JSON lines in, tagged JSON lines out: the work of ``frontwatch tag``.

A line is an object with ``title`` and, as far as known, ``id``, ``summary``, ``lang``,
``source`` and ``link``. Its text passes ``safe_text`` first; offsets in the answer are into
the text behind that door.
"""

from __future__ import annotations

import json
from typing import Final, TextIO

from tui.feeds.safe_text import safe_text
from tui.model import Feed, Watch
from tui.tagging.tagger import Tagger, tags_json

TITLE_LIMIT: Final = 500
SUMMARY_LIMIT: Final = 2_000
_TEXTS: Final = ("title", "summary", "lang", "source", "link")


class _BadLine(ValueError):
    """A line that can't be tagged, with what is wrong in words."""


def tag_stream(source: TextIO, sink: TextIO, errors: TextIO, tagger: Tagger, watch: Watch) -> int:
    """Tag each line as it comes, in order; flush each answer. Returns the exit code: 1 if any line was bad.

    A bad line is named on ``errors`` and skipped. A ``source`` that is a feed of the watch (by
    name, address or publisher) lends its language and its front.
    """
    feeds = _by_any_name(watch)
    bad = 0
    for number, line in enumerate(source, 1):
        if not line.strip():
            continue
        try:
            answer = _tag_line(line, tagger, feeds)
        except _BadLine as fault:
            bad += 1
            errors.write(f"line {number}: {fault}\n")
            errors.flush()
            continue
        sink.write(answer + "\n")
        sink.flush()
    return 1 if bad else 0


def _by_any_name(watch: Watch) -> dict[str, Feed]:
    """Feeds by address and name, and by a publisher of whom there is but one sort of feed."""
    feeds: dict[str, Feed] = {}
    shared: set[str] = set()
    for feed in watch.feeds:
        other = feeds.get(feed.publisher)
        if other is not None and (other.language, other.front) != (feed.language, feed.front):
            shared.add(feed.publisher)
        feeds[feed.publisher] = feed
    for publisher in shared:
        del feeds[publisher]
    for feed in watch.feeds:
        feeds[feed.name] = feeds[feed.url] = feed
    return feeds


def _tag_line(line: str, tagger: Tagger, feeds: dict[str, Feed]) -> str:
    try:
        row = json.loads(line)
    except json.JSONDecodeError as fault:
        raise _BadLine(f"not JSON: {fault.msg} at character {fault.colno}") from fault
    except ValueError as fault:
        raise _BadLine("not JSON that can be read: a number of too many digits") from fault
    except RecursionError as fault:
        raise _BadLine("not a flat object: nested too deep") from fault
    if not isinstance(row, dict):
        raise _BadLine('not an object: each line needs {"title": ...}')
    if "title" not in row:
        raise _BadLine('no "title"')
    for key in _TEXTS:
        if not isinstance(row.get(key, ""), str | None):
            raise _BadLine(f'"{key}" must be a text')
    feed = feeds.get(row.get("source") or "")
    tags = tagger.tag(
        safe_text(row["title"] or "", TITLE_LIMIT),
        safe_text(row.get("summary") or "", SUMMARY_LIMIT),
        language=row.get("lang") or (feed.language if feed else ""),
        front=feed.front if feed else None,
        link=row.get("link") or "",
    )
    try:
        # Whatever an id holds, it reads back the same, and no terminal acts on it.
        own = json.dumps({"id": row.get("id")}, allow_nan=False).replace("\x7f", "\\u007f")
    except (ValueError, RecursionError) as fault:
        raise _BadLine('"id" must be a text or a number that JSON has') from fault
    return f"{own[:-1]}, {json.dumps(tags_json(tags), ensure_ascii=False)[1:]}"
