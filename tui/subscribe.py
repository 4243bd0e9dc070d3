"""``frontwatch feeds add``: the feed at an address, or behind the page there, and what a watch says of it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from tui import proposal
from tui.config import values as check
from tui.config.edit import Refusal, Row
from tui.feeds import discover
from tui.feeds.fetch import Answer, Fetcher
from tui.feeds.parse import Parsed
from tui.feeds.worker import ParseWorker
from tui.model import Entry, Watch
from tui.tagging.tagger import Tagger
from tui.usage import must_be

SAID: Final = ("name", "publisher", "language", "reliability", "front")
"""What a person may say of a feed, by the keys that it has in a feeds.toml."""
_HEAD: Final = 65_536
_LANGUAGE: Final = re.compile(r"<(?:dc:)?language(?:\s[^<>]{0,200})?>\s*([a-z]{2})(?![a-z])", re.IGNORECASE)
_XML_LANG: Final = re.compile(
    r"<(?:feed|rss|rdf:rdf)\b[^<>]{0,2000}?\bxml:lang\s*=\s*[\"']([a-z]{2})(?![a-z])", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Found:
    """A feed that answers."""

    url: str
    """Where it is to be polled."""
    title: str
    language: str
    """ISO 639-1 code that it declares, or ``""``."""
    entries: tuple[Entry, ...]


def address(typed: str, watch: Watch) -> str:
    """What a person typed as an address that the watch has not yet. Raises Refusal."""
    url = typed.strip().removeprefix("feed:").removeprefix("//")
    if "://" not in url:
        url = f"https://{url}"
    return _new(url, watch)


def _new(url: str, watch: Watch) -> str:
    try:
        check.url(url)
    except check.Refused as refused:
        raise Refusal(f"{refused.what}; {refused.mend}") from None
    for feed in watch.feeds:
        if check.url_identity(feed.url) == check.url_identity(url):
            raise Refusal(f'"{feed.name}" is this feed already: {feed.url}')
    return url


async def find(url: str, watch: Watch, tell: Callable[[str], None]) -> Found:
    """Ask for ``url``, and where that is a page, for the feed that it names. Raises Refusal.

    ``tell`` gets a line for each step that the person may not expect.
    """
    worker = ParseWorker()
    try:
        async with Fetcher(watch.fetch) as fetcher:
            answer, parsed = await _ask(fetcher, worker, url, watch)
            if parsed.fault and discover.is_page(answer.body, answer.content_type):
                asked, url = url, discover.named_feed(answer.body, answer.url)
                if url:
                    tell(f"{asked} is a page; it names the feed {url}")
                    answer, parsed = await _ask(fetcher, worker, _new(url, watch), watch)
                else:
                    tell(f"{asked} is a page that names no feed; looking where feeds usually are")
                    url, answer, parsed = await _usual(fetcher, worker, answer.url, watch)
                    tell(f"found {url}")
    finally:
        await worker.close()
    if parsed.fault:
        raise Refusal(f"{url}: {parsed.fault}")
    if answer.moved:
        tell(f"{url} has moved for good to {answer.moved}")
        url = _new(answer.moved, watch)
    return Found(url, parsed.title, _declared(answer.body), parsed.entries)


async def _usual(
    fetcher: Fetcher, worker: ParseWorker, page: str, watch: Watch
) -> tuple[str, Answer, Parsed]:
    """The first feed with an entry where feeds usually are, asked for one after the other. Raises Refusal."""
    for url in discover.usual_feeds(page):
        answer = await fetcher.fetch(url)
        if answer.outcome == "ok" and not discover.is_page(answer.body, answer.content_type):
            parsed = await _read(worker, answer, watch)
            if parsed.entries:
                return _new(url, watch), answer, parsed
    raise Refusal(
        f"{page} is a page that names no feed, and none is where feeds usually are; "
        "look on it for a link to RSS or Atom"
    )


async def _ask(fetcher: Fetcher, worker: ParseWorker, url: str, watch: Watch) -> tuple[Answer, Parsed]:
    answer = await fetcher.fetch(url)
    if answer.outcome != "ok":
        raise Refusal(f"{url}: {answer.error}")
    return answer, await _read(worker, answer, watch)


async def _read(worker: ParseWorker, answer: Answer, watch: Watch) -> Parsed:
    return await worker.parse(answer.body, answer.content_type, answer.url, watch.fetch.max_entries)


def _declared(body: bytes) -> str:
    """The language that a feed says it is in, before its first entry."""
    head = re.split(r"<(?:item|entry)\b", body[:_HEAD].decode("utf-8", errors="replace"), maxsplit=1)[0]
    found = _LANGUAGE.search(head) or _XML_LANG.search(head)
    code = found[1].lower() if found else ""
    try:
        return check.language(code)
    except check.Refused:
        return ""


def settled(said: Row, watch: Watch) -> dict[str, str]:
    """What a person says of a feed, by the keys SAID, its front by id. Raises Refusal, or WrongUsage."""
    for feed in watch.feeds:
        if said["name"].casefold() == feed.name.casefold():
            raise Refusal(f'there is a feed "{feed.name}" already: {feed.url}')
    named, fronts = said["front"].casefold(), watch.fronts
    front = next((each.id for each in fronts if named in (each.id, each.name.casefold())), "")
    if named and not front:
        must_be(said["front"], [each.id for each in fronts], "front")
    return {**said, "front": front}


def row(found: Found, watch: Watch, said: Row) -> Row:
    """The table of a feed: what is ``said`` of it, else what it says of itself, else what is usual."""
    link = next((entry.link for entry in found.entries if entry.link), "")
    titles = [entry.title for entry in found.entries]
    names = proposal.Names(feed.name for feed in watch.feeds)
    made = {
        "name": said["name"] or names.free(found.title or proposal.host_of(found.url)),
        "url": found.url,
        "publisher": said["publisher"] or proposal.publisher(found.url, link, proposal.houses(watch.feeds)),
        "language": said["language"] or proposal.language(titles, found.language),
        "reliability": said["reliability"] or proposal.RELIABILITY,
        "front": said["front"],
    }
    return {key: value for key, value in made.items() if value}


def told(found: Found, watch: Watch) -> str:
    """How much of what the feed has now belongs to the watch: ``20 entries: yemen 3, none 17``."""
    tagger = Tagger(watch.fronts, watch.tripwires)
    fronts: Counter[str] = Counter()
    for entry in found.entries:
        fronts.update(tagger.tag(entry.title, entry.summary).fronts or ("none",))
    counts = ", ".join(f"{front} {count}" for front, count in fronts.most_common())
    return f"{len(found.entries)} entries on the fronts: {counts}" if counts else "it has no entry now"
