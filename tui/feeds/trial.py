"""One fetch of a feed, step by step, for a person who wants to see where it goes wrong.

It is made by the same code as a poll, but asks for the whole document, and nothing of it is kept.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any, Final, Protocol

from tui.feeds import faults
from tui.feeds.fetch import Answer, Fetcher
from tui.feeds.hints import hints_of
from tui.feeds.network import Forbidden, look_up
from tui.feeds.parse import Parsed
from tui.feeds.rhythm import rhythm_of
from tui.feeds.safe_text import safe_text
from tui.feeds.web import httpx
from tui.model import Entry, Feed, Timestamp
from tui.policy import FetchPolicy
from tui.words import age, plural

NEWEST: Final = 3
"""Entries that are shown."""
HEADERS: Final = (
    "content-type",
    "content-encoding",
    "content-length",
    "etag",
    "last-modified",
    "cache-control",
    "age",
    "retry-after",
    "location",
    "server",
)
"""Headers of an answer that matter to a feed."""
_HEADER: Final = 120
"""Characters of one that are shown."""


class Tell(Protocol):
    """Takes a step: its name, what came of it, and whether that is good (None: it only tells)."""

    def __call__(self, name: str, words: str, good: bool | None = None) -> Awaitable[None]:
        """The next step."""


Parse = Callable[[bytes, str, str, int], Awaitable[Parsed]]
"""As :meth:`tui.feeds.worker.ParseWorker.parse`."""
Relevant = Callable[[Feed, tuple[Entry, ...]], Awaitable[int]]
"""How many of a feed's entries are on a front of the watch."""


class Trial:
    """Fetches one feed once and tells each step as it comes; it is the fetcher's witness meanwhile."""

    def __init__(self, feed: Feed, policy: FetchPolicy, tell: Tell) -> None:
        self._feed = feed
        self._policy = policy
        self._tell = tell

    async def run(self, parse: Parse, relevant: Relevant, now: Timestamp) -> bool:
        """All the steps; whether the feed is good. Raises what ``tell`` and ``relevant`` raise."""
        async with Fetcher(self._policy) as fetcher:
            if not await self._look_up(fetcher):
                return False
            answer = await fetcher.fetch(self._feed.url, witness=self)
        if answer.outcome == "failed":
            await self._tell("fault", answer.error, good=False)
            return False
        if answer.moved:
            await self._tell("moved", f"for good: put into feeds.toml {answer.moved}", good=False)
        await self._tell("body", f"{faults.size(len(answer.body))} in {answer.took:.1f} s")
        parsed = await parse(answer.body, answer.content_type, answer.url, self._policy.max_entries)
        reader = f"feedparser; the lean one refused it: {parsed.refused}" if parsed.refused else "lean"
        await self._tell("reader", safe_text(reader, 200))
        if parsed.fault:
            await self._tell("document", faults.no_entry(answer.status, parsed.fault), good=False)
            return False
        await self._document(answer, parsed, now)
        share = await relevant(self._feed, parsed.entries)
        await self._tell("relevant", f"{share} of {len(parsed.entries)} on a front of this watch")
        return bool(parsed.entries)

    async def _look_up(self, fetcher: Fetcher) -> bool:
        """The host's addresses, and whether they may be asked."""
        url = httpx.URL(self._feed.url)
        if not fetcher.is_direct(url):
            await self._tell("proxy", "this machine's proxy is asked; it looks the name up")
            return True
        host = url.raw_host.decode("ascii")
        try:
            ipaddress.ip_address(host.strip("[]"))
            addresses = [host.strip("[]")]
        except ValueError:
            try:
                addresses = await look_up(host, url.port or 443)
            except OSError as error:
                await self._tell("DNS", faults.words(error, self._policy).removeprefix("DNS: "), good=False)
                return False
            await self._tell("DNS", f"{host} is {', '.join(addresses[:4])}", good=True)
        try:
            for address in addresses:
                fetcher.check(host, address)
        except Forbidden as error:
            await self._tell("address", str(error).removeprefix("address: "), good=False)
            return False
        await self._tell("address", "may be asked", good=True)
        return True

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """A connection was made, or TLS agreed upon."""
        if event == "connection.connect_tcp.complete":
            address = info["return_value"].get_extra_info("server_addr") or ("",)
            await self._tell("connection", f"open to {address[0]}", good=True)
        elif event == "connection.start_tls.complete":
            await self._tell("TLS", _tls_words(info["return_value"].get_extra_info("ssl_object")), good=True)

    async def answered(self, request: httpx.Request, response: httpx.Response) -> None:
        """The request that was sent, and the head of its answer."""
        target = request.url.raw_path.decode("ascii", errors="replace")
        agent = request.headers.get("user-agent", "")
        await self._tell("request", safe_text(f"GET {target} at {request.url.host}, as {agent}", 300))
        good = response.status_code < 400
        words = faults.status_words(response.status_code)
        await self._tell("status", words, good=good)
        for name in HEADERS:
            if value := response.headers.get(name):
                await self._tell("header", safe_text(f"{name}: {value}", _HEADER))

    async def _document(self, answer: Answer, parsed: Parsed, now: Timestamp) -> None:
        """What the document holds, and what it asks for."""
        title = f"“{parsed.title}”, " if parsed.title else ""
        words = f"{title}{plural(len(parsed.entries), 'entry', 'entries')}"
        await self._tell("document", words, good=bool(parsed.entries))
        hints = hints_of(answer.body)
        asked = max(hints.stands or 0.0, answer.max_age or 0.0)
        if asked:
            await self._tell("asks", f"to be polled every {age(asked)} at most")
        dated = [(each.published, each.title) for each in parsed.entries if each.published is not None]
        rhythm = rhythm_of([at for at, _ in dated], now)
        if rhythm.gap is not None:
            longest = age(rhythm.longest or 0.0)
            await self._tell("rhythm", f"an entry each {age(rhythm.gap)}, the longest pause {longest}")
        if parsed.entries and not dated:
            await self._tell("dates", "none: its entries are dated when they are first seen")
        for at, headline in sorted(dated, reverse=True)[:NEWEST]:
            await self._tell("newest", f"{age(now - at)} ago: {headline}")


def _tls_words(tls: Any) -> str:
    """``TLSv1.3, certificate valid until 2026-02-01``."""
    shown = tls.getpeercert() or {}
    until = shown.get("notAfter", "")
    try:
        end = datetime.strptime(until, "%b %d %H:%M:%S %Y %Z").replace(tzinfo=UTC)
    except ValueError:
        return str(tls.version())
    return f"{tls.version()}, certificate valid until {end:%Y-%m-%d}"
