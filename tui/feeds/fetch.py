"""One polite request: conditional, bounded in time and size, and its every fault told in words."""

from __future__ import annotations

import asyncio
import email.utils
import re
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from importlib.metadata import PackageNotFoundError, version
from types import TracebackType
from typing import Any, Final, Literal, NamedTuple, Protocol, Self
from weakref import WeakValueDictionary

from tui.clock import Clock
from tui.feeds import faults
from tui.feeds.network import Forbidden, Transport, canonical
from tui.feeds.safe_text import safe_link, safe_text
from tui.feeds.web import httpx
from tui.policy import FetchPolicy

CONCURRENT: Final = 16
"""Requests under way at one time, over all hosts."""
VALIDATOR_LIMIT: Final = 1_000
"""Characters of an ETag or Last-Modified that are kept; a longer one, or one with controls, is none."""
ACCEPT: Final = (
    "application/atom+xml, application/rss+xml, application/rdf+xml;q=0.9, application/xml;q=0.8,"
    " text/xml;q=0.8, */*;q=0.5"
)
_REDIRECTS: Final = (301, 302, 303, 307, 308)
_FOR_GOOD: Final = (301, 308)
_MAX_AGE: Final = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,9})", re.IGNORECASE)
_NOT_KEPT: Final = re.compile(r"(?:^|[,\s])no-(?:cache|store)(?:$|[,\s])", re.IGNORECASE)


def user_agent() -> str:
    """The name that servers know this program by."""
    try:
        number = version("frontwatch")
    except PackageNotFoundError:  # run from a checkout that is not installed
        number = "dev"
    return f"frontwatch/{number} (+feed reader)"


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of one request."""

    outcome: Literal["ok", "not_modified", "failed"]
    status: int = 0
    """HTTP status of the last hop; 0 where none came."""
    body: bytes = b""
    """Decoded; only with ``ok``."""
    content_type: str = ""
    etag: str = ""
    """Validator to send next time, as the server wrote it (Latin-1)."""
    last_modified: str = ""
    url: str = ""
    """Where the answer came from, after redirects."""
    retry_after: float | None = None
    """Seconds for which a server on the way asks to be left alone: the longest of what they say."""
    max_age: float | None = None
    """Seconds for which the answer stands, as the server says (``Cache-Control``)."""
    moved: str = ""
    """``url``, where every step to it was a redirect for good (301, 308)."""
    reached: bool | None = True
    """Whether a server was met; None where nobody was asked, for the address can't be polled."""
    took: float = 0.0
    """Seconds, without those of waiting for a place."""
    error: str = ""
    """Empty unless failed: words that a person can act on."""


class Witness(Protocol):
    """Who is told of each step of a request, for a person who wants to see them."""

    async def trace(self, event: str, info: dict[str, Any]) -> None:
        """What httpcore did: ``connection.connect_tcp.complete``, with what came of it."""

    async def answered(self, request: httpx.Request, response: httpx.Response) -> None:
        """The head of an answer has come."""


class Fetcher:
    """Fetches feeds over connections that are kept; use it as an async context manager."""

    def __init__(self, policy: FetchPolicy) -> None:
        self._policy = policy
        self._everyone = asyncio.Semaphore(CONCURRENT)
        # Weak: a hostile redirect names ever new hosts, and a watch runs for weeks.
        self._hosts: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()

    async def __aenter__(self) -> Self:
        self._transport = Transport(self._policy.allow_hosts, CONCURRENT)
        # Without httpx's client: redirects are followed here, and nothing is kept or sent of cookies and
        # passwords, so all that it would do for us is to take time, for each request.
        told = {"Accept": ACCEPT, "Accept-Encoding": "gzip", "User-Agent": user_agent()}
        self._headers = [(name.encode(), value.encode()) for name, value in told.items()]
        silence = self._policy.silence
        self._timeouts = {"connect": silence, "read": silence, "write": silence, "pool": None}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._transport.aclose()

    async def fetch(
        self, url: str, etag: str = "", last_modified: str = "", witness: Witness | None = None
    ) -> Answer:
        """GET ``url`` with the validators of its last answer; every fault is told in the answer.

        Raises nothing but asyncio.CancelledError.
        """
        headers = {}
        if etag:
            headers[b"If-None-Match"] = etag.encode("latin-1", errors="replace")
        if last_modified:
            headers[b"If-Modified-Since"] = last_modified.encode("latin-1", errors="replace")
        answer = await self._follow(url, headers, witness)
        if answer.outcome == "not_modified":
            if not headers:
                return replace(
                    answer, outcome="failed", error="304: unchanged, says the server, but since when?"
                )
            # RFC 9110: a 304 may bring newer validators; what it does not bring still holds.
            return replace(
                answer, etag=answer.etag or etag, last_modified=answer.last_modified or last_modified
            )
        return answer

    def is_direct(self, url: httpx.URL) -> bool:
        """Whether a request for ``url`` goes out directly, and not through this machine's proxy."""
        return self._transport.is_direct(url)

    def check(self, host: str, address: str) -> None:
        """Raise Forbidden unless ``address``, found for ``host``, may be connected to."""
        self._transport.check(host, address)

    async def _follow(self, url: str, headers: dict[bytes, bytes], witness: Witness | None) -> Answer:
        """The answer at the end of the redirects that start at ``url``."""
        left, for_good, rests = self._policy.timeout, False, []
        for number in range(self._policy.max_redirects + 1):
            try:
                hop = await self._hop(httpx.URL(url), headers, left, witness)
            except Exception as error:  # whatever a server does to us is its feed's fault, told in words
                words = faults.words(error, self._policy)
                if faults.about_dates(error):
                    valid = await self._transport.certificate_dates(httpx.URL(url))
                    words = faults.dated(words, valid, Clock().now())
                return Answer("failed", url=url, error=words, reached=faults.reached(error))
            left -= hop.took
            if hop.answer.retry_after is not None:
                rests.append(hop.answer.retry_after)
            answer = replace(
                hop.answer, retry_after=max(rests, default=None), took=self._policy.timeout - left
            )
            if not hop.onward:
                return replace(answer, moved=safe_link(answer.url) if for_good else "")
            for_good = answer.status in _FOR_GOOD and (for_good or number == 0)
            url = hop.onward
        return replace(answer, error=f"redirects: more than {self._policy.max_redirects}")

    async def _hop(
        self, url: httpx.URL, headers: dict[bytes, bytes], left: float, witness: Witness | None
    ) -> _Hop:
        """One request, in at most ``left`` seconds without those spent waiting for its turn."""
        if url.scheme not in ("http", "https") or not url.host:
            raise Forbidden(f"address: {url.scheme or 'no'}:// can't be polled; only http and https can")
        clock = asyncio.get_running_loop().time
        async with self._turn(canonical(url.host)), asyncio.timeout(left):
            started = clock()
            extensions: dict[str, Any] = {"timeout": self._timeouts}
            if witness is not None:
                extensions["trace"] = witness.trace
            sent = [*self._headers, *headers.items()]
            request = httpx.Request("GET", url, headers=sent, extensions=extensions)
            response = await self._transport.handle_async_request(request)
            response.request = request
            try:
                if witness is not None:
                    await witness.answered(request, response)
                answer, location = await self._read(response)
            finally:
                await response.aclose()
        onward = str(url.join(location).copy_with(userinfo=b"", fragment=None)) if location else ""
        return _Hop(answer, onward, clock() - started)

    @asynccontextmanager
    async def _turn(self, host: str) -> AsyncIterator[None]:
        """The host's turn, then everyone's: a host with many feeds can't hold all the places."""
        own = self._hosts.get(host)
        if own is None:
            own = self._hosts[host] = asyncio.Semaphore(self._policy.per_host)
        async with own, self._everyone:
            yield

    async def _read(self, response: httpx.Response) -> tuple[Answer, str]:
        """What ``response`` says, and where it sends us, or ``""``; reads a body only where it is of use."""
        raw = {name.lower(): value.decode("latin-1") for name, value in response.headers.raw}
        answer = Answer(
            "failed",
            status=response.status_code,
            content_type=raw.get(b"content-type", ""),
            etag=_validator(raw.get(b"etag", "")),
            last_modified=_validator(raw.get(b"last-modified", "")),
            url=str(response.url),
            retry_after=retry_after(raw.get(b"retry-after", ""), raw.get(b"date", "")),
            max_age=max_age(raw.get(b"cache-control", ""), raw.get(b"age", "")),
        )
        if response.status_code in _REDIRECTS and raw.get(b"location"):
            return answer, _location(raw[b"location"])
        if response.status_code == 304:
            async for _ in _stream(response):  # nothing comes, but only then is the connection kept
                pass
            return replace(answer, outcome="not_modified"), ""
        if response.status_code not in (200, 203):
            return replace(answer, error=faults.status_words(response.status_code)), ""
        body = Body(raw.get(b"content-encoding", ""), self._policy.max_bytes)
        async for chunk in _stream(response):
            body.add(chunk)
        return replace(answer, outcome="ok", body=body.whole()), ""


def _stream(response: httpx.Response) -> httpx.AsyncByteStream:
    """The undecoded body."""
    assert isinstance(response.stream, httpx.AsyncByteStream)
    return response.stream


class _Hop(NamedTuple):
    """What came of one request of a chain of redirects."""

    answer: Answer
    onward: str
    """The address that it sends us on to, or ``""``."""
    took: float
    """Seconds."""


def _location(value: str) -> str:
    """A Location header read as UTF-8, as browsers do, where it is that."""
    try:
        return value.encode("latin-1").decode("utf-8")
    except UnicodeDecodeError:
        return value


def _validator(value: str) -> str:
    return value if len(value) <= VALIDATOR_LIMIT and value.isprintable() else ""


class Body:
    """A body as it arrives, inflated here with a bound.

    httpx would decode by itself, without one: 809 bytes of brotli become 1 GiB in a single step.
    """

    def __init__(self, encoding: str, limit: int) -> None:
        encodings = [word for word in re.split(r"[\s,]+", encoding.lower()) if word not in ("", "identity")]
        if encodings not in ([], ["gzip"], ["x-gzip"]):
            sent = safe_text(", ".join(encodings), 40)
            raise faults.Unusable(f"encoding: the server sent {sent}; asked was gzip")
        self._inflate = zlib.decompressobj(wbits=31) if encodings else None
        self._parts: list[bytes] = []
        self._limit = self._left = limit

    def add(self, chunk: bytes) -> None:
        """Take the next piece of the stream; raises faults.Unusable over the limit, zlib.error on rubbish."""
        if self._inflate is None:
            self._keep(chunk)
            return
        while chunk:
            if self._inflate.eof:
                if not chunk.startswith(b"\x1f\x8b"):
                    return  # padding behind the last member
                self._inflate = zlib.decompressobj(wbits=31)
            self._keep(self._inflate.decompress(chunk, self._left + 1))
            chunk = self._inflate.unused_data

    def _keep(self, part: bytes) -> None:
        self._left -= len(part)
        if self._left < 0:
            raise faults.Unusable(f"too large: more than {faults.size(self._limit)}")
        self._parts.append(part)

    def whole(self) -> bytes:
        """All of it; raises faults.Unusable where compressed data end too early."""
        if self._inflate is not None and not self._inflate.eof and self._parts:
            raise faults.Unusable("cut off: the compressed data end too early")
        return b"".join(self._parts)


def retry_after(value: str, date: str) -> float | None:
    """Seconds that a Retry-After asks for: a number, or a date against the answer's own Date."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(
            0.0,
            (
                email.utils.parsedate_to_datetime(value) - email.utils.parsedate_to_datetime(date)
            ).total_seconds(),
        )
    except (ValueError, TypeError):  # absent, no date, or one with and one without a zone
        return None


def max_age(cache_control: str, age: str) -> float | None:
    """Seconds for which an answer still stands; None where that is not said.

    RFC 9111: what it spent in a cache on the way (``Age``) is gone already. ``s-maxage`` is for such caches.
    """
    found = _MAX_AGE.search(cache_control)
    if found is None or _NOT_KEPT.search(cache_control):
        return None
    age = age.strip()
    spent = float(age[:9]) if age.isascii() and age.isdigit() else 0.0
    return max(0.0, float(found[1]) - spent)
